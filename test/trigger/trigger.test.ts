import { gzipSync } from 'zlib';
import type { INodeParameters } from 'n8n-workflow';
import { LINE_NAMES } from '../support/engine/packages';
import { send, sendRaw, type Sent } from './support/client';
import { SECRET, type TriggerOptions } from './support/triggerServer';
import { header, useTrigger } from './support/useTrigger';

const PREVIOUS = 'yesterday was fine too';
const { server, start, post } = useTrigger();

function basic(text: string) {
	return { authorization: `Basic ${Buffer.from(text, 'utf8').toString('base64')}` };
}

describe.each(LINE_NAMES)('Authentication on n8n %s', (line) => {
	const credentials = {
		bentoWebhookSecretApi: { secret: SECRET, previousSecret: PREVIOUS, userName: 'bolten' },
	};
	const encoded = encodeURIComponent;

	test.each<[string, INodeParameters, Sent, Sent, Sent]>([
		[
			'header',
			{},
			{ headers: { 'X-BENTO-SECRET': SECRET } },
			{ headers: { 'x-bento-secret': PREVIOUS } },
			{ headers: { 'x-bento-secret': SECRET.toUpperCase() } },
		],
		[
			'a header of another name',
			{ authentication: 'header', headerName: 'X-Own' },
			{ headers: { 'x-own': SECRET } },
			{ headers: { 'x-own': PREVIOUS } },
			{ headers: { 'x-bento-secret': SECRET } },
		],
		[
			'apiKey',
			{ authentication: 'apiKey' },
			{ headers: { 'x-api-key': SECRET } },
			{ headers: { 'x-api-key': PREVIOUS } },
			{ headers: { 'x-api-key': `${SECRET}1` } },
		],
		[
			'bearer',
			{ authentication: 'bearer' },
			{ headers: { authorization: `Bearer ${SECRET}` } },
			{ headers: { authorization: `bearer ${PREVIOUS}` } },
			{ headers: { authorization: SECRET } },
		],
		[
			'basic',
			{ authentication: 'basic' },
			{ headers: basic(`bolten:${SECRET}`) },
			{ headers: basic(`bolten:${PREVIOUS}`) },
			{ headers: basic(`Bolten:${SECRET}`) },
		],
		[
			'query',
			{ authentication: 'query' },
			{ query: `access_key=${encoded(SECRET)}` },
			{ query: `access_key=${encoded(PREVIOUS)}` },
			{ query: `ACCESS_KEY=${encoded(SECRET)}` },
		],
	])(
		'%s: right, previous, wrong, missing, repeated, 10 kB',
		async (_name, parameters, right, previous, wrong) => {
			await start({ line, parameters, credentials });
			expect((await send(server.url, { ...right, body: { n: 1 } })).status).toBe(200);
			expect((await send(server.url, { ...previous, body: { n: 2 } })).status).toBe(200);
			expect(server.started).toHaveLength(2);
			const long = Object.fromEntries(
				Object.keys(right.headers ?? {}).map((name) => [name, 'a'.repeat(10_240)]),
			);
			const twice = Object.fromEntries(
				Object.entries(right.headers ?? {}).map(([name, value]) => [
					name,
					[String(value), String(value)],
				]),
			);
			const bad: Sent[] = [
				wrong,
				{},
				{ headers: long, query: right.query && `access_key=${'a'.repeat(9_000)}` },
			];
			if (right.query) bad.push({ query: `${right.query}&${right.query}` });
			else bad.push({ headers: twice });
			for (const sent of bad) {
				const answer = await send(server.url, { ...sent, body: { n: 3 } });
				expect([answer.status, answer.headers['www-authenticate']]).toEqual([
					401,
					expect.stringContaining('realm="webhook"'),
				]);
				expect(answer.json).toEqual({
					error: {
						code: 'unauthorized',
						message: 'Authentication failed.',
					},
					requestId: answer.headers['x-request-id'],
				});
			}
			expect(server.started).toHaveLength(2);
		},
	);

	test('a request without a secret is refused before the credential is read', async () => {
		await start({ line });
		expect((await send(server.url, { body: {} })).status).toBe(401);
		expect(server.credentialReads()).toBe(0);
		await send(server.url, { headers: { 'x-bento-secret': 'wrong' }, body: {} });
		expect(server.credentialReads()).toBe(1);
	});

	test('unicode secrets, as UTF-8 bytes in a header', async () => {
		const secret = 'schlüssel-zum-glück-☃';
		await start({ line, credentials: { bentoWebhookSecretApi: { secret } } });
		const asBytes = Buffer.from(secret, 'utf8').toString('latin1');
		const answer = await send(server.url, {
			headers: { 'x-bento-secret': asBytes },
			body: { secret },
		});
		expect(answer.status).toBe(200);
		expect(JSON.stringify(server.started)).not.toContain('glück');
	});

	test('the secret shows nowhere in the output, wherever else a sender puts it', async () => {
		await start({ line });
		await send(server.url, {
			query: `access_key=${encoded(SECRET)}&copy=${encoded(SECRET)}`,
			headers: {
				...header,
				'x-copy': `a ${SECRET} b`,
				cookie: SECRET,
				'x-64': Buffer.from(SECRET).toString('base64'),
				...basic(`u:${SECRET}`),
			},
			body: { copy: SECRET, nested: [encoded(SECRET)] },
		});
		const shown = JSON.stringify([server.started, server.logged]);
		for (const form of [
			SECRET,
			encoded(SECRET),
			Buffer.from(SECRET).toString('base64').replace(/=+$/, ''),
		]) {
			expect(shown).not.toContain(form);
		}
		expect(server.started[0]).toMatchObject({ body: { copy: '[secret removed]' } });
	});

	test('fails closed if the credential is missing or invalid, and says so only in the log', async () => {
		const unfit: Array<NonNullable<TriggerOptions['credentials']>> = [
			{},
			{ bentoWebhookSecretApi: { secret: 'short' } },
			{ bentoWebhookSecretApi: {} },
		];
		for (const bad of unfit) {
			await start({ line, credentials: bad });
			const answer = await send(server.url, { headers: { 'x-bento-secret': 'short' }, body: {} });
			expect([answer.status, answer.json]).toMatchObject([
				503,
				{ error: { code: 'not_configured' } },
			]);
			expect(server.started).toEqual([]);
			expect(server.warned).toEqual([
				expect.stringContaining('Bento Webhook Secret API credential'),
			]);
			await server.close();
		}
		await start({ line });
	});
});

