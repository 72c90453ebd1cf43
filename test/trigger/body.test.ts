import { Agent, createServer, type Server } from 'http';
import net, { type AddressInfo } from 'net';
import { readBody, type BodyResult } from '../../nodes/shared/http/server/body';
import { readHead } from '../../nodes/shared/http/server/head';
import { send } from './support/client';
import { SECRET, startTrigger } from './support/triggerServer';

describe('Reading a body from a real socket', () => {
	let server: Server;
	let result: Promise<BodyResult>;

	beforeEach(async () => {
		let settle: (value: BodyResult) => void = () => undefined;
		result = new Promise((resolve) => (settle = resolve));
		server = createServer((request, response) => {
			const limits = { maxBytes: 1_000, maxPause: 1_000 };
			void readBody(request, readHead(request), limits).then((body) => {
				settle(body);
				response.end('done');
			});
		});
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	});
	afterEach(() => {
		server.closeAllConnections();
		server.close();
	});

	function connect(): net.Socket {
		const socket = net.connect((server.address() as AddressInfo).port, '127.0.0.1');
		socket.on('error', () => undefined);
		return socket;
	}

	test('a sender that stops in the middle is abandoned', async () => {
		const socket = connect();
		socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf');
		await expect(result).resolves.toEqual({ ok: false, code: 'body_too_slow' });
		socket.destroy();
	});

	test('a slow sender that keeps sending is read to its end', async () => {
		const socket = connect();
		socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\n\r\n');
		for (const piece of ['s', 'lo', 'wl', 'y']) {
			await new Promise((resolve) => setTimeout(resolve, 400));
			socket.write(piece);
		}
		await expect(result).resolves.toEqual({ ok: true, bytes: Buffer.from('slowly') });
		socket.destroy();
	});
});

test('requests that were rejected with unread bodies don’t affect those that follow', async () => {
	const server = await startTrigger();
	const agent = new Agent({ keepAlive: true, maxSockets: 1 });
	const body = { text: 'x'.repeat(300_000) };
	for (let index = 0; index < 5; index += 1) {
		const refused = await send(server.url, { agent, body });
		const taken = await send(server.url, {
			agent,
			headers: { 'x-bento-secret': SECRET },
			body: { ...body, external_id: index },
		});
		expect([refused.status, taken.status]).toEqual([401, 200]);
	}
	expect(server.started).toHaveLength(5);
	agent.destroy();
	await server.close();
});
