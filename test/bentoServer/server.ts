import { once } from 'events';
import http from 'http';
import type { AddressInfo } from 'net';
import { checkDoor, EDGE_PAGE, type Keys } from './door';
import { FaultPlan, isDone } from './faults';
import { RateLimit } from './rateLimit';
import { readBody } from './readBody';
import { trackRoute, type EventStore } from './routes/events';
import type { Answer, Fault, RecordedRequest, Route } from './types';

const API = '/api/v1/';
const TRACK = /^\/webhooks\/([^/]+)\/([^/]+)\/track$/;

/** What the HTTP side needs of the stand-in. */
export interface Stand {
	readonly keys: Keys;
	readonly store: EventStore;
	readonly routes: readonly Route[];
	readonly faults: FaultPlan;
	readonly requests: RecordedRequest[];
	readonly now: () => number;
	keepBodies: boolean;
	latencyMs: number;
	maxBodyBytes: number;
	rateLimit: RateLimit | undefined;
	onRequest: ((request: RecordedRequest) => void) | undefined;
}

export async function listen(
	stand: Stand,
	port: number,
): Promise<{ server: http.Server; origin: string }> {
	const server = http.createServer((request, response) => {
		handle(stand, request, response).catch((error: unknown) => {
			response.destroy(error instanceof Error ? error : undefined);
		});
	});
	// Longer than any test keeps a connection: a server that hangs up on idle clients makes tests flicker.
	server.keepAliveTimeout = 60_000;
	server.listen(port, '127.0.0.1');
	await once(server, 'listening');
	const { port: bound } = server.address() as AddressInfo;
	return { server, origin: `http://127.0.0.1:${bound}` };
}

async function handle(
	stand: Stand,
	incoming: http.IncomingMessage,
	response: http.ServerResponse,
): Promise<void> {
	const url = new URL(incoming.url ?? '/', 'http://stand-in');
	const at = stand.now();
	const body = await readBody(incoming);
	const record: RecordedRequest = {
		method: incoming.method ?? 'GET',
		path: url.pathname,
		query: Object.fromEntries(url.searchParams),
		headers: incoming.headers,
		bodyText: stand.keepBodies ? body.text : '',
		bodyBytes: body.bytes,
		body: stand.keepBodies ? body.value : undefined,
		at,
		status: undefined,
	};
	stand.requests.push(record);
	const fault = stand.faults.take(record);
	record.fault = fault?.kind;
	const wait = stand.latencyMs + (fault?.kind === 'slow' ? fault.ms : 0);
	if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
	const answer = isDone(fault) ? answerOf(stand, record, body.value, fault) : undefined;
	write(record, response, fault, answer);
	stand.onRequest?.(record);
}

/** Does what the request asks for. */
function answerOf(
	stand: Stand,
	record: RecordedRequest,
	body: unknown,
	fault: Fault | undefined,
): Answer {
	if (record.bodyBytes > stand.maxBodyBytes)
		return { status: 413, body: { error: 'Payload too large' } };
	const track = TRACK.exec(record.path);
	if (track && record.method === 'POST') {
		// A wrong site is taken without a word, as the documentation warns.
		return track[1] === stand.keys.siteUuid
			? trackRoute(stand.store, body)
			: { status: 201, body: { status: 'ok' } };
	}
	if (!record.path.startsWith(API)) return { status: 404, body: { error: 'Not found' } };
	const turnedAway = checkDoor(record, stand.keys) ?? checkRate(stand);
	if (turnedAway) return turnedAway;
	const segments = record.path.slice(API.length).split('/').map(decodeURIComponent);
	for (const route of stand.routes) {
		const answer = route({ method: record.method, segments, query: record.query, body, fault });
		if (answer) return answer;
	}
	return { status: 404, body: { error: 'Not found' } };
}

function checkRate({ rateLimit, now }: Stand): Answer | undefined {
	const wait = rateLimit?.check(now()) ?? 0;
	if (wait === 0) return undefined;
	const headers: Record<string, string> = {};
	if (rateLimit?.retryAfter) headers['retry-after'] = String(Math.ceil(wait / 1000));
	return { status: 429, body: { error: 'Too many requests' }, headers };
}

/** Writes the answer, or what the fault makes of it. */
function write(
	record: RecordedRequest,
	response: http.ServerResponse,
	fault: Fault | undefined,
	answer: Answer | undefined,
): void {
	switch (fault?.kind) {
		case 'silence':
			record.status = 'silent';
			return;
		case 'resetBefore':
		case 'resetAfter':
			record.status = 'reset';
			response.socket?.resetAndDestroy();
			return;
		case 'status': {
			const headers: Record<string, string> = {};
			if (fault.retryAfter !== undefined) headers['retry-after'] = fault.retryAfter;
			return send(record, response, { status: fault.status, body: fault.body ?? {}, headers });
		}
		case 'html':
			return send(record, response, {
				status: fault.status ?? 200,
				body: EDGE_PAGE,
				headers: { 'content-type': 'text/html' },
			});
		case 'redirect':
			return send(record, response, {
				status: fault.status ?? 302,
				body: '',
				headers: { location: fault.to },
			});
		case 'wrongJson':
			return send(record, response, { status: 200, body: fault.body });
		case 'cutJson':
		case 'shortJson':
			return cut(record, response, fault.kind, answer);
		default:
			return send(record, response, answer ?? { status: 404, body: {} });
	}
}

function send(record: RecordedRequest, response: http.ServerResponse, answer: Answer): void {
	record.status = answer.status;
	const text = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
	response.writeHead(answer.status, {
		'content-type': 'application/json; charset=utf-8',
		...answer.headers,
		'content-length': Buffer.byteLength(text),
	});
	response.end(text);
}

function cut(
	record: RecordedRequest,
	response: http.ServerResponse,
	kind: 'cutJson' | 'shortJson',
	answer: Answer | undefined,
): void {
	const text = JSON.stringify(answer?.body ?? {});
	const half = text.slice(0, Math.floor(text.length / 2));
	if (kind === 'shortJson')
		return send(record, response, { status: answer?.status ?? 200, body: half });
	record.status = answer?.status ?? 200;
	response.writeHead(record.status, {
		'content-type': 'application/json',
		'content-length': Buffer.byteLength(text),
	});
	response.write(half, () => response.destroy());
}
