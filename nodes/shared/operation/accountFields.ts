import {
	NodeApiError,
	NodeOperationError,
	type IDataObject,
	type IDisplayOptions,
	type ILoadOptionsFunctions,
	type INodeParameters,
	type INodeProperties,
	type IParameterBuilderHint,
	type ResourceMapperFields,
} from 'n8n-workflow';
import { createHash } from 'crypto';
import { connectToBento } from '../http/client/credential';
import { explain } from '../http/client/explain';
import { EDITOR_POLICY } from '../http/client/policies';
import { aftermath, sentences, type Problem } from '../http/problem';
import { readPages, sharedReads, UNREADABLE } from './requests';
import { asText, flatten } from './responses';
import { dateAsText, isMissing, isRecord, newFieldsNotes, plainName } from './values';
import {
	ACCOUNT_FIELDS,
	type CallRequest,
	type InputIssue,
	type InputValues,
	type OperationResult,
} from './types';

/** What the editor reads of the account before a node has run: lists for dropdowns, and fields to map onto. */

/** More entries than anyone scrolls through. */
const MAX_ROWS = 2_000;

/** The account's own fields. */
export const FIELD_LIST: CallRequest = {
	method: 'GET',
	path: '/fetch/fields',
	idempotent: true,
};

/** A list of the account, and whether Bento takes `page` for it. */
export interface AccountList {
	readonly request: CallRequest;
	readonly paged?: boolean;
}

/** The lists that were read last, by site and path: someone who types into a dropdown asks for one at every pause. */
const recent = new Map<string, { readonly at: number; readonly rows: readonly IDataObject[] }>();

/** In ms. */
const RECENT = 30_000;

/** More sites and lists than one n8n's editors open in half a minute. */
const MAX_RECENT = 100;

/**
 * Reads a list of the account.
 *
 * @param known whether a list that was read less than half a minute ago will do
 * @throws NodeApiError that says what to do if Bento can't be reached
 */
export async function readAccountList(
	context: ILoadOptionsFunctions,
	{ request, paged = false }: AccountList,
	known = false,
): Promise<readonly IDataObject[]> {
	const { connection, keys } = await connectToBento(context, { policy: EDITOR_POLICY });
	const key = createHash('sha256')
		.update(JSON.stringify([keys, request.path]))
		.digest('base64');
	const last = recent.get(key);
	if (known && last && Date.now() - last.at < RECENT) return last.rows;
	const found = await readPages(sharedReads(connection), request, paged, MAX_ROWS);
	if (found.kind === 'items') {
		remember(key, found.items);
		return found.items;
	}
	const problem = unreadList(found);
	const { message, httpCode } = problem;
	const description = aftermath(problem);
	throw new NodeApiError(
		context.getNode(),
		{ message, httpCode: httpCode ?? null },
		{ message, description, httpCode },
	);
}

/** Why a list of the account couldn't be read. */
export function unreadList(found: OperationResult): Problem {
	return 'report' in found && found.report ? explain(found.report) : UNREADABLE;
}

function remember(key: string, rows: readonly IDataObject[]): void {
	recent.delete(key);
	recent.set(key, { at: Date.now(), rows });
	for (const [other, { at }] of recent) {
		if (recent.size <= MAX_RECENT && Date.now() - at < RECENT) return;
		recent.delete(other);
	}
}

/**
 * How fields are given, in a form for each version of a node. n8n stores no defaults, so a node of version 1 that names
 * no choice keeps meaning rows. Since version 1.1, it means the account's fields.
 */
export function fieldsChoice(property: INodeProperties): INodeProperties[] {
	const { show } = property.displayOptions ?? {};
	return [
		// First: n8n's types for models print the default of the first form, and models write the newest version.
		{
			...property,
			default: 'account',
			displayOptions: { show: { ...show, '@version': [{ _cnd: { gte: 1.1 } }] } },
		},
		{ ...property, default: 'rows', displayOptions: { show: { ...show, '@version': [1] } } },
	];
}

/** Tells models which parameter a choice of fields reads; they see no names of choices. */
export function fieldsHint(name: string): IParameterBuilderHint {
	return {
		propertyHint: `Set this whenever there are any: 'json' reads ${name}Json, an object, and is the simplest; 'rows' reads ${name} ({ assignments: [{ id, name, value, type }] }); 'account', the default, reads ${name}Map, which is picked in the panel. Values for another choice aren't sent.`,
	};
}

/** A mapping onto the account's own fields: a typo in a field's name would permanently create a new field. */
export function fieldsMapper(displayName: string, name: string): INodeProperties {
	return {
		displayName,
		name,
		type: 'resourceMapper',
		default: { mappingMode: 'defineBelow', value: null },
		noDataExpression: true,
		typeOptions: {
			resourceMapper: {
				resourceMapperMethod: 'getAccountFields',
				mode: 'add',
				valuesLabel: displayName,
				fieldWords: { singular: 'field', plural: 'fields' },
				addAllFields: false,
				// Otherwise a new node without a credential begins with a red line, above the notice that says what to do.
				hideNoDataError: true,
				multiKeyMatch: false,
				supportAutoMap: true,
			},
		},
		description:
			'Fields of your Bento site. To write a new one, choose Using Fields Below or Using JSON.',
	};
}

