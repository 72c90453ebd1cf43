import { type IDataObject, type INode, type INodeExecutionData } from 'n8n-workflow';
import type { RecordResult } from '../delivery/types';
import { explain, type Explanation } from '../http/client/explain';
import {
	counted,
	inDigits,
	sentences,
	type ItemFailure,
	type Noun,
	type Problem,
} from '../http/problem';
import type { InputIssue } from '../operation/types';

/** What became of the input items, as output items, as the error that ends a run, and as hints above the output. */

/** What became of one input item. */
export type ItemResult = DoneItem | FailedItem;

export interface DoneItem {
	readonly kind: 'done';
	readonly item: number;
	readonly outputs: readonly IDataObject[];
}

export interface FailedItem {
	readonly kind: 'failed';
	readonly item: number;
	readonly failure: ItemFailure;
	/** Whom the item is about, where that could be read. */
	readonly about: IDataObject;
}

/** A failed item. */
export function failed(item: number, failure: ItemFailure, about: IDataObject): FailedItem {
	return { kind: 'failed', item, failure, about };
}

/** A failure with one problem. */
export function failure({ message, description, httpCode }: Explanation): ItemFailure {
	return { problems: [{ message, advice: description }], httpCode };
}

const CORRECT = 'Correct the value, or the expression that gives it';

/** An item that can't be sent as it is. Messages name fields of the panel; the user's own keys are details. */
export function invalidInput(issues: readonly InputIssue[]): ItemFailure {
	const [first, ...more] = issues.map(({ field, key, text, detail, advice = CORRECT }): Problem => {
		const place = key === undefined ? '' : `'${field} > ${key}' ${text}`;
		const words = [place, detail ? `n8n says: ${detail}` : ''].filter((part) => part !== '');
		return {
			message: `'${field}' ${text}`,
			advice,
			...(words.length > 0 && { detail: words.join('. ') }),
		};
	});
	return { problems: [first ?? { message: 'The input is missing', advice: CORRECT }, ...more] };
}

/**
 * One output item or more for each input item, in the items' order. A failed one has exactly `error` and `message`: the
 * only shape that both engine lines route to the error branch, where n8n adds the input's fields (measured). In the
 * regular output nothing is routed or added, so there the item says whom it was about.
 */
export function toItems(node: INode, results: readonly ItemResult[]): INodeExecutionData[] {
	const routed = node.onError === 'continueErrorOutput';
	const items: INodeExecutionData[] = [];
	for (const result of [...results].sort((one, other) => one.item - other.item)) {
		const pairedItem = { item: result.item };
		if (result.kind === 'done') {
			for (const json of result.outputs) items.push({ json, pairedItem });
		} else {
			const json = failedJson(result.failure);
			items.push({ json: routed ? json : { ...result.about, ...json }, pairedItem });
		}
	}
	return items;
}

/** Without a text, `message` has to be left out: n8n 1.x takes an empty one for a success. */
function failedJson({ problems }: ItemFailure): IDataObject {
	const [first] = problems;
	const message = problems.length === 1 ? aftermath(first) : inWords(problems);
	return message === '' ? { error: first.message } : { error: first.message, message };
}

/** Everything about a problem but its headline. */
export function aftermath({ detail = '', advice }: Problem): string {
	return sentences([detail, advice]);
}

/** Problems with their details, and each piece of advice once. */
function inWords(problems: readonly Problem[]): string {
	return sentences([...problems.map(inDetail), ...problems.map(({ advice }) => advice)]);
}

/** A problem and its detail. A detail that names a field more exactly says it all. */
export function inDetail({ message, detail = '' }: Problem): string {
	return detail.startsWith("'") ? detail : sentences([message, detail]);
}

/** An item's status, or why it failed. */
export type Meaning = { readonly status: IDataObject } | { readonly failure: ItemFailure };

