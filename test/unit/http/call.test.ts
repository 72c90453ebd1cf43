import { callBento, type BentoConnection } from '../../../nodes/shared/http/outbound/call';
import { Pace } from '../../../nodes/shared/http/outbound/pace';
import type {
	AttemptNote,
	BentoRequest,
	HttpResult,
} from '../../../nodes/shared/http/outbound/types';
import { DEFAULT_WAITING, type WaitingPolicy } from '../../../nodes/shared/http/outbound/call';
import { answer, refusedConnection, reset, scripted } from '../../support/fakeTransport';
import { VirtualClock } from '../../support/virtualClock';

const OK = answer(200, { results: 1, failed: 0 });
const WRITE: BentoRequest = {
	method: 'POST',
	path: '/batch/events',
	body: Buffer.from('{}'),
	whenUnknown: 'resend',
};

function setUp(results: HttpResult[], policy: Partial<WaitingPolicy> = {}, signal?: AbortSignal) {
	const { transport, requests } = scripted(...results);
	const clock = new VirtualClock();
	const connection: BentoConnection = {
		transport,
		baseUrl: 'https://bento.test/api/v1',
		siteUuid: 'the-site',
		policy: { ...DEFAULT_WAITING, ...policy },
		clock,
		random: () => 0.5,
		pace: new Pace(clock),
		signal,
	};
	return { connection, requests, clock };
}

