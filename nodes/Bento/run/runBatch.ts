import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { byItem, throwIfFailed, throwIfInvalid, toItems } from '../../shared/batchRun/output';
import { resultOf, type ItemResult } from '../../shared/batchRun/result';
import { runBatches } from '../../shared/batchRun/runBatches';
import type { Noun } from '../../shared/batchRun/words';
import type { BatchNote, Fate } from '../../shared/delivery/types';
import { connectToBento } from '../../shared/http/outbound/connect';
import { isItem } from '../../shared/operation/answers';
import type { BatchOperation, BatchRecord } from '../../shared/operation/types';
import { planItems, type PlannedItem } from './planItems';
import { readBatchSettings } from './settings';

/** Bento documents no limit for a body; a million bytes is what web servers let through unless told otherwise. */
const MAX_BYTES = 1_000_000;

/**
 * Runs an operation whose records travel together: one output item per input item, by the same rules as Bento
 * Track Event.
 *
 * @throws NodeOperationError when items can't be sent as they are, NodeApiError when a batch came to nothing,
 * unless the node continues on failures
 */
export async function runBatch(
	context: IExecuteFunctions,
	operation: BatchOperation,
	continueOnFail: boolean,
): Promise<INodeExecutionData[]> {
	const noun = nounOf(operation);
	const { planned, invalid } = planItems(context, operation, (values, plans) =>
		operation.plan(values, plans),
	);
	if (!continueOnFail) throwIfInvalid(context, invalid, noun);
	const sent =
		planned.length > 0 ? await send(context, operation, planned, noun, continueOnFail) : [];
	if (!continueOnFail) throwIfFailed(context.getNode(), sent, noun);
	return toItems(byItem([...sent, ...invalid]));
}

async function send(
	context: IExecuteFunctions,
	operation: BatchOperation,
	planned: ReadonlyArray<PlannedItem<BatchRecord>>,
	noun: Noun,
	continueOnFail: boolean,
): Promise<ItemResult[]> {
	const settings = readBatchSettings(planned[0]?.options, operation);
	const { connection } = await connectToBento(context, {
		policy: settings.waiting,
		interval: settings.interval,
		signal: context.getExecutionCancelSignal(),
		continueOnFail,
	});
	const { fates } = await runBatches(context, connection, {
		noun,
		pieces: planned.map(({ item, plan }) => ({ item, record: plan.record })),
		request: { ...operation.route, whenUnknown: operation.whenUnknown },
		wrapper: operation.wrapper,
		batchSize: settings.batchSize,
		maxBytes: MAX_BYTES,
		parallel: settings.parallel,
		counted: true,
		continueOnFail,
		// What goes out again unasked is what a repeat doesn't change.
		repeatsMatter: false,
		onBatch: ({ count, report }: BatchNote) => {
			if (report.outcome.kind === 'accepted') connection.pace.hold(count * settings.perRecord);
		},
	});
	return planned.map(({ item, plan }, position) => {
		const fate = fates[position] ?? { kind: 'unserializable' };
		return resultOf(item, fate, noun, () => ({
			...plan.about,
			...QUEUED,
			...(settings.includeResponse && { response: answerOf(fate) }),
		}));
	});
}

/** Imports, commands and emails are worked off later, and no answer tells what became of a single one. */
const QUEUED: IDataObject = { info: 'Queued in Bento, which answers with counts only' };

/** `subscribers` gives subscriber and subscribers. */
function nounOf({ wrapper }: BatchOperation): Noun {
	const many = wrapper.endsWith('s') ? wrapper : `${wrapper}s`;
	return { one: many.slice(0, -1), many };
}

function answerOf(fate: Fate): IDataObject | null {
	return 'answer' in fate && isItem(fate.answer) ? fate.answer : null;
}
