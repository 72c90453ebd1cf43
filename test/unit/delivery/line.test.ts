import fc from 'fast-check';
import { deliver } from '../../../nodes/shared/delivery/deliver';
import { sendTogether } from '../../../nodes/shared/delivery/line';
import type { Delivery, RecordResult } from '../../../nodes/shared/delivery/types';
import { callBento } from '../../../nodes/shared/http/client/call';
import { DEFAULT_RETRY_POLICY, type RetryPolicy } from '../../../nodes/shared/http/client/policies';
import { Caller, RateLimiter } from '../../../nodes/shared/http/client/rateLimiter';
import type { AttemptNote, HttpRequest, HttpResult } from '../../../nodes/shared/http/client/types';
import { SimulatedClock } from '../../simulation/clock';
import { connectionOf } from '../../support/connection';
import { answer, reset } from '../../support/fakeTransport';
import { plainMemory } from '../../support/plainMemory';

/** What one execution sends, and how. */
interface Execution {
	readonly records: readonly string[];
	readonly idempotent?: boolean;
	readonly policy?: Partial<RetryPolicy>;
	/** Stopped after so many ms. */
	readonly stopAfter?: number;
	readonly startAfter?: number;
	readonly account?: string;
	readonly most?: number;
	readonly parallel?: number;
}

const CANCELED: HttpResult = { kind: 'noResponse', code: 'ERR_CANCELED', mayHaveArrived: true };

type Server = (records: readonly string[], request: HttpRequest) => HttpResult;

const takes: Server = (records) => answer(200, { results: records.length, failed: 0 });

/** Executions that meet while the limiter is shut for a second, so that all of them wait for the same turn. */
async function crowd(executions: readonly Execution[], server: Server, latency = 50) {
	const clock = new SimulatedClock();
	const limiter = new RateLimiter(clock, () => 0.5);
	const requests: Array<readonly string[]> = [];
	const aborted: boolean[] = [];
	const notes = executions.map((): AttemptNote[] => []);
	const inFlight = executions.map(() => 0);
	limiter.hold(1000);
	const run = async (given: Execution, index: number): Promise<Delivery> => {
		if (given.startAfter !== undefined) await clock.sleep(given.startAfter);
		const stop = new AbortController();
		if (given.stopAfter !== undefined) {
			void clock.sleep(given.stopAfter).then(() => stop.abort());
		}
		const transport = async (request: HttpRequest): Promise<HttpResult> => {
			const { events } = JSON.parse(request.body?.toString() ?? '') as { events: string[] };
			const place = requests.push(events) - 1;
			const came = server(events, request);
			await clock.sleep(latency, request.signal);
			aborted[place] = request.signal?.aborted ?? false;
			return aborted[place] ? CANCELED : came;
		};
		const { idempotent = true, most = 1000, parallel = 2 } = given;
		const connection = connectionOf(
			{
				transport,
				clock,
				random: () => 0.5,
				account: given.account ?? `account of ${began}`,
				policy: { ...DEFAULT_RETRY_POLICY, ...given.policy },
				caller: new Caller(index),
				signal: stop.signal,
				onAttempt: (note) => notes[index]?.push(note),
			},
			limiter,
		);
		const room = { count: most, bytes: 1_000 };
		return await deliver(given.records, {
			wrapper: 'events',
			maxCount: most,
			maxBytes: room.bytes,
			parallel,
			stopOnFailure: false,
			counted: true,
			failUnconfirmed: false,
			rememberUnknown: !idempotent,
			memory: plainMemory(),
			send: async (batch, frame) => {
				const onStart = () => {
					inFlight[index] = (inFlight[index] ?? 0) + 1;
					return () => (inFlight[index] = (inFlight[index] ?? 0) - 1);
				};
				return await callBento(
					connection,
					{ method: 'POST', path: '/batch/events', idempotent, onStart },
					sendTogether(batch, frame, room),
				);
			},
		});
	};
	const began = (runs += 1);
	const deliveries = await clock.run(Promise.all(executions.map(run)));
	expect(inFlight).toEqual(executions.map(() => 0));
	return { deliveries, requests, aborted, notes, clock };
}

