import fc from 'fast-check';
import { IncomingMessage } from 'http';
import { Socket } from 'net';
import { announcesTooMuch, readBody } from '../../../nodes/shared/http/server/body';
import {
	readHead,
	type HeaderValues,
	type RequestStream,
} from '../../../nodes/shared/http/server/head';

/** Node's own request, on a socket that isn't connected. */
class Request extends IncomingMessage {
	readonly timeouts: number[] = [];

	constructor(headers: HeaderValues = {}) {
		super(new Socket());
		Object.assign(this.headers, headers);
	}

	override setTimeout(ms: number): this {
		this.timeouts.push(ms);
		return this;
	}

	/** Everything that was announced has arrived. */
	finish(): void {
		this.complete = true;
		this.push(null);
	}
}

const read = async (request: RequestStream, maxBytes = 10) =>
	await readBody(request, readHead(request), { maxBytes, maxPause: 77 });
/** Whatever it is: n8n's reader may reject with anything. */
const failWith: (reason: unknown) => Promise<never> = Promise.reject.bind(Promise);
const bytes = (text: string) => ({ ok: true, bytes: Buffer.from(text) });
const refused = (code: string) => ({ ok: false, code });

describe('an announced length', () => {
	it.each<[HeaderValues, boolean]>([
		[{}, false],
		[{ 'content-length': '0' }, false],
		[{ 'content-length': '10' }, false],
		[{ 'content-length': '11' }, true],
		[{ 'content-length': 'many' }, false],
	])('of %p is too much for 10 bytes: %p', (headers, expected) => {
		expect(announcesTooMuch(readHead(new Request(headers)), 10)).toBe(expected);
	});
});

