import type { RecordResult, Memory } from './types';

/** Consecutive records that travel in one request, serialized once. */
export interface Batch {
	/** Counted from 1; the halves of a split batch keep its number. */
	readonly number: number;
	/** Position of its first record. */
	readonly first: number;
	/** Each record as JSON, in order. */
	readonly parts: readonly string[];
}

/** The JSON around the records of a request. */
export interface Envelope {
	readonly opening: string;
	readonly closing: string;
}

/** Bento wraps the records of a batch call in one plural key (bentonow.com/docs/api/conventions, Request Shape). */
export function envelope(wrapper: string): Envelope {
	return { opening: `{${JSON.stringify(wrapper)}:[`, closing: ']}' };
}

/** The request's body in UTF-8. */
export function bodyOf(parts: readonly string[], { opening, closing }: Envelope): Buffer {
	return Buffer.from(opening + parts.join(',') + closing, 'utf8');
}

/** The bytes of a batch's request. */
export function sizeOf({ parts }: Batch, { opening, closing }: Envelope): number {
	const commas = Math.max(0, parts.length - 1);
	return parts.reduce(
		(sum, part) => sum + Buffer.byteLength(part),
		Buffer.byteLength(opening + closing) + commas,
	);
}

/** The first and the second half of a batch; the first is the larger one if they differ. */
export function halves(batch: Batch): [Batch, Batch] {
	const middle = Math.ceil(batch.parts.length / 2);
	return [
		{ ...batch, parts: batch.parts.slice(0, middle) },
		{ ...batch, first: batch.first + middle, parts: batch.parts.slice(middle) },
	];
}

/** What one request may contain. Bytes are UTF-8, the envelope included. */
export interface Limits {
	/** Lowered during a run if Bento accepts less; so is `bytes`. */
	count: number;
	bytes: number;
	/** Hard limit per record. A record above `bytes` but below this is sent on its own. */
	readonly mostBytes: number;
}

/**
 * Cuts records into batches, one at a time and only when the next is asked for, so that only the batches in progress are
 * in memory as JSON. Pieces that need no request, or can't have one, get their result here.
 */
export class BatchCutter {
	private position = 0;
	private batches = 0;
	/** A record that is serialized already, but didn't fit into the previous batch. */
	private carried: string | undefined;

	constructor(
		private readonly records: readonly unknown[],
		private readonly envelope: Envelope,
		private readonly limits: Limits,
		private readonly memory: Memory,
		private readonly settle: (first: number, count: number, result: RecordResult) => void,
	) {}

	/** The next batch, or undefined when all records are cut. */
	next(): Batch | undefined {
		const overhead = Buffer.byteLength(this.envelope.opening + this.envelope.closing);
		const parts: string[] = [];
		let first = this.position;
		let bytes = overhead;
		while (this.position < this.records.length && parts.length < this.limits.count) {
			if (this.skipRemembered()) {
				if (parts.length > 0) break;
				first = this.position;
				continue;
			}
			const json = this.carried ?? serialize(this.records[this.position]);
			this.carried = undefined;
			const size = json === undefined ? 0 : Buffer.byteLength(json);
			if (json === undefined || overhead + size > this.limits.mostBytes) {
				this.settle(this.position, 1, unsendable(json, size, this.limits.mostBytes - overhead));
				this.position += 1;
				if (parts.length > 0) break;
				first = this.position;
				continue;
			}
			const comma = parts.length > 0 ? 1 : 0;
			if (parts.length > 0 && bytes + comma + size > this.limits.bytes) {
				this.carried = json;
				break;
			}
			parts.push(json);
			bytes += comma + size;
			this.position += 1;
		}
		if (parts.length === 0) return undefined;
		this.batches += 1;
		return { number: this.batches, first, parts };
	}

	/** Gives every record that isn't cut yet the same result, except for what an earlier try delivered. */
	abandon(result: RecordResult): void {
		while (this.position < this.records.length) {
			if (this.skipRemembered()) continue;
			this.settle(this.position, 1, result);
			this.position += 1;
		}
	}

	/** Whether what starts here was delivered by an earlier try. */
	private skipRemembered(): boolean {
		const known = this.memory.at(this.position);
		if (!known) return false;
		const count = Math.min(known.count, this.records.length - this.position);
		this.settle(this.position, count, { kind: 'remembered', previous: known.previous });
		this.position += count;
		return true;
	}
}

function unsendable(json: string | undefined, bytes: number, limit: number): RecordResult {
	return json === undefined ? { kind: 'unserializable' } : { kind: 'oversize', bytes, limit };
}

/** Undefined for what can't be written as JSON: a record that refers to itself, a BigInt, or a function. */
function serialize(record: unknown): string | undefined {
	try {
		// Typed as string, but undefined for a function or a symbol.
		const json: string | undefined = JSON.stringify(record);
		return json;
	} catch {
		return undefined;
	}
}

/** Most requests for finding the rejected records in one refused batch: ten scattered among 1000 need at most 154. */
const PER_BATCH = 200;

/** Most requests for all refused batches of a run together: a file full of bad records must not turn into a flood. */
const PER_RUN = 1_000;

export interface SplitAllowance {
	/** Takes one request from the allowance; false when none is left. */
	take(): boolean;
}

/** How many requests a run may spend on splitting refused batches. */
export class SplitBudget {
	private left = PER_RUN;

	/** The allowance for one refused batch. */
	open(): SplitAllowance {
		let own = PER_BATCH;
		return {
			take: () => {
				if (own === 0 || this.left === 0) return false;
				own -= 1;
				this.left -= 1;
				return true;
			},
		};
	}
}