let runs = 0;

const kindsOf = ({ results }: Delivery) => results.map(({ kind }) => kind);

describe('what waits for the same turn', () => {
	it('travels in one request, in the order of arrival, and each execution has its own account', async () => {
		const { deliveries, requests, notes } = await crowd(
			[{ records: ['a', 'b'] }, { records: ['c'] }, { records: ['d', 'e', 'f'] }],
			takes,
		);
		expect(requests).toEqual([['a', 'b', 'c', 'd', 'e', 'f']]);
		expect(deliveries.map(({ results }) => results.length)).toEqual([2, 1, 3]);
		for (const { results, totals } of deliveries) {
			for (const result of results) {
				expect(result).toMatchObject({ kind: 'accepted', batch: 1, attempts: 1 });
			}
			expect(totals).toMatchObject({
				batches: 1,
				requests: 1,
				retries: 0,
				shared: 1,
				waited: 1000,
			});
		}
		expect(notes.map(([note]) => note?.shared)).toEqual(
			[1, 2, 3].map(() => ({ executions: 3, records: 6 })),
		);
	});

	it('is cut by the smallest batch size, and by bytes', async () => {
		const some = (name: string) => ['1', '2', '3'].map((number) => name + number);
		const { requests } = await crowd(
			[
				{ records: some('a') },
				{ records: some('b'), most: 5 },
				{ records: some('c') },
				{ records: ['x'.repeat(500)] },
				{ records: ['y'.repeat(500)] },
			],
			takes,
		);
		expect(requests.map((records) => records.length)).toEqual([3, 3, 4, 1]);
	});

	it.each<[string, Execution]>([
		['another credential', { records: ['b'], account: 'another' }],
		['another delivery guarantee', { records: ['b'], idempotent: false }],
		['another timeout', { records: ['b'], policy: { timeout: 5_000 } }],
	])('doesn’t travel with %s', async (_name, other) => {
		const { requests } = await crowd([{ records: ['a'] }, other], takes);
		expect(requests).toEqual([['a'], ['b']]);
	});

	it('is put together at the moment of the turn, and what comes later takes the next one', async () => {
		const { requests } = await crowd(
			[
				{ records: ['a'] },
				{ records: ['b'], startAfter: 900 },
				{ records: ['c'], startAfter: 1100 },
			],
			takes,
		);
		expect(requests).toEqual([['a', 'b'], ['c']]);
	});

	it('waits for no request that hangs', async () => {
		const { clock, requests } = await crowd(
			[{ records: ['a'] }, { records: ['b'], startAfter: 2_000 }],
			takes,
			25_000,
		);
		expect(requests).toEqual([['a'], ['b']]);
		expect(clock.now() - Date.UTC(2026, 10, 20)).toBeLessThan(30_000);
	});
});

describe('a request that is refused for its content', () => {
	const refusesBad: Server = (records) =>
		records.some((record) => record.startsWith('bad'))
			? answer(422, { errors: [`${records.join()} is bad`] })
			: takes(records, undefined as never);

	it('is sent apart, so that nobody fails for somebody else’s event', async () => {
		const executions = Array.from({ length: 20 }, (_, index) => ({
			records: index === 7 ? ['good', 'bad'] : [`event ${index}`],
		}));
		const { deliveries, requests } = await crowd(executions, refusesBad);
		deliveries.forEach((delivery, index) => {
			expect(kindsOf(delivery)).toEqual(index === 7 ? ['accepted', 'refused'] : ['accepted']);
		});
		// Halves, and halves of halves: not one request for each.
		expect(requests.length).toBeLessThan(14);
		const delivered = deliveries.flatMap(({ results }) => results);
		expect(JSON.stringify(delivered)).not.toContain('event ');
	});

	it('a 2xx that says no is refused too', async () => {
		const saysNo: Server = (records, request) =>
			records.includes('bad')
				? answer(200, { success: false, error: 'bad' })
				: takes(records, request);
		const { deliveries } = await crowd(
			[{ records: ['a'] }, { records: ['bad'] }, { records: ['c'] }],
			saysNo,
		);
		expect(deliveries.map(kindsOf)).toEqual([['accepted'], ['unsorted'], ['accepted']]);
	});

	it.each([
		['credentials', 401, 1],
		['a page that blocks', 403, 8 + 9],
	])('%s: is no matter of one event for long', async (_name, status, most) => {
		const executions = Array.from({ length: 50 }, (_, index) => ({ records: [`${index}`] }));
		const { deliveries, requests } = await crowd(executions, () =>
			answer(status, status === 403 ? '<html>blocked</html>' : 'no'),
		);
		expect(deliveries.every((delivery) => kindsOf(delivery)[0] === 'undelivered')).toBe(true);
		expect(requests.length).toBeLessThanOrEqual(most);
	});

	it('a 500 that one event causes fails no other execution', async () => {
		const { deliveries } = await crowd(
			[{ records: ['a'] }, { records: ['bad'] }, { records: ['c'] }],
			(records, request) => (records.includes('bad') ? answer(500) : takes(records, request)),
		);
		expect(deliveries.map(kindsOf)).toEqual([['accepted'], ['undelivered'], ['accepted']]);
	});
});

