import type { HttpRequest, HttpResult, Transport } from '../../nodes/shared/http/client/types';

/** A transport that responds from a list and keeps the requests. The last response repeats. */
export function scripted(...results: HttpResult[]): {
	transport: Transport;
	requests: HttpRequest[];
} {
	const requests: HttpRequest[] = [];
	const transport: Transport = (request) => {
		requests.push(request);
		const result = results[Math.min(requests.length, results.length) - 1];
		if (!result) throw new Error('The script is empty');
		return Promise.resolve(result);
	};
	return { transport, requests };
}

const DATE = 'Fri, 20 Nov 2026 08:00:00 GMT';

/** A response as Bento sends it. */
export function answer(
	status: number,
	body: unknown = '',
	headers: Record<string, string> = {},
): HttpResult {
	const text = typeof body === 'string' ? body : JSON.stringify(body);
	// A response without a date would count as a proxy's own.
	return { kind: 'response', status, headers: { date: DATE, ...headers }, text };
}

export const reset: HttpResult = { kind: 'noResponse', code: 'ECONNRESET', mayHaveArrived: true };
export const refusedConnection: HttpResult = {
	kind: 'noResponse',
	code: 'ECONNREFUSED',
	mayHaveArrived: false,
};
