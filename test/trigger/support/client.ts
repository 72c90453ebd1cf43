import { request as httpRequest, type Agent } from 'http';
import net from 'net';

export interface Sent {
	readonly method?: string;
	readonly query?: string;
	readonly headers?: Readonly<Record<string, string | string[]>>;
	/** Objects are sent as JSON. */
	readonly body?: Buffer | object | string;
	readonly agent?: Agent;
}

export interface ParsedResponse {
	readonly status: number;
	readonly headers: Readonly<Record<string, string | string[] | undefined>>;
	readonly text: string;
	/** The body as JSON; undefined if it isn't JSON. */
	readonly json: Record<string, unknown> | undefined;
}

/** Sends one request over a real socket and reads the response to its end. */
export async function send(url: string, sent: Sent = {}): Promise<ParsedResponse> {
	const { body } = sent;
	const isObject = typeof body === 'object' && !Buffer.isBuffer(body);
	const payload = isObject ? JSON.stringify(body) : body;
	return await new Promise<ParsedResponse>((resolve, reject) => {
		const target = new URL(url + (sent.query ? `?${sent.query}` : ''));
		const request = httpRequest(target, {
			method: sent.method ?? 'POST',
			agent: sent.agent ?? false,
			headers: {
				...(isObject ? { 'content-type': 'application/json' } : {}),
				...(payload === undefined ? {} : { 'content-length': Buffer.byteLength(payload) }),
				...sent.headers,
			},
		});
		request.on('error', reject);
		request.on('response', (response) => {
			const pieces: Buffer[] = [];
			response.on('error', reject);
			response.on('data', (piece: Buffer) => pieces.push(piece));
			response.on('end', () => {
				const text = Buffer.concat(pieces).toString('utf8');
				const { statusCode = 0, headers } = response;
				resolve({ status: statusCode, headers, text, json: parse(text) });
			});
		});
		// As bytes: together with a text, Node would write the headers as UTF-8 rather than as they are.
		request.end(payload === undefined ? undefined : Buffer.from(payload));
	});
}

/** Writes raw bytes to the server and reads until it closes the connection or `until` is found. */
export async function sendRaw(
	url: string,
	bytes: Buffer | string,
	options: { readonly hangUp?: boolean } = {},
): Promise<string> {
	const { port, hostname } = new URL(url);
	return await new Promise<string>((resolve) => {
		const pieces: Buffer[] = [];
		const socket = net.connect(Number(port), hostname, () => {
			socket.write(bytes);
			if (options.hangUp) setTimeout(() => socket.destroy(), 50);
		});
		socket.on('data', (piece: Buffer) => {
			pieces.push(piece);
			socket.end();
		});
		socket.on('error', () => undefined);
		socket.on('close', () => resolve(Buffer.concat(pieces).toString('latin1')));
	});
}

function parse(text: string): Record<string, unknown> | undefined {
	try {
		const value: unknown = JSON.parse(text);
		return typeof value === 'object' && value !== null ? { ...value } : undefined;
	} catch {
		return undefined;
	}
}