describe('nothing of one execution shows in another', () => {
	it.each([
		['a failure', () => answer(500, { error: 'secret@example.com is bad' })],
		['a refusal', () => answer(401, { error: 'secret@example.com is bad' })],
		['counts', () => answer(200, { results: 1, failed: 1, errors: ['secret@example.com is bad'] })],
		['a text', () => answer(200, 'secret@example.com')],
	])('by the words of %s', async (_name, server) => {
		const { deliveries, notes } = await crowd(
			[
				{ records: ['secret@example.com'], policy: { maxAttempts: 2 } },
				{ records: ['b'], policy: { maxAttempts: 3 } },
			],
			(records) => (records.length > 1 ? server() : answer(200, { results: 1, failed: 0 })),
		);
		expect(JSON.stringify([deliveries[1], notes[1]])).not.toContain('secret@');
	});

	it('counts that name nobody say that others were in the request', async () => {
		const { deliveries } = await crowd([{ records: ['a'] }, { records: ['b'] }], () =>
			answer(200, { results: 1, failed: 1 }),
		);
		for (const { results } of deliveries) {
			expect(results).toEqual([
				expect.objectContaining({ kind: 'unconfirmed', sent: 2, shared: true }),
			]);
		}
	});
});

describe('an execution that is stopped', () => {
	it('takes back what still waits', async () => {
		const { deliveries, requests } = await crowd(
			[{ records: ['a'], stopAfter: 500 }, { records: ['b'] }],
			takes,
		);
		expect(requests).toEqual([['b']]);
		expect(deliveries.map(kindsOf)).toEqual([['held'], ['accepted']]);
	});

	it.each([0, 1])('breaks off no request that others are in, as number %d', async (stopped) => {
		const executions = [0, 1].map((index) => ({
			records: [`${index}`],
			...(index === stopped && { stopAfter: 1_010 }),
		}));
		const { deliveries, requests, aborted } = await crowd(executions, takes);
		expect(requests).toHaveLength(1);
		expect(aborted).toEqual([false]);
		expect(deliveries.map(kindsOf)[1 - stopped]).toEqual(['accepted']);
		expect(deliveries[stopped]?.results).toMatchObject([
			{ kind: 'undelivered', report: { mayHaveArrived: true } },
		]);
	});

	it('breaks off a request once nobody else is in it', async () => {
		const { aborted, clock } = await crowd(
			[
				{ records: ['a'], stopAfter: 1_500 },
				{ records: ['b'], stopAfter: 2_000 },
			],
			takes,
			20_000,
		);
		expect(aborted).toEqual([true]);
		expect(clock.now() - Date.UTC(2026, 10, 20)).toBeLessThan(3_000);
	});
});

it('an execution that has no turn in time fails by itself', async () => {
	const { deliveries, requests } = await crowd(
		[{ records: ['a'], policy: { totalTimeLimit: 1_500 } }, { records: ['b'] }],
		takes,
	);
	expect(requests).toEqual([['b']]);
	expect(deliveries[0]?.results).toMatchObject([
		{ kind: 'held', report: { outcome: { kind: 'noTurn', executions: 2 }, gaveUp: 'time' } },
	]);
});

