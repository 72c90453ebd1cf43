import type { INodeProperties } from 'n8n-workflow';
import { z } from 'zod';
import { DEFAULT_WAITING, type WaitingPolicy } from '../http/outbound/waiting';

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

/** Reads the waiting options out of an Options collection. */
export function readWaiting(options: unknown): WaitingPolicy {
	return policy.parse(options ?? {});
}
