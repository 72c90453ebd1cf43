import type { CallReport } from '../http/client/types';

/** Why Bento's 2xx doesn't say that all of a batch was accepted. */
export type UnconfirmedReason =
	/** The counts don't add up to what was sent, or some failed; Bento doesn't say which. */
	| {
			readonly kind: 'counts';
			readonly results: number | undefined;
			readonly failed: number | undefined;
			/** What else the response says, such as its `errors`. */
			readonly words?: string;
	  }
	/** An endpoint without counts, the tracking webhook, which takes whatever it gets. */
	| { readonly kind: 'tracking' }
	/** The response is JSON without counts. */
	| { readonly kind: 'noCounts' }
	/** The response is a text that isn't JSON. */
	| { readonly kind: 'notJson' }
	/** The response has no body. */
	| { readonly kind: 'empty' };

/** What became of one record. The records of a batch share the object. */
export type RecordResult =
	| {
			readonly kind: 'accepted';
			readonly batch: number;
			readonly attempts: number;
			readonly answer: unknown;
			readonly requestId?: string;
	  }
	/** Sent by an earlier try of the same run. */
	| { readonly kind: 'remembered'; readonly previous: PreviousResult }
	/** Bento has the batch, but its response doesn't say that all of it was accepted, nor which wasn't. */
	| {
			readonly kind: 'unconfirmed';
			readonly batch: number;
			readonly attempts: number;
			/** By the whole request. */
			readonly sent: number;
			/** Whether the request held records of other executions too. */
			readonly shared: boolean;
			readonly reason: UnconfirmedReason;
			readonly answer: unknown;
			readonly requestId?: string;
	  }
	/** Bento counted all of the batch as failed; or some of it, in a run that counts that as a failure. */
	| {
			readonly kind: 'countedFailed';
			readonly batch: number;
			readonly attempts: number;
			readonly sent: number;
			readonly shared: boolean;
			readonly results: number | undefined;
			readonly failed: number | undefined;
			readonly all: boolean;
			/** What else the response says, such as its `errors`. */
			readonly words?: string;
	  }
	/** Unconfirmed for any other reason, in a run that counts that as a failure. */
	| {
			readonly kind: 'notConfirmed';
			readonly batch: number;
			readonly attempts: number;
			readonly sent: number;
			readonly shared: boolean;
			readonly reason: UnconfirmedReason;
	  }
	/** Bento refused this record itself. */
	| { readonly kind: 'refused'; readonly batch: number; readonly report: CallReport }
	/** The record was tried in a batch that failed, for a reason that isn't the record's. */
	| { readonly kind: 'undelivered'; readonly batch: number; readonly report: CallReport }
	/**
	 * The batch was refused, and this record wasn't tried by itself: `tooMany` were refused, or the run was `halted`
	 * before the halves were sent; or Bento refused the `batch` in the body of a 2xx, which isn't split, since some of it may
	 * have been done.
	 */
	| {
			readonly kind: 'unsorted';
			readonly batch: number;
			readonly why: 'batch' | 'halted' | 'tooMany';
			readonly report: CallReport;
	  }
	/** Larger than any request may be; sizes in bytes. */
	| { readonly kind: 'oversize'; readonly bytes: number; readonly limit: number }
	/** It can't be written as JSON. */
	| { readonly kind: 'unserializable' }
	/** Never tried: the report says what ended the run before. */
	| { readonly kind: 'held'; readonly report: CallReport };

/** What the whole delivery took. */
export interface Totals {
	/** Batches of which at least one request was sent. */
	readonly batches: number;
	readonly requests: number;
	/** Requests that repeated another one. */
	readonly retries: number;
	/** Accepted records that an earlier, unanswered request may have delivered too. */
	readonly possiblyDoubled: number;
	/** Batches whose request other executions were in too. */
	readonly shared: number;
	/** The longest that a batch waited for its turns, in ms. */
	readonly waited: number;
}

export interface Delivery {
	/** By position in the records that were given. */
	readonly results: readonly RecordResult[];
	readonly totals: Totals;
}

/**
 * What was sent and must not be sent again: `partial` if Bento counted some as failed, and the run counted that as a
 * failure.
 */
export type PreviousResult = 'accepted' | 'partial' | 'unconfirmed' | 'unknown';

/** What earlier tries of the same run have delivered, by position in the records. */
export interface Memory {
	/** What was delivered from this position on, in one batch. */
	at(position: number): { readonly count: number; readonly previous: PreviousResult } | undefined;
	/** Notes a batch that Bento has, or may have if a repeat would break the delivery guarantee. */
	add(delivered: {
		readonly first: number;
		readonly count: number;
		readonly previous: PreviousResult;
	}): void;
}

/** A call that has ended, for whoever sets the limiter. */
export interface BatchNote {
	readonly batch: number;
	readonly count: number;
	readonly report: CallReport;
}