describe.each(LINE_NAMES)('Lifecycle on n8n %s', (line) => {
	test.each([
		['missing', {}, 'Select or create a Bento Webhook Secret API credential'],
		['empty', { bentoWebhookSecretApi: { secret: '' } }, "Fill in 'Secret'"],
		[
			'too short',
			{ bentoWebhookSecretApi: { secret: 'fifteen-letters' } },
			'at least 16 characters',
		],
		[
			'with spaces around it',
			{ bentoWebhookSecretApi: { secret: `${SECRET} ` } },
			'Remove the leading or trailing spaces',
		],
		[
			'short before',
			{ bentoWebhookSecretApi: { secret: SECRET, previousSecret: 'x' } },
			"'Previous Secret'",
		],
	])('a secret that is %s stops the activation', async (_name, credentials, words) => {
		await start({ line, credentials });
		await expect(server.create()).rejects.toThrow(words);
	});

	test.each<[string, INodeParameters, string]>([
		['Basic without a user name', { authentication: 'basic' }, "'User Name'"],
		['an unfit header name', { authentication: 'header', headerName: 'X Bento' }, "'Header Name'"],
		['no parameter name', { authentication: 'query', queryName: ' ' }, "'Parameter Name'"],
		['an unfit address', { settings: { allowedAddresses: '10.0.0.0/40' } }, "'IP(s) Allowlist'"],
		['Load Subscriber without keys', { loadPerson: true }, "'Load Subscriber'"],
		['an unfit ID header', { settings: { deliveryHeader: 'a:b' } }, "'Delivery ID Header'"],
	])('%s stops the activation', async (_name, parameters, words) => {
		await start({ line, parameters });
		await expect(server.create()).rejects.toThrow(words);
	});

	test('a correct node activates, also without authentication', async () => {
		await start({ line });
		await expect(server.create()).resolves.toBe(true);
		await server.close();
		await start({ line, parameters: { authentication: 'none' }, credentials: {} });
		await expect(server.create()).resolves.toBe(true);
	});
});

