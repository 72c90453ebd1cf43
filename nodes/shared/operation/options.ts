import type { INodeProperties } from 'n8n-workflow';
import { z } from 'zod';
import { DEFAULT_RETRY_POLICY, type RetryPolicy } from '../http/client/policies';
import { MINUTE, REQUESTS_PER_MINUTE } from '../http/client/rateLimiter';
import { byLabel, DRY_RUN, outputFieldsProperty } from './properties';
import { isRecord } from './schemas';
import type { BatchOperation, CallOperation, InputIssue, NotFound, Operation } from './types';

/** The Options collection of every operation: what the panel shows, and how a run reads it. Times are in ms. */

/** Of requests or items: one each ms. */
const MOST_PER_MINUTE = 60_000;
const DAY = 86_400_000;

const WAITING_OPTIONS: readonly INodeProperties[] = [
	{
		displayName: 'Initial Retry Wait',
		name: 'firstWait',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: DAY },
		default: 1000,
		description:
			'Maximum wait before the second attempt, in milliseconds. Doubles with each further attempt, up to Max Retry Wait.',
	},
	{
		displayName: 'Max Attempts',
		name: 'maxAttempts',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 100 },
		default: 5,
		description:
			"Maximum attempts if Bento is busy or can't be reached. If unset, for a minute. A rate limit uses up none: Total Time Limit ends those.",
	},
	{
		displayName: 'Max Retry Wait',
		name: 'longestWait',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: DAY },
		default: 60000,
		description: 'Maximum wait before any attempt, in milliseconds',
	},
	{
		displayName: 'Timeout',
		name: 'timeout',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: DAY },
		default: 30000,
		description: 'Maximum time for one request, in milliseconds',
	},
	{
		displayName: 'Total Time Limit',
		name: 'totalTimeLimit',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: DAY },
		default: 600000,
		description:
			"Maximum time for one request with all its attempts and waits, in milliseconds. An interval that you set doesn't count.",
	},
	{
		displayName: 'Requests per Minute',
		name: 'requestsPerMinute',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: MOST_PER_MINUTE },
		default: REQUESTS_PER_MINUTE,
		description:
			"Bento's rate limit for your account, which executions that run at the same time share",
	},
];

const PACE_OPTIONS: readonly INodeProperties[] = [
	{
		displayName: 'Batch Interval',
		name: 'batchInterval',
		type: 'number',
		typeOptions: { minValue: 0 },
		default: 0,
		description: 'Minimum time between the starts of two requests, in milliseconds',
	},
	{
		displayName: 'Max Parallel Batches',
		name: 'maxParallelBatches',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 20 },
		default: 2,
		description: 'How many requests may be in progress at the same time',
	},
];

const CALL_OPTIONS: readonly INodeProperties[] = [
	{
		displayName: 'Max Parallel Requests',
		name: 'maxParallelRequests',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 20 },
		default: 4,
		description: 'How many requests may be in progress at the same time',
	},
	{
		displayName: 'Request Interval',
		name: 'requestInterval',
		type: 'number',
		typeOptions: { minValue: 0 },
		default: 0,
		description: 'Minimum time between the starts of two requests, in milliseconds',
	},
];

const CONFIRMATION_OPTIONS: readonly INodeProperties[] = [
	{
		displayName: 'If Unconfirmed',
		name: 'ifUnconfirmed',
		type: 'options',
		default: 'continue',
		options: [
			{
				name: 'Continue',
				value: 'continue',
				description: 'Pass the items of the batch on with the status unconfirmed',
			},
			{ name: 'Fail', value: 'fail', description: 'Treat all items of the batch as failed' },
		],
		description:
			"What to do if Bento doesn't confirm all items of a batch, without saying which failed",
	},
	{
		displayName: 'Include Input Fields',
		name: 'includeInputFields',
		type: 'boolean',
		default: false,
		description: 'Whether to keep the fields of the input item and put the result under bento',
	},
	{
		displayName: 'Include Bento Response',
		name: 'includeResponse',
		type: 'boolean',
		default: false,
		description: "Whether to add Bento's response to the batch to every item",
	},
];

/** What many operations have in common, and n8n's types tell once: how requests are sent, and what lists return. */
export const COMMON_OPTIONS: Readonly<Record<Operation['kind'], readonly INodeProperties[]>> = {
	batch: [
		...WAITING_OPTIONS,
		...PACE_OPTIONS,
		...CONFIRMATION_OPTIONS,
		DRY_RUN,
		combineExecutions('items'),
	],
	call: [...WAITING_OPTIONS, ...CALL_OPTIONS, outputFieldsProperty, DRY_RUN],
};

