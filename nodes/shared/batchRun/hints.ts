import type { NodeExecutionHint } from 'n8n-workflow';
import type { Fate, Totals } from '../delivery/types';
import { counted, inDigits, type Noun } from './words';

const BATCHES: Noun = { one: 'batch', many: 'batches' };
const REQUESTS: Noun = { one: 'request', many: 'requests' };
const RETRIES: Noun = { one: 'retry', many: 'retries' };

/** What a finished run tells the builder above its output. */
export function runHints(
	fates: readonly Fate[],
	totals: Totals,
	milliseconds: number,
	noun: Noun,
): NodeExecutionHint[] {
	const hints = [account(fates, totals, milliseconds, noun)];
	const unconfirmed = fates.filter(({ kind }) => kind === 'unconfirmed').length;
	if (unconfirmed > 0) {
		hints.push(
			warning(
				`${counted(unconfirmed, noun)} can't be confirmed: Bento counted some of their batch as failed and doesn't say which. Set 'Batch Size' to 1 to see which`,
			),
		);
	}
	if (totals.possiblyDoubled > 0) {
		hints.push(
			warning(
				`${counted(totals.possiblyDoubled, noun)} may have arrived twice: the answer to an earlier request got lost. With 'Delivery Guarantee' at most once they are never repeated`,
			),
		);
	}
	return hints;
}

function account(
	fates: readonly Fate[],
	totals: Totals,
	milliseconds: number,
	noun: Noun,
): NodeExecutionHint {
	const accepted = fates.filter(isAccepted).length;
	const seconds = (milliseconds / 1000).toFixed(1);
	return {
		type: 'info',
		location: 'outputPane',
		message: `${inDigits(accepted)} of ${counted(fates.length, noun)} accepted in ${counted(totals.batches, BATCHES)}: ${counted(totals.requests, REQUESTS)}, ${counted(totals.retries, RETRIES)}, ${seconds} s`,
	};
}

function isAccepted(fate: Fate): boolean {
	return fate.kind === 'accepted' || (fate.kind === 'remembered' && fate.standing === 'accepted');
}

/** A hint that asks for attention. */
export function warning(message: string): NodeExecutionHint {
	return { type: 'warning', location: 'outputPane', message };
}
