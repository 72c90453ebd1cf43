import net from 'net';
import { startBentoServer, type BentoServer, type Fault } from '.';
import { rightHeaders, send as sendTo, type Change, type Reply } from './rawClient';

let server: BentoServer;
beforeAll(async () => {
	server = await startBentoServer();
});
afterEach(() => server.reset());
afterAll(() => server.close());

const EVENT = { type: 'x', email: 'a@b.co' };

const send = (body: unknown, change?: Change) => sendTo(server, body, change);

describe('the contract', () => {
	it('takes events and counts them', async () => {
		const reply = await send({
			events: [EVENT, { ...EVENT, fields: { a: 1 }, details: { b: { c: 2 } } }],
		});
		expect(reply).toMatchObject({ status: 200, text: '{"results":2,"failed":0}' });
		expect(server.events).toHaveLength(2);
		expect(server.requests[0]).toMatchObject({
			method: 'POST',
			path: '/api/v1/batch/events',
			status: 200,
		});
	});

	it.each([
		['no keys', { headers: { authorization: undefined } }, 401],
		['wrong keys', { headers: { authorization: 'Basic eDp5' } }, 401],
		['no site', { path: '/api/v1/batch/events' }, 401],
		['another site', { path: '/api/v1/batch/events?site_uuid=other' }, 401],
		['no User-Agent', { headers: { 'user-agent': undefined } }, 403],
		['axios by name', { headers: { 'user-agent': 'axios/1.18.0' } }, 403],
		['n8n by its own name', { headers: { 'user-agent': 'n8n' } }, 403],
		['curl by name', { headers: { 'user-agent': 'curl/8.5.0' } }, 403],
		['another content type', { headers: { 'content-type': 'text/plain' } }, 400],
	])('turns %s away', async (_name, change, status) => {
		expect((await send({ events: [EVENT] }, change)).status).toBe(status);
		expect(server.events).toHaveLength(0);
	});

	it('turns a nameless client away with a page, as the edge does', async () => {
		const { headers, text } = await send({}, { headers: { 'user-agent': undefined } });
		expect(headers['content-type']).toBe('text/html');
		expect(text).toMatch(/^<!DOCTYPE html>/);
	});

	it('lets clients in whose name only begins like a library', async () => {
		for (const agent of ['n8n-nodes-bentonow/0.1.0', 'nodebb/4', 'gotham/1']) {
			const reply = await send({ events: [EVENT] }, { headers: { 'user-agent': agent } });
			expect(reply.status).toBe(200);
		}
	});

	it.each([
		['an unknown path', '/api/v1/nothing', 'GET'],
		['another method', '/api/v1/batch/events', 'PUT'],
		['a path with too little', '/api/v1/fetch/tags', 'DELETE'],
		['a path outside the API', '/', 'GET'],
		['a path with a broken escape', '/api/v1/fetch/emails/templates/%E0%A4%A', 'GET'],
	])('answers %s with 404', async (_name, path, method) => {
		const site = `?site_uuid=${server.credentials.siteUuid}`;
		expect((await send(undefined, { path: path + site, method })).status).toBe(404);
	});

	it.each([
		['no wrapper', [EVENT], 400],
		['no events', { events: [] }, 400],
		['too many', { events: Array.from({ length: 1001 }, () => EVENT) }, 400],
		['broken JSON', '{"events":[', 400],
		['a string for an event', { events: ['x'] }, 422],
		['details that are a list', { events: [{ ...EVENT, details: [] }] }, 422],
		['an unreadable date', { events: [{ ...EVENT, date: 'soon' }] }, 422],
		['no type', { events: [{ email: 'a@b.co' }] }, 422],
		['no email', { events: [{ type: 'x' }] }, 422],
		['a nested field', { events: [{ ...EVENT, fields: { a: {} } }] }, 422],
	])('refuses %s', async (_name, body, status) => {
		expect((await send(body)).status).toBe(status);
		expect(server.events).toHaveLength(0);
	});

	it('says what is wrong, field by field', async () => {
		const { text } = await send({
			events: [
				{ ...EVENT, email: 'x' },
				{ ...EVENT, type: '' },
			],
		});
		expect(JSON.parse(text)).toEqual({
			errors: [
				{ field: 'email', message: 'is invalid' },
				{ field: 'type', message: "can't be blank" },
			],
		});
	});

	it('takes 1000 events at once', async () => {
		const { text } = await send({ events: Array.from({ length: 1000 }, () => EVENT) });
		expect(text).toBe('{"results":1000,"failed":0}');
	});

	it('refuses a body over its limit', async () => {
		server.maxBodyBytes = 20;
		expect((await send({ events: [EVENT] })).status).toBe(413);
	});

	it('lists tags', async () => {
		const path = `/api/v1/fetch/tags?site_uuid=${server.credentials.siteUuid}`;
		const { text } = await send(undefined, { path, method: 'GET' });
		expect(JSON.parse(text)).toMatchObject({
			data: [{ id: '1', type: 'tags', attributes: { name: 'customer' } }, {}, {}],
		});
	});

	it('keeps no bodies when told so', async () => {
		server.keepBodies = false;
		await send({ events: [EVENT] });
		expect(server.requests[0]).toMatchObject({ bodyText: '', bodyBytes: 42, body: undefined });
		expect(server.events).toHaveLength(1);
	});

	it('forgets everything on reset', async () => {
		await send({ events: [EVENT] });
		server.failNext({ kind: 'silence' });
		server.refuseEvents(() => true);
		server.maxEvents = 1;
		server.maxBodyBytes = 1;
		server.limitRate(1);
		server.state.enterprise = true;
		server.reset();
		expect(server.events).toEqual([]);
		expect(server.requests).toEqual([]);
		expect(server.state.people.has('a@b.co')).toBe(false);
		expect(server.state.enterprise).toBe(false);
		expect((await send({ events: [EVENT, EVENT] })).status).toBe(200);
	});

	it('takes the tracking webhook’s events without keys, and a wrong site without a word', async () => {
		const headers = { authorization: undefined };
		const path = (site: string) => `/webhooks/${site}/generic/track`;
		const right = path(server.credentials.siteUuid);
		expect((await send({ events: [EVENT, EVENT] }, { headers, path: right })).status).toBe(201);
		expect((await send(EVENT, { headers, path: right })).status).toBe(201);
		expect(server.events.map(({ via }) => via)).toEqual(['track', 'track', 'track']);
		expect((await send(EVENT, { headers, path: path('other') })).status).toBe(201);
		expect(server.events).toHaveLength(3);
	});
});

