/** The values that the client's parts pass to each other. Nothing here knows n8n. */

export type HttpMethod = 'DELETE' | 'GET' | 'PATCH' | 'POST' | 'PUT';

export type QueryValue = string | number | boolean;

/** One request as a transport sends it: everything decided, the body already serialized. */
export interface HttpRequest {
	readonly method: HttpMethod;
	readonly url: string;
	readonly query: Readonly<Record<string, QueryValue>>;
	readonly headers: Readonly<Record<string, string>>;
	readonly body?: Buffer;
	/** In ms, for the whole exchange. */
	readonly timeout: number;
	readonly signal?: AbortSignal;
}

/** What one request led to: a response read to its end, or the reason why there is none. */
export type HttpResult =
	| {
			readonly kind: 'response';
			readonly status: number;
			/** Names in lower case. */
			readonly headers: Readonly<Record<string, string>>;
			/** Without keys, should the response repeat one. */
			readonly text: string;
	  }
	| { readonly kind: 'noResponse'; readonly code: string; readonly mayHaveArrived: boolean }
	/** Won't change with another try until a setting of this machine is changed. */
	| {
			readonly kind: 'forbidden';
			readonly reason: 'certificate' | 'hostNotAllowed';
			readonly code: string;
	  }
	/** There is no usable credential; the problem is in words for the user. */
	| { readonly kind: 'unconfigured'; readonly problem: string };

/** Sends one request. It never throws: what goes wrong is part of the result. */
export type Transport = (request: HttpRequest) => Promise<HttpResult>;

export type RefusalReason =
	/** 400 or 422: something in the body. */
	| 'invalid'
	/** 413: the body is too big. */
	| 'tooLarge'
	/** 401. */
	| 'credentials'
	/** 403 without JSON, or a page of HTML in place of a response. */
	| 'blocked'
	/** 403 as JSON: Bento itself says no. */
	| 'forbidden'
	/** 404. */
	| 'notFound'
	/** 3xx: not followed, so that keys go to no other host. */
	| 'redirected'
	/** The certificate of the address isn't trusted by this n8n. Nothing was sent. */
	| 'certificate'
	/** n8n's own settings forbid the address. Nothing was sent. */
	| 'hostNotAllowed'
	/** A proxy between n8n and Bento didn't let the request through. */
	| 'proxy'
	/** Any other status that will be the same next time. */
	| 'other'
	/** There is no usable credential; nothing was sent. */
	| 'unconfigured'
	/** The path could lead somewhere else (see `pathProblem`); nothing was sent. */
	| 'unsafePath';

export type UnknownReason = 'cutOff' | 'lost' | 'stopped' | 'timeout';

/** What one request led to, as `classify` sees it. A request ID is Bento's own, or its edge's. */
export type Outcome =
	/** Bento has it. For a write this is the end, regardless of the body. */
	| {
			readonly kind: 'accepted';
			readonly status: number;
			readonly content: 'json';
			readonly body: unknown;
			readonly requestId?: string;
	  }
	| {
			readonly kind: 'accepted';
			readonly status: number;
			readonly content: 'empty' | 'text';
			readonly body: string;
			readonly requestId?: string;
	  }
	| {
			readonly kind: 'refused';
			readonly reason: RefusalReason;
			readonly status: number | undefined;
			/**
			 * What the response says, or this package about a credential or path. May quote user data, so it belongs
			 * into a description, never a message.
			 */
			readonly words: string;
			/** The network code of this machine, if there was no response. */
			readonly code?: string;
			readonly requestId?: string;
	  }
	| {
			readonly kind: 'busy';
			readonly status: number;
			/** Whether a proxy responded in Bento's place. */
			readonly from: 'bento' | 'proxy';
			readonly words: string;
			/** In ms; undefined if the response names no time. */
			readonly retryAfter: number | undefined;
			/** Whether a repeat could duplicate: true for 5xx other than 503. */
			readonly mayHaveArrived: boolean;
			readonly requestId?: string;
	  }
	/** Nothing was sent: no address, no connection, no handshake. */
	| { readonly kind: 'unreached'; readonly code: string }
	/** It was sent, and no response says whether Bento has it. */
	| { readonly kind: 'unknown'; readonly reason: UnknownReason; readonly code: string }
	/** The execution was stopped before the request started. */
	| { readonly kind: 'stopped' }
	/** Bento's rate limit left no turn within the time limit; so many executions were waiting. Nothing was sent. */
	| { readonly kind: 'noTurn'; readonly executions: number };

/** A request that several executions were in. */
export interface Shared {
	readonly executions: number;
	/** Of all of them together. */
	readonly records: number;
}

/** A call to Bento, in the caller's terms. */
export interface BentoRequest {
	readonly method: HttpMethod;
	/** Under the API base URL, beginning with a slash; or a whole URL for the tracking webhook. */
	readonly path: string;
	readonly query?: Readonly<Record<string, QueryValue | undefined>>;
	/** JSON, serialized once by the caller. */
	readonly body?: Buffer;
	/** Default `application/json`. */
	readonly contentType?: string;
	/**
	 * Whether the call may be resent if Bento may have done it already: `resend` for reads, upserts, and events
	 * delivered at least once; `never` for anything that a repeat would duplicate.
	 */
	readonly idempotent: boolean;
	/** What n8n's log calls it, e.g. `batch 3, 100 events`. Never values. */
	readonly label?: string;
	/** Told when a request starts; what it returns is told when that request has ended. */
	readonly onStart?: () => () => void;
}

/** One attempt as n8n's log tells it: shape, status and times, never values. */
export interface AttemptNote {
	readonly request: BentoRequest;
	/** Counted from 1. */
	readonly attempt: number;
	readonly outcome: Outcome;
	/** How long the attempt took, in ms, the wait for its turn not included. */
	readonly duration: number;
	/** How long it waited for its turn, in ms. */
	readonly waited?: number;
	readonly shared?: Shared;
	/** What follows: the least wait before the next attempt in ms, or undefined if there is none. */
	readonly wait: number | undefined;
}

/** What a call led to after all its attempts. */
export interface CallReport {
	/** Whether it only asked Bento for something. */
	readonly reads: boolean;
	readonly outcome: Outcome;
	/** Requests that were started; 0 if none was sent. */
	readonly attempts: number;
	/** How long it waited for its turns, in ms. */
	readonly waited?: number;
	/** Set if the request that decided it was shared with other executions. */
	readonly shared?: Shared;
	/** Earlier attempts that may have reached Bento although no response said so: each could be a duplicate. */
	readonly unanswered: number;
	/** Whether Bento may have what a write asked for, although no response says so (see `mayHaveArrived`). */
	readonly mayHaveArrived: boolean;
	/** Why a call that could have been tried again wasn't. */
	readonly gaveUp: 'attempts' | 'guarantee' | 'time' | undefined;
}
