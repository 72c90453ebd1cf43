import {
	NodeOperationError,
	type IDataObject,
	type IExecuteFunctions,
	type INodeExecutionData,
	type NodeExecutionHint,
} from 'n8n-workflow';
import { deliver, type DeliveryPlan } from '../delivery/deliver';
import { sendApart, sendTogether } from '../delivery/line';
import type { Delivery, RecordResult, Totals } from '../delivery/types';
import { callBento } from '../http/client/call';
import { systemClock } from '../http/client/rateLimiter';
import type { CallReport } from '../http/client/types';
import {
	aftermath,
	codeOf,
	counted,
	inDigits,
	sentences,
	type Noun,
	type Problem,
} from '../http/problem';
import { areUnique } from '../operation/description';
import { groupByOptions, readBatchSettings, type BatchSettings } from '../operation/options';
import { isItem } from '../operation/responses';
import {
	type BatchOperation,
	type BatchRecord,
	type Operation,
	type Resource,
	type Way,
} from '../operation/types';
import { runCalls } from './calls';
import { RunMemory, type SiteMemory } from './memory';
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
import { connectGroups, type SiteGroup } from './sites';

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
	if (!context.continueOnFail()) return await run(context, resources, false);
	try {
		return await run(context, resources, true);
	} catch (error) {
		return failAll(context, { ...UNEXPECTED, detail: wordsOf(error) });
	}
}

/** Whatever it is, it came from a part that promises not to throw. */
const UNEXPECTED: Problem = {
	code: 'UNEXPECTED',
	mayHaveArrived: true,
	message: 'The node stopped unexpectedly',
	advice:
		'Bento may have received some of the data. Check in Bento before you send it again, and report this to the authors of the node',
};

function wordsOf(error: unknown): string {
	return error instanceof Error ? error.message : '';
}

function failAll(context: IExecuteFunctions, problem: Problem): INodeExecutionData[][] {
	const inputs = context.getInputData();
	const all = inputs.map((_input, item) => failed(item, [problem], {}));
	return [toItems(context.getNode(), all)];
}

