import { ok, strictEqual } from 'assert';
import { Agent } from 'http';
import fc from 'fast-check';
import { send, type Sent } from './client';
import { SECRET, startTrigger, type TriggerServer } from './triggerServer';

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
		'data[email]=a@b.co&data=1&data[__proto__][x]=1&tags[]=1&tags[0]=2',
		'payload=%7B%22event%22%3A1e999%7D&payload[x]=1',
		'mandrill_events=%5B%5B%5D%2Cnull%5D',
		'{"id":7,"type":"opportunity.won","data":{"opportunity":{"Contato":[]}}}',
		'{"external_id":92233720368547758079,"n":[-92233720368547758079]}',
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
		'X-GZIP, UTF-8',
	),
);
const headerName = fc.constantFrom(
	'authorization',
	'ce-id',
	'content-encoding',
	'content-type',
	'cookie',
	'idempotency-key',
	'svix-id',
	'traceparent',
	'x-api-key',
	'x-bento-secret',
	'x-forwarded-for',
	'x-github-event',
	'x-request-id',
	'x-shopify-topic',
);
const contentType = fc.constantFrom(
	'application/json',
	'application/json; charset=utf-16le',
	'application/json; charset=windows-1252',
	'application/json; charset=nonsense',
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
		'wpf_action=add&contact_id=&email=%00',
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

/** Statuses of requests with the secret: every one is the node's own. */
const OWN_STATUSES = [200, 400, 413, 415];
const AT_ONCE = 32;

/**
 * Sends hostile requests to a trigger: nothing is thrown, hangs, or starts a workflow without the secret. Throws where
 * that doesn't hold.
 *
 * @returns how many responses had each status
 */
export async function sendHostile(count: number, seed: number): Promise<Map<number, number>> {
	const server = await startTrigger();
	const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
	const statuses = new Map<number, number>();
	try {
		const cases = fc.sample(hostile, { numRuns: count, seed });
		for (let at = 0; at < cases.length; at += AT_ONCE) {
			const batch = cases.slice(at, at + AT_ONCE);
			for (const status of await sendTogether(batch, server, agent)) {
				statuses.set(status, (statuses.get(status) ?? 0) + 1);
			}
		}
		strictEqual(Reflect.get({}, 'polluted'), undefined);
		ok(!JSON.stringify(server.logged).includes('unexpected'), 'the node met an error of its own');
		ok(!JSON.stringify(server.started).includes(SECRET), 'an item contains the secret');
	} finally {
		agent.destroy();
		await server.close();
	}
	return statuses;
}

async function sendTogether(
	batch: readonly Case[],
	server: TriggerServer,
	agent: Agent,
): Promise<number[]> {
	const startedBefore = server.started.length;
	const answers = await Promise.all(
		batch.map(async ({ sent, knows }) => ({
			knows,
			...(await send(server.url, { ...sent, agent })),
		})),
	);
	for (const { knows, status, json, text } of answers) {
		// Every response is the node's own: a 500 and a thrown error would show otherwise.
		ok(json !== undefined, `not JSON: ${text}`);
		ok(
			knows ? OWN_STATUSES.includes(status) : status === 401,
			`${status} ${knows ? 'with' : 'without'} the secret`,
		);
	}
	const mayStart = answers.filter(({ json }) => json?.received === true).length;
	strictEqual(server.started.length - startedBefore, mayStart);
	return answers.map(({ status }) => status);
}
