import type { IDataObject } from 'n8n-workflow';
import { SeenKeys, type SeenKey } from '../shared/http/inbound/once';

/** How many of the newest keys are written into the workflow's static data, which n8n keeps in its database. */
const KEPT = 200;

interface Memory {
	readonly keys: SeenKeys;
	/** The newest key that was read from static data: while it stays, there is nothing new to read. */
	adopted: string | undefined;
}

/** One per trigger node, for the life of this n8n process. */
const memories = new Map<string, Memory>();

/**
 * The keys that a node remembers, with those that other processes or an earlier life of n8n left in its
 * static data. n8n saves static data after a call that starts no execution; 1.x also after one that does.
 */
export function recall(node: string, staticData: IDataObject, now: number): SeenKeys {
	let memory = memories.get(node);
	if (!memory) {
		memory = { keys: new SeenKeys(KEPT), adopted: undefined };
		memories.set(node, memory);
	}
	const newest = lastKey(staticData.seen);
	if (newest !== undefined && newest !== memory.adopted) {
		memory.keys.adopt(readStored(staticData.seen), now);
		memory.adopted = newest;
	}
	return memory.keys;
}

/** Leaves the newest keys in the node's static data, where that changes anything. */
export function keep(node: string, staticData: IDataObject, now: number): void {
	const memory = memories.get(node);
	if (!memory) return;
	const newest = memory.keys.newest(now);
	const last = newest[newest.length - 1]?.key;
	if (last === undefined || last === lastKey(staticData.seen)) return;
	// One text: n8n watches every part of an object for changes, which costs time with hundreds of them.
	staticData.seen = newest.map(({ key, until }) => `${key}@${until}`).join(' ');
	memory.adopted = last;
}

/** Forgets everything about a node: it was deactivated. */
export function forget(node: string, staticData: IDataObject): void {
	memories.delete(node);
	delete staticData.seen;
}

function readStored(value: unknown): SeenKey[] {
	if (typeof value !== 'string') return [];
	const keys: SeenKey[] = [];
	for (const entry of value.split(' ').slice(-KEPT)) {
		const [key = '', until = ''] = entry.split('@');
		if (key !== '' && /^\d+$/.test(until)) keys.push({ key, until: Number(until) });
	}
	return keys;
}

function lastKey(value: unknown): string | undefined {
	if (typeof value !== 'string' || value === '') return undefined;
	return value.slice(value.lastIndexOf(' ') + 1).split('@')[0];
}
