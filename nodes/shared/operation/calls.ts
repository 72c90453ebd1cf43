import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { callBento, type BentoConnection } from '../http/outbound/call';
import { connectToBento } from '../http/outbound/connect';
import { explain } from '../http/outbound/explain';
import type { BentoRequest, CallReport } from '../http/outbound/types';
import { RunMemory } from './memory';
import { readCallSettings } from './options';
import {
	failed,
	failure,
	UNCERTAIN,
	type DoneItem,
	type FailedItem,
	type ItemFailure,
} from './output';
import type { PlannedItem } from './run';
import type { Call, CallOperation, CallRequest, Errand, ErrandResult, NotFound } from './types';

type CallResult = DoneItem | FailedItem;

/**
 * Calls Bento for each item, in bounded parallel. A write whose repeat would do harm is remembered for other tries of
 * this run; without Continue, the first failure holds back what hasn't begun.
 */
export async function runCalls(
	context: IExecuteFunctions,
	operation: CallOperation,
	planned: ReadonlyArray<PlannedItem<Errand>>,
): Promise<CallResult[]> {
	const continueOnFail = context.continueOnFail();
	const settings = readCallSettings(planned[0]?.options ?? {});
	const { connection } = await connectToBento(context, {
		policy: settings.waiting,
		interval: settings.interval,
		signal: context.getExecutionCancelSignal(),
		continueOnFail,
	});
	const call = sharedReads(connection);
	const items = planned.map(({ item }) => item);
	const memory =
		operation.whenUnknown === 'never'
			? new RunMemory(context, items, operation, operation.whenUnknown)
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
			memory?.add({ first: position, count: 1, standing: 'accepted', outputs: result.outputs });
		} else if (mayHaveBeenDone(came)) {
			memory?.add({ first: position, count: 1, standing: 'unknown' });
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

/**
 * Returns the function that an errand calls Bento with. Equal reads of one run share one request: a hundred items that
 * ask for the same list, or about the same subscriber, cost Bento's hourly limits one call.
 */
export function sharedReads(connection: BentoConnection): Call {
	const reads = new Map<string, Promise<CallReport>>();
	const send = async (request: CallRequest) =>
		await callBento(connection, toBentoRequest(request, connection.siteUuid));
	return async (request) => {
		if (request.method !== 'GET') return await send(request);
		const key = JSON.stringify([request.path, request.query]);
		const shared = reads.get(key) ?? send(request);
		reads.set(key, shared);
		return await shared;
	};
}

/** A request as the shared helper takes it, with its body serialized. */
function toBentoRequest(request: CallRequest, siteUuid: string): BentoRequest {
	const { method, path, query, whenUnknown, json, form } = request;
	if (form) {
		// Form calls take the site in the body too (bentonow.com/docs/data_deletion_requests_api).
		const body = new URLSearchParams({ ...form, site_uuid: siteUuid }).toString();
		const contentType = 'application/x-www-form-urlencoded';
		return { method, path, query, whenUnknown, body: Buffer.from(body, 'utf8'), contentType };
	}
	if (json === undefined) return { method, path, query, whenUnknown };
	return { method, path, query, whenUnknown, body: Buffer.from(JSON.stringify(json), 'utf8') };
}

/** The result of an earlier try; without outputs, Bento may have it, but no response said so. */
function rememberedResult(
	{ item, about }: PlannedItem<Errand>,
	outputs: readonly IDataObject[] | undefined,
): CallResult {
	return outputs ? { kind: 'done', item, outputs } : failed(item, UNCERTAIN, about);
}

function toResult(
	{ item, about, options }: PlannedItem<Errand>,
	came: ErrandResult,
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
	came: Exclude<ErrandResult, { kind: 'items' }>,
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

export const UNEXPECTED_RESPONSE: ItemFailure = {
	problems: [
		{
			message: 'Bento sent an unexpected response',
			advice:
				"Check 'API Base URL' in the Bento API credential. What was asked for may have been done, so look in Bento before you do it again",
		},
	],
};

const HELD_BACK: ItemFailure = {
	problems: [
		{
			message: "The request wasn't sent because an earlier one failed",
			advice: 'Correct the earlier item, or let the node continue on errors',
		},
	],
};

/** Whether Bento may have done what was asked, so that a later try must not ask again. */
function mayHaveBeenDone(came: ErrandResult): boolean {
	if (came.nothingDone) return false;
	if (came.kind === 'unexpected') return true;
	if (came.kind !== 'failed') return false;
	return came.report.outcome.kind === 'unknown' || came.report.gaveUp === 'guarantee';
}
