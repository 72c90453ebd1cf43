import type { RequestStream } from './head';

/** What the helper needs of Node's response. */
export interface ResponseStream {
	readonly headersSent: boolean;
	readonly statusCode: number;
	setHeader(name: string, value: string): unknown;
	writeHead(status: number, headers: Record<string, string | number>): unknown;
	write(body: string): unknown;
	end(body?: string): unknown;
	once(event: string, listener: () => void): unknown;
}

/** The header that carries a request's ID both ways. */
export const REQUEST_ID_HEADER = 'X-Request-Id';

/** Why a request was rejected. */
export interface Rejection {
	readonly code: RejectionCode;
	/** Where in the body it was found, for the sender's own debugging; never a piece of the body itself. */
	readonly place?: string;
}

export type RejectionCode = keyof typeof REJECTIONS;

/** Each has one status and one message; none says what was expected. */
const REJECTIONS = {
	address_not_allowed: {
		status: 403,
		message: 'Requests from this address are not accepted',
	},
	body_incomplete: {
		status: 400,
		message: 'The body is shorter than its Content-Length. Send the request again',
	},
	body_not_readable: {
		status: 400,
		message: 'The compressed body could not be read. Send it uncompressed',
	},
	body_too_large: {
		status: 413,
		message: 'The body is larger than this webhook accepts. Send less data',
	},
	body_too_slow: {
		status: 408,
		message: 'The body did not arrive in time. Send the request again',
	},
	encoding_not_supported: {
		status: 415,
		message: 'This encoding is not supported. Send UTF-8 without compression, or gzip',
	},
	form_too_large: {
		status: 413,
		message: 'The form has more fields than this webhook accepts. Send fewer fields',
	},
	headers_too_many: {
		status: 431,
		message: 'The request has more headers than this webhook accepts. Send fewer headers',
	},
	json_broken: {
		status: 400,
		message: 'The body is not valid JSON. Check its quotes and commas',
	},
	json_number_out_of_range: {
		status: 400,
		message: 'A number in the body is too large. Send it as a string',
	},
	json_too_deep: {
		status: 400,
		message: 'The body is nested too deeply. Send a flatter payload',
	},
	media_type_not_supported: {
		status: 415,
		message:
			'This content type is not supported. Send application/json, a form without files, or text',
	},
	not_active: {
		status: 404,
		message: 'This webhook is not active',
	},
	not_configured: {
		status: 503,
		message: 'This webhook is not ready to receive requests. Try again later',
	},
	person_not_loaded: {
		status: 503,
		message: 'The subscriber could not be loaded from Bento. Send the request again later',
	},
	still_running: {
		status: 503,
		message: 'The same request is still being processed. Send it again later',
	},
	text_not_utf8: {
		status: 400,
		message: 'The body contains invalid characters for its encoding. Send UTF-8',
	},
	unauthorized: {
		status: 401,
		message: 'Authentication failed',
	},
	unexpected: {
		status: 500,
		message: 'The request could not be processed. Send it again',
	},
	workflow_failed: {
		status: 500,
		message: 'The same request was received before and failed. Send it again',
	},
} as const;

/** Writes a whole JSON response. Does nothing if a response was begun already. */
export function writeResponse(
	response: ResponseStream,
	status: number,
	body: object,
	requestId: string,
	headers: Readonly<Record<string, string>> = {},
): void {
	if (response.headersSent) return;
	response.end(begin(response, status, body, requestId, headers));
}

/**
 * Rejects a request whose body was read: `{"error": {"code", "message"}, "requestId"}`.
 *
 * @param headers more headers, such as a challenge
 */
export function writeRejection(
	response: ResponseStream,
	rejection: Rejection,
	requestId: string,
	headers?: Readonly<Record<string, string>>,
): void {
	const { status } = REJECTIONS[rejection.code];
	writeResponse(response, status, rejectionBody(rejection, requestId), requestId, headers);
}

/** How long a sender may continue sending a body that isn't read, in ms. */
const LINGER = 1000;

/**
 * Rejects a request whose body wasn't read to its end, and closes the connection: what still comes on it isn't
 * the next request. The sender gets the whole response first and a moment to finish sending. A connection that
 * is closed while data arrives is reset, and a reset can overtake the response (RFC 9112, section 9.6).
 *
 * @param headers more headers, such as a challenge
 * @param sleep resolves after the given ms
 */
export function writeLastRejection(
	exchange: { readonly request: RequestStream; readonly response: ResponseStream },
	rejection: Rejection,
	requestId: string,
	headers: Readonly<Record<string, string>>,
	sleep: (ms: number) => Promise<void>,
): void {
	const { request, response } = exchange;
	if (response.headersSent) return;
	const { status } = REJECTIONS[rejection.code];
	const body = rejectionBody(rejection, requestId);
	response.write(begin(response, status, body, requestId, { Connection: 'close', ...headers }));
	const arrived = new Promise<void>((resolve) => {
		for (const event of ['end', 'close', 'error']) request.on(event, () => resolve());
		if (request.complete || request.destroyed) resolve();
		request.resume();
	});
	void Promise.race([arrived, sleep(LINGER)]).then(() => response.end());
}

function rejectionBody({ code, place }: Rejection, requestId: string): object {
	const { message } = REJECTIONS[code];
	const words = place === undefined ? `${message}.` : `${message} (${place}).`;
	return { error: { code, message: words }, requestId };
}

/** Writes the head and returns the text that is to follow. */
function begin(
	response: ResponseStream,
	status: number,
	body: object,
	requestId: string,
	headers: Readonly<Record<string, string>>,
): string {
	const text = JSON.stringify(body);
	response.writeHead(status, {
		'Content-Type': 'application/json; charset=utf-8',
		'Content-Length': Buffer.byteLength(text),
		'Cache-Control': 'no-store',
		[REQUEST_ID_HEADER]: requestId,
		...headers,
	});
	return text;
}
