import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { explain, fromBento } from '../http/client/explain';
import type { CallReport } from '../http/client/types';
import { inDigits, messageOf, REQUESTS, type Problem } from '../http/problem';
import { readCallSettings } from '../operation/options';
import { sharedReads, UNEXPECTED_RESPONSE, UNREADABLE } from '../operation/requests';
import type { Call, CallOperation, Execute, NotFound, OperationResult } from '../operation/types';
import { RunMemory, type SiteMemory } from './memory';
import type { PlannedItem } from './plan';
import { failed, UNCERTAIN, type DoneItem, type FailedItem } from './results';
import { connectGroups } from './sites';

type CallResult = DoneItem | FailedItem;

/**
 * Calls Bento for each item, in bounded parallel, by the item's own credential. What a write has done is remembered for
 * other tries of this run; without Continue, the first failure holds back what hasn't begun.
 *
 * @param allValid whether no item was left out, so that after a success n8n has no reason for another try
 */
export async function runCalls(
	context: IExecuteFunctions,
	operation: CallOperation,
	planned: ReadonlyArray<PlannedItem<Execute>>,
	allValid: boolean,
): Promise<CallResult[]> {
	if (planned.length === 0) return [];
	const settings = readCallSettings(planned[0]?.options ?? {});
	const groups = await connectGroups(context, planned, REQUESTS, {
		policy: settings.waiting,
		requestsPerMinute: settings.requestsPerMinute,
		interval: settings.interval,
	});
	const memory = changesSomething(operation) ? new RunMemory(context, operation) : undefined;
	const calls = groups.flatMap((group) => {
		const own = {
			call: sharedReads(group.connection),
			memory: memory?.of(group.items, group.site, operation.idempotent),
		};
		return group.planned.map((one, position): ItemCall => ({ ...own, one, position }));
	});
	const stopOnFailure = !context.continueOnFail();
	let halted = false;
	let succeeded = false;
	try {
		const results = await inParallel(calls, settings.parallel, async (call) => {
			if (halted) return failed(call.one.item, [HELD_BACK], call.one.about);
			const result = await runCall(call, operation);
			halted ||= result.kind === 'failed' && stopOnFailure;
			return result;
		});
		succeeded = allValid && results.every(({ kind }) => kind === 'done');
		return results;
	} finally {
		memory?.finish(succeeded);
	}
}

/** A read needs no memory: it is simply done again. */
function changesSomething({ idempotent, route }: CallOperation): boolean {
	return !(idempotent && route.method === 'GET');
}

/** One item, with its way to Bento and its place in the memory of its site. */
interface ItemCall {
	readonly call: Call;
	readonly memory: SiteMemory | undefined;
	readonly one: PlannedItem<Execute>;
	readonly position: number;
}

async function runCall(
	{ call, memory, one, position }: ItemCall,
	operation: CallOperation,
): Promise<CallResult> {
	const known = memory?.at(position);
	if (known) return rememberedResult(one, known.outputs);
	const execute = async () => await executeSafely(one.plan, call);
	const came = await (memory?.during(position, 1, execute) ?? execute());
	const result = toResult(one, came, operation);
	if (came.kind === 'items' && came.isPreview) return result;
	if (result.kind === 'done') {
		memory?.add({ first: position, count: 1, previous: 'accepted', outputs: result.outputs });
	} else if (!operation.idempotent && mayHaveBeenDone(came)) {
		memory?.add({ first: position, count: 1, previous: 'unknown' });
	}
	return result;
}

/** An operation promises not to throw; should one nevertheless, its request may have been sent. */
async function executeSafely(execute: Execute, call: Call): Promise<Ended> {
	try {
		return await execute(call);
	} catch (error) {
		return { kind: 'thrown', words: messageOf(error) };
	}
}

type Ended = OperationResult | { readonly kind: 'thrown'; readonly words: string };

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
	return outputs ? { kind: 'done', item, outputs } : failed(item, [UNCERTAIN], about);
}

function toResult(
	{ item, about, options }: PlannedItem<Execute>,
	came: Ended,
	operation: CallOperation,
): CallResult {
	const { notFound } = operation;
	if (came.kind === 'items') return { kind: 'done', item, outputs: came.items };
	const ifNotFound = options.ifNotFound ?? notFound?.otherwise;
	if (came.kind === 'none' && notFound && ifNotFound === 'continue') {
		return { kind: 'done', item, outputs: [{ found: false, ...about }] };
	}
	return failed(item, [callProblem(came, operation)], about);
}

function callProblem(came: Exclude<Ended, { kind: 'items' }>, operation: CallOperation): Problem {
	const { notFound, blocked } = operation;
	switch (came.kind) {
		case 'none':
			return notFoundProblem(notFound, came.report);
		case 'failed':
			return explainFailure(came.report, blocked);
		case 'refused':
			return {
				code: 'REJECTED',
				message: 'Bento rejected the data',
				detail: fromBento(came.words),
				advice: 'Correct the values that Bento names, and run the node again',
			};
		case 'unexpected':
			return changesSomething(operation) ? UNEXPECTED_RESPONSE : UNREADABLE;
		case 'endless':
			return {
				code: 'UNEXPECTED',
				message: "The list from Bento doesn't end, so it wasn't returned in part",
				advice: `It goes on after ${inDigits(came.pages)} pages. Turn off 'Return All' and set a 'Limit', or filter the list`,
			};
		case 'thrown':
			return {
				code: 'UNEXPECTED',
				mayHaveArrived: true,
				message: 'The request stopped unexpectedly',
				detail: came.words,
				advice: 'Bento may have received it. Check in Bento before you send it again',
			};
	}
}

/** Without `blocked`, a 403 is explained as for any call; so is one that isn't Bento's own. */
function explainFailure(report: CallReport, blocked: string | undefined): Problem {
	const { outcome } = report;
	const means = outcome.kind === 'refused' && outcome.reason === 'forbidden' ? blocked : undefined;
	return { ...explain(report), ...(means !== undefined && { message: means }) };
}

function notFoundProblem(notFound: NotFound | undefined, report?: CallReport): Problem {
	const outcome = report?.outcome.kind === 'refused' ? report.outcome : undefined;
	return {
		code: 'NOT_FOUND',
		message: notFound?.message ?? "The record wasn't found in Bento",
		detail: fromBento(outcome?.words),
		advice: notFound
			? "Check the value, or set 'If Not Found' in Options to Continue"
			: "Check the values, and 'API Base URL' in the Bento API credential",
		...(outcome?.status !== undefined && { httpCode: String(outcome.status) }),
	};
}

const HELD_BACK: Problem = {
	code: 'NOT_SENT',
	message: "The request wasn't sent because an earlier one failed",
	advice: 'Correct the earlier item, or let the node continue on errors',
};

/** Whether Bento may have done what was asked, so that a later try must not ask again. */
function mayHaveBeenDone(came: Ended): boolean {
	if (came.kind === 'thrown' || came.kind === 'unexpected') return true;
	if (came.nothingDone) return false;
	return came.kind === 'failed' && came.report.mayHaveArrived;
}
