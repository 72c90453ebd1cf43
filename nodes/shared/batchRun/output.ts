import {
	NodeApiError,
	NodeOperationError,
	type IDataObject,
	type IExecuteFunctions,
	type INode,
	type INodeExecutionData,
	type JsonObject,
} from 'n8n-workflow';
import type { FailedItem, ItemFailure, ItemResult } from './result';
import { counted, itemList, type Noun } from './words';

/** Items listed one by one in an error's description. */
const MOST_LISTED = 10;

/**
 * One output item per input item, in the items' order. A failed one holds exactly `error` and `message`: the only
 * shape that both engine lines route to the error branch, where n8n adds the input's fields (measured).
 */
export function toItems(results: readonly ItemResult[]): INodeExecutionData[] {
	return results.map((result) => ({
		json: result.kind === 'done' ? result.json : failedJson(result.failure),
		pairedItem: { item: result.item },
	}));
}

/** Without a text, `message` has to be left out: n8n 1.x takes an empty one for a success. */
function failedJson({ message, description }: ItemFailure): IDataObject {
	return description === '' ? { error: message } : { error: message, message: description };
}

/** The results that ended in a failure. */
function failedOnly(results: readonly ItemResult[]): FailedItem[] {
	return results.filter((result): result is FailedItem => result.kind === 'failed');
}

/** A list that has a first entry. */
type NotEmpty<T> = readonly [T, ...T[]];

/** Whether a list has a first entry, in a way that TypeScript remembers. */
function isNotEmpty<T>(list: readonly T[]): list is NotEmpty<T> {
	return list.length > 0;
}

/** Results in the order of their items. */
export function byItem(results: readonly ItemResult[]): ItemResult[] {
	return [...results].sort((one, other) => one.item - other.item);
}

/**
 * Ends the execution where items can't be sent as they are, before anything is sent.
 *
 * @throws NodeOperationError that lists them
 */
export function throwIfInvalid(
	context: IExecuteFunctions,
	invalid: readonly FailedItem[],
	noun: Noun,
): void {
	if (!isNotEmpty(invalid)) return;
	throw invalidItemsError(context.getNode(), invalid, context.getInputData().length, noun);
}

/**
 * Ends the execution where items failed.
 *
 * @throws NodeApiError where Bento answered, else NodeOperationError; both list them
 */
export function throwIfFailed(node: INode, results: readonly ItemResult[], noun: Noun): void {
	const failed = failedOnly(results);
	if (isNotEmpty(failed)) throw failedRunError(node, results, failed, noun);
}

/**
 * The error that ends the execution when items failed and nobody asked to continue. It tells what happened to
 * the first, how many were accepted all the same, and lists the failed items with their reasons.
 */
function failedRunError(
	node: INode,
	results: readonly ItemResult[],
	failed: NotEmpty<FailedItem>,
	noun: Noun,
): NodeApiError | NodeOperationError {
	const [first] = failed;
	const accepted = results.length - failed.length;
	const alike = failed.filter(({ failure }) => failure.message === first.failure.message);
	const total = counted(results.length, noun);
	const account = `${accepted.toLocaleString('en-US')} of ${total} ${accepted === 1 ? 'was' : 'were'} accepted`;
	const message = `${first.failure.message}${listOf(alike)}: ${account}`;
	return buildError(node, first, message, describeAll(failed));
}

/** The error for items that can't be sent as they are; nothing has been sent yet. */
function invalidItemsError(
	node: INode,
	failed: NotEmpty<FailedItem>,
	total: number,
	noun: Noun,
): NodeOperationError {
	const [first] = failed;
	const sentence = first.failure.message + listOf(failed);
	const message =
		total === 1 ? sentence : `${sentence}. Nothing was sent of ${counted(total, noun)}`;
	return new NodeOperationError(node, message, {
		description: describeAll(failed),
		itemIndex: first.item,
	});
}

/** The items' numbers, with a blank before. n8n itself adds the number of a single one. */
function listOf(failed: readonly FailedItem[]): string {
	return failed.length > 1 ? ` ${itemList(failed.map(({ item }) => item))}` : '';
}

function describeAll(failed: readonly FailedItem[]): string {
	if (failed.length === 1) return failed[0]?.failure.description ?? '';
	const lines = failed
		.slice(0, MOST_LISTED)
		.map(({ item, failure }) => `Item ${item}: ${failure.message}. ${failure.description}`);
	if (failed.length > MOST_LISTED)
		lines.push(`… and ${counted(failed.length - MOST_LISTED, ITEMS)}`);
	return lines.join('\n');
}

const ITEMS: Noun = { one: 'more item', many: 'more items' };

function buildError(node: INode, first: FailedItem, message: string, description: string) {
	const { httpCode } = first.failure;
	const options = { message, description, itemIndex: first.item };
	if (httpCode === undefined) return new NodeOperationError(node, message, options);
	const answer: JsonObject = { message, httpCode };
	return new NodeApiError(node, answer, { ...options, httpCode });
}
