import type { ServerResponse } from 'http';
import { EDGE_PAGE } from './door';
import type { ParsedResponse, Fault, RecordedRequest } from './types';

/** Writes a response, or what a fault makes of it. */
export function respond(
	record: RecordedRequest,
	response: ServerResponse,
	fault: Fault | undefined,
	answer: ParsedResponse,
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
		case 'cutChunks':
			return cutChunks(record, response, answer);
		case 'drip':
			return drip(record, response, answer, fault.ms);
		case 'garbage':
			record.status = answer.status;
			response.socket?.end('\u0000\u0001 this is not HTTP \r\n\r\n');
			return;
		case 'slow':
		case 'partial':
		case 'fewer':
			return send(record, response, answer);
		default:
			return send(record, response, twist(fault, answer));
	}
}

type Twist = Extract<
	Fault,
	{ kind: 'edge' | 'html' | 'redirect' | 'shortJson' | 'status' | 'text' | 'wrongJson' }
>;

/** The faults that are complete, but different responses. */
function twist(fault: Twist, answer: ParsedResponse): ParsedResponse {
	switch (fault.kind) {
		case 'status': {
			const headers: Record<string, string> = { ...fault.headers };
			if (fault.retryAfter !== undefined) headers['retry-after'] = fault.retryAfter;
			return { status: fault.status, body: fault.body ?? {}, headers };
		}
		case 'html': {
			const headers = { 'content-type': 'text/html' };
			return { status: fault.status ?? 200, body: EDGE_PAGE, headers };
		}
		case 'edge': {
			const headers = { 'content-type': 'text/html', server: 'edge' };
			return { status: fault.status ?? 502, body: EDGE_PAGE, headers };
		}
		case 'text': {
			const headers = { 'content-type': 'text/plain' };
			return { status: fault.status ?? 200, body: fault.body, headers };
		}
		case 'redirect':
			return { status: fault.status ?? 302, body: '', headers: { location: fault.to } };
		case 'wrongJson':
			return { status: 200, body: fault.body, headers: fault.headers };
		case 'shortJson':
			return { ...answer, body: half(textOf(answer)) };
	}
}

function send(record: RecordedRequest, response: ServerResponse, answer: ParsedResponse): void {
	const text = textOf(answer);
	writeHead(record, response, answer, text);
	response.end(text);
}

/** Announces everything, writes half of it and goes away. */
function cut(record: RecordedRequest, response: ServerResponse, answer: ParsedResponse): void {
	const text = textOf(answer);
	writeHead(record, response, answer, text);
	response.write(half(text), () => response.destroy());
}

/** Writes half of it without saying how much there is, and goes away before the last chunk. */
function cutChunks(
	record: RecordedRequest,
	response: ServerResponse,
	{ status, body }: ParsedResponse,
) {
	record.status = status;
	response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
	response.write(half(JSON.stringify(body)), () => response.destroy());
}

/** How many pieces a slow response comes in. */
const DROPS = 8;

function drip(
	record: RecordedRequest,
	response: ServerResponse,
	answer: ParsedResponse,
	ms: number,
): void {
	const text = textOf(answer);
	writeHead(record, response, answer, text);
	const size = Math.max(1, Math.ceil(text.length / DROPS));
	const next = (from: number): void => {
		if (response.destroyed) return;
		if (from >= text.length) return void response.end();
		response.write(text.slice(from, from + size));
		setTimeout(() => next(from + size), ms);
	};
	next(0);
}

function writeHead(
	record: RecordedRequest,
	response: ServerResponse,
	{ status, headers }: ParsedResponse,
	text: string,
): void {
	record.status = status;
	response.writeHead(status, {
		'content-type': 'application/json; charset=utf-8',
		...headers,
		'content-length': Buffer.byteLength(text),
	});
}

function textOf({ body }: ParsedResponse): string {
	return typeof body === 'string' ? body : JSON.stringify(body);
}

function half(text: string): string {
	return text.slice(0, Math.floor(text.length / 2));
}
