/** A request's head: everything that is known before its body is read. Nothing in this folder knows n8n or a node. */

export type HeaderValues = Readonly<Record<string, string | readonly string[] | undefined>>;

/** What the helper needs of Node's request, or of express's, which n8n hands out. */
export interface RequestStream {
	readonly method?: string;
	/** As the sender wrote it; express rewrites `url` and keeps this one. */
	readonly originalUrl?: string;
	readonly url?: string;
	/** Names in lower case, as Node gives them. */
	readonly headers: HeaderValues;
	/** Names and values in turn, as they arrived: the only place where repeated headers show. */
	readonly rawHeaders?: readonly string[];
	/** The sender's address behind the proxies that the operator told n8n to trust. */
	readonly ip?: string;
	readonly socket?: { readonly remoteAddress?: string };
	/** What stands in the place of a dynamic path's names. */
	readonly params?: unknown;
	/** Set when the host has read the body already. */
	readonly rawBody?: unknown;
	/** n8n's reader, which also inflates; it leaves its result in `rawBody`. */
	readonly readRawBody?: () => Promise<void>;
	/** True when the sender hung up. */
	readonly destroyed?: boolean;
	readonly readableEnded?: boolean;
	/** True once everything that was announced has arrived. */
	readonly complete?: boolean;
	on(event: string, listener: (chunk: unknown) => void): unknown;
	off(event: string, listener: (chunk: unknown) => void): unknown;
	resume(): unknown;
	setTimeout?(ms: number): unknown;
}

export type QueryValues = Readonly<Record<string, string | readonly string[]>>;

export interface RequestHead {
	readonly method: string;
	/** Without the query. */
	readonly path: string;
	readonly query: QueryValues;
	readonly params: Readonly<Record<string, string>>;
	readonly headers: HeaderValues;
	readonly rawHeaders: readonly string[];
	/** '' if it isn't known. */
	readonly address: string;
}

/** Keys that reach into an object's prototype when someone merges them. */
const DANGEROUS_KEYS = new Set(['__proto__', 'constructor', 'prototype']);

/** Whether a key from outside must not become a key of an object here. */
export function isDangerousKey(key: string): boolean {
	return DANGEROUS_KEYS.has(key);
}

/**
 * Reads a request's head. The query is parsed here rather than taken from the host, so that it has one shape
 * everywhere: a string for a name, or an array of strings if the name is repeated. Never throws.
 */
export function readHead(request: RequestStream): RequestHead {
	const url = request.originalUrl ?? request.url ?? '/';
	const questionMark = url.indexOf('?');
	return {
		method: (request.method ?? 'GET').toUpperCase(),
		path: questionMark === -1 ? url : url.slice(0, questionMark),
		query:
			questionMark === -1 ? {} : collectPairs(new URLSearchParams(url.slice(questionMark + 1))),
		params: readParams(request.params),
		headers: request.headers,
		rawHeaders: request.rawHeaders ?? [],
		address: request.ip ?? request.socket?.remoteAddress ?? '',
	};
}

function readParams(params: unknown): Record<string, string> {
	if (typeof params !== 'object' || params === null) return {};
	const entries = Object.entries(params).filter(
		(entry): entry is [string, string] => typeof entry[1] === 'string' && !isDangerousKey(entry[0]),
	);
	return Object.fromEntries(entries);
}

/** Makes an object of names and values; a repeated name gets an array, a dangerous one is dropped. */
export function collectPairs(
	pairs: Iterable<readonly [string, string]>,
): Record<string, string | string[]> {
	const collected: Record<string, string | string[]> = {};
	for (const [name, value] of pairs) {
		if (isDangerousKey(name)) continue;
		const known = Object.hasOwn(collected, name) ? collected[name] : undefined;
		if (known === undefined) collected[name] = value;
		else if (typeof known === 'string') collected[name] = [known, value];
		else known.push(value);
	}
	return collected;
}

/** A header that must arrive exactly once. */
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

/** Short, and free of anything that could break a log line or a header. */
const SAFE_REQUEST_ID = /^[A-Za-z0-9._:-]{1,128}$/;

/** The sender's own `X-Request-Id`, if it is safe to repeat in the log and in the response. */
export function sentRequestId(head: RequestHead): string | undefined {
	const sent = firstHeader(head, 'x-request-id');
	return sent !== undefined && SAFE_REQUEST_ID.test(sent) ? sent : undefined;
}

/** One entry of an allow-list: the leading `bits` of `value` count. */
interface Network {
	readonly family: 4 | 6;
	readonly value: bigint;
	readonly bits: number;
}

