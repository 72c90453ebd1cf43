import fc from 'fast-check';
import { deliver, type DeliveryPlan } from '../../../nodes/shared/delivery/deliver';
import { withBody, type SendBody } from '../../support/sends';
import { plainMemory } from '../../support/plainMemory';
import type { UnconfirmedReason, RecordResult } from '../../../nodes/shared/delivery/types';
import { mayHaveArrived } from '../../../nodes/shared/http/client/call';
import type { CallReport, Outcome } from '../../../nodes/shared/http/client/types';

type Decide = (numbers: readonly number[], bytes: number) => CallReport | Outcome;

const ok = (count: number): Outcome => ({
	kind: 'accepted',
	status: 200,
	content: 'json',
	body: { results: count, failed: 0 },
});
const no = (reason: 'credentials' | 'invalid' | 'tooLarge'): Outcome => ({
	kind: 'refused',
	reason,
	status: 422,
	words: '',
});
const BUSY: Outcome = {
	kind: 'busy',
	status: 503,
	from: 'bento',
	words: '',
	retryAfter: undefined,
	mayHaveArrived: false,
};

/** Records that are their own positions. */
const numbers = (count: number) => Array.from({ length: count }, (_, position) => position);

const UNKNOWN: Outcome = { kind: 'unknown', reason: 'lost', code: 'ECONNRESET' };

const reportOf = (outcome: Outcome, more: Partial<CallReport> = {}): CallReport => ({
	outcome,
	attempts: 1,
	reads: false,
	unanswered: 0,
	mayHaveArrived: mayHaveArrived(false, outcome, more.unanswered ?? 0),
	gaveUp: undefined,
	...more,
});

const asReport = (decided: CallReport | Outcome) =>
	'outcome' in decided ? decided : reportOf(decided);

async function run(
	count: number,
	decide: Decide,
	{ send, ...plan }: Partial<Omit<DeliveryPlan, 'send'>> & { readonly send?: SendBody } = {},
	records: readonly unknown[] = numbers(count),
) {
	const bodies: number[][] = [];
	const decided: SendBody = (body) => {
		const { events } = JSON.parse(body.toString('utf8')) as { events: number[] };
		bodies.push(events);
		return Promise.resolve(asReport(decide(events, body.length)));
	};
	const delivery = await deliver(records, {
		wrapper: 'events',
		maxCount: 1000,
		maxBytes: 1_000_000,
		parallel: 1,
		stopOnFailure: true,
		counted: true,
		failUnconfirmed: false,
		rememberUnknown: false,
		memory: plainMemory(),
		...plan,
		send: withBody(send ?? decided),
	});
	return { ...delivery, bodies };
}

const kinds = (results: readonly RecordResult[]) => {
	const counts: Record<string, number> = {};
	for (const { kind } of results) counts[kind] = (counts[kind] ?? 0) + 1;
	return counts;
};

