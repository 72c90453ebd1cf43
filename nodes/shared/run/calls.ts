import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { connectToBento } from '../http/client/credential';
import { explain } from '../http/client/explain';
import type { CallReport } from '../http/client/types';
import type { ItemFailure } from '../http/problem';
import { readCallSettings } from '../operation/options';
import { sharedReads, UNEXPECTED_RESPONSE } from '../operation/requests';
import type { CallOperation, Execute, NotFound, OperationResult } from '../operation/types';
import { RunMemory } from './memory';
import type { PlannedItem } from './plan';
import { failed, failure, UNCERTAIN, type DoneItem, type FailedItem } from './results';

type CallResult = DoneItem | FailedItem;

/**
 * Calls Bento for each item, in bounded parallel. A write whose repeat would do harm is remembered for other tries of
 * this run; without Continue, the first failure holds back what hasn't begun.
 */
export async function runCalls(
	context: IExecuteFunctions,
	operation: CallOperation,
	planned: ReadonlyArray<PlannedItem<Execute>>,
): Promise<CallResult[]> {
	const continueOnFail = context.continueOnFail();
	const settings = readCallSettings(planned[0]?.options ?? {});
	const { connection } = await connectToBento(context, {
		policy: settings.waiting,
		requestsPerMinute: settings.requestsPerMinute,
		interval: settings.interval,
		signal: context.getExecutionCancelSignal(),
		continueOnFail,
	});
	const call = sharedReads(connection);
	const items = planned.map(({ item }) => item);
	const memory = !operation.idempotent
		? new RunMemory(context, items, operation, operation.idempotent)
		: undefined;
	let halted = false;
	const results = await inParallel(planned, settings.parallel, async (one, position) => {
		if (halted) return failed(one.item, HELD_BACK, one.about);
		const known = memory?.at(position);
		if (known) return rememberedResult(one, known.outputs);
		const run = async () => await one.plan(call);
		const came = await (memory?.during(position, 1, run) ?? run());
		const result = toResult(one, came, operation);
		if (result.kind === 'done') {
			memory?.add({ first: position, count: 1, previous: 'accepted', outputs: result.outputs });
		} else if (mayHaveBeenDone(came)) {
			memory?.add({ first: position, count: 1, previous: 'unknown' });
		}
		halted ||= result.kind === 'failed' && !continueOnFail;
		return result;
	});
	memory?.finish(results.every(({ kind }) => kind === 'done'));
	return results;
}

/**
 * Does something for each entry, at most `parallel` at the same time, started in order.
 *
 * @returns the results by position, regardless of which ended first
 */
export async function inParallel<Entry, Result>(
	entries: readonly Entry[],
	parallel: number,
	doOne: (entry: Entry, position: number) => Promise<Result>,
): Promise<Result[]> {
	const results = new Array<Result>(entries.length);
	const queue = entries.entries();
	const worker = async () => {
		for (const [position, entry] of queue) results[position] = await doOne(entry, position);
	};
	await Promise.all(Array.from({ length: Math.max(1, parallel) }, worker));
	return results;
}

/** The result of an earlier try; without outputs, Bento may have it, but no response said so. */
function rememberedResult(
	{ item, about }: PlannedItem<Execute>,
	outputs: readonly IDataObject[] | undefined,
): CallResult {
	return outputs ? { kind: 'done', item, outputs } : failed(item, UNCERTAIN, about);
}

function toResult(
	{ item, about, options }: PlannedItem<Execute>,
	came: OperationResult,
	operation: CallOperation,
): CallResult {
	const { notFound } = operation;
	if (came.kind === 'items') return { kind: 'done', item, outputs: came.items };
	const ifNotFound = options.ifNotFound ?? notFound?.otherwise;
	if (came.kind === 'none' && notFound && ifNotFound === 'continue') {
		return { kind: 'done', item, outputs: [{}] };
	}
	return failed(item, failureOf(came, operation), about);
}

function failureOf(
	came: Exclude<OperationResult, { kind: 'items' }>,
	{ notFound, blocked }: CallOperation,
): ItemFailure {
	switch (came.kind) {
		case 'none':
			return notFoundFailure(notFound, came.report);
		case 'failed':
			return unsuccessful(came.report, blocked);
		case 'refused':
			return {
				problems: [
					{
						message: 'Bento rejected the data',
						detail: said(came.words),
						advice: 'Correct the values that Bento names, and run the node again',
					},
				],
			};
		case 'unexpected':
			return UNEXPECTED_RESPONSE;
	}
}

/** Without `blocked`, a 403 is explained as for any call. */
function unsuccessful(report: CallReport, blocked: string | undefined): ItemFailure {
	const { outcome } = report;
	const means = outcome.kind === 'refused' && outcome.status === 403 ? blocked : undefined;
	const explained = explain(report);
	return failure(means === undefined ? explained : { ...explained, message: means });
}

function notFoundFailure(notFound: NotFound | undefined, report?: CallReport): ItemFailure {
	const outcome = report?.outcome.kind === 'refused' ? report.outcome : undefined;
	return {
		problems: [
			{
				message: notFound?.message ?? "Bento doesn't have what was asked for",
				detail: said(outcome?.words ?? ''),
				advice: notFound
					? "Check the value, or set 'If Not Found' in Options to Continue"
					: "Check the values, and 'API Base URL' in the Bento API credential",
			},
		],
		...(outcome?.status !== undefined && { httpCode: String(outcome.status) }),
	};
}

function said(words: string): string {
	return words === '' ? '' : `Bento's response: ${words}`;
}

const HELD_BACK: ItemFailure = {
	problems: [
		{
			message: "The request wasn't sent because an earlier one failed",
			advice: 'Correct the earlier item, or let the node continue on errors',
		},
	],
};

/** Whether Bento may have done what was asked, so that a later try must not ask again. */
function mayHaveBeenDone(came: OperationResult): boolean {
	if (came.nothingDone) return false;
	if (came.kind === 'unexpected') return true;
	if (came.kind !== 'failed') return false;
	return came.report.outcome.kind === 'unknown' || came.report.gaveUp === 'guarantee';
}
