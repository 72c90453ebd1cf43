import type { IExecuteFunctions } from 'n8n-workflow';
import { deliver } from '../delivery/deliver';
import type { BatchNote, Delivery, Fate, Piece } from '../delivery/types';
import { callBento, type BentoConnection } from '../http/outbound/call';
import type { BentoRequest } from '../http/outbound/types';
import { runHints } from './hints';
import { openRunMemory } from './runMemory';
import { counted, type Noun } from './words';

/** What to send where, for one run of a node. */
export interface BatchJob {
	readonly noun: Noun;
	readonly pieces: readonly Piece[];
	/** The call that each batch makes; its body is filled in per batch. */
	readonly request: Omit<BentoRequest, 'body'>;
	/** The plural key that Bento wants the records under. */
	readonly wrapper: string;
	/** Most records in one request. */
	readonly batchSize: number;
	/** Most bytes in one request. */
	readonly maxBytes: number;
	/** Batches under way at once. */
	readonly parallel: number;
	/** Whether the endpoint answers with `results` and `failed`. */
	readonly counted: boolean;
	/** Whether items go on when others fail; then no batch holds another back. */
	readonly continueOnFail: boolean;
	/** Whether a record that arrives twice makes a difference; default true. */
	readonly repeatsMatter?: boolean;
	/** Told after every call, beside n8n's log. */
	readonly onBatch?: (note: BatchNote) => void;
}

/**
 * Sends a run's pieces to a batch endpoint and says what became of each, by position. Adds the run's hints,
 * writes a line per batch to n8n's log, and remembers what was delivered for n8n's Retry On Fail.
 */
export async function runBatches(
	context: IExecuteFunctions,
	connection: BentoConnection,
	job: BatchJob,
): Promise<Delivery> {
	const { memory, keep, forget } = openRunMemory(context, job.pieces);
	const startedAt = connection.clock.now();
	const delivery = await deliver(job.pieces, {
		wrapper: job.wrapper,
		maxCount: job.batchSize,
		maxBytes: job.maxBytes,
		parallel: job.parallel,
		stopOnFailure: !job.continueOnFail,
		counted: job.counted,
		failPartial: false,
		rememberUnknown: job.request.whenUnknown === 'never',
		memory,
		send: async (body, { batch, count }) => {
			const label = `batch ${batch}, ${counted(count, job.noun)}`;
			return await callBento(connection, { ...job.request, body, label });
		},
		onBatch: job.onBatch,
	});
	if (delivery.fates.every(succeeded)) forget();
	else keep();
	const duration = connection.clock.now() - startedAt;
	const { repeatsMatter = true } = job;
	const totals = repeatsMatter ? delivery.totals : { ...delivery.totals, possiblyDoubled: 0 };
	context.addExecutionHints(...runHints(delivery.fates, totals, duration, job.noun));
	return delivery;
}

function succeeded(fate: Fate): boolean {
	if (fate.kind === 'remembered') return fate.standing !== 'unknown';
	return fate.kind === 'accepted' || fate.kind === 'unconfirmed';
}
