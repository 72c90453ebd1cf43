import http from 'http';
import { startBentoServer, type BentoServer, type Fault } from '.';

let server: BentoServer;
beforeAll(async () => {
	server = await startBentoServer();
});
afterEach(() => server.reset());
afterAll(() => server.close());

interface Reply {
	readonly status: number;
	readonly headers: http.IncomingHttpHeaders;
	readonly text: string;
}

const EVENT = { type: 'x', email: 'a@b.co' };

/** A client that knows nothing but HTTP. Rejects with what the socket says. */
function send(
	body: unknown,
	change: { headers?: Record<string, string | undefined>; path?: string; method?: string } = {},
): Promise<Reply> {
	const { publishableKey, secretKey, siteUuid } = server.credentials;
	const text = body === undefined ? '' : JSON.stringify(body);
	const headers: Record<string, string> = {};
	const given = {
		authorization: `Basic ${Buffer.from(`${publishableKey}:${secretKey}`).toString('base64')}`,
		'user-agent': 'ATest/1.0',
		'content-type': text === '' ? undefined : 'application/json',
		...change.headers,
	};
	for (const [name, value] of Object.entries(given)) if (value !== undefined) headers[name] = value;
	return new Promise((resolve, reject) => {
		const request = http.request(
			server.origin + (change.path ?? `/api/v1/batch/events?site_uuid=${siteUuid}`),
			{ method: change.method ?? 'POST', headers, agent: false, timeout: 300 },
			(response) => {
				let answer = '';
				response.setEncoding('utf8');
				response.on('data', (chunk: string) => (answer += chunk));
				response.on('error', reject);
				response.on('end', () =>
					resolve({ status: response.statusCode ?? 0, headers: response.headers, text: answer }),
				);
			},
		);
		request.on('error', reject);
		request.on('timeout', () => request.destroy(new Error('silence')));
		request.end(text);
	});
}

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
		['a generic User-Agent', { headers: { 'user-agent': 'axios/1.18.0' } }, 403],
		['another content type', { headers: { 'content-type': 'text/plain' } }, 400],
	])('turns %s away', async (_name, change, status) => {
		expect((await send({ events: [EVENT] }, change)).status).toBe(status);
		expect(server.events).toHaveLength(0);
	});

	it('answers an unknown path with 404', async () => {
		const path = `/api/v1/nothing?site_uuid=${server.credentials.siteUuid}`;
		expect((await send(undefined, { path, method: 'GET' })).status).toBe(404);
	});

	it.each([
		['no wrapper', [EVENT], 400],
		['no events', { events: [] }, 400],
		['too many', { events: Array.from({ length: 1001 }, () => EVENT) }, 400],
		['no type', { events: [{ email: 'a@b.co' }] }, 422],
		['no email', { events: [{ type: 'x' }] }, 422],
		['a nested field', { events: [{ ...EVENT, fields: { a: {} } }] }, 422],
	])('refuses %s', async (_name, body, status) => {
		expect((await send(body)).status).toBe(status);
		expect(server.events).toHaveLength(0);
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

	it('follow a rule once the queue is empty', async () => {
		server.failNext(undefined);
		server.failWhen(({ bodyBytes }) =>
			bodyBytes > 0 ? { kind: 'status', status: 500 } : undefined,
		);
		expect((await send({ events: [EVENT] })).status).toBe(200);
		expect((await send({ events: [EVENT] })).status).toBe(500);
	});
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
