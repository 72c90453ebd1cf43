import { z } from 'zod';
import { batchSchema, readWaiting, wholeNumber } from '../../shared/batchRun/options';
import type { WaitingPolicy } from '../../shared/http/outbound/call';
import type { BatchOperation } from '../../shared/operation/types';

const DAY = 86_400_000;
const MINUTE = 60_000;

export interface CallSettings {
	readonly parallel: number;
	/** In ms. */
	readonly interval: number;
	readonly waiting: WaitingPolicy;
}

const callOptions = z.object({
	maxParallelRequests: wholeNumber(1, 20, 4),
	requestInterval: wholeNumber(0, DAY, 0),
});

/** Reads what holds for a run of single requests; nonsense becomes the panel's default. */
export function readCallSettings(options: unknown): CallSettings {
	const { maxParallelRequests, requestInterval } = callOptions.parse(options ?? {});
	return {
		parallel: maxParallelRequests,
		interval: requestInterval,
		waiting: readWaiting(options),
	};
}

export interface BatchSettings extends CallSettings {
	readonly batchSize: number;
	readonly includeResponse: boolean;
	/** How long each record that Bento took holds back the next batch, in ms. */
	readonly perRecord: number;
}

/** Reads what holds for a run of batches. An endpoint with a pace of its own gets one batch at a time. */
export function readBatchSettings(options: unknown, operation: BatchOperation): BatchSettings {
	const read = batchSchema(operation.most, operation.usual)
		.extend({ perMinute: wholeNumber(1, MINUTE, operation.perMinute ?? MINUTE) })
		.parse(options ?? {});
	const { batchSize, includeResponse } = read;
	const paced = operation.perMinute !== undefined;
	return {
		batchSize,
		includeResponse,
		parallel: paced ? 1 : read.maxParallelBatches,
		interval: paced ? 0 : read.batchInterval,
		perRecord: paced ? MINUTE / read.perMinute : 0,
		waiting: readWaiting(options),
	};
}
