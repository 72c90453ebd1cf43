import { z } from 'zod';
import type { CallReport, Outcome } from '../http/client/types';
import {
	BatchCutter,
	envelope,
	halves,
	sizeOf,
	SplitBudget,
	type Batch,
	type Envelope,
	type Limits,
} from './batches';
import type {
	BatchNote,
	Delivery,
	UnconfirmedReason,
	RecordResult,
	Memory,
	PreviousResult,
} from './types';

export interface DeliveryPlan {
	/** The plural key that the endpoint wants its records under, such as `events`. */
	readonly wrapper: string;
	/** Most records in one request. */
	readonly maxCount: number;
	/** Most bytes in one request. */
	readonly maxBytes: number;
	/** Batches under way in parallel, at least 1. */
	readonly parallel: number;
	/** Whether to hold back what isn't sent yet once a batch failed. Refused records hold nothing back. */
	readonly stopOnFailure: boolean;
	/** Whether the endpoint responds with `results` and `failed`. */
	readonly counted: boolean;
	/** Whether all records of a batch fail when Bento counts some of them as failed; it never says which. */
	readonly failPartial: boolean;
	/** Whether a batch that Bento may have must not be resent in a later try. */
	readonly rememberUnknown: boolean;
	readonly memory: Memory;
	/** Makes the call that delivers one batch. */
	readonly send: (batch: Batch, frame: Envelope) => Promise<CallReport>;
	/** Told after every call. */
	readonly onBatch?: (note: BatchNote) => void;
}

/**
 * Delivers records to a batch endpoint and says what became of each. Batches are cut by count and size, sent in
 * order and in bounded parallel; a batch that Bento refuses for its content is split until the culprits stand
 * alone. It throws only what `send` throws.
 */
export async function deliver(records: readonly unknown[], plan: DeliveryPlan): Promise<Delivery> {
	const run = new DeliveryRun(records, plan);
	const workers = Array.from({ length: Math.max(1, plan.parallel) }, () => run.work());
	await Promise.all(workers);
	return run.result();
}

/** A refused batch's half, and the refusal that it was split for. */
type Half = readonly [batch: Batch, refusal: CallReport];

class DeliveryRun {
	private readonly results: RecordResult[] = [];
	private readonly limits: Limits;
	private readonly cutter: BatchCutter;
	private readonly budget = new SplitBudget();
	private readonly frame;
	/** Why nothing more is sent, once that is so. */
	private halted: CallReport | undefined;
	private readonly sentBatches = new Set<number>();
	private requests = 0;
	private retries = 0;
	private possiblyDoubled = 0;
	private shared = 0;
	private waited = 0;

	constructor(
		records: readonly unknown[],
		private readonly plan: DeliveryPlan,
	) {
		this.limits = { count: plan.maxCount, bytes: plan.maxBytes, mostBytes: plan.maxBytes };
		this.frame = envelope(plan.wrapper);
		this.cutter = new BatchCutter(
			records,
			this.frame,
			this.limits,
			plan.memory,
			(first, count, result) => this.settle(first, count, result),
		);
	}

	/** Takes one batch after the other until none is left or nothing more may be sent. */
	async work(): Promise<void> {
		while (!this.halted) {
			const batch = this.cutter.next();
			if (!batch) return;
			const refusal = await this.send(batch, 0);
			if (refusal) await this.bisect(batch, refusal);
		}
		this.cutter.abandon({ kind: 'held', report: this.halted });
	}

	result(): Delivery {
		const { requests, retries, possiblyDoubled, shared, waited } = this;
		const batches = this.sentBatches.size;
		const totals = { batches, requests, retries, possiblyDoubled, shared, waited };
		return { results: this.results, totals };
	}

	/**
	 * Makes one call. Returns the refusal when the batch has to be split, and settles its records otherwise.
	 *
	 * @param unanswered earlier requests with these records that may have arrived
	 */
	private async send(batch: Batch, unanswered: number): Promise<CallReport | undefined> {
		const count = batch.parts.length;
		const call = await this.plan.send(batch, this.frame);
		const report = { ...call, unanswered: call.unanswered + unanswered };
		this.account(batch, report);
		const decision = judge(batch, report, this.plan);
		if (decision.kind === 'split') {
			this.learn(report, sizeOf(batch, this.frame));
			return report;
		}
		const { result } = decision;
		this.settle(batch.first, count, result);
		const previous = this.previousResultOf(result);
		if (previous) this.plan.memory.add({ first: batch.first, count, previous });
		if (decision.kind === 'fatal') this.halted ??= report;
		if (result.kind === 'undelivered' && this.plan.stopOnFailure) this.halted ??= report;
		return undefined;
	}

	/** Halves a refused batch until what Bento refuses stands alone, depth first, so that order is kept. */
	private async bisect(refused: Batch, refusal: CallReport): Promise<void> {
		const allowance = this.budget.open();
		let largestTaken = 0;
		let allTaken = true;
		const waiting = halvesInReverse(refused, refusal);
		for (let next = waiting.pop(); next; next = waiting.pop()) {
			const [batch, report] = next;
			const { number, first, parts } = batch;
			if (this.halted || !allowance.take()) {
				const why = this.halted ? 'halted' : 'tooMany';
				this.settle(first, parts.length, { kind: 'unsorted', batch: number, why, report });
				allTaken = false;
				continue;
			}
			const again = await this.send(batch, report.unanswered);
			if (again) waiting.push(...halvesInReverse(batch, again));
			else if (this.results[first]?.kind === 'accepted')
				largestTaken = Math.max(largestTaken, parts.length);
			else allTaken = false;
		}
		// All of it was accepted in smaller batches: there were too many records, and none of them was bad.
		if (allTaken) this.limits.count = Math.min(this.limits.count, largestTaken);
	}

