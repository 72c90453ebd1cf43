import type { HttpResult } from './types';

/** Nothing left this machine: no address, no connection, no handshake. */
const NEVER_SENT = new Set([
	'EADDRNOTAVAIL',
	'EAI_AGAIN',
	'EAI_FAIL',
	'ECONNREFUSED',
	'EHOSTDOWN',
	'EHOSTUNREACH',
	'ENETDOWN',
	'ENETUNREACH',
	'ENOTFOUND',
	'EPROTO',
]);

/** The same on every try until someone changes a setting: certificates, and addresses that n8n won't call. */
const FORBIDDEN =
	/^(CERT_|ERR_TLS_CERT|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|ERR_INVALID_URL|ERR_BLOCKED)/;
const FORBIDDEN_NAMES = /ssrf|DomainNotAllowed|blocked/i;

/**
 * Reads what an HTTP client threw: axios's error, or n8n's wrapper with axios's as its cause. Only codes
 * are taken over, never messages or configurations, which hold the keys and the body.
 */
export function readTransportError(error: unknown): HttpResult {
	const chain = causes(error);
	// n8n 1.x drops the cause and keeps its code under the name of a status (measured).
	const codes = chain
		.flatMap((link) => [property(link, 'httpCode'), property(link, 'code')])
		.filter(isCode);
	const code = codes[codes.length - 1] ?? 'UNKNOWN';
	if (codes.includes('ERR_CANCELED')) return noAnswer('ERR_CANCELED', true);
	if (codes.some((one) => FORBIDDEN.test(one)) || chain.some(isForbidden)) {
		return { kind: 'forbidden', code };
	}
	const connecting = chain.some((link) => property(link, 'syscall') === 'connect');
	if (connecting || codes.some((one) => NEVER_SENT.has(one))) return noAnswer(code, false);
	const timeout = codes.find((one) => one === 'ECONNABORTED' || one === 'ETIMEDOUT');
	return noAnswer(timeout ?? code, true);
}

function noAnswer(code: string, mayHaveArrived: boolean): HttpResult {
	return { kind: 'noAnswer', code, mayHaveArrived };
}

function isForbidden(link: unknown): boolean {
	return link instanceof Error && FORBIDDEN_NAMES.test(link.constructor.name);
}

function causes(error: unknown): unknown[] {
	const chain: unknown[] = [];
	for (let link = error; link !== undefined && link !== null && chain.length < 6;) {
		chain.push(link);
		link = property(link, 'cause');
	}
	return chain;
}

function property(value: unknown, name: 'cause' | 'code' | 'httpCode' | 'syscall'): unknown {
	if (typeof value !== 'object' || value === null) return undefined;
	const found: unknown = Reflect.get(value, name);
	return found;
}

function isCode(value: unknown): value is string {
	return typeof value === 'string' && /^[A-Z][A-Z0-9_]+$/.test(value);
}
