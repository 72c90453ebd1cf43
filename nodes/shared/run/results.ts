import { type IDataObject, type INode, type INodeExecutionData } from 'n8n-workflow';
import type { RecordResult, UnconfirmedReason } from '../delivery/types';
import { explain, fromBento } from '../http/client/explain';
import {
	aftermath,
	codeOf,
	counted,
	inDigits,
	sentences,
	type Noun,
	type Problem,
	type Problems,
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
	readonly problems: Problems;
	/** Whom the item is about, if that could be read. */
	readonly about: IDataObject;
}

/** A failed item. */
export function failed(item: number, problems: Problems, about: IDataObject): FailedItem {
	return { kind: 'failed', item, problems, about };
}

const CORRECT = 'Correct the value, or the expression that gives it';

/** An item that can't be sent as it is. Messages name fields of the panel; the user's own keys are details. */
export function invalidInput(issues: readonly InputIssue[]): Problems {
	const [first, ...more] = issues.map(({ field, key, text, detail, advice = CORRECT }): Problem => {
		const place = key === undefined ? '' : `'${field} > ${key}' ${text}`;
		const words = [place, detail ? `n8n says: ${detail}` : ''].filter((part) => part !== '');
		return {
			code: 'INVALID_INPUT',
			message: `'${field}' ${text}`,
			advice,
			...(words.length > 0 && { detail: words.join('. ') }),
		};
	});
	return [
		first ?? { code: 'INVALID_INPUT', message: 'The input is missing', advice: CORRECT },
		...more,
	];
}

/**
 * One output item or more for each input item, in the items' order. A failed one has exactly `error` and `message`: the
 * only shape that both engine lines route to the error branch, where n8n adds the input's fields (measured). In the
 * regular output nothing is routed or added, so there the item says whom it was about, and has its code as fields.
 */
export function toItems(node: INode, results: readonly ItemResult[]): INodeExecutionData[] {
	const routed = node.onError === 'continueErrorOutput';
	const items: INodeExecutionData[] = [];
	for (const result of [...results].sort((one, other) => one.item - other.item)) {
		const pairedItem = { item: result.item };
		if (result.kind === 'done') {
			for (const json of result.outputs) items.push({ json, pairedItem });
		} else {
			const json = failedJson(result.problems);
			const own = { ...result.about, ...json, ...codeFields(result.problems[0]) };
			items.push({ json: routed ? json : own, pairedItem });
		}
	}
	return items;
}

/** The code stands in the text too: n8n 1.x takes an item with a third key for a success. */
function failedJson(problems: Problems): IDataObject & { error: string; message: string } {
	const [first] = problems;
	const told = problems.length === 1 ? aftermath(first) : inWords(problems);
	return { error: first.message, message: sentences([told, codeOf(first)]) };
}

/** What a workflow branches on, as fields of their own. */
function codeFields({ code, httpCode, mayHaveArrived = false }: Problem): IDataObject {
	return { code, httpStatus: httpCode === undefined ? null : Number(httpCode), mayHaveArrived };
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
export type Meaning = { readonly status: IDataObject } | { readonly problem: Problem };

/** Reads what a result means for an item. */
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
				return { problem: UNCERTAIN };
			return {
				status: { status: result.previous, note: 'Sent in an earlier attempt of this run' },
			};
		default:
			return { problem: recordProblem(result, noun) };
	}
}

type Failure = Exclude<RecordResult, { kind: 'accepted' | 'remembered' | 'unconfirmed' }>;

function recordProblem(result: Failure, noun: Noun): Problem {
	switch (result.kind) {
		case 'countedFailed':
			return countedFailed(result, noun);
		case 'notConfirmed':
			return {
				code: 'UNCONFIRMED',
				mayHaveArrived: true,
				message: `Bento didn't confirm the ${noun.one}`,
				detail: unconfirmedNote(result, noun),
				advice: `Bento may have it. Check in Bento before you send it again, or set 'If Unconfirmed' to Continue`,
			};
		case 'refused':
			return { ...explain(result.report), message: `Bento rejected the ${noun.one}` };
		case 'undelivered':
			return explain(result.report);
		case 'unsorted':
			return { ...explain(result.report), message: UNSORTED[result.why](noun) };
		case 'oversize':
			return {
				code: 'TOO_LARGE',
				message: `The ${noun.one} is too large for one request`,
				advice: `It takes ${inDigits(result.bytes)} bytes of JSON, and ${inDigits(result.limit)} fit. Send less data in it`,
			};
		case 'unserializable':
			return {
				code: 'INVALID_INPUT',
				message: `The ${noun.one} can't be written as JSON`,
				advice: 'Remove values that refer to themselves, functions, and the like',
			};
		case 'held':
			return heldBack(result, noun);
	}
}