describe('cutting', () => {
	it.each([
		[0, 0],
		[1, 1],
		[1000, 1],
		[1001, 2],
	])('%d records make %d batches, in order', async (count, batches) => {
		const { bodies, results, totals } = await run(count, (list) => ok(list.length));
		expect(bodies).toHaveLength(batches);
		expect(bodies.flat()).toEqual(numbers(count));
		expect(results).toHaveLength(count);
		expect(totals.batches).toBe(batches);
	});

	it('never passes the byte limit, counted in UTF-8 with the envelope', async () => {
		const records = Array.from({ length: 200 }, (_, item) => ({
			text: '€🍱ü'.repeat((item % 7) + 1),
		}));
		const sizes: number[] = [];
		const { results } = await run(
			200,
			(list, bytes) => {
				sizes.push(bytes);
				return ok(list.length);
			},
			{ maxBytes: 500 },
			records,
		);
		expect(Math.max(...sizes)).toBeLessThanOrEqual(500);
		// Each batch is full: what comes next wouldn't have fit.
		expect(sizes.length).toBeLessThan(48);
		expect(kinds(results)).toEqual({ accepted: 200 });
	});

	it('fills each batch to the byte, and sends the largest record that there may be', async () => {
		const maxBytes = 100;
		const room = maxBytes - '{"events":[]}'.length;
		await fc.assert(
			fc.asyncProperty(
				fc.array(fc.integer({ min: 2, max: room }), { minLength: 1, maxLength: 30 }),
				async (sizes) => {
					const records = sizes.map((size) => 'x'.repeat(size - 2));
					const batches: number[][] = [];
					const send: SendBody = (body) => {
						const { events } = JSON.parse(body.toString('utf8')) as { events: string[] };
						expect(body.length).toBeLessThanOrEqual(maxBytes);
						batches.push(events.map((event) => event.length + 2));
						return Promise.resolve(reportOf(ok(events.length)));
					};
					await run(sizes.length, () => BUSY, { maxBytes, send }, records);
					expect(batches.flat()).toEqual(sizes);
					const used = (batch: readonly number[]) =>
						batch.reduce((sum, size) => sum + size, 0) + batch.length - 1;
					batches.slice(1).forEach((batch, index) => {
						const before = batches[index] ?? [];
						expect(used([...before, ...batch.slice(0, 1)])).toBeGreaterThan(room);
					});
				},
			),
		);
	});

	it('numbers the batches from 1, halves with their batch, and says where each begins', async () => {
		const calls: unknown[] = [];
		const { results } = await run(5, () => BUSY, {
			maxCount: 2,
			send: (body, call) => {
				const { batch, first, count } = call;
				calls.push({ batch, first, count });
				const poison = body.toString('utf8').includes('[2,3]');
				return Promise.resolve(reportOf(poison ? no('invalid') : ok(call.count)));
			},
		});
		expect(calls).toEqual([
			{ batch: 1, first: 0, count: 2 },
			{ batch: 2, first: 2, count: 2 },
			{ batch: 2, first: 2, count: 1 },
			{ batch: 2, first: 3, count: 1 },
			{ batch: 3, first: 4, count: 1 },
		]);
		expect(results.map((result) => 'batch' in result && result.batch)).toEqual([1, 1, 2, 2, 3]);
	});

	it.each([
		[3, 3],
		[1, 1],
		[0, 1],
	])('has %d batches under way, and at least one', async (parallel, expected) => {
		let most = 0;
		let now = 0;
		const send: SendBody = async (_body, { count }) => {
			now += 1;
			most = Math.max(most, now);
			await new Promise(setImmediate);
			now -= 1;
			return reportOf(ok(count));
		};
		const { results } = await run(20, () => BUSY, { maxCount: 2, parallel, send });
		expect(most).toBe(expected);
		expect(kinds(results)).toEqual({ accepted: 20 });
	});

	it('lets a record too large for any request fail alone', async () => {
		const records = numbers(5).map((one) => (one === 2 ? 'x'.repeat(600) : one));
		const { results } = await run(5, (list) => ok(list.length), { maxBytes: 500 }, records);
		expect(results[2]).toEqual({ kind: 'oversize', bytes: 602, limit: 487 });
		expect(kinds(results)).toEqual({ accepted: 4, oversize: 1 });
	});

	it('names a record that can’t be written as JSON', async () => {
		const circle: Record<string, unknown> = {};
		circle.self = circle;
		const records = [circle, 1, () => 1];
		const { results } = await run(3, (list) => ok(list.length), {}, records);
		expect(results.map(({ kind }) => kind)).toEqual([
			'unserializable',
			'accepted',
			'unserializable',
		]);
	});

	it('serializes every record once, however often its batch is split', async () => {
		let times = 0;
		const records = numbers(64).map((one) => ({
			toJSON: () => {
				times += 1;
				return one;
			},
		}));
		await run(64, (list) => (list.includes(9) ? no('invalid') : ok(list.length)), {}, records);
		expect(times).toBe(64);
	});
});

