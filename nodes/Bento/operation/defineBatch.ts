import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { readInput, type InputSchema } from './plan';
import type { BatchOperation, OperationText, Route, WhenUnknown } from './types';

interface Batch<Input> extends OperationText {
	readonly route: Route;
	readonly whenUnknown: WhenUnknown;
	readonly wrapper: string;
	readonly most: number;
	/** Default: as many as one request takes. */
	readonly usual?: number;
	readonly perMinute?: number;
	readonly properties: readonly INodeProperties[];
	readonly input: InputSchema<Input>;
	readonly record: (input: Input) => Readonly<Record<string, unknown>>;
	readonly about: (input: Input) => IDataObject;
}

/** Defines an operation whose records travel together: batched, split and reported like events. */
export function defineBatch<Input>(definition: Batch<Input>): BatchOperation {
	const { most, usual, perMinute, properties, input, record, about } = definition;
	return {
		...definition,
		kind: 'batch',
		usual: usual ?? most,
		perMinute,
		options: [],
		plan(values, context) {
			const read = readInput(input, values, context, properties);
			if (!read.ok) return read;
			return {
				ok: true,
				plan: { record: definedOnly(record(read.plan)), about: about(read.plan) },
			};
		},
	};
}

function definedOnly(record: Readonly<Record<string, unknown>>): Record<string, unknown> {
	return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}
