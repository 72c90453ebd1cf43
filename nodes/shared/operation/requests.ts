import type { IDataObject } from 'n8n-workflow';
import { callBento, type BentoConnection } from '../http/client/call';
import type { BentoRequest, CallReport, QueryValue } from '../http/client/types';
import type { Problem } from '../http/problem';
import { NONE, readRows } from './responses';
import type { Call, CallRequest, OperationResult, ParsedResponse, Route } from './types';

/** The requests of operations: from a route and its parts to a call, page by page if there is more than one. */

/** For operations whose path or query the user writes. */
export { definedOnly, pathProblem } from '../http/client/call';

/** What a request adds to its route. Values under `ids` take the places of `:id` and the like. */
export interface RequestParts extends Partial<Pick<CallRequest, 'form' | 'json' | 'query'>> {
	readonly ids?: Readonly<Record<string, string>>;
}

export function fill(route: Route, idempotent: boolean, parts: RequestParts): CallRequest {
	const { ids, ...rest } = parts;
	const path = route.path.replace(/:(\w+)/g, (_whole, name: string) =>
		encodeURIComponent(ids?.[name] ?? ''),
	);
	return { method: route.method, path, idempotent, ...rest };
}

/** Makes a request and reads the result. */
export async function ask(
	call: Call,
	request: CallRequest,
	read: (body: unknown) => ParsedResponse,
): Promise<OperationResult> {
	const { outcome, ...report } = await call(request);
	if (outcome.kind !== 'accepted') return unsuccessful({ outcome, ...report });
	if (outcome.content === 'json') return read(outcome.body);
	// 204 to a read: there is nothing.
	if (request.method === 'GET') return NONE;
	const what = outcome.content === 'empty' ? 'an empty response' : "a response that isn't JSON";
	return {
		kind: 'items',
		items: [{ status: 'unconfirmed', note: `Bento took the request with ${what}` }],
	};
}

/** The result of a call that wasn't accepted. */
export function unsuccessful(report: CallReport): OperationResult {
	const { outcome } = report;
	const missing = outcome.kind === 'refused' && outcome.reason === 'notFound';
	return { kind: missing ? 'none' : 'failed', report };
}

/** No account has so many pages; a server that never ends its list does. An account's 250,000 subscribers do fit. */
const MAX_PAGES = 10_000;

/**
 * Follows `page` from 1 on. Bento documents neither a page size nor a total, so the end is an empty page, or
 * one that brings nothing new. A list that doesn't end is never given in part.
 *
 * @param paged whether Bento takes `page` here
 * @param most how many rows to give at most
 */
export async function readPages(
	call: Call,
	request: CallRequest,
	paged: boolean,
	most: number,
): Promise<OperationResult> {
	const found: IDataObject[] = [];
	const seen = new Set<string>();
	for (let page = 1; page <= MAX_PAGES; page += 1) {
		const query: Record<string, QueryValue | undefined> = { ...request.query };
		if (paged) query.page = page;
		const report = await call({ ...request, query });
		if (report.outcome.kind !== 'accepted') return unsuccessful(report);
		if (report.outcome.content !== 'json') return { kind: 'items', items: found };
		const read = readRows(report.outcome.body);
		if (!read.ok) return read.answer;
		const fresh = read.rows.filter((row) => isNew(row, seen));
		found.push(...fresh);
		if (!paged || fresh.length === 0 || found.length >= most) {
			return { kind: 'items', items: found.slice(0, most) };
		}
	}
	return { kind: 'endless', pages: MAX_PAGES };
}

/** Rows without an ID are distinguished by their whole content. */
function isNew(row: IDataObject, seen: Set<string>): boolean {
	const identity = JSON.stringify(row.id ?? row);
	if (seen.has(identity)) return false;
	seen.add(identity);
	return true;
}

/**
 * Returns the function that operations call Bento with. Equal reads of one run share one request: a hundred items that
 * ask for the same list, or about the same subscriber, cost Bento's hourly limits one call.
 */
export function sharedReads(connection: BentoConnection): Call {
	const reads = new Map<string, Promise<CallReport>>();
	const send = async (request: CallRequest) =>
		await callBento(connection, toBentoRequest(request, connection.siteUuid));
	return async (request) => {
		if (request.method !== 'GET') return await send(request);
		const key = JSON.stringify([request.path, request.query]);
		const shared = reads.get(key) ?? send(request);
		reads.set(key, shared);
		return await shared;
	};
}

/** A request as the shared helper takes it, with its body serialized. */
function toBentoRequest(request: CallRequest, siteUuid: string): BentoRequest {
	const { method, path, query, idempotent, json, form } = request;
	if (form) {
		// Form calls take the site in the body too (bentonow.com/docs/data_deletion_requests_api).
		const body = new URLSearchParams({ ...form, site_uuid: siteUuid }).toString();
		const contentType = 'application/x-www-form-urlencoded';
		return { method, path, query, idempotent, body: Buffer.from(body, 'utf8'), contentType };
	}
	if (json === undefined) return { method, path, query, idempotent };
	return { method, path, query, idempotent, body: Buffer.from(JSON.stringify(json), 'utf8') };
}

export const UNEXPECTED_RESPONSE: Problem = {
	code: 'UNEXPECTED',
	mayHaveArrived: true,
	message: 'Bento sent an unexpected response',
	advice:
		"Check 'API Base URL' in the Bento API credential. The action may have been completed. Check in Bento before you retry",
};

/** For a read, which changes nothing in Bento. */
export const UNREADABLE: Problem = {
	code: 'UNEXPECTED',
	message: UNEXPECTED_RESPONSE.message,
	advice: "Check 'API Base URL' in the Bento API credential",
};