describe('splitting', () => {
	it.each([0, 499, 500, 999])(
		'finds a bad record at %d among 1000 in at most 21 requests',
		async (poison) => {
			const { bodies, results } = await run(1000, (list) =>
				list.includes(poison) ? no('invalid') : ok(list.length),
			);
			expect(results[poison]?.kind).toBe('refused');
			expect(kinds(results)).toEqual({ accepted: 999, refused: 1 });
			expect(bodies.length).toBeLessThanOrEqual(2 * Math.log2(1000) + 2);
		},
	);

	it('delivers the good ones exactly once', async () => {
		const bad = new Set([3, 77, 78, 500]);
		const taken: number[] = [];
		await run(1000, (list) => {
			if (list.some((one) => bad.has(one))) return no('invalid');
			taken.push(...list);
			return ok(list.length);
		});
		expect(taken).toEqual(numbers(1000).filter((one) => !bad.has(one)));
	});

	it('finds ten scattered ones in at most 154 requests, and delivers the others', async () => {
		const bad = new Set([1, 98, 203, 317, 402, 511, 640, 733, 850, 999]);
		const { bodies, results } = await run(1000, (list) =>
			list.some((one) => bad.has(one)) ? no('invalid') : ok(list.length),
		);
		expect(kinds(results)).toEqual({ accepted: 990, refused: 10 });
		// Ten paths share their first log2(10) levels: 2·10·log2(1000/10) + 2·10, and the first request.
		expect(bodies.length).toBeLessThanOrEqual(154);
	});

	it('stops at a ceiling when everything is refused', async () => {
		const { bodies, results } = await run(1000, () => no('invalid'));
		expect(bodies.length).toBeLessThanOrEqual(201);
		expect(results).toHaveLength(1000);
		expect(results.filter(({ kind }) => kind === 'unsorted').length).toBeGreaterThan(500);
		expect(results.every((result) => result.kind === 'refused' || result.kind === 'unsorted')).toBe(
			true,
		);
		expect(results[999]).toMatchObject({ kind: 'unsorted', why: 'tooMany' });
	});

	it('keeps a ceiling for the run as well', async () => {
		const { bodies, results } = await run(20_000, () => no('invalid'));
		// Each of the 20 batches is sent once, also after the last split that the run may make.
		expect(bodies).toHaveLength(1000 + 20);
		expect(results).toHaveLength(20_000);
	});

	it('learns a smaller count for the rest of the run when only the size was wrong', async () => {
		const { bodies, results } = await run(3000, (list) =>
			list.length > 100 ? no('invalid') : ok(list.length),
		);
		expect(kinds(results)).toEqual({ accepted: 3000 });
		// 1000, 500, 250, 125 and 63 are the halves of the first batch; from then on, a batch has 63.
		const later = bodies.slice(31).map((body) => body.length);
		expect(new Set(later.slice(0, -1))).toEqual(new Set([63]));
	});

	it('learns no smaller count where a record was bad', async () => {
		const { bodies } = await run(3000, (list) =>
			list.includes(7) ? no('invalid') : ok(list.length),
		);
		expect(bodies.slice(-2).map((body) => body.length)).toEqual([1000, 1000]);
	});

	it('learns from 413 the bytes of the half that follows, also where a record was bad', async () => {
		const records = numbers(400).map((one) => [one, 'x'.repeat(94)]);
		const sizes: number[] = [];
		const decide: Decide = (_list, bytes) => {
			sizes.push(bytes);
			return bytes > 6_000 ? no('tooLarge') : ok(1);
		};
		const refuseThree: SendBody = (body) => {
			const { events } = JSON.parse(body.toString('utf8')) as { events: Array<[number, string]> };
			const bad = body.length <= 6_000 && events.some(([item]) => item === 3);
			const outcome = bad ? no('invalid') : asReport(decide([], body.length)).outcome;
			const counted = outcome.kind === 'accepted' ? ok(events.length) : outcome;
			return Promise.resolve(reportOf(counted));
		};
		const plan = { maxCount: 200, send: refuseThree };
		const { results } = await run(400, () => ok(1), plan, records);
		expect(kinds(results)).toEqual({ accepted: 399, refused: 1 });
		// Only the first batch of 200 and its halves of 100 are refused; then 50 go through in every batch.
		expect(sizes.filter((bytes) => bytes > 6_000)).toHaveLength(3);
		expect(sizes.slice(-5, -1).every((bytes) => bytes > 5_050 && bytes < 5_250)).toBe(true);
	});

	it('sends alone what is larger than the size that was learned', async () => {
		const records = [...numbers(4), 'x'.repeat(300)];
		const refuseFirst: Decide = (list) => (list.length === 4 ? no('tooLarge') : ok(list.length));
		const { results, bodies } = await run(5, refuseFirst, { maxCount: 4 }, records);
		expect(kinds(results)).toEqual({ accepted: 5 });
		expect(bodies.map((body) => body.length)).toEqual([4, 2, 2, 1]);
	});

	it('learns exactly the half from 413', async () => {
		const records = numbers(40).map(() => 'x'.repeat(20));
		const refuseTwenty: Decide = (list) => (list.length === 20 ? no('tooLarge') : ok(list.length));
		const { bodies } = await run(40, refuseTwenty, { maxCount: 20 }, records);
		expect(bodies.map((body) => body.length)).toEqual([20, 10, 10, 10, 10]);
	});

	it('leaves the halves that wait when the run must end, and says so', async () => {
		const { results } = await run(4, (list) =>
			list.length === 4 ? no('invalid') : list.includes(0) ? no('credentials') : ok(list.length),
		);
		expect(results.map(({ kind }) => kind)).toEqual([
			'undelivered',
			'undelivered',
			'unsorted',
			'unsorted',
		]);
		expect(results[3]).toMatchObject({ batch: 1, why: 'halted', report: { attempts: 1 } });
	});

	it('adds the unanswered requests of a batch to those of its halves', async () => {
		const seen: number[] = [];
		const { totals } = await run(4, () => BUSY, {
			send: (_body, { count }) => {
				const outcome = count > 1 ? no('invalid') : ok(1);
				return Promise.resolve(reportOf(outcome, { unanswered: 1 }));
			},
			onBatch: ({ report }) => seen.push(report.unanswered),
		});
		expect(seen).toEqual([1, 2, 3, 3, 2, 3, 3]);
		expect(totals.possiblyDoubled).toBe(4);
	});

	it('learns a smaller size from 413', async () => {
		const records = numbers(400).map(() => 'x'.repeat(100));
		const refused: number[] = [];
		const { results } = await run(
			400,
			(list, bytes) => {
				if (bytes <= 6000) return ok(list.length);
				refused.push(bytes);
				return no('tooLarge');
			},
			{ maxCount: 200 },
			records,
		);
		expect(kinds(results)).toEqual({ accepted: 400 });
		// The first batch is halved twice; the second is cut to fit from the start.
		expect(refused).toHaveLength(3);
	});
});

