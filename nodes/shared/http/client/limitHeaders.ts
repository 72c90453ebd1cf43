import type { HttpResult } from './types';

/** What a response's headers say about its sender's limit. Believed as Retry-After is; Bento documents none of them. */

type Headers = Readonly<Record<string, string>>;

/** A larger number of seconds is a date: seconds since the epoch, or ms. */
const A_DATE_FROM = 1_000_000_000;
const IN_MS_FROM = 1_000_000_000_000;

/**
 * How long the server wants no further request, in ms; undefined if it doesn't say. A 429 says so by Retry-After or
 * the time until its limit is reset, any other response by naming nothing as remaining.
 *
 * @param now in ms since the epoch
 */
export function limitsIn(result: HttpResult, now: number): number | undefined {
	if (result.kind !== 'response') return undefined;
	const { headers, status } = result;
	const there = serverTime(headers, now);
	const refused = status === 429;
	const asked = refused ? parseRetryAfter(headers['retry-after'], there) : undefined;
	if (asked !== undefined) return asked;
	return refused || remaining(headers) === 0 ? untilReset(headers, there) : undefined;
}

/** The sender's own clock: the one that its dates are meant by. Ours may be minutes off. */
export function serverTime(headers: Headers, now: number): number {
	const date = Date.parse(headers.date ?? '');
	return Number.isNaN(date) ? now : date;
}

/**
 * Reads a Retry-After header: seconds or an HTTP date (RFC 9110, section 10.2.3).
 *
 * @param now the sender's time, in ms since the epoch
 * @returns ms to wait from `now`, at least 0; undefined if the header is missing or can't be read
 */
export function parseRetryAfter(value: string | undefined, now: number): number | undefined {
	const text = value?.trim() ?? '';
	if (/^\d+(\.\d+)?$/.test(text)) return Math.ceil(Number(text) * 1000);
	// Only the three HTTP date forms name a weekday first; Date.parse alone would take "5 apples".
	if (!/^(mon|tue|wed|thu|fri|sat|sun)/i.test(text)) return undefined;
	const date = Date.parse(text);
	return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/** Requests that are left: `RateLimit: "default";r=0;t=30` and its older spellings (draft-ietf-httpapi-ratelimit-headers). */
function remaining(headers: Headers): number | undefined {
	return (
		numberIn(headers.ratelimit, /(?:^|[;,\s])(?:r|remaining)=(\d+)/i) ??
		plainHeader(headers, 'remaining')
	);
}

function untilReset(headers: Headers, there: number): number | undefined {
	const seconds =
		numberIn(headers.ratelimit, /(?:^|[;,\s])(?:t|reset)=(\d+)/i) ?? plainHeader(headers, 'reset');
	if (seconds === undefined) return parseRetryAfter(resetText(headers), there);
	if (seconds < A_DATE_FROM) return Math.ceil(seconds * 1000);
	const date = seconds < IN_MS_FROM ? seconds * 1000 : seconds;
	return Math.max(0, date - there);
}

const PREFIXES = ['ratelimit-', 'x-ratelimit-', 'x-rate-limit-'];

function plainHeader(headers: Headers, name: string): number | undefined {
	for (const prefix of PREFIXES) {
		const found = numberIn(headers[prefix + name], /^\s*(\d+(?:\.\d+)?)/);
		if (found !== undefined) return found;
	}
	return undefined;
}

function resetText(headers: Headers): string | undefined {
	return PREFIXES.map((prefix) => headers[`${prefix}reset`]).find((text) => text !== undefined);
}

function numberIn(text: string | undefined, pattern: RegExp): number | undefined {
	const found = pattern.exec(text ?? '')?.[1];
	return found === undefined ? undefined : Number(found);
}