	/** After a 413, no later batch is larger than the half that is sent next. */
	private learn({ outcome }: CallReport, bytes: number): void {
		if (outcome.kind !== 'refused' || outcome.reason !== 'tooLarge') return;
		this.limits.bytes = Math.min(
			this.limits.bytes,
			Math.ceil(bytes / 2) + this.frame.opening.length,
		);
	}

	/** What a later try has to know about a batch; undefined where it may be resent. */
	private previousResultOf(result: RecordResult): PreviousResult | undefined {
		if (result.kind === 'accepted' || result.kind === 'unconfirmed') return result.kind;
		if (result.kind === 'countedFailed') return result.all ? undefined : 'partial';
		if (result.kind !== 'undelivered' || !this.plan.rememberUnknown) return undefined;
		const { outcome, gaveUp } = result.report;
		return outcome.kind === 'unknown' || gaveUp === 'guarantee' ? 'unknown' : undefined;
	}

	private settle(first: number, count: number, result: RecordResult): void {
		for (let position = first; position < first + count; position += 1)
			this.results[position] = result;
	}

	private account(batch: Batch, report: CallReport): void {
		const count = batch.parts.length;
		if (report.attempts > 0) this.sentBatches.add(batch.number);
		this.requests += report.attempts;
		this.retries += Math.max(0, report.attempts - 1);
		if (report.outcome.kind === 'accepted' && report.unanswered > 0) this.possiblyDoubled += count;
		if (report.shared) this.shared += 1;
		this.waited = Math.max(this.waited, report.waited ?? 0);
		this.plan.onBatch?.({ batch: batch.number, count, report });
	}
}

/** The halves as a stack takes them: the first one on top. */
function halvesInReverse(batch: Batch, refusal: CallReport): Half[] {
	const [first, second] = halves(batch);
	return [
		[second, refusal],
		[first, refusal],
	];
}

/** What to do after a batch's call has ended. */
type Decision =
	/** All of its records share this result. */
	| { readonly kind: 'settled'; readonly result: RecordResult }
	/** Something in it was refused: look for it in the halves. */
	| { readonly kind: 'split' }
	/** Stop the run: later batches would fail the same way. */
	| { readonly kind: 'fatal'; readonly result: RecordResult };

type CountRules = Pick<DeliveryPlan, 'counted' | 'failPartial'>;

function judge(batch: Batch, report: CallReport, rules: CountRules): Decision {
	const { outcome } = report;
	const { number, parts } = batch;
	if (outcome.kind === 'accepted') {
		return { kind: 'settled', result: judgeAccepted(batch, report, outcome, rules) };
	}
	const byContent =
		outcome.kind === 'refused' && (outcome.reason === 'invalid' || outcome.reason === 'tooLarge');
	if (byContent) {
		if (parts.length > 1) return { kind: 'split' };
		return { kind: 'settled', result: { kind: 'refused', batch: number, report } };
	}
	const result: RecordResult =
		report.attempts === 0
			? { kind: 'held', report }
			: { kind: 'undelivered', batch: number, report };
	const stopped =
		outcome.kind === 'stopped' || (outcome.kind === 'unknown' && outcome.reason === 'stopped');
	return { kind: stopped || outcome.kind === 'refused' ? 'fatal' : 'settled', result };
}

/** Bento has the batch: this says whether all of it, as far as its counts tell. */
function judgeAccepted(
	batch: Batch,
	{ attempts, shared }: CallReport,
	{ content, body }: Extract<Outcome, { kind: 'accepted' }>,
	{ counted, failPartial }: CountRules,
): RecordResult {
	// Bento counts all records of the request.
	const sent = shared?.records ?? batch.parts.length;
	const common = { batch: batch.number, attempts };
	if (!counted) return { kind: 'accepted', ...common, answer: body };
	const unconfirmed = (reason: UnconfirmedReason): RecordResult => ({
		kind: 'unconfirmed',
		...common,
		sent,
		shared: shared !== undefined,
		reason,
		answer: body,
	});
	if (content !== 'json') return unconfirmed({ kind: content === 'empty' ? 'empty' : 'notJson' });
	const { results, failed } = readCounts(body);
	if (results === undefined && failed === undefined) return unconfirmed({ kind: 'noCounts' });
	if (results === sent && (failed ?? 0) === 0) {
		return { kind: 'accepted', ...common, answer: body };
	}
	const all = noneAccepted(results, failed, sent);
	const some = (failed ?? 0) > 0 || (results ?? sent) < sent;
	if (all || (some && failPartial)) {
		return {
			kind: 'countedFailed',
			...common,
			sent,
			shared: shared !== undefined,
			results,
			failed,
			all,
		};
	}
	return unconfirmed({ kind: 'counts', results, failed });
}

/** Whether the counts say that nothing was accepted; a count of more failures than were sent says nothing. */
function noneAccepted(
	results: number | undefined,
	failed: number | undefined,
	sent: number,
): boolean {
	if (results === undefined) return failed === sent;
	return results === 0 && (failed ?? 0) <= sent;
}

const count = z.number().int().nonnegative().optional().catch(undefined);
const counts = z.object({ results: count, result: count, failed: count });
const answers = z
	.union([z.object({ data: counts }).transform(({ data }) => data), counts])
	.catch({});

/**
 * Reads the counts of a batch call's response; both are undefined where it has none. Imports were once documented
 * with `result`, and commands with the counts inside `data` (bento-dotnet-sdk, bento-laravel-sdk).
 */
export function readCounts(answer: unknown): {
	results: number | undefined;
	failed: number | undefined;
} {
	const { results, result, failed } = answers.parse(answer);
	return { results: results ?? result, failed };
}
