import { once } from 'events';
import http from 'http';
import { setTimeout as wait } from 'timers/promises';
import { catchUp } from './catchUp';
import { checkDoor, type Keys } from './door';
import { isDone, type FaultPlan } from './faults';
import type { RateLimit } from './rateLimit';
import { readBody } from './readBody';
import { respond } from './respond';
import type { Router } from './router';
import { track } from './routes/events';
import type { Site } from './site';
import type { ParsedResponse, Fault, RecordedRequest } from './types';
import { missing } from './values';

const API = '/api/v1';
const TRACK = /^\/webhooks\/([^/]+)\/([^/]+)\/track$/;

/** Longer than any test keeps a connection: a server that closes idle connections makes tests flaky. */
const KEEP_ALIVE_MS = 60_000;

/** What the HTTP side needs of the stand-in. */
export interface Stand {
	readonly keys: Keys;
	readonly site: Site;
	readonly router: Router;
	readonly faults: FaultPlan;
	readonly requests: RecordedRequest[];
	readonly onRequest: ((request: RecordedRequest) => void) | undefined;
	/** Ends what still waits. */
	readonly closing: AbortSignal;
	keepBodies: boolean;
	latencyMs: number;
	maxBodyBytes: number;
	rateLimit: RateLimit | undefined;
}

/** Serves on loopback; port 0 is any free one. Rejects when the port is taken. */
export async function listen(
	stand: Stand,
	port: number,
): Promise<{ server: http.Server; origin: string }> {
	const server = http.createServer((request, response) => {
		handle(stand, request, response).catch(() => response.destroy());
	});
	server.keepAliveTimeout = KEEP_ALIVE_MS;
	server.listen(port, '127.0.0.1');
	await once(server, 'listening');
	const address = server.address();
	const bound = typeof address === 'object' ? address?.port : undefined;
	return { server, origin: `http://127.0.0.1:${bound ?? port}` };
}

async function handle(
	stand: Stand,
	incoming: http.IncomingMessage,
	response: http.ServerResponse,
): Promise<void> {
	const [path = '/', search = ''] = (incoming.url ?? '/').split('?', 2);
	const at = stand.site.now();
	const body = await readBody(incoming);
	const record: RecordedRequest = {
		method: incoming.method ?? 'GET',
		path,
		query: readQuery(search),
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
	const ms = stand.latencyMs + (fault?.kind === 'slow' ? fault.ms : 0);
	if (ms > 0) await wait(ms, undefined, { signal: stand.closing });
	const answer = isDone(fault) ? answerTo(stand, record, body.value, fault) : NOTHING;
	respond(record, response, fault, answer);
	stand.onRequest?.(record);
}

/** What a fault is told that lets nothing through. */
const NOTHING: ParsedResponse = { status: 200, body: {} };

function readQuery(search: string): Record<string, string> {
	const query: Record<string, string> = {};
	for (const [name, value] of new URLSearchParams(search)) {
		const before = query[name];
		query[name] = before === undefined ? value : `${before},${value}`;
	}
	return query;
}

/** Does what the request asks for. */
function answerTo(
	stand: Stand,
	record: RecordedRequest,
	body: unknown,
	fault: Fault | undefined,
): ParsedResponse {
	const { method, path, query } = record;
	if (record.bodyBytes > stand.maxBodyBytes) {
		return { status: 413, body: { error: 'Payload too large' } };
	}
	const tracked = TRACK.exec(path);
	if (tracked && method === 'POST') {
		// A wrong site gets the same response as the right one, as the documentation warns.
		return tracked[1] === stand.keys.siteUuid
			? track(stand.site, body)
			: { status: 201, body: { status: 'ok' } };
	}
	if (!path.startsWith(`${API}/`)) return missing('Page');
	const turnedAway = checkDoor(record, body, stand.keys) ?? checkRate(stand);
	if (turnedAway) return turnedAway;
	const match = stand.router(method, path.slice(API.length));
	if (!match) return missing('Page');
	if (match.route.path !== '/batch/events') catchUp(stand.site);
	return match.route.handle({ params: match.params, query, body, fault });
}

function checkRate({ rateLimit, site }: Stand): ParsedResponse | undefined {
	const ms = rateLimit?.check(site.now()) ?? 0;
	if (ms === 0) return undefined;
	const headers: Record<string, string> = {};
	if (rateLimit?.retryAfter) headers['retry-after'] = String(Math.ceil(ms / 1000));
	return { status: 429, body: { error: 'Too many requests' }, headers };
}
