import type { RequestHead, RequestStream } from './types';

/** Keys that reach into an object's prototype when someone merges them. */
const DANGEROUS_KEYS = new Set(['__proto__', 'constructor', 'prototype']);

/** Whether a key from outside must not become a key of an object here. */
export function isDangerousKey(key: string): boolean {
	return DANGEROUS_KEYS.has(key);
}

/**
 * Reads a request's head. The query is parsed here rather than taken from the host, so that it has one shape
 * everywhere: a string for a name, or an array of strings where the name is repeated. Never throws.
 */
export function readHead(request: RequestStream): RequestHead {
	const url = request.originalUrl ?? request.url ?? '/';
	const questionMark = url.indexOf('?');
	return {
		method: (request.method ?? 'GET').toUpperCase(),
		path: questionMark === -1 ? url : url.slice(0, questionMark),
		query: questionMark === -1 ? {} : parsePairs(url.slice(questionMark + 1)),
		headers: request.headers,
		rawHeaders: request.rawHeaders ?? [],
		address: request.ip ?? request.socket?.remoteAddress ?? '',
	};
}

/** Parses `a=1&b=2` as the URL standard does for forms and queries; dangerous names are dropped. */
export function parsePairs(text: string): Record<string, string | string[]> {
	const pairs: Record<string, string | string[]> = {};
	for (const [name, value] of new URLSearchParams(text)) {
		if (isDangerousKey(name)) continue;
		const known = Object.hasOwn(pairs, name) ? pairs[name] : undefined;
		if (known === undefined) pairs[name] = value;
		else if (typeof known === 'string') pairs[name] = [known, value];
		else known.push(value);
	}
	return pairs;
}

/** A header that arrived exactly once; undefined where it is missing, `'repeated'` where it came twice. */
export type SingleHeader =
	| { readonly kind: 'missing' }
	| { readonly kind: 'once'; readonly value: string }
	| { readonly kind: 'repeated' };

/**
 * Reads a header that must not be repeated. Node joins or drops repeats depending on the name, so two
 * parsers along the way could see two different values: such a header counts as wrong, not as its first.
 */
export function readSingleHeader(head: RequestHead, name: string): SingleHeader {
	const wanted = name.toLowerCase();
	const value = head.headers[wanted];
	if (value === undefined) return { kind: 'missing' };
	if (typeof value !== 'string') return { kind: 'repeated' };
	let count = 0;
	for (let index = 0; index < head.rawHeaders.length; index += 2) {
		const raw = head.rawHeaders[index];
		if (raw !== undefined && raw.length === wanted.length && raw.toLowerCase() === wanted)
			count += 1;
	}
	return count > 1 ? { kind: 'repeated' } : { kind: 'once', value };
}

/** A header's first value, for headers whose repetition does no harm. */
export function firstHeader(head: RequestHead, name: string): string | undefined {
	const value = head.headers[name.toLowerCase()];
	return typeof value === 'string' ? value : value?.[0];
}
