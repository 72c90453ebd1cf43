import type { RejectionCode } from './response';
import { firstHeader, type RequestHead, type RequestStream } from './head';

export type BodyResult =
	| { readonly ok: true; readonly bytes: Buffer }
	| { readonly ok: false; readonly code: RejectionCode };

export interface BodyLimits {
	/** In bytes, after inflating. */
	readonly maxBytes: number;
	/** Longest pause between two pieces of the body, in ms. */
	readonly maxPause: number;
}

/** What n8n's own reader inflates. */
const INFLATED_BY_HOST = new Set(['deflate', 'gzip']);

/** Whether the announced length alone is too much. */
export function announcesTooMuch(head: RequestHead, maxBytes: number): boolean {
	return announcedLength(head) > maxBytes;
}

function announcedLength(head: RequestHead): number {
	const announced = Number(firstHeader(head, 'content-length') ?? 0);
	return Number.isFinite(announced) ? announced : 0;
}

/**
 * Reads a request's body up to a limit. Resolves in every case: when the sender hangs up, pauses too long or
 * sends more than it may, the result says so. Bodies that the host has read already are taken as they are.
 */
export async function readBody(
	request: RequestStream,
	head: RequestHead,
	limits: BodyLimits,
): Promise<BodyResult> {
	if (Buffer.isBuffer(request.rawBody)) return limited(request.rawBody, limits);
	const codings = codingsOf(firstHeader(head, 'content-encoding') ?? '');
	const [coding] = codings;
	if (coding === undefined) return await readPlain(request, head, limits);
	if (codings.length > 1 && new Set(codings).size === codings.length) {
		return await readUnlessCompressed(request, head, limits);
	}
	if (codings.length > 1 || !INFLATED_BY_HOST.has(coding) || !request.readRawBody)
		return refused('encoding_not_supported');
	// n8n's reader compares case-sensitively and doesn't know the old name.
	Reflect.set(request.headers, 'content-encoding', coding);
	return await readInflated(request, request.readRawBody, limits);
}

/** Names of charsets that some senders put into Content-Encoding, and `identity`: the body is as it is. */
const NOT_A_CODING =
	/^(?:identity|none|utf-?\d*\w*|us-ascii|ascii|iso-?8859-\d+|latin-?\d|windows-\d+|cp\d+|8bit|7bit|binary|chunked|)$/;

/** Case-insensitive, with `x-gzip` for gzip (RFC 9110, sections 8.4.1 and 8.4.1.3). */
function codingsOf(header: string): string[] {
	return header
		.split(',')
		.map((name) =>
			name
				.trim()
				.toLowerCase()
				.replace(/^x-gzip$/, 'gzip'),
		)
		.filter((name) => !NOT_A_CODING.test(name));
}

/** Several codings are what a sender accepts, in the wrong header, unless the body really is compressed. */
async function readUnlessCompressed(
	request: RequestStream,
	head: RequestHead,
	limits: BodyLimits,
): Promise<BodyResult> {
	const body = await readPlain(request, head, limits);
	if (!body.ok) return body;
	const isGzip = body.bytes[0] === 0x1f && body.bytes[1] === 0x8b;
	return isGzip ? refused('encoding_not_supported') : body;
}

function limited(bytes: Buffer, limits: BodyLimits): BodyResult {
	return bytes.length > limits.maxBytes ? refused('body_too_large') : { ok: true, bytes };
}

function refused(code: RejectionCode): BodyResult {
	return { ok: false, code };
}

async function readPlain(
	request: RequestStream,
	head: RequestHead,
	limits: BodyLimits,
): Promise<BodyResult> {
	if (request.readableEnded) return { ok: true, bytes: Buffer.alloc(0) };
	const collected = new Collected(announcedLength(head));
	return await settleOnce(request, limits, (settle) => ({
		data(chunk) {
			const piece = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
			if (collected.size + piece.length > limits.maxBytes) settle(refused('body_too_large'));
			else collected.add(piece);
		},
		end: () => settle({ ok: true, bytes: collected.bytes() }),
	}));
}

/** Most memory that is reserved for an announced length alone, in bytes. */
const MAX_FIRST_BUFFER = 65_536;

/** One growing buffer. A list of the pieces would keep some 400 bytes for a piece of one byte. */
class Collected {
	size = 0;
	private buffer: Buffer;

	constructor(announced: number) {
		this.buffer = Buffer.allocUnsafe(Math.min(Math.max(announced, 1024), MAX_FIRST_BUFFER));
	}

	add(piece: Buffer): void {
		const size = this.size + piece.length;
		if (size > this.buffer.length) {
			const larger = Buffer.allocUnsafe(Math.max(size, 2 * this.buffer.length));
			this.buffer.copy(larger, 0, 0, this.size);
			this.buffer = larger;
		}
		piece.copy(this.buffer, this.size);
		this.size = size;
	}

	bytes(): Buffer {
		return this.buffer.subarray(0, this.size);
	}
}

async function readInflated(
	request: RequestStream,
	readRawBody: () => Promise<void>,
	limits: BodyLimits,
): Promise<BodyResult> {
	return await settleOnce(request, limits, (settle) => {
		readRawBody().then(
			() => {
				const bytes = request.rawBody;
				settle(Buffer.isBuffer(bytes) ? limited(bytes, limits) : refused('body_not_readable'));
			},
			(error: unknown) =>
				settle(refused(isTooLarge(error) ? 'body_too_large' : 'body_not_readable')),
		);
		return {};
	});
}

type Listeners = Record<string, (chunk: unknown) => void>;

/**
 * Runs one way of reading together with everything that can cut it short, and lets the first of them decide.
 * Afterwards no listener is left; what the sender still sends is read and thrown away.
 */
async function settleOnce(
	request: RequestStream,
	limits: BodyLimits,
	begin: (settle: (result: BodyResult) => void) => Listeners,
): Promise<BodyResult> {
	if (request.destroyed) return refused('body_incomplete');
	const listeners: Listeners = {};
	try {
		return await new Promise<BodyResult>((resolve) => {
			Object.assign(listeners, {
				aborted: () => resolve(refused('body_incomplete')),
				// A request that came whole closes too, maybe before it is inflated.
				close: () => {
					if (!request.complete) resolve(refused('body_incomplete'));
				},
				error: () => resolve(refused('body_incomplete')),
				timeout: () => resolve(refused('body_too_slow')),
				...begin(resolve),
			});
			request.setTimeout?.(limits.maxPause);
			for (const [event, listener] of Object.entries(listeners)) request.on(event, listener);
		});
	} finally {
		request.setTimeout?.(0);
		for (const [event, listener] of Object.entries(listeners)) request.off(event, listener);
		// A late error of a broken connection must not become an uncaught one.
		request.on('error', ignore);
		request.resume();
	}
}

function ignore(): void {
	return;
}

/** raw-body, which n8n reads with, says so in `type` and `status`. */
function isTooLarge(error: unknown): boolean {
	if (typeof error !== 'object' || error === null) return false;
	const type: unknown = Reflect.get(error, 'type');
	return type === 'entity.too.large' || Reflect.get(error, 'status') === 413;
}
