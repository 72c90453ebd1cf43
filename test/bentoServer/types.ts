import type { IncomingHttpHeaders } from 'http';

/** An event that the server took. */
export interface StoredEvent {
	readonly type: string;
	readonly email: string;
	readonly fields?: Readonly<Record<string, unknown>>;
	readonly details?: Readonly<Record<string, unknown>>;
	readonly date?: string;
	/** The Events API, or the tracking webhook. */
	readonly via: 'api' | 'track';
}

/** A request as it came in, and its response. */
export interface RecordedRequest {
	readonly method: string;
	readonly path: string;
	/** Values of a repeated name are joined by commas. */
	readonly query: Readonly<Record<string, string>>;
	readonly headers: IncomingHttpHeaders;
	/** Empty where `keepBodies` is off. */
	bodyText: string;
	readonly bodyBytes: number;
	/** Parsed JSON or form; undefined where there is none, or where `keepBodies` is off. */
	body: unknown;
	/** In ms since the epoch, by the server's clock. */
	readonly at: number;
	status: number | 'reset' | 'silent' | undefined;
	fault?: Fault['kind'];
}

/** What a real network does. The comments say whether the request is done nevertheless. */
export type Fault =
	/** Not done. */
	| {
			readonly kind: 'status';
			readonly status: number;
			/** Seconds or an HTTP date, sent as it is. */
			readonly retryAfter?: string;
			/** Default: `{}`. */
			readonly body?: unknown;
			readonly headers?: Readonly<Record<string, string>>;
	  }
	/** Not done. The page of Bento's edge; status 200 unless said otherwise. */
	| { readonly kind: 'html'; readonly status?: number }
	/** Done, but the response breaks off: half of the announced bytes, then the socket is gone. */
	| { readonly kind: 'cutJson' }
	/** Done, but the response is complete HTTP around half a JSON text. */
	| { readonly kind: 'shortJson' }
	/** Done, but the response is 200 with some other JSON. */
	| {
			readonly kind: 'wrongJson';
			readonly body: unknown;
			readonly headers?: Readonly<Record<string, string>>;
	  }
	/** Done, but the response is a text, or has no body if the text is empty. Status 200 unless said otherwise. */
	| { readonly kind: 'text'; readonly status?: number; readonly body: string }
	/** Done, and the response comes in pieces, so many ms apart. */
	| { readonly kind: 'drip'; readonly ms: number }
	/** Done, but the response comes in chunks without a length and breaks off before the last. */
	| { readonly kind: 'cutChunks' }
	/** Done, but what comes back isn't HTTP. */
	| { readonly kind: 'garbage' }
	/** Not done. An error page of the edge before Bento, status 502 unless said otherwise. */
	| { readonly kind: 'edge'; readonly status?: number }
	/** Not done: the socket is reset. */
	| { readonly kind: 'resetBefore' }
	/** Done, and the socket is reset. */
	| { readonly kind: 'resetAfter' }
	/** No response until `close()`. Not done unless `accept` says so. */
	| { readonly kind: 'silence'; readonly accept?: boolean }
	/** Done after so many ms. */
	| { readonly kind: 'slow'; readonly ms: number }
	/** Not done. Status 302 unless said otherwise. */
	| { readonly kind: 'redirect'; readonly to: string; readonly status?: number }
	/** Takes all but the last `failed` records of a batch, and says so. */
	| { readonly kind: 'partial'; readonly failed: number }
	/** Takes all records of a batch and counts fewer. */
	| { readonly kind: 'fewer'; readonly results: number };

/** A response before it is written. */
export interface ParsedResponse {
	readonly status: number;
	/** Sent as it is where it's text, else as JSON. */
	readonly body: unknown;
	readonly headers?: Readonly<Record<string, string>>;
}

/** What a route gets to see of a request that passed the door. */
export interface RouteRequest {
	/** What stands in the path where the route has `:name`. */
	readonly params: Readonly<Record<string, string>>;
	readonly query: Readonly<Record<string, string>>;
	/** JSON, or a form's fields with their brackets resolved. */
	readonly body: unknown;
	/** Set where a fault asks for counts other than the true ones. */
	readonly fault: Fault | undefined;
}

/** One call of the API. */
export interface Route {
	readonly method: string;
	/** Under /api/v1, e.g. `/fetch/tags/:id`. */
	readonly path: string;
	readonly handle: (request: RouteRequest) => ParsedResponse;
}
