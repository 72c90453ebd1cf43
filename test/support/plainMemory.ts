import type { Memory } from '../../nodes/shared/delivery/types';

type Delivered = Parameters<Memory['add']>[0];

/** A memory of one run's deliveries, without n8n: what was added is there from its first position on. */
export function plainMemory(): Memory & { readonly delivered: ReadonlyMap<number, Delivered> } {
	const delivered = new Map<number, Delivered>();
	return {
		delivered,
		at: (position) => delivered.get(position),
		add: (one) => delivered.set(one.first, one),
	};
}
