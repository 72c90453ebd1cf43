import {
	NodeApiError,
	NodeOperationError,
	type IDataObject,
	type IExecuteFunctions,
	type INode,
	type INodeExecutionData,
	type NodeExecutionHint,
} from 'n8n-workflow';
import type { Fate, Totals } from '../delivery/types';
import { explain, type Explanation } from '../http/outbound/explain';
import type { InputIssue, Noun } from './types';

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

export interface ItemFailure {
	/** All that is wrong with the item; the first gives the headline. */
	readonly problems: readonly [Problem, ...Problem[]];
	readonly httpCode?: string;
}

export interface Problem {
	/** What happened, without user data: n8n rewrites messages by substring. */
	readonly message: string;
	/** Words that may quote data, such as Bento's. */
	readonly detail?: string;
	/** What to do next. */
	readonly advice: string;
}

/** How many items have their problems listed one by one. */
const MOST_LISTED = 10;

let digits: Intl.NumberFormat | undefined;

/** A number as n8n's interface writes it: 1,000. */
export function inDigits(value: number): string {
	digits ??= new Intl.NumberFormat('en-US');
	return digits.format(value);
}

/** `1 event`, `2,500 events`. */
export function counted(value: number, noun: Noun): string {
	return `${inDigits(value)} ${value === 1 ? noun.one : noun.many}`;
}

