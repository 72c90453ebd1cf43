import type { IDataObject } from 'n8n-workflow';
import { startBentoServer, type BentoServer, type Fault } from '../bentoServer';
import { runWorkflow } from '../support/engine/run';
import { NODE, people, sending, timesTaken } from './support';

const EVENTS = 100_000;

let server: BentoServer;
beforeAll(async () => {
	server = await startBentoServer();
});
beforeEach(() => {
	server.reset();
	server.keepBodies = false;
});
afterAll(() => server.close());

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function seeded(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
	};
}

const FAULTS: readonly Fault[] = [
	{ kind: 'status', status: 429 },
	{ kind: 'status', status: 429, retryAfter: '0' },
	{ kind: 'status', status: 500 },
	{ kind: 'status', status: 503 },
	{ kind: 'cutJson' },
	{ kind: 'shortJson' },
	{ kind: 'resetBefore' },
	{ kind: 'resetAfter' },
	{ kind: 'slow', ms: 20 },
	{ kind: 'silence', accept: true },
	{ kind: 'silence' },
];

/** A third of all requests meet a fault. 429 would slow the run down to Bento's pace, which isn't the point here. */
function hitAThird(seed: number, faults: readonly Fault[]): void {
	const random = seeded(seed);
	server.failWhen(() => {
		if (random() >= 1 / 3) return undefined;
		return faults[Math.floor(random() * faults.length)];
	});
}

const withoutPacing = FAULTS.filter((fault) => fault.kind !== 'status' || fault.status !== 429);

async function chaos(seed: number, options: IDataObject) {
	hitAThird(seed, withoutPacing);
	const workflow = sending(
		server,
		people(EVENTS),
		{ maxAttempts: 30, maxParallelBatches: 4, ...options },
		{
			onError: 'continueRegularOutput',
		},
	);
	const run = await runWorkflow('2x', workflow);
	return {
		results: run.json(NODE),
		hints: run.of(NODE)[0]?.hints ?? [],
		times: timesTaken(server),
	};
}

it.each([1, 20_261_121])(
	'at least once loses nothing, and owns up to every double (seed %d)',
	async (seed) => {
		const { results, hints, times } = await chaos(seed, { deliveryGuarantee: 'atLeastOnce' });
		expect(results.every(({ status }) => status === 'accepted')).toBe(true);
		expect(times.size).toBe(EVENTS);
		const doubled = [...times.values()].filter((count) => count > 1).length;
		expect(doubled).toBeGreaterThan(0);
		const owned = hints.map(
			({ message }) => /^([\d,]+) events? may have arrived twice/.exec(message)?.[1],
		);
		const count = Number(owned.find((found) => found !== undefined)?.replaceAll(',', '') ?? 0);
		// The node can't know which of the unanswered requests had arrived, so its count is the upper bound.
		expect(count).toBeGreaterThanOrEqual(doubled);
		// An event is doubled only by a request whose answer got lost.
		const lostAnswers = server.requests.filter(({ fault }) =>
			['cutJson', 'shortJson', 'resetAfter', 'silence'].includes(fault ?? ''),
		);
		expect(doubled).toBeLessThanOrEqual(lostAnswers.length * 1000);
	},
);

it.each([1, 20_261_121])(
	'at most once doubles nothing, and reports what is unknown (seed %d)',
	async (seed) => {
		const { results, times } = await chaos(seed, { deliveryGuarantee: 'atMostOnce' });
		expect([...times.values()].every((count) => count === 1)).toBe(true);
		const unknown = results.filter(({ error }) => error !== undefined);
		expect(unknown.length).toBeGreaterThan(0);
		// Event by event: what the node calls accepted is there, and what is missing it has reported.
		for (const [item, result] of results.entries()) {
			const taken = times.has(`p${item}@example.com`);
			if (result.status === 'accepted' && !taken)
				throw new Error(`Item ${item} is lost without a word`);
			if (!taken) expect(result.error).toBeDefined();
		}
	},
);