/**
 * The account's fields for n8n's resource mapper. For an error, n8n's editor only says that there are no fields, so the
 * reason is given as its notice. Not if fields are mapped already: an empty list would take them out of the mapping.
 */
async function getAccountFields(this: ILoadOptionsFunctions): Promise<ResourceMapperFields> {
	if (isMapped(this.getCurrentNodeParameters())) return offered(await accountFields(this));
	if (this.getNode().credentials?.bentoApi === undefined) return unavailable([NO_CREDENTIAL]);
	try {
		return offered(await accountFields(this));
	} catch (error) {
		return unavailable(reasonOf(error));
	}
}

const NO_CREDENTIAL = 'To list the fields of your Bento site, select a Bento API credential above';
const NO_FIELDS =
	'Your Bento site has no fields yet. To write the first one, choose Using Fields Below or Using JSON.';
const REOPEN = 'Then close this node and open it again';

/** n8n shows the notice if no fields can be chosen, and also with Map Automatically, which goes by their keys. */
function offered(fields: ResourceMapperFields['fields']): ResourceMapperFields {
	const keys = fields.map(({ id }) => id).join(', ');
	const emptyFieldsNotice = fields.length > 0 ? `Fields of your Bento site: ${keys}` : NO_FIELDS;
	return { fields, emptyFieldsNotice };
}

function unavailable(reasons: readonly string[]): ResourceMapperFields {
	return { fields: [], emptyFieldsNotice: sentences([...reasons, REOPEN]) };
}

function reasonOf(error: unknown): string[] {
	if (error instanceof NodeApiError || error instanceof NodeOperationError) {
		return [error.message, error.description ?? ''];
	}
	return ["The fields of your Bento site couldn't be loaded"];
}

/** Whether fields were mapped before, as far as the editor says. */
function isMapped(parameters: INodeParameters | undefined): boolean {
	if (parameters === undefined) return true;
	const values: readonly unknown[] = Object.values(parameters);
	return values.some(
		(value) => isRecord(value) && Array.isArray(value.schema) && value.schema.length > 0,
	);
}

/** In the order of their names. Bento doesn't document types of fields. */
async function accountFields(
	context: ILoadOptionsFunctions,
): Promise<ResourceMapperFields['fields']> {
	const rows = (await readAccountList(context, { request: FIELD_LIST })).map(flatten);
	const fields = rows.flatMap(({ key, name }) => {
		const id = asText(key);
		if (id === '') return [];
		return [
			{
				id,
				displayName: asText(name) || id,
				required: false,
				defaultMatch: false,
				canBeUsedToMatch: false,
				display: true,
			},
		];
	});
	return fields.sort((one, other) => one.displayName.localeCompare(other.displayName, 'en'));
}

export const resourceMapping = { getAccountFields };

/** The fields that an item gives, with what is wrong or worth telling. */
export interface MappedFields {
	readonly record: Readonly<Record<string, unknown>>;
	readonly issues: readonly InputIssue[];
	readonly notes: readonly string[];
}

/**
 * The fields that a mapping gives for an item: those that were filled in, or all that the item has by the same name.
 * A field left empty isn't written, and a mapping that nobody touched gives none.
 *
 * @param extra what Extra Fields says; default ignore
 */
export function mappedFields(mapping: unknown, item: unknown, extra?: unknown): MappedFields {
	if (!isRecord(mapping)) return NOTHING;
	const { mappingMode, schema, value } = mapping;
	if (mappingMode === 'autoMapInputData') {
		if (!isRecord(item) || !Array.isArray(schema)) return NOTHING;
		const { record, ...told } = withExtraFields(item, namesIn(schema), extra);
		return { record: filledIn(Object.entries(record)), ...told };
	}
	return isRecord(value) ? { ...NOTHING, record: filledIn(Object.entries(value)) } : NOTHING;
}

const NOTHING: MappedFields = { record: {}, issues: [], notes: [] };

function filledIn(entries: ReadonlyArray<readonly [string, unknown]>): Record<string, unknown> {
	const written = entries.map(([id, value]) => [id, dateAsText(value)] as const);
	return Object.fromEntries(written.filter(([, value]) => !isMissing(value)));
}

/** The account's fields, by what a column of theirs may be called. */
export class FieldNames {
	private readonly ids: ReadonlySet<string>;
	private readonly byPlainName: ReadonlyMap<string, string>;

	/**
	 * @param fields as in a mapping: each with its key as `id`, and its title
	 * @param ifNew what to do about a field that is missing here and exists in Bento, to follow a sentence
	 */
	constructor(
		fields: readonly unknown[],
		readonly ifNew = '',
	) {
		const titles = fields.filter(isRecord).flatMap(({ id, displayName }) => {
			if (typeof id !== 'string') return [];
			return [[id, typeof displayName === 'string' ? displayName : id] as const];
		});
		this.ids = new Set(titles.map(([id]) => id));
		this.byPlainName = new Map([
			...titles.map(([id, title]) => [plainName(title), id] as const),
			...titles.map(([id]) => [plainName(id), id] as const),
		]);
	}

