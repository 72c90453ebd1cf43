import { createHash, timingSafeEqual } from 'crypto';
import { readSingleHeader, type RequestHead, type SingleHeader } from './head';

/** How a sender shows that it knows the secret. */
export type Scheme =
	| { readonly kind: 'none' }
	| { readonly kind: 'basic' }
	| { readonly kind: 'bearer' }
	| { readonly kind: 'header'; readonly name: string }
	| { readonly kind: 'query'; readonly name: string };

/** What carries a secret; headers in lower case. */
export interface Carrier {
	readonly place: 'header' | 'query';
	readonly name: string;
}

/** What carries the secret under a scheme, so that it is hidden; null if nothing does. */
export function carrierOf(scheme: Scheme): Carrier | null {
	switch (scheme.kind) {
		case 'none':
			return null;
		case 'basic':
		case 'bearer':
			return { place: 'header', name: 'authorization' };
		case 'header':
		case 'query':
			return { place: scheme.kind, name: scheme.name };
	}
}

/**
 * What a request presents under a scheme: nothing, something that can't be right, or a value, as the bytes that
 * the sender may have meant.
 */
export type Presented =
	| { readonly kind: 'missing' }
	| { readonly kind: 'malformed' }
	| { readonly kind: 'value'; readonly readings: readonly Buffer[] };

/** RFC 9110, section 5.6.2: what a header's name may consist of. */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** Headers that say something about the message or the connection, or that Node gives in a form of its own. */
const OCCUPIED_HEADERS = new Set([
	'__proto__',
	'connection',
	'content-encoding',
	'content-length',
	'content-type',
	'expect',
	'host',
	'keep-alive',
	'set-cookie',
	'te',
	'trailer',
	'transfer-encoding',
	'upgrade',
]);

/** Whether a text can be the name of a header. */
export function isHeaderName(name: string): boolean {
	return TOKEN.test(name);
}

/** Whether a header of this name can carry a secret. */
export function canCarrySecret(name: string): boolean {
	return isHeaderName(name) && !OCCUPIED_HEADERS.has(name.toLowerCase());
}

/**
 * Finds what a request presents. For Basic it is `user:password`, decoded (RFC 7617); for the others the
 * secret itself. The names of schemes are case-insensitive (RFC 9110, section 11.1), secrets are not.
 */
export function findPresented(head: RequestHead, scheme: Scheme): Presented {
	switch (scheme.kind) {
		case 'none':
			return { kind: 'missing' };
		case 'header':
			return presentedBytes(fromHeader(readSingleHeader(head, scheme.name)));
		case 'query':
			return fromQuery(head, scheme.name);
		case 'basic':
			return decodeBasic(fromAuthorization(head, 'basic'));
		case 'bearer':
			return presentedBytes(fromAuthorization(head, 'bearer'));
	}
}

/**
 * The `WWW-Authenticate` value of a 401. Header and query secrets have no registered scheme, and RFC 9110
 * asks for a challenge all the same; theirs says neither the name nor the value that was expected.
 */
export function challenge(scheme: Scheme): string {
	if (scheme.kind === 'basic') return 'Basic realm="webhook", charset="UTF-8"';
	return scheme.kind === 'bearer' ? 'Bearer realm="webhook"' : 'Secret realm="webhook"';
}

type PresentedText = Exclude<Presented, { kind: 'value' }> | { kind: 'text'; text: string };

function fromHeader(header: SingleHeader): PresentedText {
	if (header.kind === 'missing') return { kind: 'missing' };
	if (header.kind === 'repeated') return { kind: 'malformed' };
	return header.value === '' ? { kind: 'missing' } : { kind: 'text', text: header.value };
}

/** Node reads a header's bytes as Latin-1. Those bytes count; so does a sender that wrote Latin-1 itself. */
function presentedBytes(presented: PresentedText): Presented {
	if (presented.kind !== 'text') return presented;
	return { kind: 'value', readings: readingsOf(Buffer.from(presented.text, 'latin1')) };
}

function readingsOf(bytes: Buffer): Buffer[] {
	const isAscii = bytes.every((byte) => byte < 0x80);
	return isAscii ? [bytes] : [bytes, Buffer.from(bytes.toString('latin1'), 'utf8')];
}

/** In a query, `+` is a space; a sender that didn't encode its secret may have meant the plus. */
function fromQuery(head: RequestHead, name: string): Presented {
	const value = Object.hasOwn(head.query, name) ? head.query[name] : undefined;
	if (value === undefined || value === '') return { kind: 'missing' };
	if (typeof value !== 'string') return { kind: 'malformed' };
	const spellings = value.includes(' ') ? [value, value.replaceAll(' ', '+')] : [value];
	return { kind: 'value', readings: spellings.map((spelling) => Buffer.from(spelling, 'utf8')) };
}

function fromAuthorization(head: RequestHead, scheme: 'basic' | 'bearer'): PresentedText {
	const header = fromHeader(readSingleHeader(head, 'authorization'));
	if (header.kind !== 'text') return header;
	const { text } = header;
	if (text.slice(0, scheme.length).toLowerCase() !== scheme) return { kind: 'missing' };
	// Only ASCII spaces: `trim` would also take a byte of a character such as à.
	let start = scheme.length;
	while (text[start] === ' ') start += 1;
	if (start === text.length) return { kind: 'missing' };
	return start === scheme.length
		? { kind: 'malformed' }
		: { kind: 'text', text: text.slice(start) };
}

const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** Buffer's decoder skips what isn't base64, so the text is checked and encoded again: one spelling only. */
function decodeBasic(presented: PresentedText): Presented {
	if (presented.kind !== 'text') return presented;
	const { text } = presented;
	if (!BASE64.test(text)) return { kind: 'malformed' };
	const decoded = Buffer.from(text, 'base64');
	if (withoutPadding(decoded.toString('base64')) !== withoutPadding(text)) {
		return { kind: 'malformed' };
	}
	return decoded.includes(':')
		? { kind: 'value', readings: readingsOf(decoded) }
		: { kind: 'malformed' };
}

function withoutPadding(base64: string): string {
	const padding = base64.indexOf('=');
	return padding === -1 ? base64 : base64.slice(0, padding);
}

/** SHA-256 of a text's UTF-8 bytes, or of bytes. */
export function digest(value: Buffer | string): Buffer {
	return createHash('sha256').update(value).digest();
}

/**
 * Whether what a sender presented is one of the accepted secrets.
 *
 * Both sides are hashed, so that the comparison always covers 32 bytes and its time tells nothing about a
 * secret's length or content; every secret is compared, whichever matches.
 *
 * @param readings as `findPresented` gives them
 * @param accepted digests of the secrets
 */
export function isAcceptedSecret(
	readings: readonly Buffer[],
	accepted: readonly Buffer[],
): boolean {
	let found = false;
	for (const reading of readings) {
		const presented = digest(reading);
		for (const secret of accepted) {
			if (timingSafeEqual(presented, secret)) found = true;
		}
	}
	return found;
}
