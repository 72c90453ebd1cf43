import type { IDisplayOptions, INodeProperties } from 'n8n-workflow';
import {
	columnsAsFields,
	extraFieldsIn,
	extraFieldsOption,
	fieldsChoice,
	fieldsHint,
	fieldsMapper,
	mappedFields,
	type MappedFields,
} from '../shared/operation/accountFields';
import { DRY_RUN, emailProperty } from '../shared/operation/properties';
import {
	BAD_JSON,
	CLASH,
	isRecord,
	joinLists,
	located,
	noRows,
	readJsonObject,
	Rows,
} from '../shared/operation/schemas';
import {
	ACCOUNT_FIELDS,
	ITEM,
	type BatchOperation,
	type InputIssue,
	type InputValues,
	type OperationText,
	type PlanContext,
	type Way,
} from '../shared/operation/types';
import { dateNote } from '../shared/operation/dates';
import {
	asWritten,
	hasLostDigits,
	newFieldsNotes,
	plainName,
	readKey,
	unusualKeys,
} from '../shared/operation/values';
import { checkEvent, looksSecret, type BentoEvent, type EventDraft, type Labels } from './event';

/** What the operations of Bento Track Event have in common: their panel, and the way from an item to an event. */

/** An event that isn't checked yet. */
export interface Drafted {
	readonly draft: EventDraft;
	readonly issues: readonly InputIssue[];
	/** Sentences about the item, for hints. */
	readonly notes?: readonly string[];
	/** Default: those of the panel. */
	readonly labels?: Labels;
}

interface EventDefinition extends OperationText {
	/** Below the operation. */
	readonly properties: readonly INodeProperties[];
	readonly draft: (values: InputValues) => Drafted;
}

const PANEL_LABELS: Labels = {
	date: 'Date',
	details: 'Details',
	email: 'Email',
	fields: 'Custom Fields',
	type: 'Event Type',
};

const SECRET =
	'Details may contain a password, a key, or a card number. Bento advises you to keep such values out of events';

/** Defines an operation that sends one event for each input item. */
export function defineEvent({ draft, ...definition }: EventDefinition): BatchOperation {
	return {
		...definition,
		kind: 'batch',
		noun: { one: 'event', many: 'events' },
		route: { method: 'POST', path: '/batch/events' },
		// A repeated event is a second event to Bento, so repeating is the user's choice: see `way`.
		idempotent: true,
		repeatsMatter: true,
		wrapper: 'events',
		most: 1000,
		usual: 1000,
		perMinute: undefined,
		options: definition.properties.some(({ name }) => name === 'fieldsMap') ? WITH_EXTRA : OPTIONS,
		contentOptions: ['normalizeFieldKeys'],
		way,
		plan(values, context) {
			const { timeZone } = context;
			const { draft: drafted, issues, notes = [], labels = PANEL_LABELS } = draft(values);
			const options = isRecord(values.options) ? values.options : {};
			const normalizeFieldKeys = options.normalizeFieldKeys === true;
			const checked = checkEvent(drafted, { labels, timeZone, normalizeFieldKeys });
			if (!checked.ok || issues.length > 0) {
				// Details that couldn't be read aren't a second problem.
				const unmade = issues.length > 0 && drafted.details === undefined;
				const found = checked.ok ? [] : checked.issues;
				const others = found.filter(({ field }) => !(unmade && field === labels.details));
				return { ok: false, issues: [...issues, ...others] };
			}
			const { event } = checked;
			const { email, type } = event;
			const found = notesOn(event, context);
			const told = notes.length === 0 ? found : [...notes, ...found];
			return { ok: true, plan: { record: event, about: { email, type } }, notes: told };
		},
	};
}

/** What is worth telling about an event that is right. */
function notesOn({ date, details }: BentoEvent, context: PlanContext): string[] {
	const notes: string[] = [];
	if (looksSecret(details)) notes.push(SECRET);
	const old = date === undefined ? undefined : dateNote(date, context.now);
	if (old !== undefined) notes.push(old);
	const key = isRecord(details?.unique) ? readKey(details.unique.key) : undefined;
	if (key === undefined) return notes;
	if (hasLostDigits(key)) notes.push(LOST_DIGITS);
	if (isRepeated(String(key), context)) notes.push(SAME_KEY);
	return notes;
}

const LOST_DIGITS =
	'The unique key has more than 15 digits, and JavaScript has changed the last ones. Turn it into text at its source';

const SAME_KEY =
	'An earlier item of this run has the same unique key, and Bento counts each key only once';

const keysOf = new WeakMap<PlanContext, Set<string>>();

/** Whether an earlier item of the run has the key. */
function isRepeated(key: string, context: PlanContext): boolean {
	const keys = keysOf.get(context) ?? new Set();
	keysOf.set(context, keys);
	return keys.size === keys.add(key).size;
}

