import { once } from 'events';
import { createServer } from 'http';
import net, { type AddressInfo } from 'net';
import { readBody } from '../../nodes/shared/http/server/body';
import { readHead, type RequestHead } from '../../nodes/shared/http/server/head';
import { findPresented } from '../../nodes/shared/http/server/secret';
import { LINE_NAMES } from '../support/engine/packages';
import { send, sendRaw } from './support/client';
import { SECRET } from './support/triggerServer';
import { header, useTrigger } from './support/useTrigger';

const { server, start } = useTrigger();

/** Sends the head and half of a body, does something, and sends the rest. */
async function sendInTwo(body: string, meanwhile: () => Promise<void>): Promise<string> {
	const { port } = new URL(server.url);
	const socket = net.connect(Number(port), '127.0.0.1');
	let answer = '';
	socket.on('data', (piece) => (answer += String(piece)));
	socket.on('error', () => undefined);
	socket.write(
		`POST /webhook/bento HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Bento-Secret: ${SECRET}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`,
	);
	socket.write(body.slice(0, 5));
	while (server.credentialReads() === 0) await new Promise((resolve) => setTimeout(resolve, 5));
	await new Promise((resolve) => setTimeout(resolve, 50));
	await meanwhile();
	socket.write(body.slice(5));
	await once(socket, 'close');
	return answer;
}

describe.each(LINE_NAMES)('Strangers on n8n %s', (line) => {
	test.each([
		['no secret', {}, 401],
		['a wrong secret', { 'x-bento-secret': 'wrong-secret-of-the-test' }, 401],
		['a body that is announced too large', { ...header, 'content-length': '2000000' }, 413],
	])('%s: the response comes whole and closes the connection', async (_name, headers, status) => {
		await start({ line });
		const lines = Object.entries({ 'content-length': '300000', ...headers });
		const answer = await sendRaw(
			server.url,
			`POST /webhook/bento HTTP/1.1\r\nHost: x\r\n${lines.map(([name, value]) => `${name}: ${value}`).join('\r\n')}\r\n\r\n${'x'.repeat(300_000)}`,
		);
		expect(answer).toContain(`HTTP/1.1 ${status}`);
		expect(answer).toContain('Connection: close');
		expect(answer).toMatch(/"requestId":"[0-9a-f-]{36}"\}$/);
	});

	test('a large body with a wrong secret: the sender gets its 401 every time', async () => {
		await start({ line });
		const body = 'x'.repeat(900_000);
		for (let index = 0; index < 20; index += 1) {
			const answer = await send(server.url, { headers: { 'x-bento-secret': 'wrong' }, body });
			expect([answer.status, answer.headers.connection]).toEqual([401, 'close']);
		}
	});

	test('a sender that drips its body after a 401 is cut off', async () => {
		await start({ line });
		const socket = net.connect(Number(new URL(server.url).port), '127.0.0.1');
		socket.on('error', () => undefined);
		socket.write('POST /webhook/bento HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n');
		const drip = setInterval(() => socket.write('x'), 100);
		const began = Date.now();
		socket.resume();
		await once(socket, 'close');
		clearInterval(drip);
		expect(Date.now() - began).toBeLessThan(5_000);
	});

	test('a configuration that can’t work is a warning, once, and again for a different problem', async () => {
		const credential = { secret: 'short' };
		await start({ line, credentials: { bentoWebhookSecretApi: credential } });
		const attempt = async () => await send(server.url, { headers: header, body: {} });
		// Deactivating forgets what was read of the credential.
		for (let index = 0; index < 3; index += 1) expect((await attempt()).status).toBe(503);
		expect(server.warned).toEqual([expect.stringContaining('at least 16 characters')]);
		credential.secret = '';
		await server.remove();
		await attempt();
		expect(server.warned).toEqual([expect.anything(), expect.stringContaining("Fill in 'Secret'")]);
		credential.secret = SECRET;
		await server.remove();
		expect((await attempt()).status).toBe(200);
		expect(server.warned).toHaveLength(2);
	});
});