describe('what holds others back', () => {
	it('is a wrong credential, always', async () => {
		const { bodies, results } = await run(3000, () => no('credentials'), { stopOnFailure: false });
		expect(bodies).toHaveLength(1);
		expect(kinds(results)).toEqual({ undelivered: 1000, held: 2000 });
	});

	it('is a failed batch, unless the run continues', async () => {
		const decide: Decide = (list) => (list.includes(0) ? BUSY : ok(list.length));
		expect(kinds((await run(3000, decide)).results)).toEqual({ undelivered: 1000, held: 2000 });
		const { results } = await run(3000, decide, { stopOnFailure: false });
		expect(kinds(results)).toEqual({ undelivered: 1000, accepted: 2000 });
	});
});

describe('what holds others back, by its outcome', () => {
	const STOPPED: Outcome = { kind: 'unknown', reason: 'stopped', code: 'ERR_CANCELED' };

	it.each<[string, CallReport, boolean, string]>([
		['a stop before any request', reportOf({ kind: 'stopped' }, { attempts: 0 }), true, 'held'],
		['a stop', reportOf({ kind: 'stopped' }), true, 'undelivered'],
		['a stop that cut a request off', reportOf(STOPPED), true, 'undelivered'],
		['a refusal of everything', reportOf(no('credentials')), true, 'undelivered'],
		['a response that got lost', reportOf(UNKNOWN), false, 'undelivered'],
		['a busy Bento', reportOf(BUSY), false, 'undelivered'],
		['no time', reportOf(BUSY, { attempts: 0, gaveUp: 'time' }), false, 'held'],
	])('%s', async (_name, report, ends, kind) => {
		const { results, totals } = await run(2, () => BUSY, {
			maxCount: 1,
			stopOnFailure: false,
			send: (_body, { first }) => Promise.resolve(first === 0 ? report : reportOf(ok(1))),
		});
		expect(results.map((result) => result.kind)).toEqual([kind, ends ? 'held' : 'accepted']);
		expect(results[0]).toMatchObject({ report: { outcome: report.outcome } });
		expect(totals.batches).toBe((report.attempts > 0 ? 1 : 0) + (ends ? 0 : 1));
	});
});

it('the totals add up the requests, the retries and what may be doubled', async () => {
	const reports = [
		reportOf(BUSY, { attempts: 0, unanswered: 0 }),
		reportOf(ok(2), { attempts: 1, unanswered: 0 }),
		reportOf(ok(2), { attempts: 4, unanswered: 2 }),
		reportOf(UNKNOWN, { attempts: 3, unanswered: 2 }),
	];
	const notes: unknown[] = [];
	const { totals, results } = await run(8, () => BUSY, {
		maxCount: 2,
		stopOnFailure: false,
		send: (_body, { batch }) => Promise.resolve(reports[batch - 1] ?? reportOf(BUSY)),
		onBatch: ({ batch, count }) => notes.push([batch, count]),
	});
	expect(totals).toMatchObject({ batches: 3, requests: 8, retries: 5, possiblyDoubled: 2 });
	expect(results[4]).toMatchObject({ kind: 'accepted', batch: 3, attempts: 4 });
	expect(notes).toEqual([1, 2, 3, 4].map((batch) => [batch, 2]));
});

