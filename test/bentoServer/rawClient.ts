import http from 'http';
import type { BentoServer } from '.';

export interface Reply {
	readonly status: number;
	readonly headers: http.IncomingHttpHeaders;
	readonly text: string;
}

/** Undefined takes a header away. */
export interface Change {
	readonly headers?: Readonly<Record<string, string | undefined>>;
	/** With its query; default: the events. */
	readonly path?: string;
	readonly method?: string;
}

/** How long a client listens to silence. */
const PATIENCE_MS = 300;

/** The headers of a client that keeps to the contract. */
export function rightHeaders({ credentials }: BentoServer): Record<string, string> {
	const { publishableKey, secretKey } = credentials;
	return {
		authorization: `Basic ${Buffer.from(`${publishableKey}:${secretKey}`).toString('base64')}`,
		'user-agent': 'ATest/1.0',
		'content-type': 'application/json',
	};
}

/** A client that knows nothing but HTTP. Text goes out as it is, the rest as JSON; rejects with what the socket says. */
export function send(server: BentoServer, body: unknown, change: Change = {}): Promise<Reply> {
	const path = change.path ?? `/api/v1/batch/events?site_uuid=${server.credentials.siteUuid}`;
	const text = toText(body);
	// Node frames no body of a DELETE by itself.
	const length = text === '' ? undefined : String(Buffer.byteLength(text));
	const given = { ...rightHeaders(server), 'content-length': length, ...change.headers };
	const headers: Record<string, string> = {};
	for (const [name, value] of Object.entries(given)) if (value !== undefined) headers[name] = value;
	return new Promise((resolve, reject) => {
		const request = http.request(
			server.origin + path,
			{ method: change.method ?? 'POST', headers, agent: false, timeout: PATIENCE_MS },
			(response) => {
				let answer = '';
				response.setEncoding('utf8');
				response.on('data', (chunk: string) => (answer += chunk));
				response.on('error', reject);
				response.on('end', () =>
					resolve({ status: response.statusCode ?? 0, headers: response.headers, text: answer }),
				);
			},
		);
		request.on('error', reject);
		request.on('timeout', () => request.destroy(new Error('silence')));
		request.end(text);
	});
}

function toText(body: unknown): string {
	if (body === undefined) return '';
	return typeof body === 'string' ? body : JSON.stringify(body);
}

/** A call as Bento documents it: a path under the base URL with its query, and JSON both ways. */
export async function call(
	server: BentoServer,
	method: string,
	path: string,
	json?: unknown,
): Promise<{ readonly status: number; readonly body: unknown }> {
	const site = `${path.includes('?') ? '&' : '?'}site_uuid=${server.credentials.siteUuid}`;
	const { status, text } = await send(server, json, { method, path: `/api/v1${path}${site}` });
	return { status, body: JSON.parse(text) as unknown };
}
