import type { IncomingHttpHeaders } from 'http';

/** An event that the server took. */
export interface StoredEvent {
	readonly type: string;
	readonly email: string;
	readonly fields?: Readonly<Record<string, unknown>>;
	readonly details?: Readonly<Record<string, unknown>>;
	readonly date?: string;
	readonly via: 'api' | 'track';
}

/** A request as it came in, and what it was answered. */
export interface RecordedRequest {
	readonly method: string;
	readonly path: string;
	readonly query: Readonly<Record<string, string>>;
	readonly headers: IncomingHttpHeaders;
	/** Empty where `keepBodies` is off. */
	bodyText: string;
	readonly bodyBytes: number;
	/** Parsed JSON; undefined where there is none, or where `keepBodies` is off. */
	body: unknown;
	/** In ms since the epoch, by the server's clock. */
	readonly at: number;
	status: number | 'reset' | 'silent' | undefined;
	fault?: Fault['kind'];
}

/** What a real network does. Faults that name no `accept` leave the request undone. */
export type Fault =
	| {
			readonly kind: 'status';
			readonly status: number;
			readonly retryAfter?: string;
			readonly body?: unknown;
	  }
	/** The page of Bento's edge; status 200 unless said otherwise. */
	| { readonly kind: 'html'; readonly status?: number }
	/** Done, but the answer breaks off: half of the announced bytes, then the socket is gone. */
	| { readonly kind: 'cutJson' }
	/** Done, but the answer is complete HTTP around half a JSON text. */
	| { readonly kind: 'shortJson' }
	/** Done, but the answer is some other JSON. */
	| { readonly kind: 'wrongJson'; readonly body: unknown }
	| { readonly kind: 'resetBefore' }
	| { readonly kind: 'resetAfter' }
	/** No answer, ever. */
	| { readonly kind: 'silence'; readonly accept?: boolean }
	| { readonly kind: 'slow'; readonly ms: number }
	| { readonly kind: 'redirect'; readonly to: string; readonly status?: number }
	/** Takes all but `failed` of the records, and says so. */
	| { readonly kind: 'partial'; readonly failed: number }
	/** Takes all records and counts fewer. */
	| { readonly kind: 'fewer'; readonly results: number };

/** An answer before it is written. */
export interface Answer {
	readonly status: number;
	readonly body: unknown;
	readonly headers?: Readonly<Record<string, string>>;
}

/** What a route gets to see of a request that passed the door. */
export interface RouteRequest {
	readonly method: string;
	/** Under /api/v1, split at the slashes. */
	readonly segments: readonly string[];
	readonly query: Readonly<Record<string, string>>;
	/** JSON, or a form's fields with their brackets resolved. */
	readonly body: unknown;
	/** Set where a fault asks for counts other than the true ones. */
	readonly fault: Fault | undefined;
}

/** A route's answer; undefined where the route isn't meant. */
export type Route = (request: RouteRequest) => Answer | undefined;
