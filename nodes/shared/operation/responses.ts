import type { IDataObject } from 'n8n-workflow';
import { refusalWords } from '../http/client/classify';
import { isRecord } from './schemas';
import type { ParsedResponse } from './types';

/**
 * Reads Bento's responses. Sources show the same thing in several forms: `{data: {id, type, attributes}}`,
 * `{data: [...]}`, a bare list, a bare object, and `{}` or `[]` for nothing at all. test/judges/answers.ts has
 * the forms and who shows them.
 */

/** For operations that read the counts of a batch by themselves. */
export { readCounts } from '../delivery/deliver';

/** Whether parsed JSON is an object, which n8n can pass on as an item. */
export function isItem(value: unknown): value is IDataObject {
	return isRecord(value);
}

export const UNEXPECTED: ParsedResponse = { kind: 'unexpected' };
export const NONE: ParsedResponse = { kind: 'none' };

/** One item, or more. */
export function items(...found: readonly IDataObject[]): ParsedResponse {
	return { kind: 'items', items: found };
}

/** An ID, key or name as text; '' for anything else. */
export function asText(value: unknown): string {
	return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** What Bento says in a 2xx response that is still a refusal; undefined for any other. */
export function refusalIn(body: unknown): ParsedResponse | undefined {
	const words = refusalWords(body);
	return words === undefined ? undefined : { kind: 'refused', words };
}

/** A response that stays as it is; a list goes under `data`, since an item is an object. */
export function asIs(body: unknown): ParsedResponse {
	const refusal = refusalIn(body);
	if (refusal) return refusal;
	if (isItem(body)) return items(body);
	return Array.isArray(body) && body.every(isItem) ? items({ data: body }) : UNEXPECTED;
}

/** A response that is one object without an ID, such as counts. Laravel's SDK knows them under `data`. */
export function plain(body: unknown): ParsedResponse {
	const inner = unwrap(body);
	const refusal = refusalIn(body) ?? refusalIn(inner);
	if (refusal) return refusal;
	return inner === undefined || isEmptyObject(inner) ? UNEXPECTED : items(flatten(inner));
}

/** The object that a response is about: bare, under a lone `data`, or as the only entry of a list. */
export function unwrap(body: unknown): IDataObject | undefined {
	const alone = isItem(body) && Object.keys(body).every((key) => ENVELOPE.has(key));
	const inner: unknown = alone && 'data' in body ? body.data : body;
	const found: unknown = Array.isArray(inner) && inner.length === 1 ? inner[0] : inner;
	return isItem(found) ? found : undefined;
}

/** The members of a JSON:API document beside its errors. */
const ENVELOPE: ReadonlySet<string> = new Set(['data', 'included', 'jsonapi', 'links', 'meta']);

/**
 * A response about one thing; `{}`, `[]` or no data at all is how Bento says that there is none
 * (GET /fetch/subscribers).
 *
 * @param simplify whether to flatten it; otherwise the response stays as it is
 */
export function single(body: unknown, simplify: boolean): ParsedResponse {
	const read = readRows(body);
	if (!read.ok) return read.answer;
	const [found] = read.rows;
	if (found === undefined) return NONE;
	return simplify ? items(flatten(found)) : asIs(body);
}

/**
 * The response to creating something. Some accounts get the whole list, so what was asked for is looked up in it. An
 * empty response, which Bento's own MCP server counts as success, becomes what was asked for.
 *
 * @param asked what the new thing has, by the names of its attributes
 */
export function created(body: unknown, simplify: boolean, asked: IDataObject): ParsedResponse {
	if (body === null) return items(asked);
	const read = readRows(body);
	if (!read.ok) return read.answer;
	if (read.rows.length === 0) return items(asked);
	if (!simplify) return asIs(body);
	const rows = read.rows.map(flatten);
	const found = rows.find((row) => isAsked(row, asked)) ?? (rows.length === 1 ? rows[0] : asked);
	return items(found ?? asked);
}

/** Bento derives a field's name from its key and the other way around, so either may be what was asked for. */
function isAsked({ key, name }: IDataObject, asked: IDataObject): boolean {
	const wanted = Object.values(asked).map((value) => asText(value).toLowerCase());
	return [key, name].some((value) => wanted.includes(asText(value).toLowerCase()));
}

export type RowsResult =
	| { readonly ok: true; readonly rows: readonly IDataObject[] }
	| { readonly ok: false; readonly answer: ParsedResponse };

/**
 * A response with a list: under `data`, or bare. Nothing under `data`, `{}` and `[]` are empty lists, and so is an
 * object with no `data` and nothing else in it. A single record is a list of one.
 */
export function readRows(body: unknown): RowsResult {
	const refusal = refusalIn(body);
	if (refusal) return { ok: false, answer: refusal };
	if (!isItem(body)) return toRows(body);
	if (isRow(body)) return { ok: true, rows: [body] };
	if ('data' in body) return toRows(body.data ?? []);
	const foreign = Object.entries(body).some(
		([key, value]) => !ENVELOPE.has(key) && !isEmptyObject(value),
	);
	return foreign ? { ok: false, answer: UNEXPECTED } : { ok: true, rows: [] };
}

function toRows(list: unknown): RowsResult {
	if (isEmptyObject(list)) return { ok: true, rows: [] };
	const rows: readonly unknown[] = Array.isArray(list) ? list : [list];
	return rows.every(isItem) ? { ok: true, rows } : { ok: false, answer: UNEXPECTED };
}

function isRow({ id, uuid, attributes }: IDataObject): boolean {
	return asText(id) !== '' || asText(uuid) !== '' || isItem(attributes);
}

function isEmptyObject(value: unknown): boolean {
	return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

/**
 * The attributes and the ID side by side, without JSON:API's wrapping. The record's own ID counts, as it does in
 * bento-node-sdk ("prefers the top-level id"): Create Email would post to another sequence otherwise.
 */
export function flatten(record: IDataObject): IDataObject {
	const { id: own, attributes } = record;
	if (!isItem(attributes)) return record;
	const id = [own, attributes.id, attributes.prefix_id].find((one) => asText(one) !== '');
	return id === undefined
		? attributes
		: { id, ...attributes, ...(attributes.id !== undefined && { id }) };
}

/**
 * A row of a list as users and models want it: side by side, and without the HTML of emails inside of it, which takes
 * tens of thousands of characters for a handful of Bento workflows.
 */
export function withoutHtml(row: IDataObject): IDataObject {
	const inner = (value: unknown): unknown => {
		if (Array.isArray(value)) return value.map(inner);
		if (!isItem(value)) return value;
		const kept = Object.entries(value).filter(([key]) => key !== 'html');
		return Object.fromEntries(kept.map(([key, one]) => [key, inner(one)]));
	};
	const entries = Object.entries(flatten(row)).map(([key, value]) => [key, inner(value)] as const);
	return Object.fromEntries(entries) as IDataObject;
}

/**
 * What the user wants of a row; a dot reaches into objects and the entries of lists.
 *
 * @param paths such as `id` or `stats.open_rate`
 */
export function pickFields(row: IDataObject, paths: readonly string[]): IDataObject {
	const wanted = new Map<string, string[]>();
	for (const path of paths) {
		const [first = '', ...rest] = path.split('.');
		wanted.set(first, [...(wanted.get(first) ?? []), rest.join('.')]);
	}
	const picked: IDataObject = {};
	for (const [key, inner] of wanted) {
		if (!Object.hasOwn(row, key)) continue;
		picked[key] = inner.includes('') ? row[key] : pickInside(row[key], inner);
	}
	return picked;
}

function pickInside(value: IDataObject[string], paths: readonly string[]): IDataObject[string] {
	if (Array.isArray(value)) {
		const entries: readonly unknown[] = value;
		return entries.filter(isItem).map((entry) => pickFields(entry, paths));
	}
	return isItem(value) ? pickFields(value, paths) : value;
}
