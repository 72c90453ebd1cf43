import type { CallReport } from '../http/outbound/types';
import type { Standing } from './memory';

/** One record to deliver, and the input item that it stands for. */
export interface Piece {
	readonly item: number;
	readonly record: unknown;
}

/** What became of one piece. Pieces of a batch share the object. */
export type Fate =
	| {
			readonly kind: 'accepted';
			readonly batch: number;
			readonly attempts: number;
			readonly answer: unknown;
	  }
	/** Sent by an earlier try of the same run. */
	| { readonly kind: 'remembered'; readonly standing: Standing }
	/** Bento took the batch, but its counts don't say that all of it was accepted, nor which weren't. */
	| {
			readonly kind: 'unconfirmed';
			readonly batch: number;
			readonly attempts: number;
			readonly sent: number;
			readonly results: number | undefined;
			readonly failed: number | undefined;
			readonly answer: unknown;
	  }
	/** Bento refused this very piece. */
	| { readonly kind: 'refused'; readonly batch: number; readonly report: CallReport }
	/** The piece went out in a batch that came to nothing, for a reason that isn't the piece's. */
	| { readonly kind: 'undelivered'; readonly batch: number; readonly report: CallReport }
	/** Too many pieces of the batch were refused to go on looking for each. */
	| { readonly kind: 'unsorted'; readonly batch: number; readonly report: CallReport }
	/** Larger than any request may be; sizes in bytes. */
	| { readonly kind: 'oversize'; readonly bytes: number; readonly limit: number }
	/** JSON has no form for it. */
	| { readonly kind: 'unserializable' }
	/** Held back because an earlier batch came to nothing; its report says why. */
	| { readonly kind: 'held'; readonly report: CallReport };

/** What the delivery as a whole took. */
export interface Totals {
	readonly batches: number;
	readonly requests: number;
	/** Requests that repeated another one. */
	readonly retries: number;
	/** Accepted pieces that an earlier, unanswered request may have delivered too. */
	readonly possiblyDoubled: number;
}

export interface Delivery {
	/** By position in the pieces that were given. */
	readonly fates: readonly Fate[];
	readonly totals: Totals;
}

/** How many of a batch Bento says it took (POST /batch/events: `results` accepted, `failed` rejected). */
export interface Counts {
	readonly results: number | undefined;
	readonly failed: number | undefined;
}

/** One line for n8n's log: shape and status, never values. */
export interface BatchNote {
	readonly batch: number;
	readonly count: number;
	readonly bytes: number;
	readonly report: CallReport;
}