describe.each(LINE_NAMES)('Payloads and responses on n8n %s', (line) => {
	test('broken JSON starts the workflow with its text, or gets a 400 with its position', async () => {
		await start({ line });
		const broken = '{"name": "Mika "the" Lund"}';
		await post(broken, { headers: { 'content-type': 'application/json' } });
		expect(server.started[0]).toMatchObject({
			body: broken,
			rawBody: broken,
			parseError: 'The body is not valid JSON (line 1, column 17)',
			event: null,
		});
		await server.close();
		await start({ line, parameters: { settings: { acceptBrokenJson: false } } });
		const answer = await post(broken, { headers: { 'content-type': 'application/json' } });
		expect([answer.status, answer.json]).toMatchObject([400, { error: { code: 'json_broken' } }]);
		expect(answer.text).toContain('(line 1, column 17)');
		expect(server.started).toEqual([]);
	});

	test('the correlation ID is the sender’s if valid, and is in log, response, and output', async () => {
		await start({ line });
		const taken = await post({ n: 1 }, { headers: { 'x-request-id': 'trace-1' } });
		expect(taken.headers['x-request-id']).toBe('trace-1');
		expect(server.started[0]).toMatchObject({ requestId: 'trace-1' });
		expect(server.logged).toEqual(['Bento webhook trace-1 accepted']);
		const refused = await send(server.url, { headers: { 'x-request-id': 'trace 2' }, body: {} });
		expect(refused.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
		expect(server.logged[1]).toBe(
			`Bento webhook ${String(refused.headers['x-request-id'])} rejected: unauthorized`,
		);
	});

	test('only chosen events start the workflow; others get 200', async () => {
		await start({ line, parameters: { settings: { events: 'opportunity.*, signup' } } });
		for (const event of ['opportunity.won', 'signup', 'signup.x', 'Signup', undefined]) {
			const answer = await post({ event, n: 1 });
			expect(answer.status).toBe(200);
		}
		expect(server.started.map(({ event }) => event)).toEqual(['opportunity.won', 'signup']);
		expect((await post({ event: 'other' })).json).toEqual({ ignored: true });
	});

	test('addresses outside the allowlist get 403, whatever they present', async () => {
		await start({
			line,
			ip: '198.51.100.9',
			parameters: { settings: { allowedAddresses: '203.0.113.0/24' } },
		});
		const answer = await post({ n: 1 });
		expect([answer.status, answer.json]).toMatchObject([
			403,
			{ error: { code: 'address_not_allowed' } },
		]);
		expect(server.credentialReads()).toBe(0);
		expect(server.started).toEqual([]);
	});

	test.each<[string, INodeParameters, number, string, string | undefined]>([
		['immediately', {}, 200, '{"received":true}', 'application/json'],
		[
			'immediately with own code and JSON',
			{ responseCode: 202, responseData: '{"ok":1}' },
			202,
			'{"ok":1}',
			'application/json',
		],
		['immediately with own text', { responseData: 'thanks' }, 200, 'thanks', 'text/plain'],
		[
			'when the last node finishes',
			{ responseMode: 'lastNode', responseCode: 201 },
			201,
			'{"lastNode":"e"}',
			undefined,
		],
		[
			'through Respond to Webhook',
			{ responseMode: 'responseNode' },
			200,
			'{"lastNode":"e"}',
			undefined,
		],
	])('responds %s', async (_name, parameters, status, text, type) => {
		await start({ line, parameters });
		const answer = await post({ event: 'e' });
		expect([answer.status, answer.text, answer.headers['content-type']]).toEqual([
			status,
			text,
			type,
		]);
		expect(server.started).toHaveLength(1);
	});

	test('GET without a body, where that method is chosen', async () => {
		await start({ line, parameters: { httpMethod: 'GET' } });
		await send(server.url, {
			method: 'GET',
			headers: header,
			query: 'type=ping&wpf_action=update',
		});
		expect(server.started[0]).toMatchObject({
			method: 'GET',
			body: {},
			action: 'update',
			query: { type: 'ping' },
		});
	});

	test('every key is always there', async () => {
		await start({ line });
		await post('just text', { headers: { 'content-type': 'text/plain' } });
		await post({ event: 'e', email: 'a@example.net', external_id: 7 });
		const [first, second] = server.started.map((item) => Object.keys(item));
		expect(first).toEqual(second);
		expect(server.started[1]?.externalId).toBe('7');
		expect(server.started[1]?.idempotencyKey).toMatch(/^body-/);
	});
});

describe.each(LINE_NAMES)('Slow and broken senders on n8n %s', (line) => {
	const head = (more: string) =>
		`POST /webhook/bento HTTP/1.1\r\nHost: x\r\nX-Bento-Secret: ${SECRET}\r\n${more}\r\n\r\n`;

	beforeEach(async () => await start({ line }));
	afterEach(() => expect(server.started).toEqual([]));

	test('half a body, then disconnected', async () => {
		await sendRaw(
			server.url,
			`${head('Content-Length: 100\r\nContent-Type: application/json')}{"a":1`,
			{ hangUp: true },
		);
		await waitFor(() => server.logged.length === 1);
		expect(server.logged[0]).toContain('rejected: body_incomplete');
	});

	test('half a gzip body, then disconnected', async () => {
		const half = gzipSync(Buffer.alloc(50_000, 'x')).subarray(0, 40);
		await sendRaw(
			server.url,
			Buffer.concat([Buffer.from(head('Content-Length: 100\r\nContent-Encoding: gzip')), half]),
			{ hangUp: true },
		);
		await waitFor(() => server.logged.length === 1);
		expect(server.logged[0]).toContain('rejected: body_incomplete');
	});

	test('a body longer than announced', async () => {
		await server.close();
		await start({ line, parameters: { settings: { acceptBrokenJson: false } } });
		const answer = await sendRaw(
			server.url,
			`${head('Content-Length: 3\r\nContent-Type: application/json')}[1,2,3`,
		);
		expect(answer).toContain('HTTP/1.1 400');
	});

	test('too much, announced', async () => {
		const answer = await post('x'.repeat(1024 * 1024 + 1));
		expect([answer.status, answer.json]).toMatchObject([
			413,
			{ error: { code: 'body_too_large' } },
		]);
		expect(server.credentialReads()).toBe(0);
	});

	test('too much, in chunks without an announced length', async () => {
		const piece = `8000\r\n${'x'.repeat(0x8000)}\r\n`;
		const answer = await sendRaw(server.url, head('Transfer-Encoding: chunked') + piece.repeat(40));
		expect(answer).toContain('HTTP/1.1 413');
		expect(answer).toContain('Connection: close');
	});

	test.each([
		['a gzip bomb', gzipSync(Buffer.alloc(64 * 1024 * 1024)), 413],
		['gzip over the limit', gzipSync(Buffer.alloc(2 * 1024 * 1024)), 413],
		['broken gzip', Buffer.from('not gzip at all'), 400],
	])('%s', async (_name, body, status) => {
		const answer = await send(server.url, {
			headers: { ...header, 'content-encoding': 'gzip' },
			body,
		});
		expect(answer.status).toBe(status);
	});

	test('an unknown encoding', async () => {
		const answer = await send(server.url, {
			headers: { ...header, 'content-encoding': 'br' },
			body: 'x',
		});
		expect(answer.status).toBe(415);
	});

	test('hundreds of headers', async () => {
		const many = Array.from({ length: 1_000 }, (_, index) => `a${index}:1`).join('\r\n');
		const answer = await sendRaw(server.url, `${head(`Content-Length: 2\r\n${many}`)}{}`);
		expect(answer).toContain('HTTP/1.1 431');
	});

	test.each([
		['deep JSON', '['.repeat(50_000) + ']'.repeat(50_000), 'json_too_deep'],
		['bytes that aren’t text', Buffer.from([0x22, 0xc3, 0, 0x22]), 'text_not_utf8'],
	])('%s', async (_name, body, code) => {
		const answer = await send(server.url, {
			headers: { ...header, 'content-type': 'application/json' },
			body,
		});
		expect([answer.status, answer.json]).toMatchObject([400, { error: { code } }]);
	});
});

async function waitFor(condition: () => boolean): Promise<void> {
	for (let tries = 0; tries < 200 && !condition(); tries += 1) {
		await new Promise((resolve) => setTimeout(resolve, 10));
	}
	expect(condition()).toBe(true);
}
