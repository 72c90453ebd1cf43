import fc from 'fast-check';
import { callBento, DEFAULT_RETRY_POLICY } from '../../../nodes/shared/http/client/call';
import { deliver, type DeliveryPlan } from '../../../nodes/shared/delivery/deliver';
import type { Delivery, RecordResult, Memory } from '../../../nodes/shared/delivery/types';
import type { HttpRequest, HttpResult } from '../../../nodes/shared/http/client/types';
import { answer } from '../../support/fakeTransport';
import { connectionOf } from '../../support/connection';
import { withBody } from '../../support/sends';
import { VirtualClock } from '../../support/virtualClock';

/** What the server does with one request: whether it takes the records, and what it says of it. */
type Deed =
	| { readonly kind: 'honest' }
	| { readonly kind: 'status'; readonly status: number; readonly retryAfter?: string }
	| { readonly kind: 'taken'; readonly says: HttpResult }
	| { readonly kind: 'lost'; readonly says: HttpResult };

const lost = (code: string, mayHaveArrived: boolean): HttpResult => ({
	kind: 'noResponse',
	code,
	mayHaveArrived,
});
const RESET = lost('ECONNRESET', true);

/** Statuses after which Bento has done nothing; what it did before another 5xx is unknown. */
const deed: fc.Arbitrary<Deed> = fc.oneof(
	{ weight: 6, arbitrary: fc.constant<Deed>({ kind: 'honest' }) },
	fc.record({
		kind: fc.constant('status' as const),
		status: fc.constantFrom(301, 400, 408, 413, 422, 429, 501, 503),
		retryAfter: fc.constantFrom('0', '1', '2.5', 'soon', 'Fri, 20 Nov 2026 08:00:01 GMT'),
	}),
	fc.record({
		kind: fc.constantFrom('taken' as const, 'lost' as const),
		says: fc.constantFrom<HttpResult>(
			RESET,
			lost('ECONNABORTED', true),
			answer(500),
			answer(502, '<html>edge</html>'),
		),
	}),
	fc.record({
		kind: fc.constant('taken' as const),
		says: fc.constantFrom(answer(200, 'OK'), answer(202), answer(200, { ok: true }), answer(204)),
	}),
	fc.record({
		kind: fc.constant('lost' as const),
		says: fc.constantFrom(lost('ECONNREFUSED', false), lost('ENOTFOUND', false)),
	}),
);

/** A server that counts what it takes and, where it is honest, refuses batches with a bad record or too many. */
class Server {
	readonly taken = new Map<number, number>();
	readonly sizes: number[] = [];
	requests = 0;

	constructor(
		private readonly deeds: readonly Deed[],
		private readonly bad: ReadonlySet<number>,
		private readonly rules: { readonly most: number; readonly tooMany: number },
	) {}

	readonly transport = (request: HttpRequest): Promise<HttpResult> => {
		const { events } = JSON.parse(request.body?.toString('utf8') ?? '') as { events: number[] };
		const current = this.deeds[this.requests] ?? { kind: 'honest' };
		this.requests += 1;
		this.sizes.push(events.length);
		return Promise.resolve(this.act(current, events));
	};

	private act(current: Deed, events: readonly number[]): HttpResult {
		switch (current.kind) {
			case 'honest':
				if (events.length > this.rules.most) return answer(this.rules.tooMany);
				if (events.some((one) => this.bad.has(one))) return answer(422);
				this.take(events);
				return answer(200, { results: events.length, failed: 0 });
			case 'status':
				return answer(current.status, '', { 'retry-after': current.retryAfter ?? '0' });
			case 'taken':
				this.take(events);
				return current.says;
			case 'lost':
				return current.says;
		}
	}

	private take(events: readonly number[]): void {
		for (const one of events) this.taken.set(one, (this.taken.get(one) ?? 0) + 1);
	}
}

/** A memory as a next try would find it: by position. */
class Kept implements Memory {
	readonly batches = new Map<
		number,
		{ first: number; count: number; previous: 'accepted' | 'partial' | 'unconfirmed' | 'unknown' }
	>();
	private readonly before: Kept['batches'];
	constructor(before?: Kept) {
		this.before = new Map(before?.batches);
		for (const [first, batch] of this.before) this.batches.set(first, batch);
	}
	at(position: number) {
		return this.before.get(position);
	}
	add(batch: Parameters<Memory['add']>[0]) {
		this.batches.set(batch.first, batch);
	}
}

interface Run {
	readonly count: number;
	readonly deeds: readonly Deed[];
	readonly bad: readonly number[];
	readonly most: number;
	readonly tooMany: number;
	readonly maxCount: number;
	readonly parallel: number;
	readonly atMostOnce: boolean;
	readonly stopOnFailure: boolean;
	readonly maxAttempts: number;
	readonly chance: number;
}

