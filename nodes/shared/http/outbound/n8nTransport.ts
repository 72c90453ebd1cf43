import type { IAllExecuteFunctions, IHttpRequestOptions } from 'n8n-workflow';
import { z } from 'zod';
import type { BentoKeys } from './keys';
import { readTransportError } from './transportError';
import type { HttpRequest, HttpResult, Transport } from './types';

const fullResponse = z.object({
	statusCode: z.number(),
	headers: z.record(z.union([z.string(), z.array(z.string()), z.undefined()])),
	body: z.unknown(),
});

/**
 * The transport inside n8n: its own request helper, which applies the operator's proxy, address rules and
 * tracing, and ends a request when the execution is stopped. Signs with the `bentoApi` credential.
 */
export function n8nTransport(context: IAllExecuteFunctions, keys: BentoKeys): Transport {
	// Signed here too: where Bento's own package defines the credential type, it may not authenticate by itself.
	const auth = { username: keys.publishableKey, password: keys.secretKey };
	return async (request) => {
		try {
			const response: unknown = await context.helpers.httpRequestWithAuthentication.call(
				context,
				'bentoApi',
				{ ...options(request), auth },
			);
			return readResponse(response);
		} catch (error) {
			return readTransportError(error);
		}
	};
}

/** The same without keys, for Bento's tracking webhook, which asks for none. */
export function n8nUnsignedTransport(context: IAllExecuteFunctions): Transport {
	return async (request) => {
		try {
			const response: unknown = await context.helpers.httpRequest(options(request));
			return readResponse(response);
		} catch (error) {
			return readTransportError(error);
		}
	};
}

function options(request: HttpRequest): IHttpRequestOptions {
	return {
		method: request.method,
		url: request.url,
		qs: { ...request.query },
		headers: { ...request.headers },
		body: bodyOf(request),
		timeout: request.timeout,
		abortSignal: request.signal,
		encoding: 'text',
		returnFullResponse: true,
		ignoreHttpStatusErrors: true,
		disableFollowRedirect: true,
	};
}

/** n8n rebuilds form bodies with URLSearchParams, which takes text and no bytes (measured on both engine lines). */
function bodyOf({ headers, body }: HttpRequest): Buffer | string | undefined {
	return headers['Content-Type'] === 'application/x-www-form-urlencoded'
		? body?.toString('utf8')
		: body;
}

function readResponse(response: unknown): HttpResult {
	const { statusCode, headers, body } = fullResponse.parse(response);
	return {
		kind: 'answer',
		status: statusCode,
		headers: flatten(headers),
		text: typeof body === 'string' ? body : '',
	};
}

function flatten(headers: Record<string, string | string[] | undefined>): Record<string, string> {
	const flat: Record<string, string> = {};
	for (const [name, value] of Object.entries(headers)) {
		if (value !== undefined)
			flat[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
	}
	return flat;
}