/** Which of Bento's two endpoints events are sent to, and whether they may be sent twice. */
function way(options: Readonly<Record<string, unknown>>): Way {
	const idempotent = options.deliveryGuarantee !== 'atMostOnce';
	if (options.deliverThrough !== 'trackingWebhook') {
		return { path: () => '/batch/events', idempotent, signed: true, counted: true };
	}
	const { source } = options;
	const label = typeof source === 'string' && source.trim() !== '' ? source.trim() : 'generic';
	return {
		// The address that the tracking webhook's documentation shows, with a source of the user's choice.
		path: ({ trackingOrigin, siteUuid }) =>
			`${trackingOrigin}/webhooks/${encodeURIComponent(siteUuid)}/${encodeURIComponent(label)}/track`,
		idempotent,
		signed: false,
		counted: false,
	};
}

const OPTIONS: readonly INodeProperties[] = [
	{
		displayName: 'Send Via',
		name: 'deliverThrough',
		type: 'options',
		default: 'eventsApi',
		options: [
			{
				name: 'Events API',
				value: 'eventsApi',
				description: 'Authenticated, and Bento says how many events it accepted',
			},
			{
				name: 'Tracking Webhook',
				value: 'trackingWebhook',
				description:
					"Not authenticated: anyone who knows the Site UUID can post there, and Bento doesn't say how many events it accepted",
			},
		],
		description: 'Bento endpoint to send the events to',
	},
	{
		displayName: 'Delivery Guarantee',
		name: 'deliveryGuarantee',
		type: 'options',
		default: 'atLeastOnce',
		options: [
			{
				name: 'At Least Once',
				value: 'atLeastOnce',
				description: 'Resent if the response is lost. An event may arrive twice.',
			},
			{
				name: 'At Most Once',
				value: 'atMostOnce',
				description:
					'Never resent once Bento may have received it. An event may get lost, and the output says so.',
			},
		],
		description:
			'What to do if no response says whether Bento received a batch: resend it, or never',
	},
	DRY_RUN,
	{
		displayName: 'Normalize Field Keys',
		name: 'normalizeFieldKeys',
		type: 'boolean',
		default: false,
		description:
			'Whether to write field keys in lower case with underscores, as Bento advises. For example, firstName becomes first_name.',
	},
	{
		displayName: 'Source',
		name: 'source',
		type: 'string',
		default: 'generic',
		placeholder: 'e.g. billing',
		displayOptions: { show: { deliverThrough: ['trackingWebhook'] } },
		description: 'Source name in the tracking URL, the part before /track',
	},
];

/** The options of operations that take custom fields. */
const WITH_EXTRA: readonly INodeProperties[] = [
	...OPTIONS,
	...extraFieldsOption({ '/fieldsMode': ['wholeItem'] }, { '/fieldsMode': ['account'] }),
];

/** The subscriber's address. */
export const EMAIL = emailProperty("Email of the subscriber. Created if it doesn't exist.");

/** For events from the past. */
export const DATE: INodeProperties = {
	displayName: 'Date',
	name: 'date',
	type: 'dateTime',
	default: '',
	description:
		'Date of the event, if it happened earlier. Default: the time when Bento receives it.',
};

/** Defines an operation that adds or removes one tag for each item. */
export function defineTagEvent(
	type: string,
	properties: readonly INodeProperties[],
	definition: OperationText,
): BatchOperation {
	return defineEvent({
		...definition,
		properties: [...properties, DATE],
		draft: ({ email, date, tag }) => ({
			draft: { type, email, date, details: { tag: located(tag) } },
			issues: [],
			labels: { ...PANEL_LABELS, tag: 'Tag' },
		}),
	});
}

/** What happened. */
export const DETAILS = valueSource('Details', 'details', 'e.g. {"plan": "team", "seats": 5}', {
	mode: 'Details are about what happened, such as a plan or an order, and are kept with the event. Optional.',
	rows: 'What happened, kept with the event. Use a dot to group values: source.system becomes source > system.',
	json: 'What happened, as a JSON object',
});

const FIELD_SOURCES = valueSource('Custom Fields', 'fields', 'e.g. {"first_name": "Nathan"}', {
	mode: 'Custom fields are about the subscriber, such as a first name. Optional. A name that your Bento site lacks creates a field.',
	rows: 'Written to the profile. Text, numbers, true or false. A dragged person.first_name is written as first_name.',
	json: "Written to the subscriber's profile, as a JSON object without nested values",
});

/** What is written to the profile. */
export const FIELDS: readonly INodeProperties[] = FIELD_SOURCES.flatMap((property) => {
	if (property.name !== 'fieldsMode') return [property];
	const account = { name: 'Using Account Fields', value: 'account' };
	const mapper = shownWith({ fieldsMode: ['account'] }, [
		fieldsMapper('Custom Fields', 'fieldsMap'),
	]);
	const choice = {
		...property,
		options: [account, ...(property.options ?? [])],
		builderHint: fieldsHint('fields'),
	};
	return [...fieldsChoice(choice), ...mapper];
});