describe('a call to Bento', () => {
	it('carries site_uuid in the query and a real User-Agent', async () => {
		const { connection, requests } = setUp([OK]);
		await callBento(connection, { ...WRITE, query: { page: 2, nothing: undefined } });
		expect(requests[0]).toMatchObject({
			url: 'https://bento.test/api/v1/batch/events',
			query: { page: 2, site_uuid: 'the-site' },
			headers: {
				'User-Agent': expect.stringMatching(/^n8n-nodes-bentonow\/\d+\.\d+\.\d+$/) as string,
				'Content-Type': 'application/json',
			},
			timeout: 30_000,
		});
		expect(Object.keys(requests[0]?.query ?? {})).not.toContain('nothing');
	});

	it('sends the very same body on every attempt', async () => {
		const { connection, requests } = setUp([answer(503), answer(503), OK]);
		await callBento(connection, WRITE);
		expect(requests.map(({ body }) => body)).toEqual([WRITE.body, WRITE.body, WRITE.body]);
		expect(requests[2]?.body).toBe(WRITE.body);
	});

	it.each([
		['429', answer(429)],
		['408', answer(408)],
		['500', answer(500)],
		['503', answer(503)],
		['a refused connection', refusedConnection],
		['a reset', reset],
	])('tries again after %s', async (_name, result) => {
		const { connection, requests } = setUp([result, OK]);
		const report = await callBento(connection, WRITE);
		expect(report).toMatchObject({ outcome: { kind: 'accepted' }, attempts: 2 });
		expect(requests).toHaveLength(2);
	});

	it.each([
		['OK', answer(200, 'OK'), 'text'],
		['an empty 202', answer(202), 'empty'],
		['half a JSON', answer(200, '{"results": 1'), 'text'],
		['JSON without counts', answer(200, { ok: true }), 'json'],
	])('takes a 2xx as the end of a write: %s', async (_name, result, content) => {
		const { connection, requests } = setUp([result, OK]);
		const report = await callBento(connection, WRITE);
		expect(report).toMatchObject({ outcome: { kind: 'accepted', content }, attempts: 1 });
		expect(requests).toHaveLength(1);
	});

	it('resends a read whose 2xx isn’t JSON', async () => {
		const { connection } = setUp([answer(200, 'OK'), OK]);
		const report = await callBento(connection, { ...WRITE, method: 'GET', body: undefined });
		expect(report).toMatchObject({ outcome: { kind: 'accepted', content: 'json' }, attempts: 2 });
	});

	it('sends nothing to a path that leads elsewhere', async () => {
		const { connection, requests } = setUp([OK]);
		const report = await callBento(connection, { ...WRITE, path: '/fetch/tags/%2e%2e' });
		expect(report).toMatchObject({
			outcome: { kind: 'refused', reason: 'unsafePath' },
			attempts: 0,
		});
		expect(requests).toHaveLength(0);
	});

	it.each<HttpResult>([
		{ kind: 'unconfigured', problem: 'no key' },
		{ kind: 'forbidden', reason: 'hostNotAllowed', code: 'UNKNOWN' },
	])('counts no request where none went out', async (result) => {
		const { connection } = setUp([result]);
		expect(await callBento(connection, WRITE)).toMatchObject({ attempts: 0 });
	});

	it('reports each attempt when it ends, with the wait that follows', async () => {
		const { connection } = setUp([answer(503), reset, OK]);
		const notes: AttemptNote[] = [];
		await callBento({ ...connection, onAttempt: (note) => notes.push(note) }, WRITE);
		expect(notes.map(({ attempt, outcome, wait }) => [attempt, outcome.kind, wait])).toEqual([
			[1, 'busy', 500],
			[2, 'unknown', 1000],
			[3, 'accepted', undefined],
		]);
	});

	it.each([400, 401, 403, 404, 413, 422, 301, 501, 505])('treats %d as final', async (status) => {
		const { connection, requests } = setUp([answer(status), OK]);
		const report = await callBento(connection, WRITE);
		expect(report.outcome).toMatchObject({ kind: 'refused', status });
		expect(requests).toHaveLength(1);
	});

	it('waits 1, 2, 4 and 8 seconds at most, jittered over the whole range', async () => {
		const { connection, clock } = setUp([answer(503)]);
		const report = await callBento(connection, WRITE);
		expect(report).toMatchObject({ outcome: { kind: 'busy' }, attempts: 5, gaveUp: 'attempts' });
		expect(clock.slept).toEqual([500, 1000, 2000, 4000]);
	});

	it('takes Retry-After as a minimum, without jitter', async () => {
		const { connection, clock } = setUp([answer(429, '', { 'retry-after': '7' }), OK]);
		await callBento(connection, WRITE);
		expect(clock.slept[0]).toBe(7000);
	});

	it('caps one wait, regardless of Retry-After', async () => {
		const { connection, clock } = setUp([answer(503, '', { 'retry-after': '600' }), OK]);
		await callBento(connection, WRITE);
		expect(clock.slept[0]).toBe(60_000);
	});

	it('gives up when the next wait would pass the total time', async () => {
		const { connection, requests } = setUp([answer(503, '', { 'retry-after': '50' })], {
			totalTimeLimit: 45_000,
		});
		const report = await callBento(connection, WRITE);
		expect(report).toMatchObject({ gaveUp: 'time', attempts: 1 });
		expect(requests).toHaveLength(1);
	});

	it.each([
		['a reset', reset],
		['a 500, which may have been done', answer(500)],
	])('never resends after %s where a repeat would double', async (_name, result) => {
		const { connection, requests } = setUp([result, OK]);
		const report = await callBento(connection, { ...WRITE, whenUnknown: 'never' });
		expect(report).toMatchObject({ gaveUp: 'guarantee', attempts: 1 });
		expect(requests).toHaveLength(1);
	});

	it.each([
		['429', answer(429)],
		['503', answer(503)],
		['a refused connection', refusedConnection],
	])('resends after %s even then: nothing was done', async (_name, result) => {
		const { connection } = setUp([result, OK]);
		const report = await callBento(connection, { ...WRITE, whenUnknown: 'never' });
		expect(report).toMatchObject({ outcome: { kind: 'accepted' }, attempts: 2, unanswered: 0 });
	});

	it('counts the attempts that could turn out to be duplicates', async () => {
		const { connection } = setUp([reset, answer(429), answer(502), OK]);
		const report = await callBento(connection, WRITE);
		expect(report).toMatchObject({ outcome: { kind: 'accepted' }, attempts: 4, unanswered: 2 });
	});

	it('ends a wait immediately when the execution is stopped', async () => {
		const stop = new AbortController();
		const { connection, requests } = setUp([answer(503)], {}, stop.signal);
		connection.clock.sleep = () => {
			stop.abort();
			return Promise.resolve();
		};
		const report = await callBento(connection, WRITE);
		expect(report.outcome).toEqual({ kind: 'stopped' });
		expect(requests).toHaveLength(1);
	});

	it('says unknown, not stopped, when an earlier attempt may have arrived', async () => {
		const stop = new AbortController();
		const { connection } = setUp([reset], {}, stop.signal);
		connection.clock.sleep = () => {
			stop.abort();
			return Promise.resolve();
		};
		const report = await callBento(connection, WRITE);
		expect(report.outcome).toMatchObject({ kind: 'unknown', reason: 'stopped' });
	});

	describe('within the total time limit', () => {
		/** Requests that take so many ms each. */
		function slow(ms: number, policy: Partial<WaitingPolicy>, results = [answer(503), OK]) {
			const { connection, requests, clock } = setUp(results, policy);
			const { transport } = connection;
			const taking: typeof transport = (request) => {
				clock.advance(ms);
				return transport(request);
			};
			return { connection: { ...connection, transport: taking }, requests, clock };
		}

		it('gives the last request only the time that is left', async () => {
			const { connection, requests } = slow(15_000, { totalTimeLimit: 20_000 });
			await callBento(connection, WRITE);
			expect(requests.map(({ timeout }) => timeout)).toEqual([20_000, 4_500]);
		});

		it('sends nothing more when hardly any time is left', async () => {
			const { connection, requests, clock } = slow(19_000, { totalTimeLimit: 20_000 });
			const report = await callBento(connection, WRITE);
			expect(report).toMatchObject({ outcome: { kind: 'busy' }, attempts: 1, gaveUp: 'time' });
			expect(requests).toHaveLength(1);
			expect(clock.slept).toEqual([]);
		});

		it('checks again after waiting for a turn that another call has delayed', async () => {
			const { connection, requests } = slow(0, { totalTimeLimit: 20_000 }, [reset, OK]);
			const { clock, pace } = connection;
			const { sleep } = clock;
			clock.sleep = async (ms, signal) => {
				pace.hold(60_000);
				await sleep.call(clock, ms, signal);
			};
			const report = await callBento(connection, WRITE);
			expect(report).toMatchObject({
				outcome: { kind: 'unknown', reason: 'lost' },
				attempts: 1,
				unanswered: 0,
				gaveUp: 'time',
			});
			expect(requests).toHaveLength(1);
		});
	});
});
