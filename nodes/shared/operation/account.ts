import {
	NodeApiError,
	NodeOperationError,
	type IDataObject,
	type ILoadOptionsFunctions,
	type INodeParameters,
	type INodeProperties,
	type ResourceMapperFields,
} from 'n8n-workflow';
import { z } from 'zod';
import { DEFAULT_WAITING, type WaitingPolicy } from '../http/outbound/call';
import { connectToBento } from '../http/outbound/connect';
import { explain } from '../http/outbound/explain';
import { asText, flatten } from './answers';
import { sharedReads, UNEXPECTED_RESPONSE } from './calls';
import { readPages } from './define';
import { sentences } from './output';
import { isRecord } from './schemas';
import type { CallRequest } from './types';

/** What the editor reads of the account before a node has run: lists for dropdowns, and fields to map onto. */

/** Short, as someone is waiting in the editor. Times in ms. */
const PATIENCE: WaitingPolicy = {
	...DEFAULT_WAITING,
	maxAttempts: 2,
	longestWait: 3_000,
	timeout: 15_000,
	totalTimeLimit: 20_000,
};

/** More entries than anyone scrolls through. */
const MOST_ROWS = 2_000;

/** The account's own fields. */
export const FIELD_LIST: CallRequest = {
	method: 'GET',
	path: '/fetch/fields',
	whenUnknown: 'resend',
};

/**
 * Reads a list of the account.
 *
 * @param paged whether Bento takes `page` here
 * @throws NodeApiError that says what to do if Bento can't be reached
 */
export async function readAccountList(
	context: ILoadOptionsFunctions,
	request: CallRequest,
	paged = false,
): Promise<readonly IDataObject[]> {
	const { connection } = await connectToBento(context, { policy: PATIENCE });
	const found = await readPages(sharedReads(connection), request, paged, MOST_ROWS);
	if (found.kind === 'items') return found.items;
	const report = 'report' in found ? found.report : undefined;
	const { message, description, httpCode } = report ? explain(report) : UNREADABLE;
	throw new NodeApiError(
		context.getNode(),
		{ message, httpCode: httpCode ?? null },
		{ message, description, httpCode },
	);
}

const UNREADABLE = {
	message: UNEXPECTED_RESPONSE.problems[0].message,
	description: "Check 'API Base URL' in the Bento API credential",
	httpCode: undefined,
};

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
				fieldWords: { singular: 'field', plural: 'fields' },
				addAllFields: false,
				multiKeyMatch: false,
				supportAutoMap: true,
			},
		},
		description:
			"Fields of your Bento site. To write a field that isn't there yet, use rows or JSON instead.",
	};
}

/**
 * The account's fields for n8n's resource mapper. For an error, n8n's editor only says that there are no fields, so the
 * reason is given as its notice. Not where fields are mapped already: an empty list would take them out of the mapping.
 */
async function getAccountFields(this: ILoadOptionsFunctions): Promise<ResourceMapperFields> {
	if (isMapped(this.getCurrentNodeParameters())) return { fields: await accountFields(this) };
	try {
		return { fields: await accountFields(this), emptyFieldsNotice: NO_FIELDS };
	} catch (error) {
		return { fields: [], emptyFieldsNotice: sentences([...reasonOf(error), REOPEN]) };
	}
}

const NO_FIELDS = 'Your Bento site has no fields yet. Use rows or JSON to write the first one.';
const REOPEN = 'Then close this node and open it again';

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
	const rows = (await readAccountList(context, FIELD_LIST)).map(flatten);
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

const mapping = z.object({
	mappingMode: z.enum(['autoMapInputData', 'defineBelow']).catch('defineBelow'),
	value: z.record(z.unknown()).nullish().catch(null),
	schema: z
		.array(z.object({ id: z.string(), removed: z.boolean().optional().catch(false) }))
		.catch([]),
});

/**
 * The fields that a mapping gives for an item: those that were filled in, or all that the item has by the same name.
 * A field left empty isn't written.
 */
export function mappedFields(raw: unknown, item: unknown): Record<string, unknown> {
	// Most operations run without one, and a schema's refusal costs more than the rest of an item.
	if (!isRecord(raw)) return {};
	const read = mapping.safeParse(raw);
	if (!read.success) return {};
	const { mappingMode, value, schema } = read.data;
	const source = mappingMode === 'defineBelow' ? (value ?? {}) : onlyKnown(item, schema);
	return Object.fromEntries(
		Object.entries(source).filter(([, one]) => one !== null && one !== undefined && one !== ''),
	);
}

function onlyKnown(
	item: unknown,
	schema: ReadonlyArray<{ readonly id: string; readonly removed?: boolean }>,
): Record<string, unknown> {
	if (!isRecord(item)) return {};
	const known = schema.filter(({ id, removed }) => removed !== true && Object.hasOwn(item, id));
	return Object.fromEntries(known.map(({ id }) => [id, item[id]]));
}
