import { createServer } from 'http';
import net, { type AddressInfo } from 'net';
import { setFlagsFromString } from 'v8';
import { runInNewContext } from 'vm';
import { readBody, type BodyResult } from '../../nodes/shared/http/server/body';
import { readHead } from '../../nodes/shared/http/server/head';
import { LINE_NAMES } from '../support/engine/packages';
import { send, type Sent } from './support/client';
import { SECRET, startTrigger, type TriggerServer } from './support/triggerServer';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const JSON_TYPE = { 'content-type': 'application/json' };

describe.each(LINE_NAMES)('Bodies on n8n %s', (line) => {
	let server: TriggerServer;
	beforeEach(async () => (server = await startTrigger({ line })));
	afterEach(async () => await server.close());
	const post = async (body: Sent['body'], headers: Sent['headers'] = JSON_TYPE) =>
		await send(server.url, { headers: { 'x-bento-secret': SECRET, ...headers }, body });

	test('a key that comes twice starts the workflow, and the last one counts', async () => {
		await post('{"event":"a","event":"b","details":{"x":1,"x":2}}');
		expect(server.started[0]).toMatchObject({ event: 'b', details: { x: 2 }, parseError: null });
	});

	test('a number that JavaScript can’t represent is passed on like broken JSON', async () => {
		const body = '{"event":"x",\n"n":1e999}';
		expect((await post(body)).status).toBe(200);
		expect(server.started[0]).toMatchObject({
			body,
			rawBody: body,
			parseError: 'The body contains a number that is too large (line 2, column 5)',
		});
		await server.close();
		server = await startTrigger({ line, parameters: { settings: { acceptBrokenJson: false } } });
		const refused = await post(body);
		expect([refused.status, refused.json]).toMatchObject([
			400,
			{ error: { code: 'json_number_out_of_range' } },
		]);
	});

	test('if JavaScript gives no position, none is reported', async () => {
		await post('{"details": }');
		expect(server.started[0]).toMatchObject({ parseError: 'The body is not valid JSON' });
	});

	describe('multipart forms', () => {
		const type = { 'content-type': 'multipart/form-data; boundary="a b-1"' };
		const part = (head: string, value: string) => `--a b-1\r\n${head}\r\n\r\n${value}\r\n`;
		const field = (name: string, value: string) =>
			part(`Content-Disposition: form-data; name="${name}"`, value);

		test('without files are read like URL-encoded ones', async () => {
			const body = [
				'a preamble that nobody reads\r\n',
				field('email', 'lin@example.net'),
				field('type', 'signup'),
				field('name', 'Zoë ☃ --a b\r\nsecond line'),
				field('a', '1'),
				field('a', '2'),
				field('__proto__', 'x'),
				field('with %22quotes%22', ''),
				part('content-type: text/plain\r\ncontent-disposition:form-data; name=bare', 'x'),
				part('Content-Disposition: form-data; name="file"; filename=""\r\nContent-Type: x/y', ''),
				'--a b-1--\r\nan epilogue',
			].join('');
			expect((await post(body, type)).json).toEqual({ received: true });
			expect(server.started[0]).toMatchObject({
				event: 'signup',
				email: 'lin@example.net',
				rawBody: body,
				body: {
					email: 'lin@example.net',
					type: 'signup',
					name: 'Zoë ☃ --a b\r\nsecond line',
					a: ['1', '2'],
					'with "quotes"': '',
					bare: 'x',
				},
			});
			expect(Object.keys({ ...(server.started[0]?.body as object) })).toHaveLength(6);
		});

		test('as fetch sends them', async () => {
			const form = new FormData();
			form.append('email', 'lin@example.net');
			form.append('name', 'Zoë "Z" ☃');
			const answer = await fetch(server.url, {
				method: 'POST',
				headers: { 'x-bento-secret': SECRET },
				body: form,
			});
			expect(answer.status).toBe(200);
			expect(server.started[0]).toMatchObject({
				body: { email: 'lin@example.net', name: 'Zoë "Z" ☃' },
			});
		});

		test('with a file are rejected', async () => {
			const file = part('Content-Disposition: form-data; name="f"; filename="a.png"', '\x89PNG');
			const answer = await post(`${file}--a b-1--`, type);
			expect([answer.status, answer.json]).toMatchObject([
				415,
				{ error: { code: 'media_type_not_supported' } },
			]);
			expect(server.started).toEqual([]);
		});
	});
});

test('a body of 256 kB in chunks of one byte takes at most 5 MB', async () => {
	const size = 256 * 1024;
	const used = () => {
		// What nobody holds any more doesn't count.
		collectGarbage();
		const { heapUsed, external } = process.memoryUsage();
		return heapUsed + external;
	};
	let held = Infinity;
	let settle: (value: BodyResult) => void = () => undefined;
	const result = new Promise<BodyResult>((resolve) => (settle = resolve));
	const server = createServer((request) => {
		const before = used();
		const limits = { maxBytes: 2 * size, maxPause: 20_000 };
		void readBody(request, readHead(request), limits).then(settle);
		let arrived = 0;
		request.on('data', (chunk: Buffer) => {
			arrived += chunk.length;
			// With the last piece, before the end lets go of them all.
			if (arrived === size) held = used() - before;
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const socket = net.connect((server.address() as AddressInfo).port, '127.0.0.1');
	socket.write('POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n');
	const pieces = Buffer.from('1\r\nx\r\n'.repeat(16_384));
	for (let sent = 0; sent < size; sent += 16_384) {
		if (!socket.write(pieces)) await new Promise((resolve) => socket.once('drain', resolve));
	}
	socket.write('0\r\n\r\n');
	const body = await result;
	socket.destroy();
	server.closeAllConnections();
	server.close();
	expect(body.ok && body.bytes.length).toBe(size);
	expect(held / 2 ** 20).toBeLessThan(5);
});
