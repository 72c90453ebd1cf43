import {
	NodeApiError,
	NodeOperationError,
	type IExecuteFunctions,
	type INode,
	type NodeExecutionHint,
} from 'n8n-workflow';
import { WORTH_TELLING } from '../http/client/log';
import type { RecordResult, Totals } from '../delivery/types';
import {
	aftermath,
	codeOf,
	counted,
	inDigits,
	itemList,
	REQUESTS,
	sentences,
	type Noun,
	type Problem,
} from '../http/problem';
import { inDetail, toSeeWhich, unconfirmedNote, type FailedItem } from './results';

/** What a run tells as a whole: the error that ends it, its account, and the hints above its output. */

/** How many items have their problems listed one by one. */
const MAX_LISTED = 10;

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
	const code = headline ? codeOf(headline.problem) : '';
	const description = sentences([describe(groups, total), counting, code]);
	const itemIndex = items.length === 1 ? items[0] : undefined;
	const httpCode = failedItems[0]?.problems[0].httpCode;
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
	for (const { item, problems } of failedItems) {
		for (const problem of problems) {
			// Each request has an ID of its own; one is enough to find the reason.
			const key = JSON.stringify({ ...problem, requestId: undefined });
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
	const told = groups.slice(0, MAX_LISTED).map(({ problem, items }) => {
		const place = total > 1 ? `${itemList(items)} ` : '';
		return place + inDetail(problem);
	});
	const more = groups.length - MAX_LISTED;
	const rest = more > 0 ? [counted(more, UNLISTED)] : [];
	return sentences([...told, ...rest, ...groups.map(({ problem }) => problem.advice)]);
}

/** n8n's tables show no numbers, and a person counts from 1. */
const COUNTING = 'n8n counts items from 0';

const UNLISTED: Noun = {
	one: "more problem isn't listed",
	many: "more problems aren't listed",
};

const BATCHES: Noun = { one: 'batch', many: 'batches' };
const RETRIES: Noun = { one: 'retry', many: 'retries' };

/** The result of a finished run of batches. */
export interface RunAccount {
	readonly noun: Noun;
	/** Input items, those that couldn't be sent included. */
	readonly total: number;
	readonly results: readonly RecordResult[];
	readonly totals: Totals;
	readonly milliseconds: number;
	readonly repeatsMatter: boolean;
}

/** One sentence about all items of a run, for hints and n8n's log. */
export function accountOf({ noun, total, results, totals, milliseconds }: RunAccount): string {
	const tally = new Map<RecordResult, number>();
	for (const result of results) tally.set(result, (tally.get(result) ?? 0) + 1);
	const count = (isIt: (result: RecordResult) => boolean) =>
		[...tally].reduce((sum, [result, items]) => (isIt(result) ? sum + items : sum), 0);
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
		uncertain > 0 ? `${inDigits(uncertain)} unknown: Bento may have received them` : '',
		failures > 0 ? `${inDigits(failures)} failed` : '',
		rest > 0 ? `${inDigits(rest)} not sent` : '',
	].filter((part) => part !== '');
	if (totals.requests === 0) return parts.join(', ');
	const took = [
		counted(totals.batches, BATCHES),
		counted(totals.requests, REQUESTS),
		...(totals.shared > 0 ? [`${inDigits(totals.shared)} shared with other executions`] : []),
		counted(totals.retries, RETRIES),
		`${inSeconds(milliseconds)} s`,
		...(totals.waited >= WORTH_TELLING
			? [`up to ${inSeconds(totals.waited)} s of waiting for a turn`]
			: []),
	];
	return `${parts.join(', ')} (${took.join(', ')})`;
}

/** A wait for a turn that is shorter, in ms, would be told as 0.0 s. */
function inSeconds(milliseconds: number): string {
	return (milliseconds / 1000).toFixed(1);
}

/** What a finished run of batches tells the user above its output. */
export function runHints(account: RunAccount): NodeExecutionHint[] {
	const { results, totals, noun, repeatsMatter } = account;
	const hints: NodeExecutionHint[] = [
		{ type: 'info', location: 'outputPane', message: accountOf(account) },
	];
	const unconfirmed = results.find((result) => result.kind === 'unconfirmed');
	if (unconfirmed) {
		const advice =
			unconfirmed.reason.kind === 'counts' ? `. ${toSeeWhich(unconfirmed.shared)}` : '';
		hints.push(warning(`${unconfirmedNote(unconfirmed, noun)}${advice}`));
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

function isAccepted(result: RecordResult): boolean {
	return (
		result.kind === 'accepted' || (result.kind === 'remembered' && result.previous === 'accepted')
	);
}

function isUnconfirmed(result: RecordResult): boolean {
	return (
		result.kind === 'unconfirmed' ||
		result.kind === 'notConfirmed' ||
		(result.kind === 'remembered' && result.previous === 'unconfirmed')
	);
}

const REFUSED: ReadonlySet<RecordResult['kind']> = new Set([
	'countedFailed',
	'refused',
	'unsorted',
]);

function isRefused(result: RecordResult): boolean {
	return REFUSED.has(result.kind) && !isUncertain(result);
}

/** Whether it was tried, and Bento certainly doesn't have it. */
function isUndelivered(result: RecordResult): boolean {
	return result.kind === 'undelivered' && !isUncertain(result);
}

/** Whether Bento may have it, although no response says so. What is held was never sent. */
function isUncertain(result: RecordResult): boolean {
	if (result.kind === 'remembered')
		return result.previous === 'unknown' || result.previous === 'partial';
	return result.kind !== 'held' && 'report' in result && result.report.mayHaveArrived;
}

/** Adds hints to the run, above the output. Up to n8n 1.110, an agent's tool can't have any. */
export function addHints(context: IExecuteFunctions, hints: readonly NodeExecutionHint[]): void {
	if (hints.length === 0 || !('addExecutionHints' in context)) return;
	context.addExecutionHints(...hints);
}
