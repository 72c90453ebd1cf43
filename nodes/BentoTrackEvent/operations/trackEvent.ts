import type { INodeProperties } from 'n8n-workflow';
import { additionalFields } from '../../shared/operation/properties';
import { BAD_JSON, put, readJsonObject } from '../../shared/operation/schemas';
import { ITEM, type InputIssue, type InputValues } from '../../shared/operation/types';
import { isRecord, isScalar, readKey, withExpectedNames } from '../../shared/operation/values';
import {
	DATE,
	defineEvent,
	DETAILS,
	EMAIL,
	FIELDS,
	toFieldSet,
	readDetails,
	readFields,
	shownWith,
	type Drafted,
} from '../define';
import type { Labels } from '../event';

const INPUT_MODE: INodeProperties = {
	displayName: 'Input Mode',
	name: 'inputMode',
	type: 'options',
	noDataExpression: true,
	default: 'mapFields',
	options: [
		{
			name: 'Map Each Field Below',
			value: 'mapFields',
			description: 'Map values from the input to the fields below',
		},
		{
			name: 'Use Each Item as an Event',
			value: 'eventObjects',
			description:
				'Each item has type and email, and may have fields, details, and date. Fastest for many events.',
		},
	],
	builderHint: {
		propertyHint:
			"With 'eventObjects', every input item must be { type, email, fields?, details?, date? }: the key is type, not event, and no other parameter is read.",
	},
};

const EVENT_TYPE: INodeProperties = {
	displayName: 'Event Type',
	name: 'eventType',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'e.g. trial_started',
	description:
		'Name of the event. Use the same name for every subscriber, and put what differs into the details.',
};

const UNIQUE_KEY: INodeProperties = {
	displayName: 'Unique Key',
	name: 'uniqueKey',
	type: 'string',
	default: '',
	placeholder: 'e.g. BOOKING-12345',
	description:
		'ID of the booking or order, never one made up. Bento counts an event with a known key once. Sent as details.unique.key.',
};

const JSON_LABELS: Labels = {
	date: 'date',
	details: 'details',
	email: 'email',
	fields: 'fields',
	type: 'type',
};

export const trackEvent = defineEvent({
	value: 'trackEvent',
	name: 'Track Event',
	action: 'Track event',
	description:
		'Record that a subscriber did something, and start the Bento workflows that listen for it',
	properties: [
		INPUT_MODE,
		...shownWith({ inputMode: ['mapFields'] }, [
			EMAIL,
			EVENT_TYPE,
			...DETAILS,
			...FIELDS,
			DATE,
			additionalFields([UNIQUE_KEY]),
		]),
	],
	draft: (values) =>
		values.inputMode === 'eventObjects' ? eventFromItem(values) : eventFromFields(values),
});

function eventFromFields(values: InputValues): Drafted {
	const details = readDetails(values);
	const fields = readFields(values);
	const { email, date, eventType: type, additionalFields: more } = values;
	const key = readKey(isRecord(more) ? more.uniqueKey : undefined);
	const unique = key === undefined ? details.record : { ...details.record, unique: { key } };
	return {
		draft: { type, email, date, details: unique, fields: fields.record },
		issues: [...details.issues, ...fields.issues],
		notes: fields.notes,
	};
}

const EVENT_KEYS = new Set(['date', 'details', 'email', 'fields', 'type']);

/**
 * An input item as a whole event. A spreadsheet has no objects: there, details and fields may be JSON text, or
 * columns named details.plan and fields.plan.
 */
function eventFromItem(values: InputValues): Drafted {
	const given = values[ITEM];
	if (!isRecord(given)) return { draft: {}, issues: [], labels: JSON_LABELS };
	const item = withExpectedNames(given, EVENT_KEYS);
	const columns = Object.keys(item).filter((key) => !EVENT_KEYS.has(key));
	if (columns.length === 0 && isNested(item.details) && isReady(item.fields)) {
		return { draft: item, issues: [], labels: JSON_LABELS };
	}
	const issues: InputIssue[] = [];
	const details = readPart(item, 'details', columns, issues);
	const flat = toFieldSet(readPart(item, 'fields', columns, issues));
	const unknown = columns.filter((key) => !/^(details|fields)\../.test(key));
	const notes = [...(flat.notes ?? [])];
	if (unknown.length > 0) {
		notes.push(
			`Not part of an event, so not sent: ${unknown.join(', ')}. To send them, put them under details or fields`,
		);
	}
	return { draft: { ...item, details, fields: flat.record }, issues, notes, labels: JSON_LABELS };
}

/** Nothing, or an object of plain values: lists would have to be joined, and dates become text. */
function isReady(value: unknown): boolean {
	if (value === undefined || value === null) return true;
	return isRecord(value) && Object.values(value).every(isScalar);
}

function isNested(value: unknown): boolean {
	return value === undefined || value === null || isRecord(value);
}

/** An object, JSON text that contains one, and the columns whose names begin with its own. */
function readPart(
	item: Readonly<Record<string, unknown>>,
	part: 'details' | 'fields',
	columns: readonly string[],
	issues: InputIssue[],
): Record<string, unknown> | undefined {
	const read = readJsonObject(item[part]);
	if (!read.ok) {
		issues.push({ field: part, text: BAD_JSON });
		return undefined;
	}
	const own = columns.filter((key) => key.startsWith(`${part}.`) && item[key] !== '');
	if (own.length === 0) return read.value;
	const record = { ...read.value };
	for (const key of own) {
		const name = key.slice(part.length + 1);
		const path = part === 'details' ? name.split('.') : [name];
		if (put(record, path, item[key])) continue;
		issues.push({
			field: part,
			key: name,
			text: "appears twice, or its name isn't allowed",
		});
	}
	return record;
}
