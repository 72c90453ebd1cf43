import type { IAllExecuteFunctions, IHttpRequestOptions } from 'n8n-workflow';
import { z } from 'zod';
import { redactorOf, type Redact } from '../redact';
import type { HttpRequest, HttpResult, Transport } from './types';

/** What a signed request carries. */
export interface SigningKeys {
	readonly publishableKey: string;
	readonly secretKey: string;
	readonly siteUuid: string;
	/** Keys go to its origin only. */
	readonly baseUrl: string;
}

const fullResponse = z.object({
	statusCode: z.number(),
	headers: z.record(z.union([z.string(), z.array(z.string()), z.undefined()])),
	body: z.unknown(),
});

/**
 * The transport inside n8n: its own request helper, which applies the operator's proxy, address rules and
 * tracing, and ends a request when the execution is stopped. Signs with the `bentoApi` credential.
 */
export function n8nTransport(context: IAllExecuteFunctions, keys: SigningKeys): Transport {
	// Signed here too: if Bento's own package defines the credential type, it may not authenticate by itself.
	const auth = { username: keys.publishableKey, password: keys.secretKey };
	const { publishableKey, secretKey, siteUuid, baseUrl } = keys;
	const data = { publishableKey, secretKey, siteUuid, baseUrl };
	// Without it, n8n reads the credential from its database and decrypts it once more for every request.
	const known = { credentialsDecrypted: { id: '', name: '', type: 'bentoApi', data } };
	const redact = keyRedactor(keys);
	return async (request) => {
		if (!isSameOrigin(request.url, keys.baseUrl)) return OTHER_ORIGIN;
		try {
			const response: unknown = await context.helpers.httpRequestWithAuthentication.call(
				context,
				'bentoApi',
				{ ...requestOptions(request), auth },
				known,
			);
			return readResponse(response, redact);
		} catch (error) {
			return readTransportError(error);
		}
	};
}

/** Sends without keys, for Bento's tracking webhook, which asks for none. */
export function n8nUnsignedTransport(context: IAllExecuteFunctions, keys: SigningKeys): Transport {
	const redact = keyRedactor(keys);
	return async (request) => {
		try {
			const response: unknown = await context.helpers.httpRequest(requestOptions(request));
			return readResponse(response, redact);
		} catch (error) {
			return readTransportError(error);
		}
	};
}

const OTHER_ORIGIN: HttpResult = {
	kind: 'unconfigured',
	problem: "The Bento API credential only works for the address in its 'API Base URL'",
};

/** Whether two addresses have the same scheme, host and port; false if either isn't an address. */
export function isSameOrigin(one: string, other: string): boolean {
	if (!URL.canParse(one) || !URL.canParse(other)) return false;
	return new URL(one).origin === new URL(other).origin;
}

function requestOptions(request: HttpRequest): IHttpRequestOptions {
	return {
		method: request.method,
		url: request.url,
		qs: { ...request.query },
		headers: { ...request.headers },
		body: bodyToSend(request),
		timeout: request.timeout,
		abortSignal: request.signal,
		encoding: 'text',
		returnFullResponse: true,
		ignoreHttpStatusErrors: true,
		disableFollowRedirect: true,
	};
}

/** n8n rebuilds form bodies with URLSearchParams, which takes text, not bytes (measured on both engine lines). */
function bodyToSend({ headers, body }: HttpRequest): Buffer | string | undefined {
	return headers['Content-Type'] === 'application/x-www-form-urlencoded'
		? body?.toString('utf8')
		: body;
}

/**
 * Reads the full response of one of n8n's request helpers.
 *
 * @param redact takes keys out of the body, before anything else reads it
 * @throws ZodError if it isn't a full response
 */
export function readResponse(response: unknown, redact: Redact): HttpResult {
	const { statusCode, headers, body } = fullResponse.parse(response);
	return {
		kind: 'response',
		status: statusCode,
		headers: joinRepeated(headers),
		text: redact(typeof body === 'string' ? body : ''),
	};
}

