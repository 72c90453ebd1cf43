import { LINE_NAMES } from '../support/engine/packages';
import { send, type Sent } from './support/client';
import { WITH_SECRET } from './support/presenting';
import { startTrigger, type TriggerServer } from './support/triggerServer';

/** With every character that some encoding treats specially. */
const SECRET = 'pässw/rd!"42" \\k+% ☃🔑 (x)';
const PREVIOUS = 'yesterday/was+fine(too)';

const escaped = JSON.stringify(SECRET).slice(1, -1);
const unicode = Array.from({ length: SECRET.length }, (_, index) => {
	const code = SECRET.charCodeAt(index).toString(16).padStart(4, '0');
	return `\\u${index % 2 === 0 ? code : code.toUpperCase()}`;
}).join('');
const form = new URLSearchParams([['', SECRET]]).toString().slice(1);
const percent = encodeURIComponent(SECRET);
const everyByte = [...Buffer.from(SECRET, 'utf8')]
	.map((byte) => `%${byte.toString(16).padStart(2, '0')}`)
	.join('');
const base64 = (text: string) => Buffer.from(text, 'utf8').toString('base64');

/** The secret in one spelling, and the body that contains it. */
const json = (spelled: string) => `{"event":"x","n":1,"copy":"a ${spelled} b"}`;
const JSON_TYPE = { 'content-type': 'application/json' };
const FORM_TYPE = { 'content-type': 'application/x-www-form-urlencoded' };
const MULTIPART = { 'content-type': 'multipart/form-data; boundary=b' };
const field = (name: string, value: string) =>
	`--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;

const CASES: Array<[string, Sent]> = [
	['JSON', { headers: JSON_TYPE, body: json(escaped) }],
	['JSON as PHP writes it', { headers: JSON_TYPE, body: json(escaped.replaceAll('/', '\\/')) }],
	['JSON in \\u escapes of either case', { headers: JSON_TYPE, body: json(unicode) }],
	['JSON inside JSON', { headers: JSON_TYPE, body: { text: JSON.stringify({ SECRET }) } }],
	['JSON of PHP inside JSON', { headers: JSON_TYPE, body: { text: json(unicode) } }],
	['a key', { headers: JSON_TYPE, body: `{"${escaped}":1,"${unicode}x":2}` }],
	['an external ID', { headers: JSON_TYPE, body: { external_id: SECRET, email: SECRET } }],
	[
		'a key that comes twice',
		{ headers: JSON_TYPE, body: `{"a":"${unicode}","a":"${escaped}","a":1}` },
	],
	['broken JSON', { headers: JSON_TYPE, body: `{"name": "O"Brien", "copy": "${unicode}"}` }],
	['text', { headers: { 'content-type': 'text/plain' }, body: `a ${SECRET} b ${unicode}` }],
	['a form', { headers: FORM_TYPE, body: `a=${form}&${percent}=1` }],
	['a form, every byte, lower case', { headers: FORM_TYPE, body: `a=${everyByte}` }],
	['a multipart form', { headers: MULTIPART, body: `${field('a', SECRET)}--b--\r\n` }],
	['a name in a multipart form', { headers: MULTIPART, body: `${field(percent, '1')}--b--` }],
	['base64', { headers: JSON_TYPE, body: { a: base64(SECRET), b: base64(`x ${SECRET} y`) } }],
	['base64url', { body: { a: Buffer.from(`me:${SECRET}`).toString('base64url') } }],
	['a query', { query: `copy=${form}&${percent}=1`, body: {} }],
	['an address in a query', { query: `next=${encodeURIComponent(`/?a=${percent}`)}`, body: {} }],
	['headers', { headers: { referer: `http://x/?access_key=${percent}` }, body: {} }],
	['a header of a proxy', { headers: { 'x-original-uri': `/?a=1&access_key=${form}` }, body: {} }],
	['lower-case hex', { headers: { 'x-forwarded-uri': `/?access_key=${everyByte}` }, body: {} }],
	[
		'a forwarded Basic header',
		{ headers: { 'x-auth': `Basic ${base64(`u:${SECRET}`)}` }, body: {} },
	],
	[
		'UTF-8 in a header',
		{ headers: { 'x-copy': Buffer.from(SECRET).toString('latin1') }, body: {} },
	],
	['the previous secret', { body: { a: PREVIOUS, b: encodeURIComponent(PREVIOUS) } }],
	['cookies', { headers: { cookie: `a=${percent}` }, body: {} }],
];

