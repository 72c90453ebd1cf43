import {
	NodeApiError,
	NodeOperationError,
	type IDataObject,
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
import { readPages, sharedReads, UNEXPECTED_RESPONSE } from './requests';
import { asText, flatten } from './responses';
import { dateAsText, isRecord } from './values';
import type { CallRequest } from './types';

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
	const report = 'report' in found ? found.report : undefined;
	const problem = report ? explain(report) : UNREADABLE;
	const { message, httpCode } = problem;
	const description = aftermath(problem);
	throw new NodeApiError(
		context.getNode(),
		{ message, httpCode: httpCode ?? null },
		{ message, description, httpCode },
	);
}

const UNREADABLE: Problem = {
	code: 'UNEXPECTED',
	message: UNEXPECTED_RESPONSE.message,
	advice: "Check 'API Base URL' in the Bento API credential",
};

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
		propertyHint: `Always set this: 'json' reads ${name}Json, an object, and is the simplest; 'rows' reads ${name} ({ assignments: [{ id, name, value, type }] }); 'account', the default, reads ${name}Map, which is picked in the panel. Values for another choice aren't sent.`,
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
 * reason is given as its notice. Not where fields are mapped already: an empty list would take them out of the mapping.
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

/** n8n shows the notice where no fields can be chosen, and also with Map Automatically, which goes by their keys. */
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

/**
 * The fields that a mapping gives for an item: those that were filled in, or all that the item has by the same name.
 * A field left empty isn't written, and a mapping that nobody touched gives none.
 */
export function mappedFields(mapping: unknown, item: unknown): Record<string, unknown> {
	if (!isRecord(mapping)) return {};
	const { mappingMode, schema, value } = mapping;
	const source = mappingMode === 'autoMapInputData' ? namedAlike(item, schema) : value;
	if (!isRecord(source)) return {};
	const filled: Array<[string, unknown]> = [];
	for (const [id, one] of Object.entries(source)) {
		const field = dateAsText(one);
		if (field !== null && field !== undefined && field !== '') filled.push([id, field]);
	}
	return Object.fromEntries(filled);
}

/**
 * What the item has of the account's fields. Those that n8n marks as removed too: it marks every field that wasn't
 * added by hand, and Map Automatically shows none that could be added.
 */
function namedAlike(item: unknown, schema: unknown): Record<string, unknown> {
	if (!isRecord(item) || !Array.isArray(schema)) return {};
	const found: Array<[string, unknown]> = [];
	for (const field of schema) {
		const id: unknown = isRecord(field) ? field.id : undefined;
		if (typeof id === 'string' && Object.hasOwn(item, id)) found.push([id, item[id]]);
	}
	return Object.fromEntries(found);
}
