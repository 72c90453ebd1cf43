import { z } from 'zod';
import { mayHaveArrived } from '../http/client/call';
import { refusalWords } from '../http/client/classify';
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
	/** Whether all records of a batch fail unless Bento confirms all of them; it never says which failed. */
	readonly failUnconfirmed: boolean;
	/** Whether a batch that Bento may have must not be resent in a later try. */
	readonly rememberUnknown: boolean;
	readonly memory: Memory;
	/** What already keeps everything from being sent, such as a failure at another site; default nothing. */
	readonly halted?: CallReport;
	/** Makes the call that delivers one batch; `once` without another attempt. */
	readonly send: (batch: Batch, frame: Envelope, once: boolean) => Promise<CallReport>;
	/** Told after every call. */
	readonly onBatch?: (note: BatchNote) => void;
}

/**
 * Delivers records to a batch endpoint and says what became of each. Batches are cut by count and size, sent in
 * order and in bounded parallel; a batch that Bento refuses for its content is split until the culprits stand
 * alone, and one that makes Bento fail is searched for the record that does. It throws only what `send` throws.
 */
export async function deliver(records: readonly unknown[], plan: DeliveryPlan): Promise<Delivery> {
	const run = new DeliveryRun(records, plan);
	const workers = Array.from({ length: Math.max(1, plan.parallel) }, () => run.work());
	await Promise.all(workers);
	return run.result();
}

/** A call whose batch has no result yet: look for refused records in it, or for one that makes Bento fail. */
interface Unsettled {
	readonly next: 'bisect' | 'isolate';
	readonly report: CallReport;
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
	/** Whether both halves of a batch made Bento fail: then it isn't one record, and no other batch is searched for one. */
	private failsAnyway = false;
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
		this.halted = plan.halted;
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
			const open = await this.send(batch, 0);
			if (open) await this.settleParts(batch, open);
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
	 * Makes one call. Settles the batch's records, unless a part of the batch has to be sent again by itself.
	 *
	 * @param unanswered earlier requests with these records that may have arrived
	 * @param once whether to make one attempt only
	 */
	private async send(
		batch: Batch,
		unanswered: number,
		once = false,
	): Promise<Unsettled | undefined> {
		const call = await this.plan.send(batch, this.frame, once);
		const report = withEarlier(call, unanswered);
		this.account(batch, report);
		const decision = judge(batch, report, this.plan);
		if (decision.kind === 'split') {
			this.learn(report, sizeOf(batch, this.frame));
			return { next: 'bisect', report };
		}
		if (this.mayIsolate(batch, report)) return { next: 'isolate', report };
		this.conclude(batch, decision, report);
		return undefined;
	}

	private async settleParts(batch: Batch, { next, report }: Unsettled): Promise<void> {
		if (next === 'bisect') await this.bisect(batch, report);
		else await this.isolate(batch, report);
	}

	/** Gives all records of a batch their result, and remembers it for another try. */
	private conclude(batch: Batch, { kind, result }: Conclusion, report: CallReport): void {
		const count = batch.parts.length;
		this.settle(batch.first, count, result);
		const previous = this.previousResultOf(result);
		if (previous) this.plan.memory.add({ first: batch.first, count, previous });
		if (kind === 'fatal') this.halted ??= report;
		if (result.kind === 'undelivered' && this.plan.stopOnFailure) this.halted ??= report;
	}

	/** Whether one record of a batch may be what makes Bento fail, and sending the rest again does no harm. */
	private mayIsolate({ parts }: Batch, { outcome, gaveUp }: CallReport): boolean {
		if (this.plan.rememberUnknown || this.failsAnyway || this.halted) return false;
		if (parts.length < 2 || gaveUp !== 'attempts' || outcome.kind !== 'busy') return false;
		// 503 says that nothing was done with the batch, whatever is in it.
		return outcome.from === 'bento' && outcome.status >= 500 && outcome.status !== 503;
	}