/** Undoes every encoding that anything in a text may have, some levels deep. */
function decoded(text: string): string[] {
	const texts = [text];
	for (let level = 0; level < 4; level += 1) {
		for (const one of [...texts]) {
			texts.push(
				one.replace(/\\+u([0-9a-f]{4})/gi, (_, hex: string) =>
					String.fromCharCode(parseInt(hex, 16)),
				),
				one.replace(/\\+(["\\/])/g, '$1'),
				one.replace(/(?:%[0-9a-f]{2})+/gi, (bytes) => {
					return Buffer.from(bytes.replaceAll('%', ''), 'hex').toString('utf8');
				}),
				one.replaceAll('+', ' '),
				Buffer.from(one, 'latin1').toString('utf8'),
			);
		}
		texts.splice(0, texts.length, ...new Set(texts));
	}
	const runs = text.match(/[A-Za-z0-9+/_=-]{16,}/g) ?? [];
	return [...texts, ...runs.map((run) => Buffer.from(run, 'base64').toString('utf8'))];
}

describe.each(LINE_NAMES)('The secret shows nowhere on n8n %s', (line) => {
	let server: TriggerServer;
	beforeAll(async () => {
		server = await startTrigger({
			line,
			parameters: { settings: { ignoreDuplicates: false } },
			credentials: {
				bentoWebhookSecretApi: { secret: SECRET, previousSecret: PREVIOUS, userName: 'me' },
			},
		});
	});
	afterAll(async () => await server.close());

	test.each(CASES)('%s', async (_name, sent) => {
		const before = server.started.length;
		const header = { 'x-bento-secret': Buffer.from(SECRET, 'utf8').toString('latin1') };
		const answer = await send(server.url, { ...sent, headers: { ...header, ...sent.headers } });
		expect(answer.status).toBe(200);
		expect(server.started.length).toBe(before + 1);
		const item = server.started[before];
		const texts = [JSON.stringify(item), ...stringsIn(item)].flatMap(decoded);
		for (const secret of [SECRET, PREVIOUS]) {
			// A piece of it would be too much already.
			expect(texts.filter((text) => text.includes(secret.slice(0, 8)))).toEqual([]);
		}
		expect(Object.keys({ ...(item?.headers as object) })).not.toContain('cookie');
	});

	test('the path', async () => {
		await send(`${server.url}/${percent}/${everyByte}`, {
			headers: { 'x-bento-secret': Buffer.from(SECRET, 'utf8').toString('latin1') },
			body: {},
		});
		expect(server.started.at(-1)).toMatchObject({
			path: '/webhook/bento/[secret removed]/[secret removed]',
		});
	});

	test('what is around it stays, and so does what only resembles it', async () => {
		const body = {
			a: `before ${SECRET} after`,
			b: SECRET.slice(1),
			c: 'x+y',
			d: '100 %',
			e: '\\u00',
		};
		await send(server.url, {
			headers: { 'x-bento-secret': Buffer.from(SECRET, 'utf8').toString('latin1') },
			body,
		});
		expect(server.started.at(-1)).toMatchObject({
			body: { ...body, a: 'before [secret removed] after' },
			rawBody: JSON.stringify({ ...body, a: 'before [secret removed] after' }),
		});
	});

	function stringsIn(value: unknown): string[] {
		if (typeof value === 'string') return [value];
		if (typeof value !== 'object' || value === null) return [];
		return Object.entries(value).flatMap(([key, inner]) => [key, ...stringsIn(inner)]);
	}
});

describe.each(LINE_NAMES)('A secret as X-Request-Id on n8n %s', (line) => {
	const secret = 'only-safe-characters-1';
	let server: TriggerServer;
	beforeEach(async () => {
		server = await startTrigger({ line, credentials: { bentoWebhookSecretApi: { secret } } });
	});
	afterEach(async () => await server.close());

	test.each([
		['from a sender that knows it', { 'x-bento-secret': secret }, 200],
		['from a sender that put it there only', {}, 401],
		['beside a wrong one', { 'x-bento-secret': 'wrong-secret-of-the-test' }, 401],
	])('%s', async (_name, headers, status) => {
		const answer = await send(server.url, {
			headers: { ...headers, 'x-request-id': secret },
			body: { n: 1 },
		});
		expect(answer.status).toBe(status);
		expect(answer.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
		expect(JSON.stringify([server.logged, server.started, answer.text])).not.toContain(secret);
	});

	test('a number of digits that is the secret', async () => {
		await server.close();
		const digits = '1234567890123456';
		server = await startTrigger({
			line,
			credentials: { bentoWebhookSecretApi: { secret: digits } },
		});
		const body = `{"pin":${digits},"pin2":${Number(digits)}}`;
		await send(server.url, { headers: { ...JSON_TYPE, 'x-bento-secret': digits }, body });
		expect(JSON.stringify(server.started)).not.toContain(digits);
	});
});

describe.each(LINE_NAMES)('A secret that isn’t ASCII on n8n %s', (line) => {
	const secrets = [
		'schlüssel-zum-glück-☃',
		'mot-de-passe-voilà',
		'\u00e0\u0105\u0445\u0420'.repeat(5),
		'🔑'.repeat(16),
	];
	let server: TriggerServer;
	afterEach(async () => await server.close());

	test.each(secrets)(
		'%s works as UTF-8 in a header, as a token, in Basic and in a query',
		async (secret) => {
			for (const [authentication, present] of WITH_SECRET) {
				const sent = present(secret, 'zoë');
				server = await startTrigger({
					line,
					parameters: { authentication },
					credentials: { bentoWebhookSecretApi: { secret, userName: 'zoë' } },
				});
				await expect(server.create()).resolves.toBe(true);
				expect([authentication, (await send(server.url, { ...sent, body: {} })).status]).toEqual([
					authentication,
					200,
				]);
				await server.close();
			}
			server = await startTrigger({ line });
		},
	);

	test('a sender that writes Latin-1 is understood as well, and a plus in a query', async () => {
		const secret = 'schlüssel+zum+glück';
		server = await startTrigger({ line, credentials: { bentoWebhookSecretApi: { secret } } });
		const headers = { 'x-bento-secret': secret };
		expect((await send(server.url, { headers, body: { n: 1 } })).status).toBe(200);
		await server.close();
		server = await startTrigger({
			line,
			parameters: { authentication: 'query' },
			credentials: { bentoWebhookSecretApi: { secret } },
		});
		const query = `access_key=${encodeURIComponent(secret).replaceAll('%2B', '+')}`;
		expect((await send(server.url, { query, body: { n: 1 } })).status).toBe(200);
	});

	test.each([
		['a line break', 'sixteen characters\nand a line', 'line break'],
		['half a character', `sixteen characters \ud83d`, 'broken character'],
		['too much', 'x'.repeat(4097), 'too long'],
	])('a secret with %s stops the activation', async (_name, secret, words) => {
		server = await startTrigger({ line, credentials: { bentoWebhookSecretApi: { secret } } });
		await expect(server.create()).rejects.toThrow(words);
	});

	test.each([
		[{ authentication: 'header', headerName: 'Content-Length' }, "'Header Name'"],
		[{ authentication: 'header', headerName: 'Set-Cookie' }, "'Header Name'"],
		[{ authentication: 'query', queryName: '__proto__' }, "'Parameter Name'"],
	])('%j can never work, so it stops the activation', async (parameters, words) => {
		server = await startTrigger({ line, parameters });
		await expect(server.create()).rejects.toThrow(words);
	});
});