/** What a result means for an item. */
export function meaningOf(result: RecordResult, noun: Noun): Meaning {
	switch (result.kind) {
		case 'accepted':
			return { status: { status: 'accepted', batch: result.batch, attempts: result.attempts } };
		case 'unconfirmed':
			return {
				status: {
					status: 'unconfirmed',
					batch: result.batch,
					attempts: result.attempts,
					note: unconfirmedNote(result, noun),
				},
			};
		case 'remembered':
			if (result.previous === 'unknown' || result.previous === 'partial')
				return { failure: UNCERTAIN };
			return { status: { status: result.previous, note: 'Sent in an earlier try of this run' } };
		case 'countedFailed':
			return {
				failure: failureWith(
					result.all
						? `Bento counted the ${noun.one} as failed`
						: `Bento counted some ${noun.many} of the batch as failed`,
					result.all
						? 'Bento gives no reason. Check the values, and look in Bento'
						: `Bento counted ${inDigits(result.failed ?? 0)} of the ${counted(result.sent, noun)} in this ${result.shared ? `request, which held ${noun.many} of other executions too,` : 'batch'} as failed and doesn't say which. ${toSeeWhich(result.shared)}`,
				),
			};
		case 'refused':
			return { failure: explained(explain(result.report), `Bento rejected the ${noun.one}`) };
		case 'undelivered':
			return { failure: failure(explain(result.report)) };
		case 'unsorted':
			return {
				failure: explained(
					explain(result.report),
					result.why === 'tooMany'
						? `Bento rejected too many ${noun.many} of this batch to look at each one`
						: `Bento rejected the batch of this ${noun.one}, and the run stopped before it was split`,
				),
			};
		case 'oversize':
			return {
				failure: failureWith(
					`The ${noun.one} is too large for one request`,
					`It takes ${inDigits(result.bytes)} bytes of JSON, and ${inDigits(result.limit)} fit. Send less data in it`,
				),
			};
		case 'unserializable':
			return {
				failure: failureWith(
					`The ${noun.one} can't be written as JSON`,
					'Remove values that refer to themselves, functions, and the like',
				),
			};
		case 'held':
			return { failure: heldBack(result, noun) };
	}
}

/** Never tried: because the run was stopped, an earlier batch failed, or nothing can be sent at all. */
function heldBack({ report }: Extract<RecordResult, { kind: 'held' }>, noun: Noun): ItemFailure {
	const { kind } = report.outcome;
	if (report.attempts === 0 && (kind === 'refused' || kind === 'noTurn'))
		return failure(explain(report));
	const why = kind === 'stopped' ? 'the execution was stopped' : 'an earlier batch failed';
	return explained(explain(report), `The ${noun.one} wasn't sent because ${why}`);
}

function explained(explanation: Explanation, message: string): ItemFailure {
	return failure({ ...explanation, message });
}

function failureWith(message: string, advice: string): ItemFailure {
	return { problems: [{ message, advice }] };
}

/** For what an earlier try may have done, where a repeat would do harm. */
export const UNCERTAIN: ItemFailure = failureWith(
	"It wasn't sent again, because Bento may have it from an earlier try",
	'Look in Bento whether it arrived before you send it again',
);

/** For a workflow that names an operation that doesn't exist, or names it by an expression. */
export const UNKNOWN_OPERATION: ItemFailure = failureWith(
	"There is no such 'Operation'",
	"Choose 'Resource' and 'Operation' in the panel again",
);

/** How to find out which records Bento counts as failed. */
export function toSeeWhich(shared: boolean): string {
	const apart = shared ? "Turn off 'Combine Executions' and set" : 'Set';
	return `${apart} 'Batch Size' to 1 to see which`;
}

/** Why an accepted batch isn't confirmed. Bento's counts name no single record (POST /batch/events). */
export function unconfirmedNote(
	{ reason, sent, shared }: Extract<RecordResult, { kind: 'unconfirmed' }>,
	noun: Noun,
): string {
	const batch = shared
		? `the ${counted(sent, noun)} in this request, which held ${noun.many} of other executions too,`
		: `the ${counted(sent, noun)} in this batch`;
	switch (reason.kind) {
		case 'empty':
			return `Bento took ${batch} with an empty response, which confirms nothing`;
		case 'notJson':
			return `Bento took ${batch} with a response that isn't JSON, which confirms nothing`;
		case 'noCounts':
			return `Bento's response doesn't say how many of ${batch} it accepted`;
		case 'counts':
			if (reason.failed !== undefined && reason.failed > 0) {
				return `Bento counted ${inDigits(reason.failed)} of ${batch} as failed and doesn't say which`;
			}
			return `Bento counted ${inDigits(reason.results ?? 0)} of ${batch} as accepted and doesn't say which`;
	}
}
