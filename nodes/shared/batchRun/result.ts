import type { IDataObject } from 'n8n-workflow';
import type { Fate } from '../delivery/types';
import { explain } from '../http/outbound/explain';
import { counted, inDigits, type Noun } from './words';

/** What became of one input item. */
export type ItemResult =
	{ readonly kind: 'done'; readonly item: number; readonly json: IDataObject } | FailedItem;

export interface FailedItem {
	readonly kind: 'failed';
	readonly item: number;
	readonly failure: ItemFailure;
}

export interface ItemFailure {
	/** What happened, without user data: n8n rewrites messages by substring. */
	readonly message: string;
	/** What to do next, and Bento's own words. */
	readonly description: string;
	readonly httpCode?: string;
}

/** A fate as the item's output, or as the reason why the item failed. */
export function resultOf(
	item: number,
	fate: Fate,
	noun: Noun,
	describe: (item: number, fate: Fate) => IDataObject,
): ItemResult {
	const failure = failureOf(fate, noun);
	if (failure) return { kind: 'failed', item, failure };
	return { kind: 'done', item, json: { ...statusOf(fate, noun), ...describe(item, fate) } };
}

function statusOf(fate: Fate, noun: Noun): IDataObject {
	switch (fate.kind) {
		case 'accepted':
			return { status: 'accepted', batch: fate.batch, attempts: fate.attempts };
		case 'unconfirmed':
			return {
				status: 'unconfirmed',
				batch: fate.batch,
				attempts: fate.attempts,
				note: unconfirmedNote(fate, noun),
			};
		case 'remembered':
			return { status: fate.standing, note: 'Sent in an earlier try of this run' };
		default:
			return { status: fate.kind };
	}
}

/** Bento's counts in words; they name no single record (POST /batch/events). */
function unconfirmedNote(fate: Extract<Fate, { kind: 'unconfirmed' }>, noun: Noun): string {
	const batch = `the ${counted(fate.sent, noun)} in this batch`;
	const { doubt } = fate;
	if (doubt.kind === 'empty') return `Bento's response is empty, so it doesn't confirm ${batch}`;
	if (doubt.kind === 'notJson')
		return `Bento's response isn't JSON, so it doesn't confirm ${batch}`;
	if (doubt.kind === 'noCounts' || doubt.results === undefined) {
		return `Bento's response doesn't say how many of ${batch} it accepted`;
	}
	if (doubt.failed !== undefined && doubt.failed > 0) {
		return `Bento counted ${inDigits(doubt.failed)} of ${batch} as failed and doesn't say which`;
	}
	return `Bento counted ${inDigits(doubt.results)} of ${batch} as accepted and doesn't say which`;
}

function failureOf(fate: Fate, noun: Noun): ItemFailure | undefined {
	switch (fate.kind) {
		case 'accepted':
		case 'unconfirmed':
			return undefined;
		case 'remembered':
			return fate.standing === 'unknown' ? UNCERTAIN : undefined;
		case 'refused':
			return {
				...explain(fate.report),
				message: `Bento refused the ${noun.one}`,
			};
		case 'countedFailed':
			return {
				message: `Bento counted the ${noun.one} as failed`,
				description: 'Bento gives no reason. Check the values and run the node again.',
			};
		case 'undelivered':
			return explain(fate.report);
		case 'unsorted':
			return {
				...explain(fate.report),
				message: `Bento refused too many ${noun.many} of this batch to look at each one`,
			};
		case 'oversize':
			return {
				message: `The ${noun.one} is too large for one request`,
				description: `It takes ${inDigits(fate.bytes)} bytes of JSON, and ${inDigits(fate.limit)} fit. Send less data in it`,
			};
		case 'unserializable':
			return {
				message: `The ${noun.one} can't be written as JSON`,
				description: 'Remove values that refer to themselves, functions and the like',
			};
		case 'held':
			if (fate.report.outcome.kind === 'refused' && fate.report.attempts === 0) {
				return explain(fate.report);
			}
			return {
				...explain(fate.report),
				message: notSentMessage(fate.report.outcome.kind, noun),
			};
	}
}

const UNCERTAIN: ItemFailure = {
	message: 'Bento may have this from an earlier try, so it was not sent again',
	description: 'Look in Bento whether it arrived before you send it again',
};

function notSentMessage(kind: string, noun: Noun): string {
	return kind === 'stopped'
		? `The ${noun.one} wasn't sent, because the execution was stopped`
		: `The ${noun.one} wasn't sent, because an earlier batch came to nothing`;
}