async function run(
	context: IExecuteFunctions,
	resources: readonly Resource[],
	continueOnFail: boolean,
): Promise<INodeExecutionData[][]> {
	const operation = findOperation(context, resources);
	const node = context.getNode();
	if (!operation) {
		if (!continueOnFail) {
			const description = sentences([aftermath(UNKNOWN_OPERATION), codeOf(UNKNOWN_OPERATION)]);
			throw new NodeOperationError(node, UNKNOWN_OPERATION.message, { description });
		}
		return failAll(context, UNKNOWN_OPERATION);
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
	const results = await runCalls(context, operation, planned, invalid.length === 0);
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
	const dry = planned.filter(({ options }) => options.dryRun === true);
	const live = planned.filter(({ options }) => options.dryRun !== true);
	const previews = dry.map((one) => preview(one, noun));
	if (live.length === 0) {
		addHints(context, [nothingSent(noun, dry.length, total), ...noteHints(notes)]);
		return { noun, results: previews, invalid };
	}
	const startedAt = systemClock.now();
	const delivery = await send(context, operation, live, invalid.length === 0);
	const account: RunAccount = {
		noun,
		total,
		results: delivery.results,
		totals: delivery.totals,
		milliseconds: systemClock.now() - startedAt,
		repeatsMatter: operation.repeatsMatter,
	};
	addHints(context, [...runHints(account), ...dryHints(noun, dry.length), ...noteHints(notes)]);
	if (context.getExecutionCancelSignal()?.aborted) logCutShort(context, account);
	const outcomeOf = outcomeReader(operation);
	const results = live.map((one, position) => {
		const result = delivery.results[position] ?? { kind: 'unserializable' };
		return resultOf(one, outcomeOf(result, one.options.includeResponse === true));
	});
	return { noun, results: [...results, ...previews], invalid };
}

/**
 * Delivers the records, each by the options and to the site of its item, and remembers what Bento has for another try of
 * this run.
 *
 * @param allValid whether no item was left out, so that after a success n8n has no reason for another try
 */
async function send(
	context: IExecuteFunctions,
	operation: BatchOperation,
	planned: ReadonlyArray<PlannedItem<BatchRecord>>,
	allValid: boolean,
): Promise<Delivery> {
	const trips = await tripsOf(context, operation, planned);
	const memory = new RunMemory(context, operation);
	const stopOnFailure = !context.continueOnFail();
	const merged = new MergedDelivery();
	let succeeded = false;
	try {
		for (const { group, positions, settings, way } of trips) {
			const site = memory.of(group.items, group.site, way.idempotent);
			const halted = stopOnFailure ? merged.failure : undefined;
			const plan = deliveryPlan(operation, settings, way, group, site);
			const records = group.planned.map((one) => one.plan.record);
			merged.add(
				positions,
				await deliver(records, { ...plan, memory: site, stopOnFailure, halted }),
			);
		}
		const results = [...new Set(merged.results)];
		succeeded =
			allValid && results.every((result) => 'status' in meaningOf(result, operation.noun));
	} finally {
		memory.finish(succeeded);
	}
	return merged;
}

/** Records that travel alike and to one site. */
interface Trip {
	readonly group: SiteGroup<BatchRecord>;
	/** Their places among all records. */
	readonly positions: readonly number[];
	readonly settings: BatchSettings;
	readonly way: Way;
}

/** Everything is connected before anything is sent. */
async function tripsOf(
	context: IExecuteFunctions,
	operation: BatchOperation,
	planned: ReadonlyArray<PlannedItem<BatchRecord>>,
): Promise<Trip[]> {
	const trips: Trip[] = [];
	for (const { members, positions, options } of groupByOptions(planned)) {
		const settings = readBatchSettings(options, operation);
		const way = operation.way?.(options) ?? usualWay(operation);
		const groups = await connectGroups(context, members, operation.noun, {
			policy: settings.waiting,
			requestsPerMinute: settings.requestsPerMinute,
			interval: settings.interval,
			signed: way.signed,
		});
		for (const group of groups) {
			const places = group.positions.map((position) => positions[position] ?? position);
			trips.push({ group, positions: places, settings, way });
		}
	}
	return trips;
}

/** How the records of one site travel. */
function deliveryPlan(
	operation: BatchOperation,
	settings: BatchSettings,
	way: Way,
	{ connection, keys }: SiteGroup<BatchRecord>,
	memory: SiteMemory,
): Omit<DeliveryPlan, 'memory' | 'stopOnFailure'> {
	const { method } = operation.route;
	const request = { method, path: way.path(keys), idempotent: way.idempotent };
	const impatient = {
		...connection,
		policy: { ...connection.policy, maxAttempts: 1, patience: 0 },
	};
	return {
		wrapper: operation.wrapper,
		maxCount: settings.batchSize,
		maxBytes: MAX_BYTES,
		parallel: settings.parallel,
		counted: way.counted,
		failUnconfirmed: settings.failUnconfirmed,
		rememberUnknown: !way.idempotent,
		async send(batch, frame, once) {
			const count = batch.parts.length;
			const label = `batch ${batch.number}, ${counted(count, operation.noun)}`;
			const onStart = () => memory.sending(batch.first, count);
			const room = { count: settings.batchSize, bytes: MAX_BYTES };
			const load = count < settings.batchSize ? 'single' : 'full';
			const send =
				settings.combine && !once
					? sendTogether(batch, frame, room)
					: sendApart(load, batch, frame);
			return await callBento(once ? impatient : connection, { ...request, label, onStart }, send);
		},
		onBatch: ({ count, report: { outcome } }) => {
			const { caller, clock } = connection;
			if (outcome.kind === 'accepted') caller.hold(count * settings.perRecord, clock.now());
		},
	};
}

const NO_TOTALS: Totals = {
	batches: 0,
	requests: 0,
	retries: 0,
	possiblyDoubled: 0,
	shared: 0,
	waited: 0,
};

/** The deliveries to all sites of a run, as one: by position, and with batches numbered on. */
class MergedDelivery implements Delivery {
	readonly results: RecordResult[] = [];
	totals: Totals = NO_TOTALS;
	/** What held records back, or would have. */
	failure: CallReport | undefined;

	add(positions: readonly number[], { results, totals }: Delivery): void {
		const { batches } = this.totals;
		const renumbered = new Map<RecordResult, RecordResult>();
		for (const [index, result] of results.entries()) {
			const known = renumbered.get(result) ?? numberedOn(result, batches);
			renumbered.set(result, known);
			this.results[positions[index] ?? index] = known;
			if (known.kind === 'undelivered' || known.kind === 'held') this.failure ??= known.report;
		}
		this.totals = {
			batches: batches + totals.batches,
			requests: this.totals.requests + totals.requests,
			retries: this.totals.retries + totals.retries,
			possiblyDoubled: this.totals.possiblyDoubled + totals.possiblyDoubled,
			shared: this.totals.shared + totals.shared,
			waited: Math.max(this.totals.waited, totals.waited),
		};
	}
}

function numberedOn(result: RecordResult, batches: number): RecordResult {
	if (batches === 0 || !('batch' in result)) return result;
	return { ...result, batch: result.batch + batches };
}

function usualWay({ route, idempotent }: BatchOperation): Way {
	return { path: () => route.path, idempotent, signed: true, counted: true };
}

/** What the results of a run mean; the items of a batch share one, which is read once. */
function outcomeReader({
	noun,
	info,
}: BatchOperation): (result: RecordResult, includeResponse: boolean) => Meaning {
	const known = new Map<RecordResult, Meaning>();
	const read = (result: RecordResult, includeResponse: boolean): Meaning => {
		const meaning = meaningOf(result, noun);
		if ('problem' in meaning) return meaning;
		const more = {
			...(info !== undefined && { info }),
			...(includeResponse && { response: responseOf(result), ...requestIdOf(result) }),
		};
		return { status: { ...meaning.status, ...more } };
	};
	return (result, includeResponse) => {
		const outcome = known.get(result) ?? read(result, includeResponse);
		known.set(result, outcome);
		return outcome;
	};
}

function resultOf({ item, plan, about }: PlannedItem<BatchRecord>, outcome: Meaning): ItemResult {
	if ('problem' in outcome) return failed(item, [outcome.problem], { ...about, ...plan.about });
	// Two spreads in one literal would take Node 20 a microsecond, a third of all that is done for an event (measured).
	return { kind: 'done', item, outputs: [Object.assign({}, outcome.status, plan.about)] };
}

function responseOf(result: RecordResult): IDataObject | string | null {
	const answer = 'answer' in result ? result.answer : null;
	if (typeof answer === 'string') return answer;
	return isItem(answer) ? answer : null;
}

function requestIdOf(result: RecordResult): IDataObject {
	return 'requestId' in result && result.requestId !== undefined
		? { requestId: result.requestId }
		: {};
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

/** The hint of a run of which only some is sent. */
function dryHints(noun: Noun, dry: number): NodeExecutionHint[] {
	if (dry === 0) return [];
	const message = `Dry run: ${counted(dry, noun)} ${dry === 1 ? "wasn't" : "weren't"} sent`;
	return [{ type: 'info', location: 'outputPane', message }];
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