	/** The key of the field that a column is of: by its key or, as in a spreadsheet, by its title. */
	find(column: string): string | undefined {
		return this.ids.has(column) ? column : this.byPlainName.get(plainName(column));
	}
}

/** The names in what Bento lists. */
export function namesOf(rows: readonly IDataObject[]): FieldNames {
	return new FieldNames(rows.map(flatten).map(({ key, name }) => ({ id: key, displayName: name })));
}

const namesOfSchema = new WeakMap<readonly unknown[], FieldNames>();

/**
 * The names in a mapping. Those that n8n marks as removed too: it marks every field that wasn't added by hand, and Map
 * Automatically shows none that could be added.
 */
function namesIn(schema: readonly unknown[]): FieldNames {
	const names = namesOfSchema.get(schema) ?? new FieldNames(schema, REFRESH);
	namesOfSchema.set(schema, names);
	return names;
}

const REFRESH = '. If a field is new in Bento, refresh the field list in the panel';

/**
 * The option for columns of an item that the account has no field for, in a form for each way to take a whole item: by
 * default, one sends all columns and the other those that have a field.
 */
export function extraFieldsOption(
	wholeItem: NonNullable<IDisplayOptions['show']>,
	mapped: NonNullable<IDisplayOptions['show']>,
): INodeProperties[] {
	const form = (usual: string, way: string, show: IDisplayOptions['show']): INodeProperties => ({
		displayName: 'Extra Fields',
		name: 'extraFields',
		type: 'options',
		default: usual,
		displayOptions: { show },
		options: EXTRA_FIELDS,
		description: `With ${way}: what to do with columns that your Bento site has no field for`,
	});
	return [form('ignore', 'Map Automatically', mapped), form('create', 'whole items', wholeItem)];
}

const EXTRA_FIELDS: INodeProperties['options'] = [
	{ name: 'Create', value: 'create', description: 'Send them, which creates the fields' },
	{ name: 'Fail', value: 'fail', description: 'Treat the item as failed' },
	{ name: 'Ignore', value: 'ignore', description: "Don't send them. A hint names them." },
];

/** Whether what an item gives depends on the fields of the account it goes to; a mapping knows them. */
export function needsAccountFields(read: (name: string) => unknown): boolean {
	const options = read('options');
	// An expression in its place may give anything.
	const extra = isRecord(options) ? options.extraFields : options;
	return (
		(extra ?? 'create') !== 'create' &&
		[read('inputMode'), read('fieldsMode')].includes('wholeItem')
	);
}

/**
 * A whole item's columns as fields: all of them, or as Extra Fields says if the account's fields are known.
 *
 * @param known columns that Bento takes without a field
 */
export function columnsAsFields(
	columns: Readonly<Record<string, unknown>>,
	{ [ACCOUNT_FIELDS]: names, options }: InputValues,
	known?: ReadonlySet<string>,
): MappedFields {
	if (!(names instanceof FieldNames)) return { ...NOTHING, record: columns };
	return withExtraFields(columns, names, extraFieldsIn(options), known);
}

/** What the options say about extra fields. */
export function extraFieldsIn(options: unknown): unknown {
	return isRecord(options) ? options.extraFields : undefined;
}

/** Added to an item by n8n's spreadsheet nodes, or sent as the address: nobody wants them as fields. */
const NEVER_EXTRA: ReadonlySet<string> = new Set(['email', 'row_number']);

/** The columns that the account has a field for, and what is chosen for the others. */
function withExtraFields(
	item: Readonly<Record<string, unknown>>,
	names: FieldNames,
	extra: unknown,
	known: ReadonlySet<string> = new Set(),
): MappedFields {
	const found: Array<readonly [string, unknown]> = [];
	const unmatched: string[] = [];
	for (const [key, value] of Object.entries(item)) {
		const id = known.has(key) ? key : names.find(key);
		// A column of the field's own key goes before one of its title.
		if (id !== undefined && (id === key || !Object.hasOwn(item, id))) found.push([id, value]);
		else if (!isMissing(value) && !NEVER_EXTRA.has(plainName(key))) unmatched.push(key);
	}
	const record = Object.fromEntries(found);
	if (unmatched.length === 0) return { ...NOTHING, record };
	if (extra === 'create') {
		const created = Object.fromEntries(unmatched.map((key) => [key, item[key]]));
		return { ...NOTHING, record: { ...created, ...record }, notes: newFieldsNotes(unmatched) };
	}
	const list = unmatched.map((key) => JSON.stringify(key)).join(', ');
	if (extra === 'fail') {
		const advice = `The columns are ${list}. Rename or remove them, or change 'Extra Fields'${names.ifNew}`;
		const field = 'Input Item';
		return { ...NOTHING, record, issues: [{ field, text: NO_FIELD, advice }] };
	}
	const note = `Not sent, because no field of your Bento site has the name: ${list}${names.ifNew}`;
	return { ...NOTHING, record, notes: [note] };
}

const NO_FIELD = 'has columns that your Bento site has no fields for';