describe('faults', () => {
	async function meet(fault: Fault): Promise<Reply | string> {
		server.failNext(fault);
		return await send({ events: [EVENT] }).catch(
			(error: Error & { code?: string }) => error.code ?? error.message,
		);
	}

	it.each<[Fault, Partial<Reply> | string, number]>([
		[{ kind: 'status', status: 503 }, { status: 503 }, 0],
		[{ kind: 'html' }, { status: 200, text: expect.stringContaining('<html>') as string }, 0],
		[{ kind: 'cutJson' }, 'ECONNRESET', 1],
		[{ kind: 'shortJson' }, { status: 200, text: '{"results":1' }, 1],
		[{ kind: 'wrongJson', body: [] }, { status: 200, text: '[]' }, 1],
		[{ kind: 'resetBefore' }, 'ECONNRESET', 0],
		[{ kind: 'resetAfter' }, 'ECONNRESET', 1],
		[{ kind: 'silence' }, 'silence', 0],
		[{ kind: 'silence', accept: true }, 'silence', 1],
		[{ kind: 'slow', ms: 50 }, { status: 200 }, 1],
		[{ kind: 'partial', failed: 1 }, { text: '{"results":0,"failed":1}' }, 0],
		[{ kind: 'fewer', results: 0 }, { text: '{"results":0,"failed":0}' }, 1],
	])('%j', async (fault, seen, accepted) => {
		const met = await meet(fault);
		if (typeof seen === 'string') expect(met).toBe(seen);
		else expect(met).toMatchObject(seen);
		expect(server.events).toHaveLength(accepted);
		expect(server.requests[0]?.fault).toBe(fault.kind);
		expect((await send({ events: [EVENT] })).status).toBe(200);
	});

	it('carry Retry-After and Location', async () => {
		server.failNext(
			{ kind: 'status', status: 429, retryAfter: '7' },
			{ kind: 'redirect', to: 'http://x.test/' },
		);
		expect((await send({ events: [EVENT] })).headers['retry-after']).toBe('7');
		const moved = await send({ events: [EVENT] });
		expect(moved).toMatchObject({ status: 302, headers: { location: 'http://x.test/' } });
		expect(server.events).toHaveLength(0);
	});

	it('leave all but some records of a batch, the last ones', async () => {
		server.failNext({ kind: 'partial', failed: 1 });
		const { text } = await send({ events: [EVENT, { ...EVENT, type: 'y' }] });
		expect(text).toBe('{"results":1,"failed":1}');
		expect(server.events.map(({ type }) => type)).toEqual(['x']);
	});

	it('announce the whole length of an answer that breaks off', async () => {
		server.failNext({ kind: 'cutJson' });
		const raw = await readRaw(JSON.stringify({ events: [EVENT] }));
		expect(raw).toContain('content-length: 24');
		expect(raw.split('\r\n\r\n')[1]).toBe('{"results":1');
	});

	it('let a slow answer come when it said', async () => {
		server.failNext({ kind: 'slow', ms: 120 });
		const before = performance.now();
		await send({ events: [EVENT] });
		expect(performance.now() - before).toBeGreaterThanOrEqual(115);
	});

	it('follow a rule once the queue is empty', async () => {
		server.failNext(undefined);
		server.failWhen(({ bodyBytes }) =>
			bodyBytes > 0 ? { kind: 'status', status: 500 } : undefined,
		);
		expect((await send({ events: [EVENT] })).status).toBe(200);
		expect((await send({ events: [EVENT] })).status).toBe(500);
	});
});