describe('counts', () => {
	it.each<[string, unknown, number, string]>([
		['all', { results: 5, failed: 0 }, 5, 'accepted'],
		['all, without failed', { results: 5 }, 5, 'accepted'],
		['some failed', { results: 3, failed: 2 }, 5, 'unconfirmed'],
		['fewer results', { results: 4, failed: 0 }, 5, 'unconfirmed'],
		['no counts', { ok: true }, 5, 'unconfirmed'],
		['a list', [], 5, 'unconfirmed'],
		['nonsense', { results: 'many' }, 5, 'unconfirmed'],
		['failed alone, some', { failed: 2 }, 5, 'unconfirmed'],
		['more than were sent', { results: 9, failed: 0 }, 5, 'unconfirmed'],
		['more failures than were sent', { results: 0, failed: 9 }, 5, 'unconfirmed'],
		['all twice', { results: 5, failed: 5 }, 5, 'unconfirmed'],
		['all failed', { results: 0, failed: 5 }, 5, 'countedFailed'],
		['all failed, without results', { failed: 5 }, 5, 'countedFailed'],
		['none accepted', { results: 0 }, 5, 'countedFailed'],
		['the only one failed', { results: 0, failed: 1 }, 1, 'countedFailed'],
	])('%s: %j for %d', async (_name, body, count, kind) => {
		const { results } = await run(count, () => ({
			kind: 'accepted',
			status: 200,
			content: 'json',
			body,
		}));
		expect(kinds(results)).toEqual({ [kind]: count });
	});

	it.each<[string, Outcome, UnconfirmedReason['kind']]>([
		['a text', { kind: 'accepted', status: 200, content: 'text', body: 'OK' }, 'notJson'],
		['nothing', { kind: 'accepted', status: 202, content: 'empty', body: '' }, 'empty'],
		[
			'JSON without counts',
			{ kind: 'accepted', status: 200, content: 'json', body: { ok: true } },
			'noCounts',
		],
		[
			'some failures',
			{ kind: 'accepted', status: 200, content: 'json', body: { results: 2, failed: 1 } },
			'counts',
		],
	])('and the reason is true for %s', async (_name, outcome, reason) => {
		const { results, bodies } = await run(3, () => outcome);
		expect(bodies).toHaveLength(1);
		expect(results).toMatchObject(
			[1, 2, 3].map(() => ({ kind: 'unconfirmed', reason: { kind: reason } })),
		);
	});

	it('that say some failed fail the whole batch on request, and it is never resent', async () => {
		const memory = plainMemory();
		const partial = (list: readonly number[]): Outcome => ({
			kind: 'accepted',
			status: 200,
			content: 'json',
			body: { results: list.length - 1, failed: 1 },
		});
		const { results } = await run(3, partial, { failUnconfirmed: true, memory });
		expect(results).toMatchObject(
			[1, 2, 3].map(() => ({ kind: 'countedFailed', all: false, failed: 1 })),
		);
		const again = await run(3, partial, { memory });
		expect(again.bodies).toHaveLength(0);
		expect(again.results[0]).toEqual({ kind: 'remembered', previous: 'partial' });
	});

	it.each<[string, unknown, string]>([
		['all accepted', { results: 3, failed: 0 }, 'accepted'],
		['one failed', { results: 2, failed: 1 }, 'countedFailed'],
		['one failed, without results', { failed: 1 }, 'countedFailed'],
		['one missing', { results: 2 }, 'countedFailed'],
		['all accepted, and one failed', { results: 3, failed: 1 }, 'countedFailed'],
		['more than were sent', { results: 4, failed: 0 }, 'notConfirmed'],
		['none failed, without results', { failed: 0 }, 'notConfirmed'],
		['nothing', { status: 'ok' }, 'notConfirmed'],
	])('fail a batch, where that is asked for, that says: %s', async (_name, body, kind) => {
		const outcome: Outcome = { kind: 'accepted', status: 200, content: 'json', body };
		const { results } = await run(3, () => outcome, { failUnconfirmed: true });
		expect(kinds(results)).toEqual({ [kind]: 3 });
	});

	it.each<[boolean, string]>([
		[false, 'unconfirmed'],
		[true, 'notConfirmed'],
	])('of an endpoint without counts confirm nothing; failing them is %p', async (fail, kind) => {
		const bodies: unknown[] = ['ok', '', { results: 3 }];
		for (const body of bodies) {
			const content = typeof body !== 'string' ? 'json' : body === '' ? 'empty' : 'text';
			const outcome = { kind: 'accepted', status: 201, content, body } as Outcome;
			const { results } = await run(3, () => outcome, { counted: false, failUnconfirmed: fail });
			expect(kinds(results)).toEqual({ [kind]: 3 });
			expect(results[0]).toMatchObject({ reason: { kind: 'tracking' } });
		}
	});

	const saying = (body: unknown): Outcome => ({
		kind: 'accepted',
		status: 200,
		content: 'json',
		body,
	});

	it.each<[unknown, string]>([
		[{ success: false, message: 'Site is suspended' }, 'Site is suspended'],
		[{ error: 'No such site' }, 'No such site'],
		[{ errors: [{ field: 'email', message: 'is invalid' }] }, 'email is invalid'],
		[{ errors: { email: ['is invalid'] } }, 'email is invalid'],
	])('a 2xx that says no is a refusal of the batch, which isn’t split: %j', async (body, words) => {
		const { results, bodies } = await run(
			4,
			(list) => (list.includes(0) ? saying(body) : saying({ results: list.length, failed: 0 })),
			{ maxCount: 2 },
		);
		expect(bodies).toHaveLength(2);
		expect(kinds(results)).toEqual({ unsorted: 2, accepted: 2 });
		expect(results[0]).toMatchObject({ why: 'batch', report: { outcome: { words } } });
	});

	it.each<[unknown, string]>([
		[{ results: 0, failed: 2, errors: ['email is invalid'] }, 'countedFailed'],
		[{ results: 2, failed: 0, errors: ['a field was ignored'] }, 'unconfirmed'],
		[{ results: 1, failed: 1, errors: ['email is invalid'] }, 'unconfirmed'],
	])('errors beside counts are kept: %j', async (body, kind) => {
		const { results } = await run(2, () => saying(body));
		expect(kinds(results)).toEqual({ [kind]: 2 });
		expect(JSON.stringify(results[0])).toMatch(/"words":"(email is invalid|a field was ignored)"/);
	});
});