describe.each(LINE_NAMES)('A body that takes longer than five seconds on n8n %s', (line) => {
	const credential = { secret: SECRET };
	let clock: jest.SpyInstance<number>;
	beforeEach(async () => {
		credential.secret = SECRET;
		await start({ line, credentials: { bentoWebhookSecretApi: credential } });
		const began = Date.now();
		clock = jest.spyOn(Date, 'now').mockReturnValue(began);
	});
	afterEach(() => clock.mockRestore());
	const later = (ms: number) => clock.mockReturnValue(Date.now() + ms);

	test.each([
		['is still right', 5000, SECRET, 200],
		['was changed', 5000, 'another-secret-by-now', 401],
		['was changed a moment ago', 4999, 'another-secret-by-now', 200],
	])('the secret %s', async (_name, ms, secret, status) => {
		const answer = await sendInTwo('{"event":"slow"}', async () => {
			credential.secret = secret;
			later(ms);
			await Promise.resolve();
		});
		expect(answer).toContain(`HTTP/1.1 ${status}`);
		// Every 401 has a challenge (RFC 9110, section 11.6.1).
		expect(/^WWW-Authenticate: /im.test(answer)).toBe(status === 401);
		expect(server.started).toHaveLength(status === 200 ? 1 : 0);
	});

	test.each([
		['was deactivated', async () => void (await server.remove()), 404],
		[
			'was deactivated and activated again',
			async () => {
				await server.remove();
				await server.create();
			},
			200,
		],
		['was listened to for a test', async () => await server.listenForTest(), 200],
	])('the workflow %s meanwhile', async (_name, meanwhile, status) => {
		const answer = await sendInTwo('{"event":"slow"}', async () => {
			later(1);
			await meanwhile();
			later(5000);
		});
		expect(answer).toContain(`HTTP/1.1 ${status}`);
		expect(server.started).toHaveLength(status === 200 ? 1 : 0);
	});
});

describe('What strangers can make expensive', () => {
	beforeEach(async () => await start());

	test('15,000 equals signs in a Basic header cost less than a millisecond', () => {
		const of = (authorization: string) => ({
			...readHead({
				headers: { authorization },
				on: () => undefined,
				off: () => undefined,
				resume: () => undefined,
			}),
		});
		const heads = ['=', 'QQ=', 'QUFB=A', ' '].map((text) =>
			of(`Basic ${text.repeat(15_000 / text.length)}`),
		);
		for (const head of heads) findPresented(head, { kind: 'basic' });
		const time = (head: RequestHead) => {
			const began = performance.now();
			expect(findPresented(head, { kind: 'basic' }).kind).not.toBe('value');
			return performance.now() - began;
		};
		// The best of some: a busy machine makes any single one slow.
		const best = heads.map((head) => Math.min(...Array.from({ length: 10 }, () => time(head))));
		expect(Math.max(...best)).toBeLessThan(1);
	});

	test('a late error of a connection whose body was read isn’t an uncaught exception', async () => {
		const seen: unknown[] = [];
		const listener = (error: unknown) => seen.push(error);
		process.on('uncaughtException', listener);
		const late = createServer((request, response) => {
			const limits = { maxBytes: 1000, maxPause: 1000 };
			void readBody(request, readHead(request), limits).then((body) => {
				expect(body.ok).toBe(true);
				request.emit('error', new Error('late'));
				response.end('done');
			});
		});
		await new Promise<void>((resolve) => late.listen(0, '127.0.0.1', resolve));
		const { port } = late.address() as AddressInfo;
		const answer = await send(`http://127.0.0.1:${port}/`, { body: 'x' });
		expect([answer.text, seen]).toEqual(['done', []]);
		process.off('uncaughtException', listener);
		late.close();
	});
});
