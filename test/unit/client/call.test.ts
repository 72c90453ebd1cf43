import { getEventListeners } from 'events';
import {
	callBento,
	DEFAULT_RETRY_POLICY,
	nextWait,
	pathProblem,
	USER_AGENT,
	type RetryPolicy,
} from '../../../nodes/shared/http/client/call';
import { Caller, type Ask } from '../../../nodes/shared/http/client/rateLimiter';
import type {
	AttemptNote,
	BentoRequest,
	HttpResult,
} from '../../../nodes/shared/http/client/types';
import { connectionOf } from '../../support/connection';
import { answer, refusedConnection, reset, scripted } from '../../support/fakeTransport';
import { VirtualClock } from '../../support/virtualClock';

/** A request of another execution. */
const another = (): Ask => ({ caller: new Caller('another'), load: 'single' });

const OK = answer(200, { results: 1, failed: 0 });
const WRITE: BentoRequest = {
	method: 'POST',
	path: '/batch/events',
	body: Buffer.from('{}'),
	idempotent: true,
};

function setUp(results: HttpResult[], policy: Partial<RetryPolicy> = {}, signal?: AbortSignal) {
	const { transport, requests } = scripted(...results);
	const clock = new VirtualClock();
	// As for someone who has set Max Attempts; what patience adds has tests of its own.
	const full = { ...DEFAULT_RETRY_POLICY, patience: 0, ...policy };
	const connection = connectionOf({ transport, policy: full, clock, random: () => 0.5, signal });
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

	it('says what it sends and takes, and keeps the site to the API', async () => {
		const { connection, requests } = setUp([OK]);
		const stop = new AbortController();
		const given = { ...connection, signal: stop.signal };
		const read: BentoRequest = { method: 'GET', path: '/fetch/tags', idempotent: true };
		await callBento(given, read);
		await callBento(given, { ...WRITE, contentType: 'text/csv' });
		await callBento(given, {
			...WRITE,
			path: 'https://track.test/x',
			query: { a: 1, b: undefined },
		});
		const plain = { Accept: 'application/json', 'User-Agent': USER_AGENT };
		const common = { timeout: 30_000, signal: expect.any(AbortSignal) as AbortSignal };
		expect(requests).toEqual([
			{
				...common,
				method: 'GET',
				url: 'https://bento.test/api/v1/fetch/tags',
				query: { site_uuid: 'the-site' },
				headers: plain,
				body: undefined,
			},
			{
				...common,
				method: 'POST',
				url: 'https://bento.test/api/v1/batch/events',
				query: { site_uuid: 'the-site' },
				headers: { ...plain, 'Content-Type': 'text/csv' },
				body: WRITE.body,
			},
			{
				...common,
				method: 'POST',
				url: 'https://track.test/x',
				query: { a: 1 },
				headers: { ...plain, 'Content-Type': 'application/json' },
				body: WRITE.body,
			},
		]);
	});

	it('knows whether a proxy could look into the request', async () => {
		const byProxy: HttpResult = { kind: 'response', status: 502, headers: {}, text: '' };
		const never: BentoRequest = { ...WRITE, idempotent: false };
		const encrypted = setUp([byProxy, OK]);
		expect(await callBento(encrypted.connection, never)).toMatchObject({ attempts: 2 });
		const plain = setUp([byProxy, OK]);
		const connection = { ...plain.connection, baseUrl: 'http://localhost:1' };
		expect(await callBento(connection, never)).toMatchObject({ attempts: 1, gaveUp: 'guarantee' });
	});

	it('sends the very same body on every attempt', async () => {
		const { connection, requests } = setUp([answer(503), answer(503), OK]);
		await callBento(connection, WRITE);
		expect(requests.map(({ body }) => body)).toEqual([WRITE.body, WRITE.body, WRITE.body]);
		expect(requests[2]?.body).toBe(WRITE.body);
	});

	it.each([
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

	it('asks a read again whose 2xx isn’t JSON', async () => {
		const { connection } = setUp([answer(200, 'OK'), OK]);
		const report = await callBento(connection, { ...WRITE, method: 'GET', body: undefined });
		expect(report).toMatchObject({
			outcome: { kind: 'accepted', content: 'json' },
			attempts: 2,
			reads: true,
		});
	});

	it('sends nothing to a path that leads elsewhere', async () => {
		const { connection, requests } = setUp([OK]);
		const report = await callBento(connection, { ...WRITE, path: '/fetch/tags/%2e%2e' });
		expect(report).toEqual({
			outcome: {
				kind: 'refused',
				reason: 'unsafePath',
				status: undefined,
				words: expect.stringContaining("can't be '.' or '..'") as string,
			},
			attempts: 0,
			reads: false,
			unanswered: 0,
			mayHaveArrived: false,
			gaveUp: undefined,
			waited: 0,
			shared: undefined,
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

	it('tells each attempt when it ends, with the wait that follows', async () => {
		const { connection } = setUp([answer(503), reset, OK]);
		const notes: AttemptNote[] = [];
		await callBento({ ...connection, onAttempt: (note) => notes.push(note) }, WRITE);
		expect(notes.map(({ attempt, outcome, wait }) => [attempt, outcome.kind, wait])).toEqual([
			[1, 'busy', 500],
			[2, 'unknown', 1000],
			[3, 'accepted', undefined],
		]);
	});

	it('tells how long an attempt took, and that none follows the last', async () => {
		const { connection, clock } = setUp([answer(503)], { maxAttempts: 2 });
		const notes: AttemptNote[] = [];
		const transport: typeof connection.transport = (request) => {
			clock.advance(notes.length === 0 ? 70 : 20);
			return connection.transport(request);
		};
		const onAttempt = (note: AttemptNote) => notes.push(note);
		await callBento({ ...connection, transport, onAttempt }, WRITE);
		expect(notes.map(({ duration, wait }) => [duration, wait])).toEqual([
			[70, 500],
			[20, undefined],
		]);
		expect(notes[0]?.request).toBe(WRITE);
	});

	it('asks nothing when the execution is stopped already', async () => {
		const { connection, requests } = setUp([OK], {}, AbortSignal.abort());
		const report = await callBento(connection, WRITE);
		expect(report).toEqual({
			outcome: { kind: 'stopped' },
			attempts: 0,
			reads: false,
			unanswered: 0,
			mayHaveArrived: false,
			gaveUp: undefined,
			waited: 0,
			shared: undefined,
		});
		expect(requests).toHaveLength(0);
	});

	it('takes a request that was cut off by a stop for the end', async () => {
		const { connection, requests } = setUp([
			{ kind: 'noResponse', code: 'ERR_CANCELED', mayHaveArrived: true },
		]);
		const report = await callBento(connection, { ...WRITE, idempotent: false });
		expect(report).toMatchObject({
			outcome: { kind: 'unknown', reason: 'stopped', code: 'ERR_CANCELED' },
			attempts: 1,
			gaveUp: undefined,
		});
		expect(requests).toHaveLength(1);
	});

	it('holds the others while Bento is busy, and not where a response got lost', async () => {
		for (const [result, held] of [
			[answer(503), 500],
			[refusedConnection, 500],
			[reset, 0],
		] as const) {
			const { connection, clock } = setUp([result, OK]);
			const began = clock.now();
			const turns: number[] = [];
			// This call waits now: what does another one?
			const onAttempt = ({ wait }: AttemptNote) => {
				if (wait === undefined) return;
				void Promise.resolve()
					.then(() => connection.limiter.turn(another()))
					.then(() => turns.push(clock.now() - began));
			};
			await callBento({ ...connection, onAttempt }, WRITE);
			await new Promise(setImmediate);
			expect([result, turns]).toEqual([result, [held]]);
		}
	});

	it('a 429 uses up no attempt, only time', async () => {
		const { connection, requests } = setUp(
			[answer(429), answer(429), answer(429), answer(503), OK],
			{ maxAttempts: 2 },
		);
		expect(await callBento(connection, WRITE)).toMatchObject({
			outcome: { kind: 'accepted' },
			attempts: 5,
		});
		expect(requests).toHaveLength(5);
	});

	it('a 429 ends with the total time limit', async () => {
		const { connection, clock } = setUp([answer(429)], { totalTimeLimit: 120_000 });
		const began = clock.now();
		const report = await callBento(connection, WRITE);
		expect(report).toMatchObject({ outcome: { kind: 'busy', status: 429 }, gaveUp: 'time' });
		expect(report.attempts).toBeGreaterThan(3);
		expect(clock.now() - began).toBeLessThanOrEqual(120_000);
	});

	it('says how many wait where it had no turn in time', async () => {
		const { connection, requests } = setUp([OK], { totalTimeLimit: 10_000 });
		connection.limiter.arrive(another().caller);
		connection.limiter.hold(20_000);
		expect(await callBento(connection, WRITE)).toMatchObject({
			outcome: { kind: 'noTurn', executions: 2 },
			attempts: 0,
			gaveUp: 'time',
		});
		expect(requests).toHaveLength(0);
	});

	describe('patience, unless someone set a number of attempts', () => {
		const { patience } = DEFAULT_RETRY_POLICY;
		/** A Bento that is away for so many ms, and takes everything from then on. */
		function away(ms: number, result: HttpResult) {
			const { connection, clock, requests } = setUp([OK], { patience });
			const until = clock.now() + ms;
			const transport: typeof connection.transport = async (request) => {
				const taken = await connection.transport(request);
				return clock.now() < until ? result : taken;
			};
			return { connection: { ...connection, transport }, requests };
		}

		it.each([
			['a refused connection', refusedConnection],
			['a name that isn’t found', { ...refusedConnection, code: 'EAI_AGAIN' }],
			['503', answer(503)],
		])('survives a minute of %s', async (_name, result) => {
			for (const idempotent of [true, false]) {
				const { connection, requests } = away(60_000, result);
				const report = await callBento(connection, { ...WRITE, idempotent });
				expect(report.outcome.kind).toBe('accepted');
				expect(requests.length).toBeLessThan(12);
			}
		});

		it.each([
			['408', answer(408)],
			['500', answer(500)],
			['a reset', reset],
		])('ends with Max Attempts after %s, which may have been done', async (_name, result) => {
			const { connection } = away(60_000, result);
			expect(await callBento(connection, WRITE)).toMatchObject({ attempts: 5, gaveUp: 'attempts' });
		});

		it('has an end', async () => {
			const { connection } = away(600_000, refusedConnection);
			expect(await callBento(connection, WRITE)).toMatchObject({ gaveUp: 'attempts' });
		});
	});

	it('compares a Retry-After date with the response’s own date, not with this machine’s clock', async () => {
		// This machine's clock is hours off.
		const headers = { 'retry-after': 'Fri, 20 Nov 2026 08:00:06 GMT' };
		const { connection, clock } = setUp([answer(429, '', headers), OK]);
		clock.advance(-5 * 3_600_000);
		const began = clock.now();
		await callBento(connection, WRITE);
		expect(clock.now() - began).toBe(6_000);
	});

	it.each([400, 401, 403, 404, 413, 422, 301, 501, 505])('takes %d as final', async (status) => {
		const { connection, requests } = setUp([answer(status), OK]);
		const report = await callBento(connection, WRITE);
		expect(report).toMatchObject({ outcome: { kind: 'refused', status }, attempts: 1 });
		expect(report.gaveUp).toBeUndefined();
		expect(requests).toHaveLength(1);
	});

	it('waits 1, 2, 4 and 8 seconds at most, jittered over the whole range', async () => {
		const { connection, clock } = setUp([answer(503)]);
		const report = await callBento(connection, WRITE);
		expect(report).toMatchObject({ outcome: { kind: 'busy' }, attempts: 5, gaveUp: 'attempts' });
		expect(clock.slept).toEqual([500, 1000, 2000, 4000]);
	});

	it('takes Retry-After as a minimum, without jitter', async () => {
		const { connection, clock } = setUp([answer(503, '', { 'retry-after': '7' }), OK]);
		await callBento(connection, WRITE);
		expect(clock.slept[0]).toBe(7000);
	});

	it('caps one wait, whatever Retry-After says', async () => {
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
		const report = await callBento(connection, { ...WRITE, idempotent: false });
		expect(report).toMatchObject({ gaveUp: 'guarantee', attempts: 1 });
		expect(requests).toHaveLength(1);
	});

	it.each([
		['429', answer(429)],
		['503', answer(503)],
		['a refused connection', refusedConnection],
	])('resends after %s even then: nothing was done', async (_name, result) => {
		const { connection } = setUp([result, OK]);
		const report = await callBento(connection, { ...WRITE, idempotent: false });
		expect(report).toMatchObject({ outcome: { kind: 'accepted' }, attempts: 2, unanswered: 0 });
	});

	it('counts the attempts that could turn out to be doubles', async () => {
		const { connection } = setUp([reset, answer(429), answer(502), OK]);
		const report = await callBento(connection, WRITE);
		expect(report).toMatchObject({ outcome: { kind: 'accepted' }, attempts: 4, unanswered: 2 });
	});

	it('ends a wait at once when the execution is stopped', async () => {
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
		expect(report.outcome).toEqual({ kind: 'unknown', reason: 'stopped', code: 'ERR_CANCELED' });
	});

	describe('within the total time limit', () => {
		/** Requests that take so many ms each. */
		function slow(ms: number, policy: Partial<RetryPolicy>, results = [answer(503), OK]) {
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

		it.each([
			[18_500, 2],
			[18_501, 1],
		])(
			'tries once more after %d of 20,000 ms, with half a second of wait: %d',
			async (ms, times) => {
				const { connection, requests } = slow(ms, { totalTimeLimit: 20_000 });
				await callBento(connection, WRITE);
				expect(requests).toHaveLength(times);
			},
		);

		it('needs no more time for another try than a request may take', async () => {
			const policy = { totalTimeLimit: 1000, timeout: 100 };
			const { connection, requests } = slow(350, policy);
			await callBento(connection, WRITE);
			expect(requests.map(({ timeout }) => timeout)).toEqual([100, 100]);
		});

		it('begins with the wait for its turn', async () => {
			const { connection, requests } = slow(0, { totalTimeLimit: 2000 });
			connection.limiter.hold(700);
			expect(await callBento(connection, WRITE)).toMatchObject({ attempts: 1, gaveUp: 'time' });
			expect(requests.map(({ timeout }) => timeout)).toEqual([1300]);
		});

		it('doesn’t count what the node’s own interval holds back', async () => {
			const { connection } = slow(0, { totalTimeLimit: 2000 }, [OK]);
			connection.caller.interval = 60_000;
			const calls = [1, 2, 3].map(() => callBento(connection, WRITE));
			const kinds = (await Promise.all(calls)).map(({ outcome }) => outcome.kind);
			expect(kinds).toEqual(['accepted', 'accepted', 'accepted']);
		});

		it('sends nothing more with next to no time left', async () => {
			const { connection, requests, clock } = slow(19_000, { totalTimeLimit: 20_000 });
			const report = await callBento(connection, WRITE);
			expect(report).toMatchObject({ outcome: { kind: 'busy' }, attempts: 1, gaveUp: 'time' });
			expect(requests).toHaveLength(1);
			expect(clock.slept).toEqual([]);
		});

		it.each([
			[18_500, 500],
			[18_501, undefined],
		])('waits %p ms after a response got lost, or not at all', async (ms, wait) => {
			const { connection, clock } = slow(ms, { totalTimeLimit: 20_000 }, [reset, OK]);
			const notes: AttemptNote[] = [];
			await callBento({ ...connection, onAttempt: (note) => notes.push(note) }, WRITE);
			expect(notes[0]?.wait).toBe(wait);
			expect(clock.slept).toEqual(wait === undefined ? [] : [wait]);
		});

		it.each<[string, HttpResult, string | undefined]>([
			['success is no matter of time', OK, undefined],
			['a refusal is none', answer(400), undefined],
			['the last attempt is none', answer(503), 'attempts'],
			['a possible duplicate is none', reset, 'guarantee'],
		])('%s', async (_name, result, gaveUp) => {
			const { connection } = slow(30_000, { totalTimeLimit: 20_000, maxAttempts: 1 }, [result]);
			const report = await callBento(connection, { ...WRITE, idempotent: false });
			expect([report.attempts, report.gaveUp]).toEqual([1, gaveUp]);
		});

		it.each([
			[19_000, { outcome: { kind: 'accepted' }, attempts: 2, unanswered: 1 }],
			[19_001, { outcome: { reason: 'lost' }, attempts: 1, unanswered: 0, gaveUp: 'time' }],
		])('looks again after waiting for a turn that others put off by %d ms', async (ms, seen) => {
			const { connection, requests } = slow(0, { totalTimeLimit: 20_000 }, [reset, OK]);
			const { clock, limiter } = connection;
			const { sleep } = clock;
			clock.sleep = async (wait, signal) => {
				clock.sleep = sleep;
				limiter.hold(ms);
				await sleep.call(clock, wait, signal);
			};
			expect(await callBento(connection, WRITE)).toMatchObject(seen);
			expect(requests).toHaveLength(seen.attempts);
		});
	});
});

describe('a wait', () => {
	it('doubles from the first one on up to the longest, and chance decides within', () => {
		const bounds = [1, 2, 3, 7, 8].map((attempt) =>
			nextWait(attempt, DEFAULT_RETRY_POLICY, () => 1),
		);
		expect(bounds).toEqual([1000, 2000, 4000, 60_000, 60_000]);
		expect(nextWait(3, DEFAULT_RETRY_POLICY, () => 0)).toBe(0);
		expect(nextWait(3, DEFAULT_RETRY_POLICY, () => 0.12345)).toBe(494);
		expect(nextWait(1, DEFAULT_RETRY_POLICY, () => 0.5, 300)).toBe(500);
		expect(nextWait(1, DEFAULT_RETRY_POLICY, () => 0.5, 700)).toBe(700);
	});
});

describe('a path', () => {
	it.each(['x.', '.x', '..x', 'a..b', '%', '%2', '%41', '%252', '100%2525', 'a:b?c=d'])(
		'may hold %p',
		(segment) => {
			expect(pathProblem(`/fetch/${segment}/x`)).toBeUndefined();
			expect(pathProblem(`/fetch/${segment}`)).toBeUndefined();
		},
	);

	// Also encoded twice or three times: each machine on the way may decode once.
	const unsafe = ['.', '..', '%2e', '%2E.', '.%2e', 'a%2fb', 'a%5Cb', '%252e%252e', '%25252fb'];
	it.each([...unsafe, 'a\\b', '.\t.', 'a\nb'])('with %p as a segment is refused', (segment) => {
		expect(pathProblem(`/fetch/tags/${segment}`)).toMatch(/can't be/);
		expect(pathProblem(`/fetch/${segment}/tags`)).toMatch(/can't be/);
	});

	it('is looked at through three encodings of the percent sign', () => {
		const encoded = (times: number) => `/fetch/%${'25'.repeat(times)}2f`;
		const problems = [0, 1, 2, 3, 4].map((times) => pathProblem(encoded(times)) !== undefined);
		expect(problems).toEqual([true, true, true, true, false]);
	});
});

it('as many calls as a run makes at a time add few listeners to its signal', async () => {
	const { signal } = new AbortController();
	const clock = new VirtualClock();
	let most = 0;
	const connection = connectionOf({
		clock,
		signal,
		transport: async () => {
			await clock.sleep(10);
			most = Math.max(most, getEventListeners(signal, 'abort').length);
			return OK;
		},
	});
	await Promise.all(Array.from({ length: 20 }, () => callBento(connection, WRITE)));
	// Node.js warns of a leak from the eleventh on.
	expect(most).toBeLessThanOrEqual(10);
	expect(getEventListeners(signal, 'abort')).toEqual([]);
});
