import type { CallReport } from '../http/outbound/types';
import { bodyOf, envelope, halves, type Batch } from './batch';
import { BatchCutter, type Limits } from './cutter';
import type { DeliveryMemory, Standing } from './memory';
import { SplitBudget } from './splitBudget';
import type { BatchNote, Delivery, Fate, Piece } from './types';
import { judge } from './verdict';

export interface DeliveryPlan {
	/** The plural key that the endpoint wants its records under, such as `events`. */
	readonly wrapper: string;
	/** Most records in one request. */
	readonly maxCount: number;
	/** Most bytes in one request. */
	readonly maxBytes: number;
	/** Batches under way at once, at least 1. */
	readonly parallel: number;
	/** Whether to hold back what isn't sent yet once a batch came to nothing. Refused pieces hold nothing back. */
	readonly stopOnFailure: boolean;
	/** Whether the endpoint answers with `results` and `failed`. */
	readonly counted: boolean;
	/** Whether a batch that Bento may have must not go out again in a later try. */
	readonly rememberUnknown: boolean;
	readonly memory: DeliveryMemory;
	readonly send: (body: Buffer) => Promise<CallReport>;
	/** Told after every call. */
	readonly onBatch?: (note: BatchNote) => void;
}

/**
 * Delivers pieces to a batch endpoint and says what became of each. Batches are cut by count and size, sent in
 * order and in bounded parallel; a batch that Bento refuses for its content is split until the culprits stand
 * alone. It throws only what `send` throws.
 */
export async function deliver(pieces: readonly Piece[], plan: DeliveryPlan): Promise<Delivery> {
	const run = new DeliveryRun(pieces, plan);
	const workers = Array.from({ length: Math.max(1, plan.parallel) }, () => run.work());
	await Promise.all(workers);
	return run.result();
}

class DeliveryRun {
	private readonly fates: Fate[];
	private readonly limits: Limits;
	private readonly cutter: BatchCutter;
	private readonly budget = new SplitBudget();
	private readonly frame;
	/** Why nothing more is sent, once that is so. */
	private halted: CallReport | undefined;
	private batches = 0;
	private requests = 0;
	private retries = 0;
	private possiblyDoubled = 0;

	constructor(
		pieces: readonly Piece[],
		private readonly plan: DeliveryPlan,
	) {
		this.fates = new Array<Fate>(pieces.length);
		this.limits = { count: plan.maxCount, bytes: plan.maxBytes, mostBytes: plan.maxBytes };
		this.frame = envelope(plan.wrapper);
		this.cutter = new BatchCutter(
			pieces,
			this.frame,
			this.limits,
			plan.memory,
			(first, count, fate) => this.settle(first, count, fate),
		);
	}

	/** Takes one batch after the other until none is left or nothing more may be sent. */
	async work(): Promise<void> {
		while (!this.halted) {
			const batch = this.cutter.next();
			if (!batch) return;
			this.batches += 1;
			await this.deliverBatch(batch);
		}
		this.cutter.abandon({ kind: 'held', report: this.halted });
	}

	result(): Delivery {
		const { batches, requests, retries, possiblyDoubled } = this;
		return { fates: this.fates, totals: { batches, requests, retries, possiblyDoubled } };
	}

	private async deliverBatch(batch: Batch): Promise<void> {
		const refusal = await this.send(batch);
		if (refusal) await this.sortOut(batch, refusal);
	}

	/** Sends one request. Returns the refusal when the batch has to be split, and settles its pieces otherwise. */
	private async send(batch: Batch): Promise<CallReport | undefined> {
		const body = bodyOf(batch, this.frame);
		const report = await this.plan.send(body);
		this.account(batch, body.length, report);
		const verdict = judge(batch, report, this.plan.counted);
		if (verdict.kind === 'split') {
			this.learn(report, body.length);
			return report;
		}
		const { fate } = verdict;
		this.settle(batch.first, batch.parts.length, fate);
		this.remember(batch, fate);
		if (verdict.kind === 'hopeless') this.halted ??= report;
		if (fate.kind === 'undelivered' && this.plan.stopOnFailure) this.halted ??= report;
		return undefined;
	}

	/** Halves a refused batch until what Bento refuses stands alone, depth first, so that order is kept. */
	private async sortOut(refused: Batch, refusal: CallReport): Promise<void> {
		const allowance = this.budget.open();
		let largestTaken = 0;
		let culprits = 0;
		const waiting: Array<[Batch, CallReport]> = halves(refused).reverse().map(withReport(refusal));
		for (let next = waiting.pop(); next; next = waiting.pop()) {
			const [batch, why] = next;
			const { length } = batch.parts;
			if (this.halted) {
				this.settle(batch.first, length, { kind: 'held', report: this.halted });
				continue;
			}
			if (!allowance.take()) {
				this.settle(batch.first, length, { kind: 'unsorted', batch: batch.number, report: why });
				culprits += 1;
				continue;
			}
			const again = await this.send(batch);
			if (again) waiting.push(...halves(batch).reverse().map(withReport(again)));
			else if (this.fates[batch.first]?.kind === 'accepted')
				largestTaken = Math.max(largestTaken, length);
			else culprits += 1;
		}
		// All of it was taken in smaller batches: the number was too high, not a piece bad.
		if (culprits === 0 && largestTaken > 0)
			this.limits.count = Math.min(this.limits.count, largestTaken);
	}

	/** After 413 no later batch is larger than the half that goes out next. */
	private learn({ outcome }: CallReport, bytes: number): void {
		if (outcome.kind !== 'refused' || outcome.reason !== 'tooLarge') return;
		this.limits.bytes = Math.min(
			this.limits.bytes,
			Math.ceil(bytes / 2) + this.frame.opening.length,
		);
	}

	private remember(batch: Batch, fate: Fate): void {
		const standing = this.standingOf(fate);
		if (!standing) return;
		this.plan.memory.add({ first: batch.first, count: batch.parts.length, standing });
	}

	/** What a later try has to know of a batch; undefined where it may go out again. */
	private standingOf(fate: Fate): Standing | undefined {
		if (fate.kind === 'accepted' || fate.kind === 'unconfirmed') return fate.kind;
		if (fate.kind !== 'undelivered' || !this.plan.rememberUnknown) return undefined;
		const { outcome, gaveUp } = fate.report;
		return outcome.kind === 'unknown' || gaveUp === 'guarantee' ? 'unknown' : undefined;
	}

	private settle(first: number, count: number, fate: Fate): void {
		for (let position = first; position < first + count; position += 1) this.fates[position] = fate;
	}

	private account(batch: Batch, bytes: number, report: CallReport): void {
		const count = batch.parts.length;
		this.requests += report.attempts;
		this.retries += Math.max(0, report.attempts - 1);
		if (report.outcome.kind === 'accepted' && report.unanswered > 0) this.possiblyDoubled += count;
		this.plan.onBatch?.({ batch: batch.number, count, bytes, report });
	}
}

function withReport(report: CallReport) {
	return (batch: Batch): [Batch, CallReport] => [batch, report];
}