	/**
	 * Looks for the one record that makes Bento fail: sends each half once, and goes on in the half that failed. When both
	 * halves fail, Bento fails for another reason, and none of them is split again.
	 */
	private async isolate(failed: Batch, failure: CallReport): Promise<void> {
		const allowance = this.budget.open();
		let suspects: Half[] = [[failed, failure]];
		for (let [suspect] = suspects; suspects.length === 1 && suspect; [suspect] = suspects) {
			const [batch, report] = suspect;
			if (batch.parts.length === 1 || this.halted) break;
			suspects = [];
			for (const half of halves(batch)) {
				const open =
					!this.halted && allowance.take()
						? await this.send(half, report.unanswered + 1, true)
						: ({ next: 'isolate', report } as const);
				if (open?.next === 'isolate') suspects.push([half, open.report]);
				else if (open) await this.bisect(half, open.report);
			}
		}
		this.failsAnyway ||= suspects.length > 1;
		for (const [batch, report] of suspects) {
			const result = { kind: 'undelivered', batch: batch.number, report } as const;
			this.conclude(batch, { kind: 'settled', result }, report);
		}
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
			const open = await this.send(batch, report.unanswered);
			if (open?.next === 'bisect') waiting.push(...halvesInReverse(batch, open.report));
			else if (open) await this.isolate(batch, open.report);
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

	/** What a later try has to know about a batch; undefined if it may be resent. */
	private previousResultOf(result: RecordResult): PreviousResult | undefined {
		if (result.kind === 'accepted' || result.kind === 'unconfirmed') return result.kind;
		if (result.kind === 'countedFailed') return result.all ? undefined : 'partial';
		if (result.kind === 'notConfirmed') return 'partial';
		if (!this.plan.rememberUnknown || !('report' in result)) return undefined;
		return result.report.mayHaveArrived ? 'unknown' : undefined;
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

/** A call's report with earlier calls of the same records that may have arrived. */
function withEarlier(call: CallReport, earlier: number): CallReport {
	const unanswered = call.unanswered + earlier;
	return {
		...call,
		unanswered,
		mayHaveArrived: mayHaveArrived(call.reads, call.outcome, unanswered),
	};
}

/** The halves as a stack takes them: the first one on top. */
function halvesInReverse(batch: Batch, refusal: CallReport): Half[] {
	const [first, second] = halves(batch);
	return [
		[second, refusal],
		[first, refusal],
	];
}

/** The result that all records of a batch share; after a fatal one, later batches would fail in the same way. */
interface Conclusion {
	readonly kind: 'fatal' | 'settled';
	readonly result: RecordResult;
}

/** What to do after a batch's call has ended. If something in it was refused, look for it in the halves. */
type BatchDecision = Conclusion | { readonly kind: 'split' };

type CountRules = Pick<DeliveryPlan, 'counted' | 'failUnconfirmed'>;

function judge(batch: Batch, report: CallReport, rules: CountRules): BatchDecision {
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
		report.attempts === 0 && !report.mayHaveArrived
			? { kind: 'held', report }
			: { kind: 'undelivered', batch: number, report };
	const stopped =
		outcome.kind === 'stopped' || (outcome.kind === 'unknown' && outcome.reason === 'stopped');
	return { kind: stopped || outcome.kind === 'refused' ? 'fatal' : 'settled', result };
}

/** Bento has the batch: this says whether all of it, as far as its response tells. */
function judgeAccepted(
	batch: Batch,
	report: CallReport,
	{ content, body, status, requestId }: Extract<Outcome, { kind: 'accepted' }>,
	{ counted, failUnconfirmed }: CountRules,
): RecordResult {
	// Bento counts all records of the request.
	const sent = report.shared?.records ?? batch.parts.length;
	const shared = report.shared !== undefined;
	const common = { batch: batch.number, attempts: report.attempts };
	const answered = { ...common, answer: body, ...(requestId !== undefined && { requestId }) };
	const unconfirmed = (reason: UnconfirmedReason): RecordResult =>
		failUnconfirmed
			? { kind: 'notConfirmed', ...common, sent, shared, reason }
			: { kind: 'unconfirmed', ...answered, sent, shared, reason };
	const words = refusalWords(body);
	const { results, failed } = readCounts(body);
	const uncounted = results === undefined && failed === undefined;
	if (words !== undefined && uncounted) {
		const outcome: Outcome = { kind: 'refused', reason: 'other', status, words, requestId };
		const why = 'batch';
		const refusal = { ...report, outcome, mayHaveArrived: report.unanswered > 0 };
		return { kind: 'unsorted', batch: batch.number, why, report: refusal };
	}
	if (!counted) return unconfirmed({ kind: 'tracking' });
	if (content !== 'json') return unconfirmed({ kind: content === 'empty' ? 'empty' : 'notJson' });
	if (uncounted) return unconfirmed({ kind: 'noCounts' });
	if (results === sent && (failed ?? 0) === 0 && words === undefined) {
		return { kind: 'accepted', ...answered };
	}
	const all = noneAccepted(results, failed, sent);
	const some = (failed ?? 0) > 0 || (results ?? sent) < sent;
	const said = words === undefined ? {} : { words };
	if (all || (some && failUnconfirmed)) {
		return { kind: 'countedFailed', ...common, sent, shared, results, failed, all, ...said };
	}
	return unconfirmed({ kind: 'counts', results, failed, ...said });
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
 * Reads the counts of a batch call's response; both are undefined if it has none. Imports were once documented
 * with `result`, and commands with the counts inside `data` (bento-dotnet-sdk, bento-laravel-sdk).
 */
export function readCounts(answer: unknown): {
	results: number | undefined;
	failed: number | undefined;
} {
	const { results, result, failed } = answers.parse(answer);
	return { results: results ?? result, failed };
}