describe('a record that makes Bento fail', () => {
	const FAILS: Outcome = { ...BUSY, status: 500, mayHaveArrived: true };
	const TIRED = { gaveUp: 'attempts', attempts: 5 } as const;
	const accepted = (list: readonly number[]): Outcome => ({
		kind: 'accepted',
		status: 200,
		content: 'json',
		body: { results: list.length, failed: 0 },
	});
	const poisonedBy =
		(...bad: readonly number[]): Decide =>
		(list) =>
			bad.some((one) => list.includes(one)) ? reportOf(FAILS, TIRED) : accepted(list);

	it.each([0, 1, 7, 10, 19])('is found, and all others are delivered: %d of 20', async (bad) => {
		const { results, bodies } = await run(20, poisonedBy(bad), { stopOnFailure: false });
		expect(kinds(results)).toEqual({ accepted: 19, undelivered: 1 });
		expect(results[bad]?.kind).toBe('undelivered');
		expect(bodies.length).toBeLessThanOrEqual(11);
	});

	it('takes at most 21 requests in a thousand', async () => {
		const { results, bodies } = await run(1000, poisonedBy(777), { stopOnFailure: false });
		expect(kinds(results)).toEqual({ accepted: 999, undelivered: 1 });
		expect(bodies.length).toBeLessThanOrEqual(21);
	});

	it('isn’t looked for while Bento fails anyway: two requests for the first batch, and no more', async () => {
		const { results, bodies } = await run(40, () => reportOf(FAILS, TIRED), {
			stopOnFailure: false,
			maxCount: 10,
		});
		expect(kinds(results)).toEqual({ undelivered: 40 });
		expect(bodies.length).toBe(4 + 2);
	});

	it.each<[string, Outcome, Partial<CallReport>, { readonly rememberUnknown?: boolean }]>([
		['a repeat would do harm', FAILS, TIRED, { rememberUnknown: true }],
		['503 says that nothing was done', BUSY, TIRED, {}],
		['the time is up', FAILS, { gaveUp: 'time' }, {}],
		['no response came', UNKNOWN, TIRED, {}],
		['a proxy failed', { ...FAILS, from: 'proxy' }, TIRED, {}],
	])('isn’t looked for where %s', async (_name, outcome, report, plan) => {
		const { bodies } = await run(20, () => reportOf(outcome, report), {
			stopOnFailure: false,
			...plan,
		});
		expect(bodies).toHaveLength(1);
	});

	it('is looked for with one attempt per half', async () => {
		const once: boolean[] = [];
		await run(4, poisonedBy(2), {
			stopOnFailure: false,
			onBatch: undefined,
			send: (body, batch) => {
				once.push(batch.once);
				const { events } = JSON.parse(body.toString('utf8')) as { events: number[] };
				return Promise.resolve(asReport(poisonedBy(2)(events, body.length)));
			},
		});
		expect(once).toEqual([false, true, true, true, true]);
	});
});

