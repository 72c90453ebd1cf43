import { gzipSync } from 'zlib';
import fc from 'fast-check';
import type { IDataObject } from 'n8n-workflow';
import { LINE_NAMES } from '../support/engine/packages';
import { send, type Sent } from './support/client';
import { SECRET, startTrigger, type TriggerServer } from './support/triggerServer';

const header = { 'x-bento-secret': SECRET };

/** Every character of every text as \u escapes, or only those that need none. */
function escapeAll(json: string): string {
	return json.replace(/"(?:[^"\\]|\\.)*"/g, (quoted) => {
		const text = JSON.parse(quoted) as string;
		const units = Array.from({ length: text.length }, (_, index) => text.charCodeAt(index));
		return `"${units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('')}"`;
	});
}

/** The same JSON in other spellings, encodings and content types. */
const SPELLINGS: Array<(value: unknown) => Sent> = [
	(value) => ({ body: JSON.stringify(value, undefined, '\t') }),
	(value) => ({ body: ` \r\n${JSON.stringify(value)}\n ` }),
	(value) => ({ body: escapeAll(JSON.stringify(value)) }),
	(value) => ({ body: JSON.stringify(value).replaceAll('/', '\\/') }),
	(value) => ({ body: Buffer.from(`\ufeff${JSON.stringify(value)}`, 'utf8') }),
	(value) => ({ body: JSON.stringify(value), headers: { 'content-type': 'text/plain' } }),
	(value) => ({ body: JSON.stringify(value), headers: { 'content-type': '' } }),
	(value) => ({
		body: JSON.stringify(value),
		headers: { 'content-type': 'application/x-www-form-urlencoded' },
	}),
	(value) => ({
		body: Buffer.from(JSON.stringify(value), 'utf16le'),
		headers: { 'content-type': 'application/json; charset=utf-16le' },
	}),
	(value) => ({
		body: gzipSync(JSON.stringify(value)),
		headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
	}),
];

/** What the workflow works with: everything but the text itself and what is new with every request. */
function meaning(item: IDataObject | undefined): IDataObject {
	const rest = { ...item };
	for (const key of ['rawBody', 'headers', 'idempotencyKey', 'receivedAt', 'requestId']) {
		delete rest[key];
	}
	return rest;
}

describe.each(LINE_NAMES)('Properties on n8n %s', (line) => {
	let server: TriggerServer;
	afterEach(async () => await server.close());
	const post = async (sent: Sent) =>
		await send(server.url, { ...sent, headers: { ...header, ...sent.headers } });

	test('an item is the same for every spelling of its JSON', async () => {
		server = await startTrigger({ line, parameters: { settings: { ignoreDuplicates: false } } });
		const key = fc.oneof(
			fc.constantFrom('event', 'email', 'id', 'external_id', 'person', 'details', 'source_event'),
			fc.string({ unit: 'grapheme' }),
		);
		const value = fc.dictionary(key, fc.jsonValue({ maxDepth: 4 }));
		for (const body of fc.sample(value, { numRuns: 10, seed: 20_261_121 })) {
			await post({ body });
			const plain = meaning(server.started.at(-1));
			for (const spell of SPELLINGS) {
				const count = server.started.length;
				expect((await post(spell(body))).status).toBe(200);
				expect(server.started.length).toBe(count + 1);
				expect(meaning(server.started.at(-1))).toEqual(plain);
			}
		}
	}, 60_000);

	test('a repeat is recognized in any order of query and headers', async () => {
		server = await startTrigger({ line });
		const pairs = fc.uniqueArray(fc.tuple(fc.stringMatching(/^[a-z]{1,8}$/), fc.string()), {
			selector: ([name]) => name,
			minLength: 1,
			maxLength: 8,
		});
		const cases = fc.sample(fc.tuple(pairs, pairs, fc.infiniteStream(fc.nat())), {
			numRuns: 20,
			seed: 20_261_121,
		});
		for (const [index, [query, headers, random]] of cases.entries()) {
			const shuffled = <T>(list: readonly T[]) =>
				list
					.map((entry) => ({ entry, at: Number(random.next().value) }))
					.sort((one, other) => one.at - other.at)
					.map(({ entry }) => entry);
			const sent = (q: typeof query, h: typeof headers): Sent => ({
				query: new URLSearchParams(
					q.map(([name, value]): [string, string] => [name, value]),
				).toString(),
				headers: Object.fromEntries(h.map(([name]) => [`x-${name}`, name])),
				body: { index },
			});
			expect((await post(sent(query, headers))).json).toEqual({ received: true });
			expect((await post(sent(shuffled(query), shuffled(headers)))).json).toEqual({
				duplicate: true,
			});
		}
	}, 60_000);

	test.each([
		['a parameter that throws', { headerName: '={{ (() => { throw new Error(); })() }}' }],
		['options that are none', { settings: 'nonsense' }],
		['options of other types', { settings: { events: 7, maxKilobytes: {}, allowedAddresses: [] } }],
		['an event filter that throws', { settings: { events: '={{ $nothing.at.all }}' } }],
	])('%s leaves no request without a response', async (_name, parameters) => {
		server = await startTrigger({ line, parameters });
		const answer = await post({ body: { event: 'x' } });
		expect([200, 500, 503]).toContain(answer.status);
		expect(answer.text).not.toContain('The node threw');
	});

	test('a credential that can’t be read leaves no request without a response, and is read again', async () => {
		const credential = { secret: SECRET };
		let broken = true;
		server = await startTrigger({
			line,
			credentials: {
				get bentoWebhookSecretApi() {
					if (broken) throw new Error(`database: ${SECRET}`);
					return credential;
				},
			},
		});
		const answer = await post({ body: { event: 'x' } });
		expect([answer.status, answer.json]).toMatchObject([500, { error: { code: 'unexpected' } }]);
		expect(JSON.stringify([answer.text, server.logged])).not.toContain(SECRET);
		broken = false;
		expect((await post({ body: { event: 'x' } })).status).toBe(200);
	});
});