describe('a body', () => {
	it.each([undefined, '', 'identity', ' Identity '])(
		'with the encoding %p is read',
		async (name) => {
			const request = new Request({ 'content-encoding': name });
			request.push('plain');
			request.finish();
			expect(await read(request)).toEqual(bytes('plain'));
		},
	);

	it('is the same in whatever pieces it comes, and whatever length was announced', async () => {
		const lengths = fc.array(fc.integer({ min: 1, max: 3000 }), { maxLength: 8 });
		const announced = fc.option(fc.constantFrom('1', '1025', '3000', '100000', '-5', 'x'));
		await fc.assert(
			fc.asyncProperty(lengths, announced, async (all, length) => {
				const pieces = all.map((size, index) => Buffer.alloc(size, index + 1));
				const request = new Request({ 'content-length': length ?? undefined });
				const reading = read(request, 24_000);
				for (const piece of pieces) request.push(piece);
				request.finish();
				expect(await reading).toEqual({ ok: true, bytes: Buffer.concat(pieces) });
			}),
			{ numRuns: 40 },
		);
	});

	it('reserves at most 64 kB for what is only announced', async () => {
		const request = new Request({ 'content-length': '10000000' });
		request.push('x');
		request.finish();
		const body = await read(request);
		expect(body.ok && body.bytes.buffer.byteLength).toBe(65_536);
	});

	it('is read from a stream without timeouts too', async () => {
		const request = new Request();
		Object.assign(request, { setTimeout: undefined });
		request.push('x');
		request.finish();
		expect(await readBody(request, readHead(request), { maxBytes: 1, maxPause: 1 })).toEqual(
			bytes('x'),
		);
	});

	it('keeps to the limit over all its pieces', async () => {
		for (const [last, expected] of [
			['67890', bytes('1234567890')],
			['678901', refused('body_too_large')],
		] as const) {
			const request = new Request();
			const reading = read(request);
			request.push('12345');
			request.push(last);
			request.finish();
			expect(await reading).toEqual(expected);
		}
	});

	it('that the host reads as text is text in UTF-8', async () => {
		const request = new Request();
		request.setEncoding('utf8');
		request.push('ü☃');
		request.finish();
		expect(await read(request)).toEqual(bytes('ü☃'));
	});

	it('that the host has read is taken as it is, up to the limit', async () => {
		const request = new Request({ 'content-encoding': 'br' });
		request.rawBody = Buffer.from('1234567890');
		expect(await read(request)).toEqual(bytes('1234567890'));
		expect(await read(request, 9)).toEqual(refused('body_too_large'));
		Object.assign(request, { rawBody: 'not bytes' });
		expect(await read(request)).toEqual(refused('encoding_not_supported'));
	});

	it('that was read away by someone is empty', async () => {
		const request = new Request();
		request.finish();
		request.resume();
		await new Promise((resolve) => request.once('end', resolve));
		expect(await read(request)).toEqual(bytes(''));
	});

	it('of a sender that hung up before is incomplete', async () => {
		const request = new Request();
		request.destroy();
		await new Promise((resolve) => request.once('close', resolve));
		expect(await read(request)).toEqual(refused('body_incomplete'));
	});

	describe('that n8n inflates', () => {
		const inflated = async (then: (request: Request) => Promise<void>, encoding = ' GZIP') => {
			const request = new Request({ 'content-encoding': encoding });
			request.readRawBody = async () => await then(request);
			return await read(request);
		};
		const leaves = (body: unknown) => async (request: Request) => {
			await Promise.resolve();
			Object.assign(request, { rawBody: body });
		};

		it.each(['gzip', 'deflate', ' GZIP '])('from %p is what n8n leaves', async (encoding) => {
			expect(await inflated(leaves(Buffer.from('1234567890')), encoding)).toEqual(
				bytes('1234567890'),
			);
		});

		it.each(['br', 'gzip, gzip', 'x'])('isn’t from %p', async (encoding) => {
			expect(await inflated(leaves(Buffer.from('x')), encoding)).toEqual(
				refused('encoding_not_supported'),
			);
		});

		it('needs n8n’s reader', async () => {
			const request = new Request({ 'content-encoding': 'gzip' });
			expect(await read(request)).toEqual(refused('encoding_not_supported'));
		});

		it.each([
			['bytes beyond the limit', Buffer.alloc(11), 'body_too_large'],
			['no bytes', undefined, 'body_not_readable'],
			['text', 'text', 'body_not_readable'],
		])('to %s is refused', async (_name, body, code) => {
			expect(await inflated(leaves(body))).toEqual(refused(code));
		});

		it.each([
			[Object.assign(new Error('x'), { type: 'entity.too.large' }), 'body_too_large'],
			[Object.assign(new Error('x'), { status: 413 }), 'body_too_large'],
			[Object.assign(new Error('x'), { type: 'encoding.unsupported' }), 'body_not_readable'],
			[Object.assign(new Error('x'), { status: 400 }), 'body_not_readable'],
			[undefined, 'body_not_readable'],
			[null, 'body_not_readable'],
			['entity.too.large', 'body_not_readable'],
		])('with %p is refused as %s', async (error, code) => {
			expect(await inflated(async () => await failWith(error))).toEqual(refused(code));
		});

		it('isn’t cut short by the end of a connection that brought everything', async () => {
			const whole = inflated(async (request) => {
				await Promise.resolve();
				request.complete = true;
				request.emit('close');
				await leaves(Buffer.from('x'))(request);
			});
			expect(await whole).toEqual(bytes('x'));
		});
	});

	it.each([
		['aborted', 'body_incomplete'],
		['close', 'body_incomplete'],
		['error', 'body_incomplete'],
		['timeout', 'body_too_slow'],
	])('that ends with %s is refused as %s', async (event, code) => {
		for (const encoding of ['identity', 'gzip']) {
			const request = new Request({ 'content-encoding': encoding });
			request.readRawBody = async () => await new Promise(() => undefined);
			const reading = read(request);
			request.emit(event);
			expect(await reading).toEqual(refused(code));
		}
	});

	it.each([
		['read', () => undefined],
		['too large', (request: Request) => request.push('more than ten bytes')],
		['cut off', (request: Request) => request.emit('aborted')],
	])('leaves nothing behind once it is %s', async (_name, happens) => {
		const request = new Request();
		const listeners = () =>
			['aborted', 'close', 'data', 'end', 'timeout'].map((event) => request.listenerCount(event));
		const before = listeners();
		const reading = read(request);
		expect(listeners()).toEqual(before.map((count) => count + 1));
		happens(request);
		request.finish();
		await reading;
		expect(listeners()).toEqual(before);
		expect(request.timeouts).toEqual([77, 0]);
		// What still comes is read and thrown away, and a late error is nobody's.
		expect(request.readableFlowing).toBe(true);
		expect(() => request.emit('error', new Error('late'))).not.toThrow();
	});
});