function joinRepeated(
	headers: Record<string, string | string[] | undefined>,
): Record<string, string> {
	const flat: Record<string, string> = {};
	for (const [name, value] of Object.entries(headers)) {
		if (value !== undefined)
			flat[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
	}
	return flat;
}

/** What stands in a response if it repeated a key. */
const HIDDEN = '[hidden]';

/** A key this short would be found in any text; Bento's are longer. */
const MIN_KEY_LENGTH = 6;

/** Makes the function that takes the keys and their Basic value out of a response's body. */
export function keyRedactor({
	publishableKey,
	secretKey,
}: Pick<SigningKeys, 'publishableKey' | 'secretKey'>): Redact {
	const texts = [`${publishableKey}:${secretKey}`, publishableKey, secretKey];
	return redactorOf(
		texts.filter((text) => text.length >= MIN_KEY_LENGTH),
		HIDDEN,
	);
}

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

const CERTIFICATE =
	/^(CERT_|CRL_|ERR_TLS_CERT|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|HOSTNAME_MISMATCH|INVALID_CA)/;
const BAD_ADDRESS = /^(ERR_INVALID_URL|ERR_BLOCKED)/;

/** n8n's address rules, by the names of its classes and by their sentences (n8n 2.41, and the credential's domains). */
const ADDRESS_RULES = /ssrf|DomainNotAllowed|blocked because|domain not allowed/i;

/** https-proxy-agent's sentence for a proxy that hangs up on a CONNECT; it has no code. */
const CONNECT_ENDED = /proxy connection ended before receiving CONNECT/i;

/** Used as the network code of an error that has none. */
export const NO_CODE = 'UNKNOWN';

/**
 * Reads what an HTTP client threw: axios's error, or n8n's wrapper with axios's as its cause. Only codes are taken
 * over, never messages or configurations, which contain the keys and the body.
 */
export function readTransportError(error: unknown): HttpResult {
	const chain = causes(error);
	// n8n 1.x drops the cause and keeps its code under the name of a status (measured).
	const codes = chain
		.flatMap((link) => [property(link, 'httpCode'), property(link, 'code')])
		.filter(isCode);
	const code = codes[codes.length - 1] ?? NO_CODE;
	if (codes.includes('ERR_CANCELED')) return noResponse('ERR_CANCELED', true);
	if (codes.some((one) => CERTIFICATE.test(one))) {
		return { kind: 'forbidden', reason: 'certificate', code };
	}
	if (codes.some((one) => BAD_ADDRESS.test(one)) || chain.some((link) => says(link, ADDRESS_RULES)))
		return { kind: 'forbidden', reason: 'hostNotAllowed', code };
	if (chain.some((link) => says(link, CONNECT_ENDED))) return noResponse('PROXY_CLOSED', false);
	const connecting = chain.some((link) => property(link, 'syscall') === 'connect');
	if (connecting || codes.some((one) => NEVER_SENT.has(one))) return noResponse(code, false);
	const timeout = codes.find((one) => one === 'ECONNABORTED' || one === 'ETIMEDOUT');
	return noResponse(timeout ?? code, true);
}

function noResponse(code: string, mayHaveArrived: boolean): HttpResult {
	return { kind: 'noResponse', code, mayHaveArrived };
}

/** Whether an error's name or message matches. The text is looked at and not passed on. */
function says(link: object, pattern: RegExp): boolean {
	const texts = [property(link, 'name'), property(link, 'message')];
	return texts.some((text) => typeof text === 'string' && pattern.test(text));
}

function causes(error: unknown): object[] {
	const chain: object[] = [];
	let link = error;
	while (typeof link === 'object' && link !== null && chain.length < 6) {
		chain.push(link);
		link = property(link, 'cause');
	}
	return chain;
}

type ErrorProperty = 'cause' | 'code' | 'httpCode' | 'message' | 'name' | 'syscall';

function property(link: object, name: ErrorProperty): unknown {
	const found: unknown = Reflect.get(link, name);
	return found;
}

function isCode(value: unknown): value is string {
	return typeof value === 'string' && /^[A-Z][A-Z0-9_]+$/.test(value);
}
