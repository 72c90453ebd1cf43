import type { IDataObject } from 'n8n-workflow';
import { z } from 'zod';
import type { QueryValue } from '../../shared/http/outbound/types';
import { limitProperty, returnAllProperty } from '../panel/shared';
import { flatten, readRows } from './answers';
import { defineLongCall, unsuccessful, type Definition, type RequestParts } from './defineCall';
import type { InputSchema, Schema } from './plan';
import type { Call, CallOperation, CallRequest, ErrandResult, PlanContext } from './types';

/** No account has so many pages; a server that never ends its list does. */
const MOST_PAGES = 1_000;

interface List<Input> extends Omit<Definition<Input>, 'whenUnknown'> {
	/** Whether Bento takes `page` here. Otherwise one request gives everything. */
	readonly paged: boolean;
	readonly request: (input: Input) => RequestParts;
	/** Default: attributes and ID side by side. */
	readonly simplify?: (row: IDataObject) => IDataObject;
}

const range = z.object({
	returnAll: z.boolean().catch(false),
	limit: z.coerce.number().int().min(1).catch(50),
});

/**
 * Defines an operation that lists things: Return All or Limit, one output item for each thing. A list is a read,
 * so it is asked for again whatever happened to an answer.
 */
export function defineList<Input>(definition: List<Input>): CallOperation {
	const { paged, request, simplify = flatten } = definition;
	return defineLongCall(
		{
			...definition,
			whenUnknown: 'resend',
			properties: [...definition.properties, returnAllProperty, limitProperty],
			input: (context: PlanContext) => withRange(definition.input, context),
			async errand({ own, most }, { call, own: requestOf }, simplified) {
				const first = requestOf(request(own));
				const found = await readPages(call, first, paged, most);
				if (found.kind !== 'items' || !simplified) return found;
				return { kind: 'items', items: found.items.map(simplify) };
			},
		},
		{ simplified: true },
	);
}

interface Ranged<Input> {
	readonly own: Input;
	readonly most: number;
}

function withRange<Input>(input: InputSchema<Input>, context: PlanContext): Schema<Ranged<Input>> {
	const own = typeof input === 'function' ? input(context) : input;
	return z.unknown().transform((values, refinement): Ranged<Input> => {
		const read = own.safeParse(values);
		const { returnAll, limit } = range.parse(values);
		if (read.success) return { own: read.data, most: returnAll ? Infinity : limit };
		read.error.issues.forEach((issue) => refinement.addIssue(issue));
		return z.NEVER;
	});
}

/**
 * Follows `page` from 1 on. Bento documents neither a page size nor a total, so the end is an empty page, or
 * one that brings nothing new.
 */
export async function readPages(
	call: Call,
	request: CallRequest,
	paged: boolean,
	most: number,
): Promise<ErrandResult> {
	const found: IDataObject[] = [];
	const seen = new Set<string>();
	for (let page = 1; page <= MOST_PAGES; page += 1) {
		const query: Record<string, QueryValue | undefined> = { ...request.query };
		if (paged) query.page = page;
		const report = await call({ ...request, query });
		if (report.outcome.kind !== 'accepted') return unsuccessful(report);
		const read = readRows(report.outcome.body);
		if (!read.ok) return { kind: 'unexpected' };
		const fresh = read.rows.filter((row) => isNew(row, seen));
		found.push(...fresh);
		if (!paged || fresh.length === 0 || found.length >= most) break;
	}
	return { kind: 'items', items: found.slice(0, most) };
}

/** Rows without an ID are told apart by all they hold. */
function isNew(row: IDataObject, seen: Set<string>): boolean {
	const identity = JSON.stringify(row.id ?? row);
	if (seen.has(identity)) return false;
	seen.add(identity);
	return true;
}
