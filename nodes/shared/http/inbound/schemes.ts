import { readSingleHeader, type SingleHeader } from './head';
import type { RequestHead } from './types';

/** How a sender shows that it knows the secret. */
export type Scheme =
	| { readonly kind: 'none' }
	| { readonly kind: 'basic' }
	| { readonly kind: 'bearer' }
	| { readonly kind: 'header'; readonly name: string }
	| { readonly kind: 'query'; readonly name: string };

/** What a request presents under a scheme: nothing, something that can't be right, or a value to compare. */
export type Presented =
	| { readonly kind: 'missing' }
	| { readonly kind: 'malformed' }
	| { readonly kind: 'value'; readonly value: string };

/** RFC 9110, section 5.6.2: what a header's name may consist of. */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** Whether a text can be the name of a header. */
export function isHeaderName(name: string): boolean {
	return TOKEN.test(name);
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
			return fromHeader(readSingleHeader(head, scheme.name));
		case 'query':
			return fromQuery(head, scheme.name);
		case 'basic':
			return decodeBasic(fromAuthorization(head, 'basic'));
		case 'bearer':
			return fromAuthorization(head, 'bearer');
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

function fromHeader(header: SingleHeader): Presented {
	if (header.kind === 'missing') return { kind: 'missing' };
	if (header.kind === 'repeated') return { kind: 'malformed' };
	return header.value === '' ? { kind: 'missing' } : { kind: 'value', value: header.value };
}

function fromQuery(head: RequestHead, name: string): Presented {
	const value = Object.hasOwn(head.query, name) ? head.query[name] : undefined;
	if (value === undefined || value === '') return { kind: 'missing' };
	return typeof value === 'string' ? { kind: 'value', value } : { kind: 'malformed' };
}

function fromAuthorization(head: RequestHead, scheme: 'basic' | 'bearer'): Presented {
	const header = fromHeader(readSingleHeader(head, 'authorization'));
	if (header.kind !== 'value') return header;
	const { value } = header;
	if (value.slice(0, scheme.length).toLowerCase() !== scheme) return { kind: 'missing' };
	const rest = value.slice(scheme.length);
	const token = rest.trim();
	if (token === '') return { kind: 'missing' };
	return rest.startsWith(' ') ? { kind: 'value', value: token } : { kind: 'malformed' };
}

/** Buffer's decoder skips what isn't base64, so the text is encoded again and compared: one spelling only. */
function decodeBasic(presented: Presented): Presented {
	if (presented.kind !== 'value') return presented;
	const decoded = Buffer.from(presented.value, 'base64');
	const unpadded = presented.value.replace(/=+$/, '');
	if (decoded.toString('base64').replace(/=+$/, '') !== unpadded) return { kind: 'malformed' };
	const value = decoded.toString('utf8');
	return value.includes(':') ? { kind: 'value', value } : { kind: 'malformed' };
}
