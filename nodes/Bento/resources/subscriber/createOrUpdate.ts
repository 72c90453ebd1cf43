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
	emailProblem,
	flatObject,
	isRecord,
	isScalar,
	joinLists,
	type JoinedFields,
	names,
	Rows,
	scalar,
} from '../../../shared/operation/schemas';
import { ITEM, type InputValues } from '../../../shared/operation/types';
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

function flattened(item: unknown): unknown {
	return isRecord(item) ? joinLists(item).record : item;
}

/** Everything in the item but its tags, which Bento takes as a list, has to be flat. */
const wholeItem: Schema<ImportedSubscriber> = z
	.object({ [ITEM]: z.preprocess(flattened, imported) })
	.transform(({ [ITEM]: item }) => item);

/** The fields that the mapping gives for an item. */
function mappedIn({ customFieldsMap, [ITEM]: item }: InputValues): JoinedFields {
	return joinLists(mappedFields(customFieldsMap, item));
}

/**
 * A subscriber that is right as it is. Nearly all of a bulk import are, and a look at them costs a fraction of a
 * schema's work; whatever isn't plainly right goes through the schema, which names what is wrong.
 */
function plainlyRight(values: InputValues): ImportedSubscriber | undefined {
	const { customFields, customFieldsJson, customFieldsMap, additionalFields } = values;
	if (values.inputMode === 'wholeItem') return flatSubscriber(values[ITEM]);
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
			? wholeItem.safeParse(values)
			: panelInput.safeParse({ ...known, customFieldsMap: mappedIn(known).record });
	if (read.success) return read.data;
	read.error.issues.forEach((issue) => context.addIssue(issue));
	return z.NEVER;
});

/** What the user should know about an item whose lists were joined. Tags come as lists anyway. */
function joinedLists(values: InputValues): readonly string[] {
	const { inputMode, [ITEM]: item } = values;
	const isWhole = inputMode === 'wholeItem' && isRecord(item);
	const { note } = isWhole
		? joinLists({ ...item, tags: undefined, remove_tags: undefined })
		: mappedIn(values);
	return note === undefined ? [] : [note];
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
	notes: joinedLists,
});
