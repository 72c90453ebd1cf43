import type { IDisplayOptions, INodeProperties } from 'n8n-workflow';
import { z } from 'zod';
import {
	fieldsChoice,
	fieldsHint,
	fieldsMapper,
	mappedFields,
} from '../../../shared/operation/accountFields';
import { defineBatch, type Schema } from '../../../shared/operation/define';
import { emailProperty } from '../../../shared/operation/properties';
import {
	email,
	flatObject,
	joinLists,
	type JoinedFields,
	names,
	readJsonObject,
	Rows,
	scalar,
} from '../../../shared/operation/schemas';
import { ITEM, type InputValues } from '../../../shared/operation/types';
import {
	emailProblem,
	isMissing,
	isRecord,
	isScalar,
	newFieldsNote,
	unusualKeys,
	withExpectedNames,
} from '../../../shared/operation/values';
import { profile, profileProperty } from './profile';

const mapped: IDisplayOptions = { show: { inputMode: ['mapFields'] } };

function shownWith(mode: 'account' | 'json' | 'rows'): IDisplayOptions {
	return { show: { ...mapped.show, customFieldsMode: [mode] } };
}

const PROPERTIES: readonly INodeProperties[] = [
	{
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
				name: 'Use Each Item as a Subscriber',
				value: 'wholeItem',
				description:
					'Each item has an email, and may have tags and remove_tags. Other columns become custom fields. Fastest for imports.',
			},
		],
	},
	emailProperty("Email of the subscriber. Created if it doesn't exist.", {
		displayOptions: mapped,
	}),
	...fieldsChoice({
		displayName: 'Specify Custom Fields',
		name: 'customFieldsMode',
		type: 'options',
		noDataExpression: true,
		default: 'rows',
		displayOptions: mapped,
		options: [
			{ name: 'Using Account Fields', value: 'account' },
			{ name: 'Using Fields Below', value: 'rows' },
			{ name: 'Using JSON', value: 'json' },
		],
		description:
			'Custom fields to set. Optional. A name that your Bento site lacks creates a field.',
		builderHint: fieldsHint('customFields'),
	}),
	{ ...fieldsMapper('Custom Fields', 'customFieldsMap'), displayOptions: shownWith('account') },
	{
		displayName: 'Custom Fields',
		name: 'customFields',
		type: 'assignmentCollection',
		default: {},
		displayOptions: shownWith('rows'),
		description:
			'Custom fields to set. Text, numbers, true or false. A dragged person.first_name is written as first_name.',
	},
	{
		displayName: 'Custom Fields (JSON)',
		name: 'customFieldsJson',
		type: 'json',
		default: '{}',
		placeholder: 'e.g. {"plan": "team", "seats": 5}',
		displayOptions: shownWith('json'),
		description: 'Custom fields to set, as a JSON object without nested values',
	},
	profileProperty({ displayOptions: mapped }),
];

/** A subscriber as `POST /batch/subscribers` takes it: flat, with custom fields beside the known ones. */
interface ImportedSubscriber {
	readonly email: string;
	readonly [key: string]: unknown;
}

const panelInput: Schema<ImportedSubscriber> = z
	.object({
		email,
		additionalFields: profile,
		customFields: flatObject,
		customFieldsJson: flatObject,
		customFieldsMap: flatObject,
	})
	.transform((values) => ({
		...values.customFieldsMap,
		...values.customFields,
		...values.customFieldsJson,
		...values.additionalFields,
		email: values.email,
	}));

const imported = z.object({ email, remove_tags: names, tags: names }).catchall(scalar);

/** What an item of an import has beside custom fields; a spreadsheet may have `Email`. */
const OWN_NAMES: ReadonlySet<string> = new Set(['email', 'remove_tags', 'tags']);

function itemIn({ [ITEM]: item }: InputValues): Readonly<Record<string, unknown>> {
	return isRecord(item) ? withExpectedNames(item, OWN_NAMES) : {};
}

/** Everything in the item but its tags, which Bento takes as a list, has to be flat. */
function wholeItem(values: InputValues) {
	const item = itemIn(values);
	if (isMissing(item.email)) return noEmail.safeParse(item);
	return inItem.safeParse({ [ITEM]: joinLists(item).record });
}

