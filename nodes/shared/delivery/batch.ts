/** Consecutive pieces that travel in one request, serialized once. */
export interface Batch {
	/** Counted from 1; the halves of a split batch keep its number. */
	readonly number: number;
	/** Position of its first piece. */
	readonly first: number;
	/** Each piece as JSON, in order. */
	readonly parts: readonly string[];
}

/** The JSON around the pieces of a request. */
export interface Envelope {
	readonly opening: string;
	readonly closing: string;
}

/** Bento wraps the records of a batch call in one plural key (bentonow.com/docs/api/conventions, Request Shape). */
export function envelope(wrapper: string): Envelope {
	return { opening: `{${JSON.stringify(wrapper)}:[`, closing: ']}' };
}

/** The request's body in UTF-8. */
export function bodyOf(batch: Batch, { opening, closing }: Envelope): Buffer {
	return Buffer.from(opening + batch.parts.join(',') + closing, 'utf8');
}

/** The first and the second half of a batch; the first is the larger one where they differ. */
export function halves(batch: Batch): [Batch, Batch] {
	const middle = Math.ceil(batch.parts.length / 2);
	return [
		{ ...batch, parts: batch.parts.slice(0, middle) },
		{ ...batch, first: batch.first + middle, parts: batch.parts.slice(middle) },
	];
}
