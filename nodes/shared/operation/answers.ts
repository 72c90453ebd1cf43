import type { IDataObject } from 'n8n-workflow';
import { isRecord } from './schemas';
import type { Answer } from './types';

/** Whether parsed JSON is an object that n8n can hold as an item. */
export function isItem(value: unknown): value is IDataObject {
	return isRecord(value);
}

export const UNEXPECTED: Answer = { kind: 'unexpected' };
export const NONE: Answer = { kind: 'none' };

/** One item, or more. */
export function items(...found: readonly IDataObject[]): Answer {
	return { kind: 'items', items: found };
}

/** An ID, key or name as text; '' for anything else. */
export function asText(value: unknown): string {
	return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** An answer that is an object and stays as it is. An `error` in it would look like n8n's own, and is one. */
export function plain(body: unknown): Answer {
	if (!isItem(body)) return UNEXPECTED;
	if (!('error' in body)) return items(body);
	return { kind: 'refused', words: typeof body.error === 'string' ? body.error : '' };
}

/**
 * An answer about one thing: `{data: {id, type, attributes}}`. Older samples of Bento's documentation put it
 * into a list; `{}` or no data at all is how Bento says that there is none (GET /fetch/subscribers).
 *
 * @param simplify whether to flatten it; otherwise the answer stays as it is
 */
export function single(body: unknown, simplify: boolean): Answer {
	if (!isItem(body)) return UNEXPECTED;
	const found = readSingle(body);
	if (found === undefined) return NONE;
	if (!isItem(found)) return UNEXPECTED;
	return items(simplify ? flatten(found) : body);
}

/** The answer to creating something; without any, which Bento's own MCP server takes for success, what was asked for. */
export function created(body: unknown, simplify: boolean, asked: IDataObject): Answer {
	const answer = body === null ? NONE : single(body, simplify);
	return answer.kind === 'none' ? items(asked) : answer;
}

function readSingle(body: IDataObject): unknown {
	const { data } = body;
	const found: unknown = Array.isArray(data) ? data[0] : data;
	return found === null || (isRecord(found) && Object.keys(found).length === 0) ? undefined : found;
}

export type Rows =
	{ readonly ok: true; readonly rows: readonly IDataObject[] } | { readonly ok: false };

/** An answer with a list: `{data: [{id, type, attributes}, …]}`; `null` stands for an empty one. */
export function readRows(body: unknown): Rows {
	if (!isRecord(body) || !('data' in body)) return { ok: false };
	const rows: unknown = body.data ?? [];
	return Array.isArray(rows) && rows.every(isItem) ? { ok: true, rows } : { ok: false };
}

/** The attributes and the ID side by side, without JSON:API's wrapping. */
export function flatten(record: IDataObject): IDataObject {
	const { id, attributes } = record;
	if (!isItem(attributes)) return record;
	return { ...(id !== undefined && { id }), ...attributes };
}
