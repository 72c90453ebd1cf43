import type { ServerResponse } from 'http';
import { EDGE_PAGE } from './door';
import type { Answer, Fault, RecordedRequest } from './types';

/** Writes an answer, or what a fault makes of it. */
export function respond(
	record: RecordedRequest,
	response: ServerResponse,
	fault: Fault | undefined,
	answer: Answer,
): void {
	if (fault === undefined) return send(record, response, answer);
	switch (fault.kind) {
		case 'silence':
			record.status = 'silent';
			return;
		case 'resetBefore':
		case 'resetAfter':
			record.status = 'reset';
			response.socket?.resetAndDestroy();
			return;
		case 'cutJson':
			return cut(record, response, answer);
		case 'slow':
		case 'partial':
		case 'fewer':
			return send(record, response, answer);
		default:
			return send(record, response, twist(fault, answer));
	}
}

type Twist = Extract<Fault, { kind: 'html' | 'redirect' | 'shortJson' | 'status' | 'wrongJson' }>;

/** The faults that are complete answers, only other ones. */
function twist(fault: Twist, answer: Answer): Answer {
	switch (fault.kind) {
		case 'status': {
			const headers: Record<string, string> = {};
			if (fault.retryAfter !== undefined) headers['retry-after'] = fault.retryAfter;
			return { status: fault.status, body: fault.body ?? {}, headers };
		}
		case 'html': {
			const headers = { 'content-type': 'text/html' };
			return { status: fault.status ?? 200, body: EDGE_PAGE, headers };
		}
		case 'redirect':
			return { status: fault.status ?? 302, body: '', headers: { location: fault.to } };
		case 'wrongJson':
			return { status: 200, body: fault.body };
		case 'shortJson':
			return { ...answer, body: half(textOf(answer)) };
	}
}

function send(record: RecordedRequest, response: ServerResponse, answer: Answer): void {
	const text = textOf(answer);
	writeHead(record, response, answer, text);
	response.end(text);
}

/** Announces everything, writes half of it and goes away. */
function cut(record: RecordedRequest, response: ServerResponse, answer: Answer): void {
	const text = textOf(answer);
	writeHead(record, response, answer, text);
	response.write(half(text), () => response.destroy());
}

function writeHead(
	record: RecordedRequest,
	response: ServerResponse,
	{ status, headers }: Answer,
	text: string,
): void {
	record.status = status;
	response.writeHead(status, {
		'content-type': 'application/json; charset=utf-8',
		...headers,
		'content-length': Buffer.byteLength(text),
	});
}

function textOf({ body }: Answer): string {
	return typeof body === 'string' ? body : JSON.stringify(body);
}

function half(text: string): string {
	return text.slice(0, Math.floor(text.length / 2));
}
