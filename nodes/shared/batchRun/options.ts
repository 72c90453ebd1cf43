import type { INodeProperties } from 'n8n-workflow';
import { z } from 'zod';
import { DEFAULT_WAITING, type WaitingPolicy } from '../http/outbound/call';

const MILLISECONDS_PER_DAY = 86_400_000;

/** The waiting options of every node that calls Bento, for an Options collection. Times in ms; a test holds the defaults to `DEFAULT_WAITING`. */
export const WAITING_OPTIONS: readonly INodeProperties[] = [
	{
		displayName: 'First Wait (Ms)',
		name: 'firstWait',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: MILLISECONDS_PER_DAY },
		default: 1000,
		description:
			'Upper bound of the wait before the second attempt, in milliseconds. Each further wait doubles it. A time that Bento asks for is always kept.',
	},
	{
		displayName: 'Longest Wait (Ms)',
		name: 'longestWait',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: MILLISECONDS_PER_DAY },
		default: 60000,
		description: 'No single wait is longer than this, in milliseconds',
	},
	{
		displayName: 'Max Attempts',
		name: 'maxAttempts',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 100 },
		default: 5,
		description:
			"How often a request is sent at most while Bento is busy or out of reach. This makes n8n's own Retry On Fail unnecessary.",
	},
	{
		displayName: 'Timeout (Ms)',
		name: 'timeout',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: MILLISECONDS_PER_DAY },
		default: 30000,
		description: 'How long one request may take, in milliseconds',
	},
	{
		displayName: 'Total Time Limit (Ms)',
		name: 'totalTimeLimit',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: MILLISECONDS_PER_DAY },
		default: 600000,
		description:
			'How long one batch may take with all its attempts and waits, in milliseconds, counted from its first request',
	},
];

/** How batches follow each other, for an Options collection. */
export const PACE_OPTIONS: readonly INodeProperties[] = [
	{
		displayName: 'Batch Interval (Ms)',
		name: 'batchInterval',
		type: 'number',
		typeOptions: { minValue: 0 },
		default: 0,
		description: 'Least time between the starts of two requests, in milliseconds',
	},
	{
		displayName: 'Max Parallel Batches',
		name: 'maxParallelBatches',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 20 },
		default: 2,
		description: 'How many requests may be under way at once',
	},
];

export const INCLUDE_RESPONSE: INodeProperties = {
	displayName: 'Include Bento Response',
	name: 'includeResponse',
	type: 'boolean',
	default: false,
	description: "Whether to add Bento's answer for the batch to every item",
};

/** An Options collection of these, in the order of their labels. */
export function optionsProperty(options: readonly INodeProperties[]): INodeProperties {
	return {
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [...options].sort((one, other) =>
			one.displayName.localeCompare(other.displayName, 'en'),
		),
	};
}

/** A whole number within bounds: what is outside goes to the nearest bound, what is no number to the default. */
export function wholeNumber(least: number, most: number, fallback: number) {
	return z.coerce
		.number()
		.finite()
		.transform((value) => Math.min(most, Math.max(least, Math.round(value))))
		.catch(fallback);
}

const policy = z.object({
	maxAttempts: wholeNumber(1, 100, DEFAULT_WAITING.maxAttempts),
	firstWait: wholeNumber(1, MILLISECONDS_PER_DAY, DEFAULT_WAITING.firstWait),
	longestWait: wholeNumber(1, MILLISECONDS_PER_DAY, DEFAULT_WAITING.longestWait),
	timeout: wholeNumber(1, MILLISECONDS_PER_DAY, DEFAULT_WAITING.timeout),
	totalTimeLimit: wholeNumber(1, MILLISECONDS_PER_DAY, DEFAULT_WAITING.totalTimeLimit),
});

/**
 * What every run of batches reads out of its Options collection.
 *
 * @param most records in one request
 * @param usual records in one request unless the builder chooses another number
 */
export function batchSchema(most: number, usual: number) {
	return z.object({
		batchSize: wholeNumber(1, most, usual),
		batchInterval: wholeNumber(0, MILLISECONDS_PER_DAY, 0),
		maxParallelBatches: wholeNumber(1, 20, 2),
		includeResponse: z.boolean().catch(false),
	});
}

/** Reads the waiting options out of an Options collection. */
export function readWaiting(options: unknown): WaitingPolicy {
	return policy.parse(options ?? {});
}