describe('memory', () => {
	it('sends only what an earlier try has not delivered', async () => {
		const memory = plainMemory();
		const one = await run(50, (list) => (list.includes(25) ? BUSY : ok(list.length)), {
			maxCount: 10,
			memory,
		});
		expect(kinds(one.results)).toEqual({ accepted: 20, undelivered: 10, held: 20 });
		const two = await run(50, (list) => ok(list.length), { maxCount: 7, memory });
		expect(two.bodies.flat()).toEqual(numbers(50).slice(20));
		expect(kinds(two.results)).toEqual({ remembered: 20, accepted: 30 });
	});

	it('leaves out what an earlier try has delivered wherever it stands, and no more than is there', async () => {
		const memory = plainMemory();
		memory.add({ first: 2, count: 3, previous: 'unknown' });
		memory.add({ first: 8, count: 90, previous: 'accepted' });
		const { bodies, results } = await run(10, (list) => ok(list.length), { memory });
		expect(bodies).toEqual([
			[0, 1],
			[5, 6, 7],
		]);
		expect(results).toHaveLength(10);
		expect(results.slice(2, 5)).toEqual(Array(3).fill({ kind: 'remembered', previous: 'unknown' }));
		expect(kinds(results)).toEqual({ accepted: 5, remembered: 5 });
	});

	it('remembers also where the run ends early', async () => {
		const memory = plainMemory();
		memory.add({ first: 2, count: 1, previous: 'accepted' });
		const { results } = await run(4, () => no('credentials'), { maxCount: 1, memory });
		expect(results.map(({ kind }) => kind)).toEqual(['undelivered', 'held', 'remembered', 'held']);
	});

	const DOUBTFUL: Outcome = { ...BUSY, status: 502, mayHaveArrived: true };
	const text: Outcome = { kind: 'accepted', status: 200, content: 'text', body: 'OK' };
	it.each<[string, CallReport, boolean, string | undefined]>([
		['accepted', reportOf(ok(1)), false, 'accepted'],
		['accepted without counts', reportOf(text), false, 'unconfirmed'],
		['lost, at least once', reportOf(UNKNOWN), false, undefined],
		['lost, at most once', reportOf(UNKNOWN), true, 'unknown'],
		['kept from a repeat', reportOf(DOUBTFUL, { gaveUp: 'guarantee' }), true, 'unknown'],
		[
			'kept from a repeat, at least once',
			reportOf(DOUBTFUL, { gaveUp: 'guarantee' }),
			false,
			undefined,
		],
		['busy', reportOf(BUSY, { gaveUp: 'attempts' }), true, undefined],
		['refused', reportOf(no('invalid')), true, undefined],
		['never sent', reportOf({ kind: 'stopped' }, { attempts: 0 }), true, undefined],
		[
			'stopped after a half of it was lost',
			reportOf({ kind: 'stopped' }, { attempts: 0, unanswered: 1 }),
			true,
			'unknown',
		],
	])('notes what may not go out again: %s', async (_name, report, rememberUnknown, previous) => {
		const memory = plainMemory();
		const send = () => Promise.resolve(report);
		await run(1, () => BUSY, { memory, rememberUnknown, send });
		const expected = previous === undefined ? [] : [{ first: 0, count: 1, previous }];
		expect([...memory.delivered.values()]).toEqual(expected);
	});
});