const runs: fc.Arbitrary<Run> = fc.record({
	count: fc.integer({ min: 0, max: 40 }),
	deeds: fc.array(deed, { maxLength: 25 }),
	bad: fc.array(fc.nat(39), { maxLength: 3 }),
	most: fc.integer({ min: 1, max: 40 }),
	tooMany: fc.constantFrom(400, 413),
	maxCount: fc.integer({ min: 1, max: 15 }),
	parallel: fc.integer({ min: 1, max: 4 }),
	atMostOnce: fc.boolean(),
	stopOnFailure: fc.boolean(),
	maxAttempts: fc.integer({ min: 1, max: 4 }),
	chance: fc.double({ min: 0, max: 0.999, noNaN: true }),
});

async function carryOut(run: Run, server: Server, memory: Memory): Promise<Delivery> {
	const clock = new VirtualClock();
	const connection = connectionOf({
		transport: server.transport,
		policy: {
			...DEFAULT_RETRY_POLICY,
			maxAttempts: run.maxAttempts,
			patience: 0,
			firstWait: 1,
			longestWait: 3,
		},
		clock,
		random: () => run.chance,
	});
	const plan: DeliveryPlan = {
		wrapper: 'events',
		maxCount: run.maxCount,
		maxBytes: 1_000,
		parallel: run.parallel,
		stopOnFailure: run.stopOnFailure,
		counted: true,
		failUnconfirmed: false,
		rememberUnknown: run.atMostOnce,
		memory,
		send: withBody((body) =>
			callBento(connection, {
				method: 'POST',
				path: '/batch/events',
				body,
				idempotent: !run.atMostOnce,
			}),
		),
	};
	const records = Array.from({ length: run.count }, (_, item) => item);
	return await deliver(records, plan);
}

const serverOf = (run: Run) => new Server(run.deeds, new Set(run.bad), run);

/** How often the server may have taken a piece, by its result. */
function allowed(result: RecordResult): readonly [least: number, most: number] {
	const mayRepeat = 'report' in result && result.report.unanswered > 0 ? Infinity : 0;
	switch (result.kind) {
		case 'accepted':
		case 'unconfirmed':
			return [1, Infinity];
		case 'held':
		case 'oversize':
		case 'unserializable':
			return [0, 0];
		case 'undelivered': {
			const { outcome } = result.report;
			const open =
				outcome.kind === 'unknown' || (outcome.kind === 'busy' && outcome.mayHaveArrived);
			return [0, open ? Infinity : mayRepeat];
		}
		default:
			return [0, mayRepeat];
	}
}

describe('the account equals the server’s, for any mix of responses', () => {
	it('event by event: nothing accepted is missing, nothing denied is there, and duplicates are reported', async () => {
		await fc.assert(
			fc.asyncProperty(runs, async (run) => {
				const server = serverOf(run);
				const { results, totals } = await carryOut(run, server, new Kept());
				expect(results).toHaveLength(run.count);
				let doubled = 0;
				for (let item = 0; item < run.count; item += 1) {
					const result = results[item];
					if (!result) throw new Error(`Record ${item} has no result`);
					const taken = server.taken.get(item) ?? 0;
					const [least, most] = allowed(result);
					expect([item, result.kind, taken >= least && taken <= most]).toEqual([
						item,
						result.kind,
						true,
					]);
					if (run.atMostOnce) expect(taken).toBeLessThanOrEqual(1);
					if (taken > 1 && (result.kind === 'accepted' || result.kind === 'unconfirmed'))
						doubled += 1;
				}
				expect(totals.possiblyDoubled).toBeGreaterThanOrEqual(doubled);
				expect(totals.requests).toBe(server.requests);
			}),
			{ numRuns: 200 },
		);
	});

	it('no batch is larger than asked for, and none grows again once a smaller number was learned', async () => {
		await fc.assert(
			fc.asyncProperty(runs, async (given) => {
				const run = { ...given, count: 40, deeds: [], bad: [], parallel: 1 };
				const server = serverOf(run);
				const { results } = await carryOut(run, server, new Kept());
				expect(results.every(({ kind }) => kind === 'accepted')).toBe(true);
				expect(Math.max(...server.sizes)).toBeLessThanOrEqual(run.maxCount);
				expect([...server.taken.values()].every((times) => times === 1)).toBe(true);
				// The first batch teaches the limit: a tree of halves has one inner node less than leaves.
				const refused = server.sizes.filter((size) => size > run.most);
				expect(refused.length).toBeLessThan(run.maxCount);
			}),
			{ numRuns: 100 },
		);
	});

	it('a second try with the memory of the first sends only the rest, and nothing that may be there at most once', async () => {
		await fc.assert(
			fc.asyncProperty(runs, async (run) => {
				const server = serverOf(run);
				const memory = new Kept();
				const first = await carryOut(run, server, memory);
				const before = new Map(server.taken);
				const second = await carryOut({ ...run, deeds: [] }, server, new Kept(memory));
				for (let item = 0; item < run.count; item += 1) {
					const done = ['accepted', 'unconfirmed'].includes(first.results[item]?.kind ?? '');
					const times = server.taken.get(item) ?? 0;
					if (done) {
						expect(second.results[item]?.kind).toBe('remembered');
						expect(times).toBe(before.get(item));
					}
					if (run.atMostOnce) expect(times).toBeLessThanOrEqual(1);
				}
			}),
			{ numRuns: 100 },
		);
	});
});