it('after a 429, what was refused goes first, together with what has gathered', async () => {
	let refusals = 2;
	const { requests, deliveries } = await crowd(
		[{ records: ['a'] }, { records: ['b'] }, { records: ['c'], startAfter: 1_050 }],
		(records, request) => ((refusals -= 1) >= 0 ? answer(429) : takes(records, request)),
	);
	expect(requests.at(-1)).toEqual(['a', 'b', 'c']);
	expect(deliveries.map(({ totals }) => totals.requests)).toEqual([3, 3, 2]);
});

describe('whatever the server does', () => {
	type Deed =
		'brokenTaken' | 'busy' | 'honest' | 'lost' | 'lostTaken' | 'slow' | 'tooMany' | 'unavailable';
	const deed = fc.constantFrom<Deed>(
		...(['brokenTaken', 'busy', 'lost', 'lostTaken', 'tooMany', 'unavailable'] as const),
		...(['honest', 'honest', 'honest'] as const),
	);
	const execution = fc.record({
		count: fc.integer({ min: 1, max: 6 }),
		bad: fc.option(fc.nat(5), { freq: 4 }),
		idempotent: fc.boolean(),
		startAfter: fc.integer({ min: 0, max: 4_000 }),
		stopAfter: fc.option(fc.integer({ min: 0, max: 8_000 }), { nil: undefined, freq: 3 }),
		maxAttempts: fc.integer({ min: 1, max: 4 }),
		totalTimeLimit: fc.constantFrom(2_000, 10_000, 600_000),
		most: fc.integer({ min: 1, max: 6 }),
	});

	/** How often the server may have taken a record, by its result. */
	function allowed(result: RecordResult, idempotent: boolean): readonly [number, number] {
		const more = idempotent ? Infinity : 1;
		if (result.kind === 'accepted' || result.kind === 'unconfirmed') return [1, more];
		if (!('report' in result)) return [0, 0];
		return [0, result.report.mayHaveArrived ? more : 0];
	}

	it('each execution’s account is the server’s', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.array(execution, { minLength: 2, maxLength: 8 }),
				fc.array(deed, { maxLength: 30 }),
				async (executions, deeds) => {
					const taken = new Map<string, number>();
					const script = [...deeds];
					const take = (records: readonly string[]) => {
						for (const one of records) taken.set(one, (taken.get(one) ?? 0) + 1);
					};
					const server: Server = (records) => {
						switch (script.shift() ?? 'honest') {
							case 'tooMany':
								return answer(429);
							case 'unavailable':
								return answer(503);
							case 'busy':
								return answer(500);
							case 'lost':
								return reset;
							case 'lostTaken':
								take(records);
								return reset;
							case 'brokenTaken':
								take(records);
								return answer(502);
							default:
								if (records.some((one) => one.startsWith('bad'))) return answer(422);
								take(records);
								return answer(200, { results: records.length, failed: 0 });
						}
					};
					const given = executions.map(
						({ count, bad, maxAttempts, totalTimeLimit, ...rest }, own) => ({
							...rest,
							records: Array.from({ length: count }, (_, index) => {
								return `${index === bad ? 'bad' : 'good'} ${own} ${index}`;
							}),
							policy: { maxAttempts, totalTimeLimit, patience: 0 },
						}),
					);
					const { deliveries } = await crowd(given, server);
					deliveries.forEach(({ results }, own) => {
						const { records, idempotent } = given[own] ?? { records: [], idempotent: true };
						expect(results).toHaveLength(records.length);
						results.forEach((result, index) => {
							const record = records[index] ?? '';
							const [least, most] = allowed(result, idempotent);
							const times = taken.get(record) ?? 0;
							if (times < least || times > most) {
								throw new Error(`${record} was taken ${times} times: ${JSON.stringify(result)}`);
							}
							if (result.kind === 'refused') expect(record).toMatch(/^bad/);
						});
					});
				},
			),
			{ numRuns: 150 },
		);
	});
});