/** The three ways to give a set of values: typed rows, JSON, or the whole input item. */
function valueSource(
	displayName: string,
	name: string,
	jsonPlaceholder: string,
	descriptions: { readonly mode: string; readonly rows: string; readonly json: string },
): readonly INodeProperties[] {
	const mode = `${name}Mode`;
	return [
		{
			displayName: `Specify ${displayName}`,
			name: mode,
			type: 'options',
			noDataExpression: true,
			default: 'rows',
			options: [
				{ name: 'Using Fields Below', value: 'rows' },
				{ name: 'Using JSON', value: 'json' },
				{ name: 'Using the Whole Input Item', value: 'wholeItem' },
			],
			// n8n shows no description at the rows themselves, so this is where the user learns what they are.
			description: descriptions.mode,
			builderHint: {
				propertyHint: `Set this whenever there are any: 'rows' reads ${name} ({ assignments: [{ id, name, value, type }] }), 'json' reads ${name}Json, 'wholeItem' sends all of the input item. Values for another choice aren't sent.`,
			},
		},
		{
			displayName,
			name,
			type: 'assignmentCollection',
			default: {},
			displayOptions: { show: { [mode]: ['rows'] } },
			description: descriptions.rows,
		},
		{
			displayName: `${displayName} (JSON)`,
			name: `${name}Json`,
			type: 'json',
			default: '{}',
			placeholder: jsonPlaceholder,
			displayOptions: { show: { [mode]: ['json'] } },
			description: descriptions.json,
		},
	];
}

/** The properties, each shown under one more condition. */
export function shownWith(
	show: IDisplayOptions['show'],
	properties: readonly INodeProperties[],
): INodeProperties[] {
	return properties.map((property) => ({
		...property,
		displayOptions: { show: { ...show, ...property.displayOptions?.show } },
	}));
}

/** A set of values, with what is wrong or worth telling. */
export interface ReadSet {
	readonly record: Readonly<Record<string, unknown>> | undefined;
	readonly issues: readonly InputIssue[];
	readonly notes?: readonly string[];
}

/** Details, nested: what was dragged out of an object called details keeps the path below it. */
export function readDetails(values: InputValues): ReadSet {
	if (values.detailsMode === 'wholeItem') return { record: itemOf(values), issues: [] };
	if (values.detailsMode === 'json') return readJsonSet(values.detailsJson, 'Details (JSON)');
	return fromRows(values.details, 'Details', (rows) => rows.nested('details'));
}

/** Custom fields, flat. */
export function readFields(values: InputValues): ReadSet {
	const { record: given, issues, notes = [] } = fieldsIn(values);
	const record = given && asWritten(given);
	const isUnchecked =
		values.fieldsMode === 'json' ||
		(values.fieldsMode === 'wholeItem' && !(ACCOUNT_FIELDS in values));
	const created = isUnchecked && record ? newFieldsNotes(createdBy(record, values)) : [];
	return { record, issues, notes: [...notes, ...created] };
}

/** With normalized keys, no title is left. */
function createdBy(record: Readonly<Record<string, unknown>>, values: InputValues): string[] {
	const keys = unusualKeys(record);
	const { normalizeFieldKeys } = isRecord(values.options) ? values.options : {};
	return normalizeFieldKeys === true ? keys.filter((key) => plainName(key) === key) : keys;
}

function fieldsIn(values: InputValues): ReadSet {
	const { fieldsMode, fieldsMap, options, [ITEM]: item } = values;
	if (fieldsMode === 'wholeItem') return flattened(columnsAsFields(itemOf(values) ?? {}, values));
	if (fieldsMode === 'account') {
		return flattened(mappedFields(fieldsMap, item, extraFieldsIn(options)));
	}
	if (values.fieldsMode === 'json') return readJsonSet(values.fieldsJson, 'Custom Fields (JSON)');
	return fromRows(values.fields, 'Custom Fields', (rows) => rows.flat());
}

function flattened({ record, issues, notes }: MappedFields): ReadSet {
	const flat = toFieldSet(record);
	return { record: flat.record, issues, notes: [...(flat.notes ?? []), ...notes] };
}

/** Fields from an item, in which a form's multi-select gives a list. */
export function toFieldSet(fields: Readonly<Record<string, unknown>> | undefined): ReadSet {
	const { record, note } = joinLists(fields ?? {});
	return { record, issues: [], notes: note === undefined ? [] : [note] };
}

function itemOf(values: InputValues): Record<string, unknown> | undefined {
	const item = values[ITEM];
	return isRecord(item) ? item : undefined;
}

function readJsonSet(value: unknown, field: string): ReadSet {
	const read = readJsonObject(value);
	if (read.ok) return { record: read.value, issues: [] };
	return { record: undefined, issues: [{ field, text: BAD_JSON }] };
}

function fromRows(
	value: unknown,
	field: string,
	place: (rows: Rows) => ReturnType<Rows['flat']>,
): ReadSet {
	if (!(value instanceof Rows)) {
		return { record: undefined, issues: value ? [noRows(field)] : [] };
	}
	const { record, clashes } = place(value);
	return { record, issues: clashes.map((key) => ({ field, key, text: CLASH })) };
}