/** The Options collection of an operation, in the order of its labels. */
export function optionsProperty(operation: Operation): INodeProperties {
	const ofItsKind = operation.kind === 'batch' ? batchOptions(operation) : callOptions(operation);
	const options = [...operation.options, ...ofItsKind, ...WAITING_OPTIONS];
	return {
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: options.sort((one, other) => byLabel(one.displayName, other.displayName)),
	};
}

function callOptions({ notFound }: CallOperation): INodeProperties[] {
	return [...(notFound ? [ifNotFound(notFound)] : []), ...CALL_OPTIONS];
}

function ifNotFound({ otherwise }: NotFound): INodeProperties {
	return {
		displayName: 'If Not Found',
		name: 'ifNotFound',
		type: 'options',
		default: otherwise,
		options: [
			{
				name: 'Continue',
				value: 'continue',
				description: 'Return the item with found set to false',
			},
			{ name: 'Fail', value: 'fail', description: 'Treat the item as failed' },
		],
		description:
			"What to do if the record doesn't exist. With Continue, the item has found set to false, and the email if there is one.",
	};
}

function batchOptions({ most, usual, perMinute, noun }: BatchOperation): INodeProperties[] {
	return [
		{
			displayName: 'Batch Size',
			name: 'batchSize',
			type: 'number',
			typeOptions: { minValue: 1, maxValue: most },
			default: usual,
			description: `Maximum number of ${noun.many} in one request, up to ${most}`,
		},
		combineExecutions(noun.many),
		...CONFIRMATION_OPTIONS,
		...(perMinute === undefined ? PACE_OPTIONS : [ownPace(perMinute)]),
	];
}

function combineExecutions(many: string): INodeProperties {
	return {
		displayName: 'Combine Executions',
		name: 'combineExecutions',
		type: 'boolean',
		default: true,
		description: `Whether ${many} of several executions share requests at Bento's rate limit. Not with Include Bento Response or an interval.`,
	};
}

function ownPace(perMinute: number): INodeProperties {
	return {
		displayName: 'Items per Minute',
		name: 'perMinute',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: MOST_PER_MINUTE },
		default: perMinute,
		description:
			'Maximum number of input items sent per minute. Bento itself processes this many per minute.',
	};
}

/** A whole number within bounds: what is outside goes to the nearest bound, what isn't a number to the default. */
function wholeNumber(least: number, most: number, fallback: number) {
	// Number() throws at a symbol, and at objects that throw when they are read.
	return z.unknown().transform((value) => {
		const number = typeof value === 'string' || typeof value === 'number' ? Number(value) : NaN;
		if (!Number.isFinite(number)) return fallback;
		return Math.min(most, Math.max(least, Math.round(number)));
	});
}

const perMinute = z.object({
	requestsPerMinute: wholeNumber(1, MOST_PER_MINUTE, REQUESTS_PER_MINUTE).optional(),
});

const waiting = z.object({
	maxAttempts: wholeNumber(1, 100, DEFAULT_RETRY_POLICY.maxAttempts),
	firstWait: wholeNumber(1, DAY, DEFAULT_RETRY_POLICY.firstWait),
	longestWait: wholeNumber(1, DAY, DEFAULT_RETRY_POLICY.longestWait),
	timeout: wholeNumber(1, DAY, DEFAULT_RETRY_POLICY.timeout),
	totalTimeLimit: wholeNumber(1, DAY, DEFAULT_RETRY_POLICY.totalTimeLimit),
});

export interface CallSettings {
	readonly parallel: number;
	readonly interval: number;
	readonly waiting: RetryPolicy;
	/** Undefined unless the user knows better than Bento's documentation. */
	readonly requestsPerMinute: number | undefined;
}

export interface BatchSettings extends CallSettings {
	readonly batchSize: number;
	/** Whether records of other executions may be in its requests. */
	readonly combine: boolean;
	/** Whether the items of a batch fail when Bento counts some of them as failed. */
	readonly failUnconfirmed: boolean;
	/** How long each record that Bento took holds back the next batch. */
	readonly perRecord: number;
}

const calls = z.object({
	maxParallelRequests: wholeNumber(1, 20, 4),
	requestInterval: wholeNumber(0, DAY, 0),
});

/** Whether Dry Run is on. What isn't a clear no, such as an expression that gives nothing, doesn't send anything. */
export function isDryRun(options: Readonly<Record<string, unknown>>): boolean {
	if (!('dryRun' in options)) return false;
	return String(options.dryRun).trim().toLowerCase() !== 'false';
}

/** An item's Options; a missing collection is an empty one. */
export function optionsIn(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
	return isRecord(values.options) ? values.options : {};
}

