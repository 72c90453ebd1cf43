import type { Fault } from '../bentoServer';

/** What an edge in front of Bento responds in its place. */
const EDGE_STATUSES = [500, 502, 503, 504, 520, 522, 524];

/** All kinds of Retry-After, the unreadable ones too. They are short: the load is the point, not the wait. */
const RETRY_AFTER = ['0', '0.01', 'soon', '-5', '', 'Fri, 20 Nov 2020 08:00:00 GMT'];

/** Every fault that the stand-in has and that a retry can fix. 429 slows a run to Bento's limiter, so it isn't here. */
export const FAULTS: readonly Fault[] = [
	{ kind: 'status', status: 408 },
	...RETRY_AFTER.map((retryAfter): Fault => ({ kind: 'status', status: 503, retryAfter })),
	...EDGE_STATUSES.map((status): Fault => ({ kind: 'edge', status })),
	{ kind: 'cutJson' },
	{ kind: 'cutChunks' },
	{ kind: 'garbage' },
	{ kind: 'drip', ms: 2 },
	{ kind: 'resetBefore' },
	{ kind: 'resetAfter' },
	{ kind: 'slow', ms: 20 },
	{ kind: 'silence', accept: true },
	{ kind: 'silence' },
];

/** Faults after which Bento has the batch, and its response doesn't say so in counts. */
export const DOUBTS: readonly Fault[] = [
	{ kind: 'text', body: 'OK' },
	{ kind: 'text', status: 202, body: '' },
	{ kind: 'shortJson' },
	{ kind: 'wrongJson', body: { ok: true } },
];

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
	};
}
