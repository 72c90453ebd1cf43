import type { IDisplayOptions, INodeProperties } from 'n8n-workflow';
import { z } from 'zod';
import {
	columnsAsFields,
	extraFieldsIn,
	extraFieldsOption,
	fieldsChoice,
	fieldsHint,
	fieldsMapper,
	mappedFields,
	type MappedFields,
} from '../../../shared/operation/accountFields';
import { defineBatch, type Schema } from '../../../shared/operation/define';
import { emailProperty } from '../../../shared/operation/properties';
import {
	emailAddress,
	flatObject,
	joinLists,
	names,
	readJsonObject,
	Rows,
	scalar,
} from '../../../shared/operation/schemas';
import { ACCOUNT_FIELDS, ITEM, type InputValues } from '../../../shared/operation/types';
import {
	emailProblem,
	isMissing,
	isRecord,
	isScalar,
	newFieldsNotes,
	unusualKeys,
	withExpectedNames,
} from '../../../shared/operation/values';
import { PROFILE_NAMES, profile, profileProperty } from './profile';

const IF_MAPPED: IDisplayOptions = { show: { inputMode: ['mapFields'] } };

function ifMode(mode: 'account' | 'json' | 'rows'): IDisplayOptions {
	return { show: { ...IF_MAPPED.show, customFieldsMode: [mode] } };
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
		displayOptions: IF_MAPPED,
	}),
	...fieldsChoice({
		displayName: 'Specify Custom Fields',
		name: 'customFieldsMode',
		type: 'options',
		noDataExpression: true,
		default: 'rows',
		displayOptions: IF_MAPPED,
		options: [
			{ name: 'Using Account Fields', value: 'account' },
			{ name: 'Using Fields Below', value: 'rows' },
			{ name: 'Using JSON', value: 'json' },
		],
		description:
			'Custom fields to set. Optional. A name that your Bento site lacks creates a field.',
		builderHint: fieldsHint('customFields'),
	}),
	{ ...fieldsMapper('Custom Fields', 'customFieldsMap'), displayOptions: ifMode('account') },
	{
		displayName: 'Custom Fields',
		name: 'customFields',
		type: 'assignmentCollection',
		default: {},
		displayOptions: ifMode('rows'),
		description:
			'Custom fields to set. Text, numbers, true or false. A dragged person.first_name is written as first_name.',
	},
	{
		displayName: 'Custom Fields (JSON)',
		name: 'customFieldsJson',
		type: 'json',
		default: '{}',
		placeholder: 'e.g. {"plan": "team", "seats": 5}',
		displayOptions: ifMode('json'),
		description: 'Custom fields to set, as a JSON object without nested values',
	},
	profileProperty({ displayOptions: IF_MAPPED }),
];

/** A subscriber as `POST /batch/subscribers` takes it: flat, with custom fields beside the known ones. */
interface ImportedSubscriber {
	readonly email: string;
	readonly [key: string]: unknown;
}

const panelInput: Schema<ImportedSubscriber> = z
	.object({
		email: emailAddress,
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

const imported = z
	.object({ email: emailAddress, remove_tags: names, tags: names })
	.catchall(scalar);

/** What an item of an import has beside custom fields; a spreadsheet may have `Email`. */
const OWN_NAMES: ReadonlySet<string> = new Set(['email', 'remove_tags', 'tags']);

/** Those, and what Bento knows without a custom field: no extra fields. */
const IMPORT_NAMES: ReadonlySet<string> = new Set([...OWN_NAMES, ...PROFILE_NAMES]);

/** The columns of the item that are sent: all, or those that the panel maps automatically. */
function columnsIn(values: InputValues): MappedFields {
	const { inputMode, customFieldsMap, options, [ITEM]: item } = values;
	if (inputMode !== 'wholeItem') return mappedFields(customFieldsMap, item, extraFieldsIn(options));
	const expected = ACCOUNT_FIELDS in values ? IMPORT_NAMES : OWN_NAMES;
	return columnsAsFields(
		isRecord(item) ? withExpectedNames(item, expected) : {},
		values,
		IMPORT_NAMES,
	);
}

/** Everything in the item but its tags, which Bento takes as a list, has to be flat. */
function subscriberFromItem(item: MappedFields['record']) {
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

/**
 * A subscriber that is right as it is. Nearly all of a bulk import are, and a look at them costs a fraction of a
 * schema's work; whatever isn't plainly right goes through the schema, which names what is wrong.
 */
function plainlyRight(
	values: InputValues,
	columns: MappedFields['record'],
): ImportedSubscriber | undefined {
	const { customFields, customFieldsJson, customFieldsMap, additionalFields } = values;
	if (values.inputMode === 'wholeItem') return flatSubscriber(columns);
	const more = isRecord(additionalFields) && Object.keys(additionalFields).length > 0;
	if (more || customFieldsJson) return undefined;
	if (customFieldsMap) return flatSubscriber({ ...joinLists(columns).record, email: values.email });
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
	const { record, issues } = columnsIn(known);
	issues.forEach(({ text, advice }) =>
		context.addIssue({ code: 'custom', path: [ITEM], message: text, params: { advice } }),
	);
	const plain = plainlyRight(known, record);
	if (plain) return plain;
	const read =
		known.inputMode === 'wholeItem'
			? subscriberFromItem(record)
			: panelInput.safeParse({ ...known, customFieldsMap: joinLists(record).record });
	if (read.success) return read.data;
	read.error.issues.forEach((issue) => context.addIssue(issue));
	return z.NEVER;
});

/** What the user should know: lists that were joined, columns that weren't sent, and fields that may be new. */
function notesOn(values: InputValues): string[] {
	const { record, notes } = columnsIn(values);
	// Tags come as lists anyway.
	const fields = Object.fromEntries(Object.entries(record).filter(([key]) => !OWN_NAMES.has(key)));
	return [
		...joinedNotes(fields),
		...notes,
		...newFieldsNotes(unusualKeys(createdIn(values, fields))),
	];
}

function joinedNotes(fields: MappedFields['record']): string[] {
	const { note } = joinLists(fields);
	return note === undefined ? [] : [note];
}

/** Fields that may be new in Bento. */
function createdIn(values: InputValues, columns: MappedFields['record']): MappedFields['record'] {
	if (values.inputMode === 'wholeItem') return ACCOUNT_FIELDS in values ? {} : columns;
	const json = readJsonObject(values.customFieldsJson);
	return json.ok ? json.value : {};
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
	options: extraFieldsOption(
		{ '/inputMode': ['wholeItem'] },
		{ '/inputMode': ['mapFields'], '/customFieldsMode': ['account'] },
	),
	input,
	record: (subscriber) => subscriber,
	about: (subscriber) => ({ email: subscriber.email }),
	notes: notesOn,
});
