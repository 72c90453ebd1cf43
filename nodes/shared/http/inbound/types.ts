/** The values that travel between the inbound helper's parts. Nothing here knows n8n or a node. */

export type HeaderValues = Readonly<Record<string, string | readonly string[] | undefined>>;

/** What the helper needs of Node's request, or of express's, which n8n hands out. */
export interface RequestStream {
	readonly method?: string;
	/** As the sender wrote it; express rewrites `url` and keeps this one. */
	readonly originalUrl?: string;
	readonly url?: string;
	/** Names in lower case, as Node gives them. */
	readonly headers: HeaderValues;
	/** Names and values in turn, as they arrived: the only place where repeated headers show. */
	readonly rawHeaders?: readonly string[];
	/** The sender's address behind the proxies that the operator told n8n to trust. */
	readonly ip?: string;
	readonly socket?: { readonly remoteAddress?: string };
	/** Set when the host has read the body already. */
	readonly rawBody?: unknown;
	/** n8n's reader, which also inflates; it leaves its result in `rawBody`. */
	readonly readRawBody?: () => Promise<void>;
	/** True when the sender hung up. */
	readonly destroyed?: boolean;
	readonly readableEnded?: boolean;
	/** True once everything that was announced has arrived. */
	readonly complete?: boolean;
	on(event: string, listener: (chunk: unknown) => void): unknown;
	off(event: string, listener: (chunk: unknown) => void): unknown;
	resume(): unknown;
	setTimeout?(ms: number): unknown;
}

/** What the helper needs of Node's response. */
export interface ResponseStream {
	readonly headersSent: boolean;
	readonly statusCode: number;
	setHeader(name: string, value: string): unknown;
	writeHead(status: number, headers: Record<string, string | number>): unknown;
	end(body?: string): unknown;
	once(event: string, listener: () => void): unknown;
}

export type QueryValues = Readonly<Record<string, string | readonly string[]>>;

/** A request's head: everything that is known before its body is read. */
export interface RequestHead {
	readonly method: string;
	/** Without the query. */
	readonly path: string;
	readonly query: QueryValues;
	readonly headers: HeaderValues;
	readonly rawHeaders: readonly string[];
	/** '' where it isn't known. */
	readonly address: string;
}
