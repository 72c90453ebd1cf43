import { describeRejection, type Rejection } from './rejections';
import type { ResponseStream } from './types';

export const CORRELATION_HEADER = 'X-Request-Id';

/**
 * Writes a whole JSON answer and ends the response. Does nothing where an answer was begun already, so it is
 * safe to call last in every branch.
 */
export function writeAnswer(
	response: ResponseStream,
	status: number,
	body: object,
	headers: Readonly<Record<string, string>>,
): void {
	if (response.headersSent) return;
	const text = JSON.stringify(body);
	response.writeHead(status, {
		'Content-Type': 'application/json; charset=utf-8',
		'Content-Length': Buffer.byteLength(text),
		'Cache-Control': 'no-store',
		...headers,
	});
	response.end(text);
}

/** Answers a request that is turned away: `{"error": {"code", "message"}, "requestId"}`. */
export function writeRejection(
	response: ResponseStream,
	rejection: Rejection,
	requestId: string,
	headers: Readonly<Record<string, string>> = {},
): void {
	const { status, message } = describeRejection(rejection);
	writeAnswer(
		response,
		status,
		{ error: { code: rejection.code, message }, requestId },
		{ [CORRELATION_HEADER]: requestId, ...headers },
	);
}