const inItem: Schema<ImportedSubscriber> = z
	.object({ [ITEM]: imported })
	.transform(({ [ITEM]: item }) => item);

/** The panel has no field for it here. */
const noEmail: Schema<ImportedSubscriber> = z.unknown().transform((_item, context) => {
	const advice =
		"Every item needs an email. Rename its column to email, for example with an Edit Fields node, or set 'Input Mode' to Map Each Field Below";
	context.addIssue({ code: 'custom', path: ['email'], message: 'is missing', params: { advice } });
	return z.NEVER;
});

/** The fields that the mapping gives for an item. */
function mappedIn({ customFieldsMap, [ITEM]: item }: InputValues): JoinedFields {
	return joinLists(mappedFields(customFieldsMap, item).record);
}

/**
 * A subscriber that is right as it is. Nearly all of a bulk import are, and a look at them costs a fraction of a
 * schema's work; whatever isn't plainly right goes through the schema, which names what is wrong.
 */
function plainlyRight(values: InputValues): ImportedSubscriber | undefined {
	const { customFields, customFieldsJson, customFieldsMap, additionalFields } = values;
	if (values.inputMode === 'wholeItem') return flatSubscriber(itemIn(values));
	const more = isRecord(additionalFields) && Object.keys(additionalFields).length > 0;
	if (more || customFieldsJson) return undefined;
	if (customFieldsMap) return flatSubscriber({ ...mappedIn(values).record, email: values.email });
	if (!(customFields instanceof Rows)) return undefined;
	const { record, clashes } = customFields.flat();
	return clashes.length > 0 ? undefined : flatSubscriber({ ...record, email: values.email });
}

function flatSubscriber(record: unknown): ImportedSubscriber | undefined {
	if (!isRecord(record) || 'tags' in record || 'remove_tags' in record) return undefined;
	const { email: address } = record;
	if (typeof address !== 'string' || emailProblem(address) !== undefined) return undefined;
	return Object.values(record).every(isScalar) ? { ...record, email: address } : undefined;
}

/** Reads a subscriber out of the panel's fields, or takes the input item as one. */
const input: Schema<ImportedSubscriber> = z.unknown().transform((values, context) => {
	const known = isRecord(values) ? values : {};
	const plain = plainlyRight(known);
	if (plain) return plain;
	const read =
		known.inputMode === 'wholeItem'
			? wholeItem(known)
			: panelInput.safeParse({ ...known, customFieldsMap: mappedIn(known).record });
	if (read.success) return read.data;
	read.error.issues.forEach((issue) => context.addIssue(issue));
	return z.NEVER;
});

/** What the user should know: lists that were joined, columns that weren't sent, and fields that may be new. */
function notesOn(values: InputValues): string[] {
	const { inputMode, customFieldsMap, customFieldsJson, [ITEM]: item } = values;
	if (inputMode === 'wholeItem') {
		// Tags come as lists anyway.
		const entries = Object.entries(itemIn(values)).filter(([key]) => !OWN_NAMES.has(key));
		const fields = Object.fromEntries(entries);
		return told(joinLists(fields).note, newFieldsNote(unusualKeys(fields)));
	}
	const json = readJsonObject(customFieldsJson);
	const written = json.ok ? newFieldsNote(unusualKeys(json.value)) : undefined;
	return told(mappedIn(values).note, ...mappedFields(customFieldsMap, item).notes, written);
}

function told(...notes: ReadonlyArray<string | undefined>): string[] {
	return notes.filter((note) => note !== undefined);
}

export const upsertSubscriber = defineBatch({
	value: 'createOrUpdate',
	name: 'Create or Update',
	action: 'Create or update subscriber',
	description:
		"Create a new subscriber, or update the current one if it already exists. Doesn't start Bento workflows.",
	route: { method: 'POST', path: '/batch/subscribers' },
	// An import writes the same values again.
	idempotent: true,
	noun: { one: 'subscriber', many: 'subscribers' },
	wrapper: 'subscribers',
	most: 1_000,
	properties: PROPERTIES,
	input,
	record: (subscriber) => subscriber,
	about: (subscriber) => ({ email: subscriber.email }),
	notes: notesOn,
});
