import {
	NodeOperationError,
	type IDataObject,
	type IExecuteFunctions,
	type INodeExecutionData,
	type NodeExecutionHint,
} from 'n8n-workflow';
import { deliver } from '../delivery/deliver';
import { sendApart, sendTogether } from '../delivery/line';
import type { Delivery, RecordResult } from '../delivery/types';
import { callBento } from '../http/client/call';
import { connectToBento } from '../http/client/credential';
import { systemClock } from '../http/client/rateLimiter';
import { inDigits, counted, type Noun } from '../http/problem';
import { areUnique } from '../operation/description';
import { readBatchSettings, type BatchSettings } from '../operation/options';
import { isItem } from '../operation/responses';
import {
	type BatchOperation,
	type BatchRecord,
	type Operation,
	type Resource,
	type Way,
} from '../operation/types';
import { runCalls } from './calls';
import { RunMemory } from './memory';
import { planItems, type PlannedItem } from './plan';
import {
	accountOf,
	failedRunError,
	invalidItemsError,
	runHints,
	addHints,
	noteHints,
	type RunAccount,
} from './report';
import {
	failed,
	meaningOf,
	toItems,
	UNKNOWN_OPERATION,
	type FailedItem,
	type ItemResult,
	type Meaning,
} from './results';

const REQUESTS: Noun = { one: 'request', many: 'requests' };

/**
 * Bento documents no limit for a body. A million bytes is what a web server accepts by default (nginx,
 * client_max_body_size), and enough for 1000 events of 1 kB.
 */
const MAX_BYTES = 1_000_000;

/**
 * Runs the operation that the workflow names for all input items. Everything is read and checked before anything is
 * sent; the output keeps the items' order, and each output item is paired with its input.
 *
 * Under Continue it never throws: n8n would count the input items as successes.
 *
 * @throws NodeOperationError when items can't be sent as they are, NodeApiError when Bento didn't accept them, unless
 * the node continues on failures
 */
export async function runOperation(
	context: IExecuteFunctions,
	resources: readonly Resource[],
): Promise<INodeExecutionData[][]> {
	const operation = findOperation(context, resources);
	const node = context.getNode();
	const inputs = context.getInputData();
	const continueOnFail = context.continueOnFail();
	if (!operation) {
		if (!continueOnFail) throw new NodeOperationError(node, UNKNOWN_OPERATION.problems[0].message);
		return [
			toItems(
				node,
				inputs.map((_input, item) => failed(item, UNKNOWN_OPERATION, {})),
			),
		];
	}
	const { noun, results, invalid } =
		operation.kind === 'batch'
			? await runBatches(context, operation, continueOnFail)
			: await runSingleCalls(context, operation, continueOnFail);
	if (!continueOnFail) throwFailures(context, noun, results);
	return [toItems(node, [...results, ...invalid])];
}

/** The operation that the workflow names; undefined if it doesn't exist, or is an expression. */
function findOperation(
	context: IExecuteFunctions,
	resources: readonly Resource[],
): Operation | undefined {
	const raw = { rawExpressions: true };
	const resource: unknown = context.getNodeParameter('resource', 0, '', raw);
	const operation: unknown = context.getNodeParameter('operation', 0, '', raw);
	const all = resources.flatMap(({ operations }) => operations);
	const own = resources.find(({ value }) => value === resource)?.operations ?? [];
	return (areUnique(all) ? all : own).find(({ value }) => value === operation);
}

interface RunResults {
	readonly noun: Noun;
	readonly results: readonly ItemResult[];
	readonly invalid: readonly FailedItem[];
}

async function runSingleCalls(
	context: IExecuteFunctions,
	operation: Extract<Operation, { kind: 'call' }>,
	continueOnFail: boolean,
): Promise<RunResults> {
	const { planned, invalid, notes } = planItems(context, operation, (values, plans) =>
		operation.plan(values, plans),
	);
	if (!continueOnFail) throwInvalid(context, REQUESTS, invalid);
	addHints(context, noteHints(notes));
	const results = planned.length > 0 ? await runCalls(context, operation, planned) : [];
	return { noun: REQUESTS, results, invalid };
}

async function runBatches(
	context: IExecuteFunctions,
	operation: BatchOperation,
	continueOnFail: boolean,
): Promise<RunResults> {
	const { noun } = operation;
	const { planned, invalid, notes } = planItems(context, operation, (values, plans) =>
		operation.plan(values, plans),
	);
	if (!continueOnFail) throwInvalid(context, noun, invalid);
	const total = planned.length + invalid.length;
	const settings = readBatchSettings(planned[0]?.options ?? {}, operation);
	if (settings.dryRun || planned.length === 0) {
		addHints(context, [nothingSent(noun, planned.length, total), ...noteHints(notes)]);
		return { noun, results: planned.map((one) => preview(one, noun)), invalid };
	}
	const startedAt = systemClock.now();
	const delivery = await send(context, operation, settings, planned, continueOnFail);
	const account: RunAccount = {
		noun,
		total,
		results: delivery.results,
		totals: delivery.totals,
		milliseconds: systemClock.now() - startedAt,
		repeatsMatter: operation.repeatsMatter,
	};
	addHints(context, [...runHints(account), ...noteHints(notes)]);
	if (context.getExecutionCancelSignal()?.aborted) logCutShort(context, account);
	const outcomeOf = outcomeReader(operation, settings);
	const results = planned.map((one, position) =>
		resultOf(one, outcomeOf(delivery.results[position] ?? { kind: 'unserializable' })),
	);
	return { noun, results, invalid };
}

