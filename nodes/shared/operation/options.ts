import type { INodeProperties } from 'n8n-workflow';
import { INCLUDE_RESPONSE, PACE_OPTIONS, WAITING_OPTIONS } from '../batchRun/options';
import type { BatchOperation, CallOperation, NotFound, Operation } from './types';

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
		INCLUDE_RESPONSE,
		...(perMinute === undefined ? PACE_OPTIONS : [ownPace(perMinute)]),
	];
}

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
