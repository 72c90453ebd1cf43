import type { INodeProperties } from 'n8n-workflow';
import { WAITING_OPTIONS } from '../../shared/batchRun/options';
import type { BatchOperation, CallOperation, NotFound, Operation } from '../operation/types';

export const OPTIONS_NAME = 'options';

/** An Options collection of these. */
export function optionsProperty(options: readonly INodeProperties[]): INodeProperties {
	return {
		displayName: 'Options',
		name: OPTIONS_NAME,
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [...options].sort((one, other) =>
			one.displayName.localeCompare(other.displayName, 'en'),
		),
	};
}

/** Everything that the Options collection of an operation holds. */
export function optionsOf(operation: Operation): INodeProperties[] {
	const ofItsKind = operation.kind === 'batch' ? batchOptions(operation) : callOptions(operation);
	return [...operation.options, ...ofItsKind, ...WAITING_OPTIONS];
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
				description: 'Go on with an empty result for the item',
			},
			{ name: 'Fail', value: 'fail', description: 'Treat the item as failed' },
		],
		description: "What to do when Bento doesn't have what is asked for",
	};
}

const CALL_OPTIONS: readonly INodeProperties[] = [
	{
		displayName: 'Max Parallel Requests',
		name: 'maxParallelRequests',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 20 },
		default: 4,
		description: 'How many requests may be under way at once',
	},
	{
		displayName: 'Request Interval (Ms)',
		name: 'requestInterval',
		type: 'number',
		typeOptions: { minValue: 0 },
		default: 0,
		description: 'Least time between the starts of two requests, in milliseconds',
	},
];

function batchOptions({ most, usual, perMinute }: BatchOperation): INodeProperties[] {
	return [
		{
			displayName: 'Batch Size',
			name: 'batchSize',
			type: 'number',
			typeOptions: { minValue: 1, maxValue: most },
			default: usual,
			description: `How many input items go out in one request, at most ${most}`,
		},
		{
			displayName: 'Include Bento Response',
			name: 'includeResponse',
			type: 'boolean',
			default: false,
			description: "Whether to add Bento's answer for the batch to every item",
		},
		...(perMinute === undefined ? FREE_PACE : [ownPace(perMinute)]),
	];
}

const FREE_PACE: readonly INodeProperties[] = [
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

function ownPace(perMinute: number): INodeProperties {
	return {
		displayName: 'Items per Minute',
		name: 'perMinute',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 60_000 },
		default: perMinute,
		description:
			'How many input items go out in a minute at most. Bento itself works off this many a minute.',
	};
}