/** What comes over the wire until the server hangs up. */
function readRaw(body: string): Promise<string> {
	const lines = [
		`POST /api/v1/batch/events?site_uuid=${server.credentials.siteUuid} HTTP/1.1`,
		'host: 127.0.0.1',
		`content-length: ${body.length}`,
		...Object.entries(rightHeaders(server)).map(([name, value]) => `${name}: ${value}`),
	];
	return new Promise((resolve, reject) => {
		const socket = net.connect(Number(new URL(server.origin).port), '127.0.0.1');
		let text = '';
		socket.on('data', (chunk) => (text += chunk.toString()));
		socket.on('error', reject);
		socket.on('close', () => resolve(text));
		socket.write(`${lines.join('\r\n')}\r\n\r\n${body}`);
	});
}

describe('closing', () => {
	it.each<Fault>([{ kind: 'silence' }, { kind: 'slow', ms: 60_000 }])(
		'ends a request that meets %j',
		async (fault) => {
			const other = await startBentoServer();
			other.failNext(fault);
			const ended = sendTo(other, { events: [EVENT] }).catch(({ code }: { code?: string }) => code);
			while (other.requests.length === 0) await new Promise(setImmediate);
			await other.close();
			expect(await ended).toBe('ECONNRESET');
		},
	);
});

it('takes nothing any more once it is closed', async () => {
	const other = await startBentoServer({ latencyMs: 50 });
	const ended = sendTo(other, { events: [EVENT] }).catch(() => 'ended');
	while (other.requests.length === 0) await new Promise(setImmediate);
	await other.close();
	expect(await ended).toBe('ended');
	await new Promise((resolve) => setTimeout(resolve, 100));
	expect(other.events).toEqual([]);
});

describe('rules for events', () => {
	it('refuse a whole batch, or count as failed', async () => {
		const bad = { ...EVENT, email: 'bad@b.co' };
		server.refuseEvents(({ email }) => email === 'bad@b.co');
		expect((await send({ events: [EVENT, bad] })).status).toBe(422);
		expect(server.events).toHaveLength(0);
		server.reset();
		server.failEvents(({ email }) => email === 'bad@b.co');
		expect((await send({ events: [EVENT, bad] })).text).toBe('{"results":1,"failed":1}');
		expect(server.events).toHaveLength(1);
	});
});

describe('a rate limit', () => {
	it.each(['fixed', 'sliding', 'bucket'] as const)('of the style %s', async (style) => {
		let now = Date.UTC(2026, 10, 20);
		const limited = await startBentoServer({ now: () => now });
		const outer = server;
		server = limited;
		try {
			limited.limitRate(5, style, true);
			const statuses: number[] = [];
			for (let call = 0; call < 12; call += 1)
				statuses.push((await send({ events: [EVENT] })).status);
			expect(statuses.filter((status) => status === 200)).toHaveLength(5);
			const refused = await send({ events: [EVENT] });
			expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
			now += 61_000;
			expect((await send({ events: [EVENT] })).status).toBe(200);
		} finally {
			server = outer;
			await limited.close();
		}
	});
});