/** Reads what holds for a run of single requests. */
export function readCallSettings(options: Readonly<Record<string, unknown>>): CallSettings {
	const { maxParallelRequests, requestInterval } = calls.parse(options);
	return {
		parallel: maxParallelRequests,
		interval: requestInterval,
		...waitingIn(options),
	};
}

/** What isn't a clear yes keeps an execution's records to itself. */
function mayCombine(options: Readonly<Record<string, unknown>>): boolean {
	const { combineExecutions = true, includeResponse } = options;
	if (includeResponse === true) return false;
	return String(combineExecutions).trim().toLowerCase() === 'true';
}

/** Someone who set a number of attempts wants that number. */
function waitingIn(options: Readonly<Record<string, unknown>>) {
	const { patience, limits } = DEFAULT_RETRY_POLICY;
	const patient = options.maxAttempts === undefined ? patience : 0;
	return {
		waiting: { ...waiting.parse(options), patience: patient, limits },
		requestsPerMinute: perMinute.parse(options).requestsPerMinute,
	};
}

/** Reads what holds for a run of batches. An endpoint with a rate of its own gets one batch at a time. */
export function readBatchSettings(
	options: Readonly<Record<string, unknown>>,
	{ most, usual, perMinute }: BatchOperation,
): BatchSettings {
	const read = z
		.object({
			batchSize: wholeNumber(1, most, usual),
			batchInterval: wholeNumber(0, DAY, 0),
			maxParallelBatches: wholeNumber(1, 20, 2),
			perMinute: wholeNumber(1, MOST_PER_MINUTE, perMinute ?? MOST_PER_MINUTE),
		})
		.parse(options);
	const paced = perMinute !== undefined;
	const interval = paced ? 0 : read.batchInterval;
	return {
		batchSize: read.batchSize,
		failUnconfirmed: options.ifUnconfirmed === 'fail',
		parallel: paced ? 1 : read.maxParallelBatches,
		interval,
		perRecord: paced ? MINUTE / read.perMinute : 0,
		combine: mayCombine(options) && interval === 0,
		...waitingIn(options),
	};
}

/** Options of every operation that are read for each item, beside those that an operation has of its own. */
const BY_ITEM: ReadonlySet<string> = new Set([
	'ifNotFound',
	'ifUnconfirmed',
	'includeResponse',
	'outputFields',
]);

/**
 * Checks that the options that hold for a whole run are the same for all its items: an expression may give each item
 * another one, of which only the first would count.
 */
export function sharedOptions(
	operation: Operation,
): (options: Readonly<Record<string, unknown>>) => InputIssue[] {
	const own = new Set(operation.options.map(({ name }) => name));
	const shared = (optionsProperty(operation).options ?? []).filter(
		({ name }) => !own.has(name) && !BY_ITEM.has(name),
	);
	let first: Readonly<Record<string, unknown>> | undefined;
	return (options) => {
		first ??= options;
		if (options === first) return [];
		return shared.flatMap((option) =>
			JSON.stringify(options[option.name]) === JSON.stringify(first?.[option.name])
				? []
				: [differs('displayName' in option ? option.displayName : option.name)],
		);
	};
}

function differs(field: string): InputIssue {
	return {
		field,
		text: 'must be the same for all items',
		advice:
			'Enter a fixed value. If items need different ones, separate them before this node, for example with an IF node',
	};
}

/** The records of a run that travel alike, with their places among all. */
export interface OptionGroup<Item> {
	readonly members: readonly Item[];
	readonly positions: readonly number[];
	readonly options: Readonly<Record<string, unknown>>;
}

interface GrowingGroup<Item> extends OptionGroup<Item> {
	readonly members: Item[];
	readonly positions: number[];
}

/** Groups what is sent by the options that may differ between items: how it travels, and what is told about it. */
export function groupByOptions<
	Item extends { readonly options: Readonly<Record<string, unknown>> },
>(items: readonly Item[]): Array<OptionGroup<Item>> {
	const groups = new Map<string, GrowingGroup<Item>>();
	// Without expressions, all items have one and the same object.
	const keys = new Map<Item['options'], string>();
	for (const [position, item] of items.entries()) {
		const { options } = item;
		let key = keys.get(options);
		if (key === undefined) {
			key = travelKey(options);
			keys.set(options, key);
		}
		let group = groups.get(key);
		if (group === undefined) {
			group = { members: [], positions: [], options };
			groups.set(key, group);
		}
		group.members.push(item);
		group.positions.push(position);
	}
	return [...groups.values()];
}

function travelKey(options: Readonly<Record<string, unknown>>): string {
	const { deliverThrough, deliveryGuarantee, ifUnconfirmed, includeResponse, source } = options;
	const address = deliverThrough === 'trackingWebhook' ? [source] : [];
	return JSON.stringify([deliveryGuarantee, ifUnconfirmed, includeResponse, ...address]);
}
