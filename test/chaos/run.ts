import type { BentoServer } from '../bentoServer';
import { runWorkflow } from '../support/engine/run';
import { NODE, people, sending, timesTaken } from '../faults/support';
import { DOUBTS, FAULTS, seeded } from './faults';

export type Guarantee = 'atLeastOnce' | 'atMostOnce';

export interface ChaosOptions {
	readonly events: number;
	readonly seed: number;
	readonly guarantee: Guarantee;
}

/** The node's account beside the server's. */
export interface Account {
	readonly accepted: number;
	readonly unconfirmed: number;
	readonly failed: number;
	/** Events that the server has, each counted once. */
	readonly held: number;
	readonly doubled: number;
	/** How many the node's hint says may have arrived twice. */
	readonly owned: number;
	readonly requests: number;
	readonly faults: number;
	/** What the node reports wrong about the first such event, if there is one. */
	readonly mismatch: string | undefined;
}

/** Enough for every fault to hit some, even with few events. */
const BATCHES = 200;

/** The share of requests that meet a fault. */
const SHARE = 1 / 3;

/**
 * Sends events through the shipped node on n8n's engine while a third of all requests meets a fault, and compares
 * event by event what the node says with what the server has. The same seed gives the same faults.
 */
export async function runChaos(server: BentoServer, options: ChaosOptions): Promise<Account> {
	const { events, seed, guarantee } = options;
	const random = seeded(seed);
	const faults = [...FAULTS, ...DOUBTS];
	server.reset();
	server.keepBodies = false;
	server.failWhen(() =>
		random() < SHARE ? faults[Math.floor(random() * faults.length)] : undefined,
	);
	const settings = {
		batchSize: Math.min(1000, Math.ceil(events / BATCHES)),
		maxAttempts: 30,
		maxParallelBatches: 4,
		deliveryGuarantee: guarantee,
	};
	const workflow = sending(server, people(events), settings, { onError: 'continueRegularOutput' });
	const run = await runWorkflow('2x', workflow);
	return compare(run.json(NODE), hintsOf(run.of(NODE)[0]), server, options);
}

function hintsOf(task: { readonly hints?: ReadonlyArray<{ message: string }> } | undefined) {
	return (task?.hints ?? []).map(({ message }) => message);
}

type Result = Readonly<Record<string, unknown>>;

function compare(
	results: readonly Result[],
	hints: readonly string[],
	server: BentoServer,
	{ events, guarantee }: ChaosOptions,
): Account {
	const times = timesTaken(server);
	const doubled = [...times.values()].filter((count) => count > 1).length;
	const owned = ownedIn(hints);
	const mismatches = Array.from({ length: events }, (_, item) =>
		mismatchOf(item, results[item], times.get(`p${item}@example.com`) ?? 0, guarantee),
	);
	const first = mismatches.find((found) => found !== undefined);
	// The node can't know which of the unanswered requests had arrived, so its count is an upper bound.
	const silent =
		doubled > owned ? `${doubled} arrived twice, and the hint says ${owned}` : undefined;
	return {
		accepted: results.filter(({ status }) => status === 'accepted').length,
		unconfirmed: results.filter(({ status }) => status === 'unconfirmed').length,
		failed: results.filter(({ error }) => error !== undefined).length,
		held: times.size,
		doubled,
		owned,
		requests: server.requests.length,
		faults: server.requests.filter(({ fault }) => fault !== undefined).length,
		mismatch: first ?? silent,
	};
}

/** What the node reports wrong about one event. */
function mismatchOf(
	item: number,
	result: Result | undefined,
	taken: number,
	guarantee: Guarantee,
): string | undefined {
	const says = [result?.status, result?.error].find((text) => typeof text === 'string');
	const told = `Item ${item}: the node says "${says ?? 'nothing'}", and the server has it ${taken} times`;
	const delivered = says === 'accepted' || says === 'unconfirmed';
	if (delivered && taken === 0) return `${told}: lost without a word`;
	const admitted = typeof result?.message === 'string' && /may have/.test(result.message);
	if (!delivered && taken > 0 && !admitted) return `${told}: there without a word`;
	if (guarantee === 'atMostOnce' && taken > 1) return `${told}: doubled`;
	if (says === undefined) return `${told}: left out`;
	return undefined;
}

/** "1,000 events may have …" gives 1000. */
function ownedIn(hints: readonly string[]): number {
	const hint = hints.find((text) => /twice|more than once/.test(text));
	const [digits = '0'] = /[\d,]+/.exec(hint ?? '') ?? [];
	return Number(digits.replaceAll(',', ''));
}
