import { connectionOf } from '../support/connection';
import net from 'net';
import {
	callBento,
	DEFAULT_RETRY_POLICY,
	type BentoConnection,
} from '../../nodes/shared/http/client/call';
import { systemClock } from '../../nodes/shared/http/client/rateLimiter';
import type { BentoKeys } from '../../nodes/shared/http/client/credential';
import type { BentoRequest, Outcome, Transport } from '../../nodes/shared/http/client/types';
import type { Fault } from '../bentoServer';
import { axiosTransport } from '../support/axiosTransport';
import { engineTransport } from '../support/engine/outbound';
import { useBento } from '../support/useBento';

const TRANSPORTS: Array<[string, (keys: BentoKeys) => Transport]> = [
	['axios', axiosTransport],
	['n8n’s helper, engine 2x', (keys) => engineTransport('2x', keys)],
	['n8n’s helper, engine 1x', (keys) => engineTransport('1x', keys)],
];

const EVENT = { type: 'x', email: 'ä@b.co', details: { text: '€🍱' } };
const WRITE: BentoRequest = {
	method: 'POST',
	path: '/batch/events',
	body: Buffer.from(JSON.stringify({ events: [EVENT] })),
	idempotent: true,
};

const server = useBento();

describe.each(TRANSPORTS)('over real sockets with %s', (_name, transportOf) => {
	function connect(change: Partial<BentoConnection> = {}, policy = {}): BentoConnection {
		const baseUrl = change.baseUrl ?? server.baseUrl;
		const keys: BentoKeys = { ...server.credentials, baseUrl, trackingOrigin: server.origin };
		return connectionOf({
			transport: transportOf(keys),
			baseUrl,
			siteUuid: keys.siteUuid,
			policy: { ...DEFAULT_RETRY_POLICY, maxAttempts: 1, patience: 0, timeout: 400, ...policy },
			clock: systemClock,
			random: () => 0,
			...change,
		});
	}

	it('accepted: the body arrives byte for byte, signed and named', async () => {
		const { outcome } = await callBento(connect(), WRITE);
		expect(outcome).toEqual({
			kind: 'accepted',
			status: 200,
			content: 'json',
			body: { results: 1, failed: 0 },
		});
		const [request] = server.requests;
		expect(request?.body).toEqual({ events: [EVENT] });
		expect(request?.headers['content-type']).toBe('application/json');
		expect(request?.headers['user-agent']).toMatch(/^n8n-nodes-bentonow\/\d/);
	});

	it('reads with query values', async () => {
		const { outcome } = await callBento(connect(), {
			method: 'GET',
			path: '/fetch/tags',
			query: { page: 2, name: 'a b&c' },
			idempotent: true,
		});
		expect(outcome.kind).toBe('accepted');
		expect(server.requests[0]?.query).toMatchObject({ page: '2', name: 'a b&c' });
	});

	it.each<[string, Fault, Partial<Outcome>]>([
		[
			'400',
			{ kind: 'status', status: 400, body: { error: 'bad' } },
			{ kind: 'refused', reason: 'invalid', words: 'bad' },
		],
		['401', { kind: 'status', status: 401 }, { kind: 'refused', reason: 'credentials' }],
		['403', { kind: 'html', status: 403 }, { kind: 'refused', reason: 'blocked' }],
		['404', { kind: 'status', status: 404 }, { kind: 'refused', reason: 'notFound' }],
		['413', { kind: 'status', status: 413 }, { kind: 'refused', reason: 'tooLarge' }],
		['422', { kind: 'status', status: 422 }, { kind: 'refused', reason: 'invalid' }],
		['501', { kind: 'status', status: 501 }, { kind: 'refused', reason: 'other' }],
		[
			'a redirect',
			{ kind: 'redirect', to: 'http://127.0.0.1:9/' },
			{ kind: 'refused', reason: 'redirected' },
		],
		['HTML with 200', { kind: 'html' }, { kind: 'refused', reason: 'blocked' }],
		['500', { kind: 'status', status: 500 }, { kind: 'busy', mayHaveArrived: true }],
		['503', { kind: 'status', status: 503 }, { kind: 'busy', mayHaveArrived: false }],
		['cut-off JSON', { kind: 'cutJson' }, { kind: 'unknown', reason: 'lost' }],
		['short JSON', { kind: 'shortJson' }, { kind: 'accepted', content: 'text' }],
		['a reset before', { kind: 'resetBefore' }, { kind: 'unknown', reason: 'lost' }],
		['a reset after', { kind: 'resetAfter' }, { kind: 'unknown', reason: 'lost' }],
		['silence', { kind: 'silence' }, { kind: 'unknown', reason: 'timeout' }],
	])('%s', async (_fault, fault, outcome) => {
		server.failNext(fault);
		const report = await callBento(connect(), WRITE);
		expect(report.outcome).toMatchObject(outcome);
		expect(server.requests).toHaveLength(1);
	});

	it('429', async () => {
		server.failNext({ kind: 'status', status: 429, retryAfter: '7' });
		// It uses up no attempt, so that only time ends the call.
		const report = await callBento(connect({}, { totalTimeLimit: 5_000 }), WRITE);
		expect(report).toMatchObject({
			outcome: { kind: 'busy', status: 429, retryAfter: 7000 },
			gaveUp: 'time',
		});
		expect(server.requests).toHaveLength(1);
	});

	it('unreached: a refused connection', async () => {
		const refused = await callBento(connect({ baseUrl: 'http://127.0.0.1:9/api' }), WRITE);
		expect(refused.outcome).toEqual({ kind: 'unreached', code: 'ECONNREFUSED' });
	});

	it('unreached: something that hangs up on a TLS handshake', async () => {
		const wall = net.createServer((socket) => socket.resume().end('no TLS here\r\n'));
		await new Promise<void>((resolve) => wall.listen(0, '127.0.0.1', resolve));
		const { port } = wall.address() as net.AddressInfo;
		const { outcome } = await callBento(
			connect({ baseUrl: `https://127.0.0.1:${port}/api` }),
			WRITE,
		);
		wall.close();
		expect(outcome.kind).toBe('unreached');
	});

	it('retries by itself until Bento accepts', async () => {
		server.failNext({ kind: 'status', status: 503 }, { kind: 'resetBefore' });
		const report = await callBento(connect({}, { maxAttempts: 5 }), WRITE);
		expect(report).toMatchObject({ outcome: { kind: 'accepted' }, attempts: 3, unanswered: 1 });
		expect(server.events).toHaveLength(1);
	});
});

it('an aborted request ends immediately with axios, too', async () => {
	const stop = new AbortController();
	server.failNext({ kind: 'silence' });
	setTimeout(() => stop.abort(), 50);
	const began = Date.now();
	const result = await axiosTransport(server.credentials)({
		method: 'GET',
		url: `${server.baseUrl}/fetch/tags`,
		query: {},
		headers: {},
		timeout: 10_000,
		signal: stop.signal,
	});
	expect(result).toMatchObject({ kind: 'noResponse', code: 'ERR_CANCELED' });
	expect(Date.now() - began).toBeLessThan(1000);
});
