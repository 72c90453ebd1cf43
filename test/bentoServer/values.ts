import type { ParsedResponse } from './types';

/** Whether a value is an object with keys: no array, no null. */
export function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Text with something in it. */
export function isText(value: unknown): value is string {
	return typeof value === 'string' && value.trim() !== '';
}

/** Enough of an address to see that a client doesn't send nonsense. */
export function isEmail(value: unknown): value is string {
	if (typeof value !== 'string') return false;
	const at = value.indexOf('@');
	return at > 0 && at < value.length - 1 && !/\s/.test(value);
}

/** The object under a key of the body, or nothing in it. */
export function unwrap(body: unknown, wrapper: string): Record<string, unknown> | undefined {
	const inner = isRecord(body) ? body[wrapper] : undefined;
	return isRecord(inner) ? inner : undefined;
}

export interface Problem {
	readonly field: string;
	readonly message: string;
}

export const BLANK = "can't be blank";

export function ok(body: unknown): ParsedResponse {
	return { status: 200, body };
}

/** A list as JSON:API has it. */
export function list(rows: readonly unknown[]): ParsedResponse {
	return ok({ data: rows });
}

export function badRequest(error: string): ParsedResponse {
	return { status: 400, body: { error } };
}

export function missing(what: string): ParsedResponse {
	return { status: 404, body: { error: `${what} not found` } };
}

/** 422 in the form that bentonow.com/docs/api/errors shows. */
export function refusal(...errors: readonly Problem[]): ParsedResponse {
	return { status: 422, body: { errors: errors.slice(0, 20) } };
}

const PAGE_SIZE = 25;
const MOST_PER_PAGE = 100;

/** One page of many; past the end there is nothing. Anything that isn't a page number counts as the first. */
export function pageOf<Row>(
	rows: readonly Row[],
	query: Readonly<Record<string, string>>,
	size = PAGE_SIZE,
): readonly Row[] {
	const page = Math.max(1, Math.trunc(Number(query.page ?? 1)) || 1);
	return rows.slice((page - 1) * size, page * size);
}

/** The page size that a query asks for, within reason. */
export function pageSize({ per_page: wanted }: Readonly<Record<string, string>>): number {
	return Math.min(MOST_PER_PAGE, Math.max(1, Math.trunc(Number(wanted ?? PAGE_SIZE)) || PAGE_SIZE));
}