function countedFailed(
	{ all, failed, sent, shared, words }: Extract<RecordResult, { kind: 'countedFailed' }>,
	noun: Noun,
): Problem {
	const detail = words === undefined ? {} : { detail: fromBento(words) };
	if (all) {
		const advice =
			words === undefined
				? 'Bento gives no reason. Check the values and the subscriber in Bento'
				: 'Correct the values that Bento names, and run the node again';
		return {
			code: 'REJECTED',
			message: `Bento counted the ${noun.one} as failed`,
			...detail,
			advice,
		};
	}
	return {
		code: 'UNCONFIRMED',
		mayHaveArrived: true,
		message: `Bento counted some ${noun.many} of the batch as failed`,
		...detail,
		advice: `Bento counted ${inDigits(failed ?? 0)} of ${inRequest(sent, shared, noun)} as failed and doesn't say which. ${toSeeWhich(shared)}`,
	};
}

const UNSORTED: Readonly<
	Record<Extract<RecordResult, { kind: 'unsorted' }>['why'], (noun: Noun) => string>
> = {
	batch: (noun) => `Bento rejected the batch of this ${noun.one}`,
	halted: (noun) =>
		`Bento rejected the batch of this ${noun.one}, and the run stopped before it was split`,
	tooMany: (noun) => `Bento rejected too many ${noun.many} of this batch to look at each one`,
};

/** Never tried: because the run was stopped, an earlier batch failed, or nothing can be sent at all. */
function heldBack({ report }: Extract<RecordResult, { kind: 'held' }>, noun: Noun): Problem {
	const { kind } = report.outcome;
	if (report.attempts === 0 && (kind === 'refused' || kind === 'noTurn')) return explain(report);
	const why = kind === 'stopped' ? 'the execution was stopped' : 'an earlier batch failed';
	// Bento may have that batch, but never this record.
	const problem = explain({ ...report, mayHaveArrived: false });
	return { ...problem, code: 'NOT_SENT', message: `The ${noun.one} wasn't sent because ${why}` };
}

/** For what an earlier try may have done, if a repeat would do harm. */
export const UNCERTAIN: Problem = {
	code: 'UNKNOWN',
	mayHaveArrived: true,
	message: "It wasn't sent again, because Bento may have it from an earlier attempt",
	advice: 'Check in Bento whether it arrived before you send it again',
};

/** For a workflow that names an operation that doesn't exist, or names it by an expression. */
export const UNKNOWN_OPERATION: Problem = {
	code: 'INVALID_INPUT',
	message: "There is no such 'Operation'",
	advice: "Choose 'Resource' and 'Operation' in the panel again",
};

/** How to find out which records Bento counts as failed. */
export function toSeeWhich(shared: boolean): string {
	const apart = shared ? "Turn off 'Combine Executions' and set" : 'Set';
	return `${apart} 'Batch Size' to 1 to see which`;
}

/** The records that Bento's counts are about. */
function inRequest(sent: number, shared: boolean, noun: Noun): string {
	const all = `the ${counted(sent, noun)} in this`;
	return shared
		? `${all} request, which held ${noun.many} of other executions too,`
		: `${all} batch`;
}

/** Says why an accepted batch isn't confirmed. Bento's counts name no single record (POST /batch/events). */
export function unconfirmedNote(
	{ reason, sent, shared }: Extract<RecordResult, { kind: 'notConfirmed' | 'unconfirmed' }>,
	noun: Noun,
): string {
	const batch = inRequest(sent, shared, noun);
	switch (reason.kind) {
		case 'empty':
			return `Bento took ${batch} with an empty response, which confirms nothing`;
		case 'notJson':
			return `Bento took ${batch} with a response that isn't JSON, which confirms nothing`;
		case 'noCounts':
			return `Bento's response doesn't say how many of ${batch} it accepted`;
		case 'tracking':
			return `Bento's tracking webhook took ${batch}, but confirms nothing`;
		case 'counts':
			return sentences([countsNote(reason, sent, batch), fromBento(reason.words)]);
	}
}

function countsNote(
	{ results, failed }: Extract<UnconfirmedReason, { kind: 'counts' }>,
	sent: number,
	batch: string,
): string {
	if (results === sent && (failed ?? 0) === 0) {
		return `Bento counted all of ${batch} as accepted, but reports errors`;
	}
	if (failed !== undefined && failed > 0) {
		return `Bento counted ${inDigits(failed)} of ${batch} as failed and doesn't say which`;
	}
	return `Bento counted ${inDigits(results ?? 0)} of ${batch} as accepted and doesn't say which`;
}
