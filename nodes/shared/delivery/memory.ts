import { z } from 'zod';
import type { Standing } from './types';

/**
 * What a run of the node has delivered, kept in n8n's node context, which lives through all tries of Retry On
 * Fail: the next try then sends only the rest. It holds positions and digests, no event data.
 */

/** What Bento said of a batch: `unknown` where it may have it but no answer said so. */
const standings = [
	'accepted',
	'partial',
	'unconfirmed',
	'unknown',
] as const satisfies readonly Standing[];

/** Consecutive pieces that went out in one batch. */
export interface Remembered {
	readonly first: number;
	readonly count: number;
	readonly standing: Standing;
}

const storedBatch = z.tuple([z.number().int(), z.number().int(), z.enum(standings), z.string()]);
const storedMemory = z.object({ run: z.number().int(), batches: z.array(storedBatch) });

type StoredBatch = z.infer<typeof storedBatch>;
export type StoredMemory = z.infer<typeof storedMemory>;

/** The digest of what a stretch of pieces is made from: when it differs, the input has changed and is sent again. */
export type DigestOf = (first: number, count: number) => string;

export class DeliveryMemory {
	private readonly delivered: Remembered[] = [];
	private readonly earlier: Map<number, StoredBatch>;

	/**
	 * @param stored what `store` gave in an earlier try, from an untrusted place
	 * @param run which run of the node this is: in a loop each run has its own pieces
	 * @param digestOf computed only for what was stored, and by `store`: a run without a second try pays nothing
	 */
	constructor(
		stored: unknown,
		private readonly run: number,
		private readonly digestOf: DigestOf,
	) {
		const parsed = storedMemory.safeParse(stored);
		const batches = parsed.success && parsed.data.run === run ? parsed.data.batches : [];
		this.earlier = new Map(batches.map((batch) => [batch[0], batch]));
	}

	/** What an earlier try delivered from this position on, if its input is still the same. */
	at(position: number): Remembered | undefined {
		const batch = this.earlier.get(position);
		if (!batch) return undefined;
		const [first, count, standing, digest] = batch;
		if (this.digestOf(first, count) !== digest) {
			this.earlier.delete(position);
			return undefined;
		}
		return { first, count, standing };
	}

	/** Notes a batch that Bento has, or may have where a repeat would break the delivery guarantee. */
	add(delivered: Remembered): void {
		this.delivered.push(delivered);
	}

	/** The form to keep for the next try: this try's batches and those of earlier ones. */
	store(): StoredMemory {
		const now = this.delivered.map(({ first, count, standing }): StoredBatch => [
			first,
			count,
			standing,
			this.digestOf(first, count),
		]);
		return { run: this.run, batches: [...this.earlier.values(), ...now] };
	}
}
