import { Agent } from 'http';
import fc from 'fast-check';
import { send, type Sent } from './support/client';
import { SECRET, startTrigger, type TriggerServer } from './support/triggerServer';

/** Bodies that break parsers, and headers that break readers, with and without the secret. */
const hostileText = fc.oneof(
	fc.json(),
	fc.json().map((text) => text.slice(0, text.length / 2)),
	fc.string({ unit: 'binary', maxLength: 200 }),
	fc.constantFrom(
		'{"__proto__":{"polluted":1}}',
		'{"constructor":{"prototype":{"polluted":1}}}',
		'{"event":{"type":{"type":1}},"person":[],"email":{}}',
		'{"a":1,"a":2}',
		'[1e400]',
		'['.repeat(500),
		'\ufeff',
		'null',
		'""',
		'toString=1&toString=2&__proto__[x]=1',
	),
);
const hostileBody = fc.oneof(
	hostileText.map((text) => Buffer.from(text, 'utf8')),
	fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
	fc.constant(Buffer.alloc(0)),
);
const headerValue = fc.oneof(
	fc.stringMatching(/^[\x21-\x7e\x80-\xff]{0,60}$/),
	fc.constantFrom(
		SECRET.toUpperCase(),
		`${SECRET}x`,
		SECRET.slice(1),
		`Bearer ${SECRET}`,
		'{}',
		'utf-8',
		'gzip',
	),
);
const headerName = fc.constantFrom(
	'authorization',
	'content-encoding',
	'content-type',
	'cookie',
	'idempotency-key',
	'traceparent',
	'x-api-key',
	'x-bento-secret',
	'x-forwarded-for',
	'x-request-id',
);
const contentType = fc.constantFrom(
	'application/json',
	'application/json; charset=utf-16le',
	'application/x-www-form-urlencoded',
	'text/plain; charset="',
	'multipart/form-data',
	'',
);
const query = fc.oneof(
	fc.webQueryParameters(),
	fc.constantFrom(
		'__proto__=1',
		'toString=1&toString=2',
		'a[b][c]=1',
		'%',
		'%ff=%ff',
		'wpf_action=a&wpf_action=b',
		`access_key=${SECRET.slice(1)}`,
	),
);

interface Case {
	readonly sent: Sent;
	readonly knows: boolean;
}

const hostile: fc.Arbitrary<Case> = fc
	.record({
		body: hostileBody,
		headers: fc.dictionary(headerName, headerValue, { maxKeys: 5 }),
		type: contentType,
		query,
		knows: fc.boolean(),
	})
	.map(({ body, headers, type, query: text, knows }) => ({
		knows,
		sent: {
			body,
			query: text,
			headers: {
				'content-type': type,
				...headers,
				...(knows ? { 'x-bento-secret': SECRET } : {}),
			},
		},
	}));

describe('10,000 hostile requests', () => {
	const agent = new Agent({ keepAlive: true, maxSockets: 32 });
	let server: TriggerServer;

	beforeAll(async () => {
		server = await startTrigger();
	});
	afterAll(async () => {
		agent.destroy();
		await server.close();
	});

	test('nothing thrown, nothing hanging, nothing started without the secret', async () => {
		const cases = fc.sample(hostile, { numRuns: 10_000, seed: 20_261_121 });
		const statuses = new Map<number, number>();
		for (let at = 0; at < cases.length; at += 32) {
			const startedBefore = server.started.length;
			const batch = cases.slice(at, at + 32);
			const answers = await Promise.all(
				batch.map(async ({ sent }) => await send(server.url, { ...sent, agent })),
			);
			let mayStart = 0;
			for (const [index, answer] of answers.entries()) {
				statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
				const one = batch[index];
				// Every response is the node's own: a 500 and a thrown error would show otherwise.
				expect(answer.json).toBeDefined();
				if (one?.knows) expect([200, 400, 413, 415]).toContain(answer.status);
				else expect(answer.status).toBe(401);
				if (answer.json?.received === true) mayStart += 1;
			}
			expect(server.started.length - startedBefore).toBe(mayStart);
		}
		expect(statuses.get(401)).toBeGreaterThan(4_000);
		expect(statuses.get(200)).toBeGreaterThan(500);
		expect(Reflect.get({}, 'polluted')).toBeUndefined();
		expect(JSON.stringify(server.logged)).not.toContain('unexpected');
		expect(JSON.stringify(server.started)).not.toContain(SECRET);
	}, 120_000);
});
