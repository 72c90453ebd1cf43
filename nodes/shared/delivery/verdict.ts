import { z } from 'zod';
import type { CallReport } from '../http/outbound/types';
import type { Batch } from './batch';
import type { Counts, Fate } from './types';

/** What to do after a batch's call has ended. */
export type Verdict =
	/** All of its pieces share this fate. */
	| { readonly kind: 'settled'; readonly fate: Fate }
	/** Something in it was refused: look for it in the halves. */
	| { readonly kind: 'split' }
	/** Nothing else of this run would fare better. */
	| { readonly kind: 'hopeless'; readonly fate: Fate };

const count = z.number().int().nonnegative().optional().catch(undefined);
const counts = z.object({ results: count, result: count, failed: count });
const answers = z
	.union([z.object({ data: counts }).transform(({ data }) => data), counts])
	.catch({});

/**
 * Reads the counts of a batch call's answer; both are undefined where it has none. Imports were once documented
 * with `result`, and commands with the counts inside `data` (bento-dotnet-sdk, bento-laravel-sdk).
 */
export function readCounts(answer: unknown): Counts {
	const { results, result, failed } = answers.parse(answer);
	return { results: results ?? result, failed };
}

/**
 * Judges a finished call. Pure.
 *
 * @param counted whether the endpoint answers with counts; the tracking webhook doesn't
 */
export function judge(batch: Batch, report: CallReport, counted: boolean): Verdict {
	const { outcome } = report;
	const { number, parts } = batch;
	if (outcome.kind === 'accepted') {
		return { kind: 'settled', fate: judgeAccepted(batch, report, outcome.body, counted) };
	}
	if (outcome.kind === 'refused') {
		const ofThePieces = outcome.reason === 'invalid' || outcome.reason === 'tooLarge';
		if (!ofThePieces) {
			return { kind: 'hopeless', fate: { kind: 'undelivered', batch: number, report } };
		}
		if (parts.length > 1) return { kind: 'split' };
		return { kind: 'settled', fate: { kind: 'refused', batch: number, report } };
	}
	if (outcome.kind === 'stopped') return { kind: 'hopeless', fate: { kind: 'held', report } };
	const fate: Fate = { kind: 'undelivered', batch: number, report };
	const stopped = outcome.kind === 'unknown' && outcome.reason === 'stopped';
	return { kind: stopped ? 'hopeless' : 'settled', fate };
}

function judgeAccepted(batch: Batch, report: CallReport, answer: unknown, counted: boolean): Fate {
	const { attempts } = report;
	const sent = batch.parts.length;
	const accepted: Fate = { kind: 'accepted', batch: batch.number, attempts, answer };
	if (!counted) return accepted;
	const { results, failed } = readCounts(answer);
	if (results === sent && (failed ?? 0) === 0) return accepted;
	if (failed === sent || (sent === 1 && results === 0)) {
		return { kind: 'refused', batch: batch.number, report: countedAsFailed(report) };
	}
	return { kind: 'unconfirmed', batch: batch.number, attempts, sent, results, failed, answer };
}

/** Bento names no reason for what it counts under `failed` (POST /batch/events). */
function countedAsFailed(report: CallReport): CallReport {
	const status = report.outcome.kind === 'accepted' ? report.outcome.status : undefined;
	return {
		...report,
		outcome: {
			kind: 'refused',
			reason: 'invalid',
			status,
			words: 'counted under "failed", without a reason',
		},
	};
}
