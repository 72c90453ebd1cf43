import { type IDataObject, type IExecuteFunctions, type NodeExecutionHint } from 'n8n-workflow';
import { deliver, type DeliveryPlan } from '../delivery/deliver';
import { sendApart, sendTogether } from '../delivery/line';
import type { Delivery, RecordResult, Totals } from '../delivery/types';
import { callBento } from '../http/client/call';
import { placeOf } from '../http/client/log';
import { systemClock } from '../http/client/rateLimiter';
import type { CallReport } from '../http/client/types';
import { counted, inDigits, type Noun } from '../http/problem';
import {
	isDryRun,
	groupByOptions,
	readBatchSettings,
	type BatchSettings,
} from '../operation/options';
import { isItem } from '../operation/responses';
import { type BatchOperation, type BatchRecord, type Way } from '../operation/types';
import { RunMemory, type SiteMemory } from './memory';
import { type PlannedItem, type PlannedItems } from './plan';
import { accountOf, addHints, noteHints, runHints, type RunAccount } from './report';
import { failed, meaningOf, type ItemResult, type Meaning } from './results';
import { connectGroups, type SiteGroup } from './sites';

/**
 * Bento documents no limit for a body. A million bytes is what a web server accepts by default (nginx,
 * client_max_body_size), and enough for 1000 events of 1 kB.
 */
const MAX_BYTES = 1_000_000;

/**
 * Sends the records of all planned items in batches, and tells the run's account as hints.
 *
 * @param plan all that was planned, with what couldn't be
 */
export async function runBatches(
	context: IExecuteFunctions,
	operation: BatchOperation,
	{ planned, invalid, notes }: PlannedItems<BatchRecord>,
): Promise<readonly ItemResult[]> {
	const { noun } = operation;
	const total = planned.length + invalid.length;
	const dry = planned.filter(({ options }) => isDryRun(options));
	const live = planned.filter(({ options }) => !isDryRun(options));
	const previews = withInputs(
		context,
		dry,
		dry.map((one) => previewRecord(one, noun)),
	);
	if (live.length === 0) {
		addHints(context, [nothingSent(noun, dry.length, total), ...noteHints(notes)]);
		return previews;
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
	return [...withInputs(context, live, results), ...previews];
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
			let known = batches === 0 ? result : renumbered.get(result);
			if (known === undefined) {
				known = numberedOn(result, batches);
				renumbered.set(result, known);
			}
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
	return 'batch' in result ? { ...result, batch: result.batch + batches } : result;
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
			...(includeResponse && { response: responseOf(result), ...requestIdIn(result) }),
		};
		return { status: { ...meaning.status, ...more } };
	};
	return (result, includeResponse) => {
		let outcome = known.get(result);
		if (outcome === undefined) {
			outcome = read(result, includeResponse);
			known.set(result, outcome);
		}
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

/** The results, beside the input's own fields if the item's Options ask for them. */
function withInputs(
	context: IExecuteFunctions,
	planned: ReadonlyArray<PlannedItem<BatchRecord>>,
	results: readonly ItemResult[],
): readonly ItemResult[] {
	if (!planned.some(({ options }) => options.includeInputFields === true)) return results;
	const inputs = context.getInputData();
	return results.map((result, position) => {
		const wanted = planned[position]?.options.includeInputFields === true;
		if (!wanted || result.kind !== 'done') return result;
		const fields = { ...inputs[result.item]?.json };
		// n8n takes an item with an error for a failed one, even if it comes from an earlier node.
		delete fields.error;
		return { ...result, outputs: result.outputs.map((bento) => ({ ...fields, bento })) };
	});
}

function requestIdIn(result: RecordResult): IDataObject {
	return 'requestId' in result && result.requestId !== undefined
		? { requestId: result.requestId }
		: {};
}

/** What a dry run shows of an item. */
function previewRecord({ item, plan }: PlannedItem<BatchRecord>, noun: Noun): ItemResult {
	return { kind: 'done', item, outputs: [{ status: 'dryRun', [noun.one]: { ...plan.record } }] };
}

/** The hint of a run that sends nothing. */
function nothingSent(noun: Noun, valid: number, total: number): NodeExecutionHint {
	const none = total === 1 ? `The ${noun.one} can't` : `None of the ${counted(total, noun)} can`;
	const some = `Dry run: ${inDigits(valid)} of ${counted(total, noun)} can`;
	const message = `${valid === 0 ? none : some} be sent. Nothing was sent`;
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
	context.logger.info(`${placeOf(context)}: the run was cut short. ${accountOf(account)}`);
}
