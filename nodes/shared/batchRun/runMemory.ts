import { createHash } from 'crypto';
import type { IExecuteFunctions } from 'n8n-workflow';
import { DeliveryMemory } from '../delivery/memory';
import type { Piece } from '../delivery/types';

/** Where the memory lies in n8n's node context. */
const KEY = 'bentoDelivery';

/** Short, since there is one for each batch; 72 bits are plenty against an accidental match. */
const DIGEST_LENGTH = 12;

export interface RunMemory {
	readonly memory: DeliveryMemory;
	/** Keeps what was delivered for the next try. */
	keep: () => void;
	/** Forgets it: the run succeeded. */
	forget: () => void;
}

/**
 * Opens what earlier tries of this run have delivered. n8n hands the same node context to every try of Retry On
 * Fail (measured on both engine lines). The digests are made from the input items and the node's parameters, not
 * from the events: an expression such as `{{ $now }}` gives another event in every try and is still the same work.
 */
export function openRunMemory(context: IExecuteFunctions, pieces: readonly Piece[]): RunMemory {
	const store = context.getContext('node');
	const inputs = context.getInputData();
	const parameters = JSON.stringify(context.getNode().parameters);
	const digestOf = (first: number, count: number) => {
		const hash = createHash('sha256').update(parameters);
		for (const { item } of pieces.slice(first, first + count)) {
			hash.update(JSON.stringify(inputs[item]?.json) ?? '');
		}
		return hash.digest('base64').slice(0, DIGEST_LENGTH);
	};
	const run = Number(context.getWorkflowDataProxy(0).$runIndex);
	const memory = new DeliveryMemory(store[KEY], run, digestOf);
	return {
		memory,
		keep: () => {
			store[KEY] = memory.store();
		},
		forget: () => {
			delete store[KEY];
		},
	};
}