/** Delivers the records, and remembers what Bento has for another try of this run. */
async function send(
	context: IExecuteFunctions,
	operation: BatchOperation,
	settings: BatchSettings,
	planned: ReadonlyArray<PlannedItem<BatchRecord>>,
	continueOnFail: boolean,
): Promise<Delivery> {
	const way = operation.way?.(planned[0]?.options ?? {}) ?? usualWay(operation);
	const { connection, keys } = await connectToBento(context, {
		policy: settings.waiting,
		requestsPerMinute: settings.requestsPerMinute,
		interval: settings.interval,
		signal: context.getExecutionCancelSignal(),
		signed: way.signed,
		continueOnFail,
	});
	const records = planned.map(({ plan }) => plan.record);
	const items = planned.map(({ item }) => item);
	const memory = new RunMemory(context, items, operation, way.idempotent);
	const request = {
		method: operation.route.method,
		path: way.path(keys),
		idempotent: way.idempotent,
	};
	const delivery = await deliver(records, {
		wrapper: operation.wrapper,
		maxCount: settings.batchSize,
		maxBytes: MAX_BYTES,
		parallel: settings.parallel,
		stopOnFailure: !continueOnFail,
		counted: way.counted,
		failPartial: settings.failUnconfirmed,
		rememberUnknown: !way.idempotent,
		memory,
		async send(batch, frame) {
			const count = batch.parts.length;
			const label = `batch ${batch.number}, ${counted(count, operation.noun)}`;
			const onStart = () => memory.sending(batch.first, count);
			const room = { count: settings.batchSize, bytes: MAX_BYTES };
			const way = settings.combine
				? sendTogether(batch, frame, room)
				: sendApart(count < settings.batchSize ? 'single' : 'full', batch, frame);
			return await callBento(connection, { ...request, label, onStart }, way);
		},
		onBatch: ({ count, report: { outcome } }) => {
			const { caller, clock } = connection;
			if (outcome.kind === 'accepted') caller.hold(count * settings.perRecord, clock.now());
		},
	});
	const results = [...new Set(delivery.results)];
	memory.finish(results.every((result) => 'status' in meaningOf(result, operation.noun)));
	return delivery;
}

function usualWay({ route, idempotent }: BatchOperation): Way {
	return { path: () => route.path, idempotent, signed: true, counted: true };
}

/** What the results of a run mean; the items of a batch share one, which is read once. */
function outcomeReader(
	{ noun, info }: BatchOperation,
	{ includeResponse }: BatchSettings,
): (result: RecordResult) => Meaning {
	const known = new Map<RecordResult, Meaning>();
	const read = (result: RecordResult): Meaning => {
		const meaning = meaningOf(result, noun);
		if ('failure' in meaning) return meaning;
		const more = {
			...(info !== undefined && { info }),
			...(includeResponse && { response: responseOf(result) }),
		};
		return { status: { ...meaning.status, ...more } };
	};
	return (result) => {
		const outcome = known.get(result) ?? read(result);
		known.set(result, outcome);
		return outcome;
	};
}

function resultOf({ item, plan, about }: PlannedItem<BatchRecord>, outcome: Meaning): ItemResult {
	if ('failure' in outcome) return failed(item, outcome.failure, { ...about, ...plan.about });
	// Two spreads in one literal would take Node 20 a microsecond, a third of all that is done for an event (measured).
	return { kind: 'done', item, outputs: [Object.assign({}, outcome.status, plan.about)] };
}

function responseOf(result: RecordResult): IDataObject | string | null {
	const answer = 'answer' in result ? result.answer : null;
	if (typeof answer === 'string') return answer;
	return isItem(answer) ? answer : null;
}

/** What a dry run shows of an item. */
function preview({ item, plan }: PlannedItem<BatchRecord>, noun: Noun): ItemResult {
	return { kind: 'done', item, outputs: [{ status: 'dryRun', [noun.one]: { ...plan.record } }] };
}

/** The hint of a run that sends nothing. */
function nothingSent(noun: Noun, valid: number, total: number): NodeExecutionHint {
	const message =
		valid === 0
			? `None of the ${counted(total, noun)} can be sent. Nothing was sent`
			: `Dry run: ${inDigits(valid)} of ${counted(total, noun)} can be sent. Nothing was sent`;
	return { type: 'info', location: 'outputPane', message };
}

/** n8n may keep no data of a run that is stopped or times out, so the account goes into its log. */
function logCutShort(context: IExecuteFunctions, account: RunAccount): void {
	context.logger.info(
		`${context.getNode().name} [execution ${context.getExecutionId()}]: the run was cut short. ${accountOf(account)}`,
	);
}

function throwInvalid(
	context: IExecuteFunctions,
	noun: Noun,
	invalid: readonly FailedItem[],
): void {
	if (invalid.length === 0) return;
	throw invalidItemsError(context.getNode(), invalid, context.getInputData().length, noun);
}

function throwFailures(
	context: IExecuteFunctions,
	noun: Noun,
	results: readonly ItemResult[],
): void {
	const failures = results.filter((result): result is FailedItem => result.kind === 'failed');
	if (failures.length === 0) return;
	const accepted = results.length - failures.length;
	throw failedRunError(context.getNode(), failures, results.length, accepted, noun);
}