/** `[Item 3]`, or the first few of many: `[Items 3, 17, 20 and 5 more]`. Counted from 0, as n8n counts items. */
export function itemList(items: readonly number[], most = 5): string {
	const shown = items.slice(0, most).join(', ');
	const more = items.length > most ? ` and ${inDigits(items.length - most)} more` : '';
	return `[${items.length === 1 ? 'Item' : 'Items'} ${shown}${more}]`;
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

/** An item that can't be sent as it is. Messages name fields of the panel; the builder's own keys are details. */
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
function aftermath({ detail = '', advice }: Problem): string {
	return sentences([detail, advice]);
}

/** Problems with their details, and each piece of advice once. */
function inWords(problems: readonly Problem[]): string {
	return sentences([...problems.map(inDetail), ...problems.map(({ advice }) => advice)]);
}

/** A problem and its detail. A detail that names a field more exactly says it all. */
function inDetail({ message, detail = '' }: Problem): string {
	return detail.startsWith("'") ? detail : sentences([message, detail]);
}

/** n8n's editor drops line breaks, so these are sentences in a row; each is said once. */
export function sentences(parts: readonly string[]): string {
	const told = [...new Set(parts.map((part) => part.trim().replace(/\.$/, '')))];
	return told.filter((part) => part !== '').join('. ');
}

/**
 * The error that ends a run before anything is sent.
 *
 * @param total input items
 */
export function invalidItemsError(
	node: INode,
	invalid: readonly FailedItem[],
	total: number,
	noun: Noun,
): NodeApiError | NodeOperationError {
	const account =
		total === 1 ? `The ${noun.one} wasn't sent` : `None of the ${counted(total, noun)} was sent`;
	return runError(node, invalid, total, account);
}

/** The error that ends a run in which items failed: the first problem, what was accepted nevertheless, and the rest. */
export function failedRunError(
	node: INode,
	failedItems: readonly FailedItem[],
	total: number,
	accepted: number,
	noun: Noun,
): NodeApiError | NodeOperationError {
	const verb = accepted === 1 || total === 1 ? 'was' : 'were';
	const account = `${inDigits(accepted)} of ${counted(total, noun)} ${verb} accepted`;
	return runError(node, failedItems, total, account);
}

/** The headline names the items that have its problem; n8n itself adds the number of a single one. */
function runError(
	node: INode,
	failedItems: readonly FailedItem[],
	total: number,
	account: string,
): NodeApiError | NodeOperationError {
	const groups = byProblem(failedItems);
	const [headline] = groups;
	const items = headline?.items ?? [];
	const list = items.length > 1 ? ` ${itemList(items)}` : '';
	const message = `${headline?.problem.message ?? 'The run failed'}${list}. ${account}`;
	const counting = total > 1 ? COUNTING : '';
	const description = sentences([describe(groups, total), counting]);
	const itemIndex = items.length === 1 ? items[0] : undefined;
	const httpCode = failedItems[0]?.failure.httpCode;
	const options = { message, description, itemIndex };
	if (httpCode === undefined) return new NodeOperationError(node, message, options);
	return new NodeApiError(node, { message, httpCode }, { ...options, httpCode });
}

interface ProblemGroup {
	readonly problem: Problem;
	readonly items: number[];
}

/** Each reason is given once, with its items. */
function byProblem(failedItems: readonly FailedItem[]): ProblemGroup[] {
	const groups = new Map<string, ProblemGroup>();
	for (const {
		item,
		failure: { problems },
	} of failedItems) {
		for (const problem of problems) {
			const key = JSON.stringify(problem);
			const group = groups.get(key) ?? { problem, items: [] };
			if (group.items.at(-1) !== item) group.items.push(item);
			groups.set(key, group);
		}
	}
	const merged = [...groups.values()];
	const [first] = merged;
	if (!first) return merged;
	// The headline counts all with the same message, regardless of their details.
	const alike = merged.filter(({ problem }) => problem.message === first.problem.message);
	const items = [...new Set(alike.flatMap((group) => group.items))].sort(
		(one, other) => one - other,
	);
	return [{ problem: first.problem, items }, ...merged.slice(1)];
}

/** Which item each problem is of, but for a lone item; each piece of advice once. */
function describe(groups: readonly ProblemGroup[], total: number): string {
	const [only] = groups;
	if (only && groups.length === 1) {
		const place = total > 1 && only.items.length === 1 ? `Item ${only.items[0] ?? 0}: ` : '';
		return place + aftermath(only.problem);
	}
	const told = groups.slice(0, MOST_LISTED).map(({ problem, items }) => {
		const place = total > 1 ? `${itemList(items)} ` : '';
		return place + inDetail(problem);
	});
	const more = groups.length - MOST_LISTED;
	const rest = more > 0 ? [`${counted(more, MORE_PROBLEMS)} aren't listed`] : [];
	return sentences([...told, ...rest, ...groups.map(({ problem }) => problem.advice)]);
}

/** n8n's tables show no numbers, and a person counts from 1. */
const COUNTING = 'n8n counts items from 0';

const MORE_PROBLEMS: Noun = { one: 'more problem', many: 'more problems' };

/** An item's status, or why it failed. */
export type Meaning = { readonly status: IDataObject } | { readonly failure: ItemFailure };

/** What a fate means for an item. */
export function fateOf(fate: Fate, noun: Noun): Meaning {
	switch (fate.kind) {
		case 'accepted':
			return { status: { status: 'accepted', batch: fate.batch, attempts: fate.attempts } };
		case 'unconfirmed':
			return {
				status: {
					status: 'unconfirmed',
					batch: fate.batch,
					attempts: fate.attempts,
					note: doubtOf(fate, noun),
				},
			};
		case 'remembered':
			if (fate.standing === 'unknown' || fate.standing === 'partial') return { failure: UNCERTAIN };
			return { status: { status: fate.standing, note: 'Sent in an earlier try of this run' } };
		case 'countedFailed':
			return {
				failure: failureWith(
					fate.all
						? `Bento counted the ${noun.one} as failed`
						: `Bento counted some ${noun.many} of the batch as failed`,
					fate.all
						? 'Bento gives no reason. Check the values, and look in Bento'
						: `Bento counted ${inDigits(fate.failed ?? 0)} of the ${counted(fate.sent, noun)} in this batch as failed and doesn't say which. Set 'Batch Size' to 1 to see which`,
				),
			};
		case 'refused':
			return { failure: explained(explain(fate.report), `Bento rejected the ${noun.one}`) };
		case 'undelivered':
			return { failure: failure(explain(fate.report)) };
		case 'unsorted':
			return {
				failure: explained(
					explain(fate.report),
					fate.why === 'tooMany'
						? `Bento rejected too many ${noun.many} of this batch to look at each one`
						: `Bento rejected the batch of this ${noun.one}, and the run stopped before it was split`,
				),
			};
		case 'oversize':
			return {
				failure: failureWith(
					`The ${noun.one} is too large for one request`,
					`It takes ${inDigits(fate.bytes)} bytes of JSON, and ${inDigits(fate.limit)} fit. Send less data in it`,
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
			return { failure: heldBack(fate, noun) };
	}
}

/** Never tried: because the run was stopped, an earlier batch failed, or nothing can be sent at all. */
function heldBack({ report }: Extract<Fate, { kind: 'held' }>, noun: Noun): ItemFailure {
	if (report.attempts === 0 && report.outcome.kind === 'refused') return failure(explain(report));
	const why =
		report.outcome.kind === 'stopped' ? 'the execution was stopped' : 'an earlier batch failed';
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

/** Why an accepted batch isn't confirmed. Bento's counts name no single record (POST /batch/events). */
function doubtOf({ doubt, sent }: Extract<Fate, { kind: 'unconfirmed' }>, noun: Noun): string {
	const batch = `the ${counted(sent, noun)} in this batch`;
	switch (doubt.kind) {
		case 'empty':
			return `Bento took ${batch} with an empty response, which confirms nothing`;
		case 'notJson':
			return `Bento took ${batch} with a response that isn't JSON, which confirms nothing`;
		case 'noCounts':
			return `Bento's response doesn't say how many of ${batch} it accepted`;
		case 'counts':
			if (doubt.failed !== undefined && doubt.failed > 0) {
				return `Bento counted ${inDigits(doubt.failed)} of ${batch} as failed and doesn't say which`;
			}
			return `Bento counted ${inDigits(doubt.results ?? 0)} of ${batch} as accepted and doesn't say which`;
	}
}

const BATCHES: Noun = { one: 'batch', many: 'batches' };
const REQUESTS: Noun = { one: 'request', many: 'requests' };
const RETRIES: Noun = { one: 'retry', many: 'retries' };

/** The result of a finished run of batches. */
export interface RunAccount {
	readonly noun: Noun;
	/** Input items, those that couldn't be sent included. */
	readonly total: number;
	readonly fates: readonly Fate[];
	readonly totals: Totals;
	readonly milliseconds: number;
	readonly repeatsMatter: boolean;
}

/** One sentence about all items of a run, for hints and n8n's log. */
export function accountOf({ noun, total, fates, totals, milliseconds }: RunAccount): string {
	const tally = new Map<Fate, number>();
	for (const fate of fates) tally.set(fate, (tally.get(fate) ?? 0) + 1);
	const count = (isIt: (fate: Fate) => boolean) =>
		[...tally].reduce((sum, [fate, items]) => (isIt(fate) ? sum + items : sum), 0);
	const accepted = count(isAccepted);
	const unconfirmed = count(isUnconfirmed);
	const uncertain = count(isUncertain);
	const refused = count(isRefused);
	const failures = count(isUndelivered);
	const rest = total - accepted - unconfirmed - uncertain - refused - failures;
	const parts = [
		`${inDigits(accepted)} of ${counted(total, noun)} accepted`,
		unconfirmed > 0 ? `${inDigits(unconfirmed)} unconfirmed` : '',
		refused > 0 ? `${inDigits(refused)} rejected` : '',
		uncertain > 0 ? `${inDigits(uncertain)} unknown, because no response came` : '',
		failures > 0 ? `${inDigits(failures)} failed` : '',
		rest > 0 ? `${inDigits(rest)} not sent` : '',
	].filter((part) => part !== '');
	if (totals.requests === 0) return parts.join(', ');
	const seconds = (milliseconds / 1000).toFixed(1);
	return `${parts.join(', ')} (${counted(totals.batches, BATCHES)}, ${counted(totals.requests, REQUESTS)}, ${counted(totals.retries, RETRIES)}, ${seconds} s)`;
}

/** What a finished run of batches tells the builder above its output. */
export function runHints(account: RunAccount): NodeExecutionHint[] {
	const { fates, totals, noun, repeatsMatter } = account;
	const hints: NodeExecutionHint[] = [
		{ type: 'info', location: 'outputPane', message: accountOf(account) },
	];
	const unconfirmed = fates.find((fate) => fate.kind === 'unconfirmed');
	if (unconfirmed) {
		const advice =
			unconfirmed.doubt.kind === 'counts' ? ". Set 'Batch Size' to 1 to see which" : '';
		hints.push(warning(`${doubtOf(unconfirmed, noun)}${advice}`));
	}
	if (repeatsMatter && totals.possiblyDoubled > 0) {
		hints.push(
			warning(
				`${counted(totals.possiblyDoubled, noun)} may have arrived twice, because the response to an earlier request got lost. With 'Delivery Guarantee' set to At Most Once, nothing is sent twice`,
			),
		);
	}
	return hints;
}

/** A hint that asks for attention. */
export function warning(message: string): NodeExecutionHint {
	return { type: 'warning', location: 'outputPane', message };
}

/** Notes about items as hints: each note is given once, with its items. */
export function noteHints(notes: ReadonlyMap<string, readonly number[]>): NodeExecutionHint[] {
	return [...notes].map(([note, items]) => warning(`${note} ${itemList(items)}`));
}

function isAccepted(fate: Fate): boolean {
	return fate.kind === 'accepted' || (fate.kind === 'remembered' && fate.standing === 'accepted');
}

function isUnconfirmed(fate: Fate): boolean {
	return (
		fate.kind === 'unconfirmed' || (fate.kind === 'remembered' && fate.standing === 'unconfirmed')
	);
}

function isRefused({ kind }: Fate): boolean {
	return kind === 'refused' || kind === 'countedFailed' || kind === 'unsorted';
}

/** Whether it was tried, and Bento certainly doesn't have it. */
function isUndelivered(fate: Fate): boolean {
	return fate.kind === 'undelivered' && !isUncertain(fate);
}

/** Whether Bento may have it, although no response says so. */
function isUncertain(fate: Fate): boolean {
	if (fate.kind === 'remembered') return fate.standing === 'unknown' || fate.standing === 'partial';
	if (fate.kind !== 'undelivered') return false;
	return fate.report.outcome.kind === 'unknown' || fate.report.gaveUp === 'guarantee';
}

/** Adds hints to the run, above the output. */
export function addHints(context: IExecuteFunctions, hints: readonly NodeExecutionHint[]): void {
	if (hints.length > 0) context.addExecutionHints(...hints);
}
