/** The values that travel between the outbound helper's parts. Nothing here knows n8n. */

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

/** What came of one request: an answer read to its end, or the reason why there is none. */
export type HttpResult =
	| {
			readonly kind: 'answer';
			readonly status: number;
			/** Names in lower case. */
			readonly headers: Readonly<Record<string, string>>;
			readonly text: string;
	  }
	| { readonly kind: 'noAnswer'; readonly code: string; readonly mayHaveArrived: boolean }
	| { readonly kind: 'forbidden'; readonly code: string }
	/** There is no usable credential; the problem is in words for the builder. */
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
	/** 403, or a page of HTML in place of an answer. */
	| 'blocked'
	/** 404. */
	| 'notFound'
	/** 3xx: not followed, so that keys go to no other host. */
	| 'redirected'
	/** n8n's own settings forbid the address, or its certificate can't be trusted. */
	| 'forbidden'
	/** Any other status that will be the same next time. */
	| 'other'
	/** There is no usable credential; nothing was sent. */
	| 'unconfigured';

export type UnknownReason = 'cutOff' | 'lost' | 'stopped' | 'timeout';

/** What one request came to, as `classify` sees it. */
export type Outcome =
	| { readonly kind: 'accepted'; readonly status: number; readonly body: unknown }
	| {
			readonly kind: 'refused';
			readonly reason: RefusalReason;
			readonly status: number | undefined;
			/** Bento's own words; may quote user data, so it belongs into a description, never a message. */
			readonly words: string;
	  }
	| {
			readonly kind: 'busy';
			readonly status: number;
			readonly words: string;
			/** In ms; undefined where the answer names no time. */
			readonly retryAfter: number | undefined;
			/** Whether a repeat could double: true for 5xx other than 503. */
			readonly mayHaveArrived: boolean;
	  }
	| { readonly kind: 'unreached'; readonly code: string }
	| { readonly kind: 'unknown'; readonly reason: UnknownReason; readonly code: string }
	/** The execution was stopped before the request started. */
	| { readonly kind: 'stopped' };

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
	 * Whether the call may go out again when Bento may have done it already: `resend` for reads, upserts and
	 * events delivered at least once; `never` for anything that a repeat would double.
	 */
	readonly whenUnknown: 'resend' | 'never';
	/** Default `json`: a 2xx without JSON is a failure. `any` for the tracking webhook, whose answer is undocumented. */
	readonly answer?: 'any' | 'json';
}

/** What a call came to after all its attempts. */
export interface CallReport {
	readonly outcome: Outcome;
	/** Requests that were started. */
	readonly attempts: number;
	/** Earlier attempts that may have reached Bento although no answer said so: each could be a double. */
	readonly unanswered: number;
	/** Why a call that could have been tried again wasn't. */
	readonly gaveUp: 'attempts' | 'guarantee' | 'time' | undefined;
}
