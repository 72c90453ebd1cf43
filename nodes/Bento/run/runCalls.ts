import { type IDataObject, type IExecuteFunctions, type INodeExecutionData } from 'n8n-workflow';
import { throwIfFailed, throwIfInvalid, toItems } from '../../shared/batchRun/output';
import type { FailedItem, ItemFailure, ItemResult } from '../../shared/batchRun/result';
import { connectToBento } from '../../shared/http/outbound/connect';
import type { CallOperation, Errand, ErrandResult } from '../../shared/operation/types';
import { CallMemory } from './callMemory';
import { caller } from './caller';
import * as failures from './failures';
import { inParallel } from './inParallel';
import { planItems, type PlannedItem } from './planItems';
import { readCallSettings } from './settings';

interface DoneItem {
	readonly kind: 'done';
	readonly item: number;
	readonly outputs: readonly IDataObject[];
}

type CallResult = DoneItem | FailedItem;

/**
 * Runs an operation that calls Bento for each item. All items are read before the first call; calls run in
 * bounded parallel; output keeps the items' order, and each output item is paired with its input.
 *
 * @throws NodeOperationError when items can't be sent as they are, NodeApiError when a call came to nothing,
 * unless the node continues on failures
 */
export async function runCalls(
	context: IExecuteFunctions,
	operation: CallOperation,
	continueOnFail: boolean,
): Promise<INodeExecutionData[]> {
	const { planned, invalid } = planItems(context, operation, (values, plans) =>
		operation.plan(values, plans),
	);
	if (!continueOnFail) throwIfInvalid(context, invalid, failures.REQUESTS);
	const results = await runPlanned(context, operation, planned, continueOnFail);
	if (!continueOnFail) {
		throwIfFailed(context.getNode(), results.map(withoutOutputs), failures.REQUESTS);
	}
	const inOrder = [...results, ...invalid].sort((one, other) => one.item - other.item);
	return toItems(inOrder.flatMap(toItemResults));
}

async function runPlanned(
	context: IExecuteFunctions,
	operation: CallOperation,
	planned: ReadonlyArray<PlannedItem<Errand>>,
	continueOnFail: boolean,
): Promise<CallResult[]> {
	if (planned.length === 0) return [];
	const settings = readCallSettings(planned[0]?.options);
	const { connection } = await connectToBento(context, {
		policy: settings.waiting,
		interval: settings.interval,
		signal: context.getExecutionCancelSignal(),
		continueOnFail,
	});
	const call = caller(connection);
	const memory = operation.whenUnknown === 'never' ? new CallMemory(context) : undefined;
	let halted = false;
	const results = await inParallel(planned, settings.parallel, async ({ item, plan, options }) => {
		if (halted) return failures.failed(item, failures.HELD_BACK);
		const known = memory?.at(item);
		if (known?.kind === 'uncertain') return failures.failed(item, failures.UNCERTAIN);
		if (known) return done(item, known.outputs);
		const came = await plan(call);
		const result = toResult(item, came, operation, options.ifNotFound);
		if (result.kind === 'done') memory?.add(item, result);
		else if (mayHaveBeenDone(came)) memory?.add(item, { kind: 'uncertain' });
		if (result.kind === 'failed' && !continueOnFail) halted = true;
		return result;
	});
	if (results.every(({ kind }) => kind === 'done')) memory?.forget();
	else memory?.keep();
	return results;
}

function toResult(
	item: number,
	came: ErrandResult,
	operation: CallOperation,
	ifNotFound: unknown,
): CallResult {
	const { notFound } = operation;
	if (came.kind === 'items') return done(item, came.items);
	if (came.kind === 'none' && notFound && (ifNotFound ?? notFound.otherwise) === 'continue') {
		return done(item, [{}]);
	}
	return failures.failed(item, failureOf(came, operation));
}

function failureOf(
	came: Exclude<ErrandResult, { kind: 'items' }>,
	{ notFound, blocked }: CallOperation,
): ItemFailure {
	switch (came.kind) {
		case 'none':
			return failures.notFoundFailure(notFound, came.report);
		case 'failed':
			return failures.unsuccessfulCall(came.report, blocked);
		case 'refused':
			return failures.refusedInBody(came.words);
		case 'unexpected':
			return failures.UNEXPECTED_ANSWER;
	}
}

/** Whether Bento may have done what was asked, so that a later try must not ask again. */
function mayHaveBeenDone(came: ErrandResult): boolean {
	if (came.nothingDone) return false;
	if (came.kind === 'unexpected') return true;
	if (came.kind !== 'failed') return false;
	return came.report.outcome.kind === 'unknown' || came.report.gaveUp === 'guarantee';
}

function done(item: number, outputs: readonly IDataObject[]): DoneItem {
	return { kind: 'done', item, outputs };
}

function withoutOutputs(result: CallResult): ItemResult {
	return result.kind === 'failed' ? result : { kind: 'done', item: result.item, json: {} };
}

function toItemResults(result: CallResult): ItemResult[] {
	if (result.kind === 'failed') return [result];
	return result.outputs.map((json) => ({ kind: 'done', item: result.item, json }));
}
