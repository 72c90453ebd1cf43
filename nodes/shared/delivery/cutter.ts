import type { Batch, Envelope } from './batch';
import type { DeliveryMemory } from './memory';
import type { Fate, Piece } from './types';

/** What one request may hold. Bytes are UTF-8, the envelope included. */
export interface Limits {
	/** Lowered during a run when Bento turns out to take less; so is `bytes`. */
	count: number;
	bytes: number;
	/** What no single piece may pass; one between `bytes` and this travels alone. */
	readonly mostBytes: number;
}

/**
 * Cuts pieces into batches, one at a time and only when the next is asked for, so that no more than the
 * batches under way are held as JSON. Pieces that need no request, or can't have one, get their fate here.
 */
export class BatchCutter {
	private position = 0;
	private batches = 0;
	/** A piece already serialized that didn't fit the batch before. */
	private carried: string | undefined;

	constructor(
		private readonly pieces: readonly Piece[],
		private readonly envelope: Envelope,
		private readonly limits: Limits,
		private readonly memory: DeliveryMemory,
		private readonly settle: (first: number, count: number, fate: Fate) => void,
	) {}

	/** The next batch, or undefined when all pieces are cut. */
	next(): Batch | undefined {
		const overhead = Buffer.byteLength(this.envelope.opening + this.envelope.closing);
		const parts: string[] = [];
		let first = this.position;
		let bytes = overhead;
		while (this.position < this.pieces.length && parts.length < this.limits.count) {
			if (this.skipRemembered(parts.length)) {
				if (parts.length > 0) break;
				first = this.position;
				continue;
			}
			const json = this.carried ?? serialize(this.pieces[this.position]?.record);
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

	/** Gives every piece that isn't cut yet the same fate. */
	abandon(fate: Fate): void {
		const left = this.pieces.length - this.position;
		if (left > 0) this.settle(this.position, left, fate);
		this.position = this.pieces.length;
	}

	/** Whether what starts here was delivered by an earlier try. With a batch begun, that batch ends first. */
	private skipRemembered(begun: number): boolean {
		const known = this.memory.at(this.position);
		if (!known) return false;
		if (begun > 0) return true;
		this.settle(this.position, known.count, { kind: 'remembered', standing: known.standing });
		this.position += known.count;
		return true;
	}
}

function unsendable(json: string | undefined, bytes: number, limit: number): Fate {
	return json === undefined ? { kind: 'unserializable' } : { kind: 'oversize', bytes, limit };
}

function serialize(record: unknown): string | undefined {
	try {
		// Typed as string, but undefined for a function or a symbol.
		const json: string | undefined = JSON.stringify(record);
		return json;
	} catch {
		return undefined;
	}
}