interface Address {
	readonly family: 4 | 6;
	readonly value: bigint;
}

export type AllowList =
	| { readonly ok: true; readonly allows: (address: string) => boolean }
	/** `entry` is the first one that isn't an address or network. */
	| { readonly ok: false; readonly entry: string };

const BITS = { 4: 32, 6: 128 } as const;

/**
 * Reads a list of IPv4 and IPv6 addresses and networks in CIDR notation, separated by commas, spaces or line
 * breaks. An empty list allows every address. An IPv4-mapped IPv6 address (`::ffff:192.0.2.1`, RFC 4291 section
 * 2.5.5.2) is treated as IPv4. What can't be read is never allowed.
 */
export function readAllowList(text: string): AllowList {
	const networks: Network[] = [];
	for (const entry of text.split(/[\s,]+/)) {
		if (entry === '') continue;
		const network = parseNetwork(entry);
		if (!network) return { ok: false, entry };
		networks.push(network);
	}
	if (networks.length === 0) return { ok: true, allows: () => true };
	return {
		ok: true,
		allows(text) {
			const address = parseAddress(withoutPort(text));
			return address !== undefined && networks.some((network) => contains(network, address));
		},
	};
}

/** Some proxies write the port into X-Forwarded-For: `192.0.2.1:443`, `[2001:db8::1]:443`. */
function withoutPort(text: string): string {
	const match = /^\[([^\]]*)\](?::\d{1,5})?$|^([\d.]+):\d{1,5}$/.exec(text.trim());
	return match?.[1] ?? match?.[2] ?? text;
}

function contains(network: Network, address: Address): boolean {
	if (network.family !== address.family) return false;
	const shift = BigInt(BITS[network.family] - network.bits);
	return network.value >> shift === address.value >> shift;
}

function parseNetwork(entry: string): Network | undefined {
	const [text, suffix, ...more] = entry.split('/');
	const address = parseAddress(text ?? '');
	if (!address || more.length > 0) return undefined;
	const widest = BITS[address.family];
	if (suffix === undefined) return { ...address, bits: widest };
	if (!/^\d{1,3}$/.test(suffix)) return undefined;
	// The prefix of an IPv4-mapped network counts from the start of the IPv6 address.
	const mapped = address.family === 4 && (text ?? '').includes(':');
	const bits = Number(suffix) - (mapped ? 96 : 0);
	return bits >= 0 && bits <= widest ? { ...address, bits } : undefined;
}

function parseAddress(text: string): Address | undefined {
	const withoutZone = text.split('%')[0] ?? '';
	if (!withoutZone.includes(':')) {
		const value = parseIPv4(withoutZone);
		return value === undefined ? undefined : { family: 4, value };
	}
	const value = parseIPv6(withoutZone);
	if (value === undefined) return undefined;
	return value >> 32n === 0xffffn
		? { family: 4, value: value & 0xffffffffn }
		: { family: 6, value };
}

function parseIPv4(text: string): bigint | undefined {
	const parts = text.split('.');
	if (parts.length !== 4) return undefined;
	let value = 0n;
	for (const part of parts) {
		// No leading zeros: some readers take them for octal.
		if (!/^(0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255) return undefined;
		value = (value << 8n) | BigInt(part);
	}
	return value;
}

function parseIPv6(text: string): bigint | undefined {
	const [start = '', end, ...more] = text.split('::');
	// An IPv4 address can only be the end.
	if (more.length > 0 || (end !== undefined && start.includes('.'))) return undefined;
	const front = parseGroups(start);
	const back = parseGroups(end ?? '');
	if (!front || !back) return undefined;
	const missing = 8 - front.length - back.length;
	if (end === undefined ? missing !== 0 : missing < 1) return undefined;
	const groups = [...front, ...Array.from({ length: missing }, () => 0n), ...back];
	return groups.reduce((value, group) => (value << 16n) | group, 0n);
}

function parseGroups(text: string): bigint[] | undefined {
	if (text === '') return [];
	const groups: bigint[] = [];
	const parts = text.split(':');
	for (const [index, part] of parts.entries()) {
		if (part.includes('.')) {
			const value = index === parts.length - 1 ? parseIPv4(part) : undefined;
			if (value === undefined) return undefined;
			groups.push(value >> 16n, value & 0xffffn);
		} else {
			if (!/^[0-9a-f]{1,4}$/i.test(part)) return undefined;
			groups.push(BigInt(`0x${part}`));
		}
	}
	return groups;
}
