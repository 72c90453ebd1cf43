import { createServer, type IncomingMessage, type ServerResponse } from 'http';
import type { AddressInfo } from 'net';
import { setTimeout as sleep } from 'timers/promises';
import type { INodeParameters } from 'n8n-workflow';
import { LINE_NAMES } from '../support/engine/packages';
import wpFusion from './fixtures/wp-fusion.json';
import { send } from './support/client';
import { SECRET, startTrigger, type TriggerServer } from './support/triggerServer';

const SECRET_KEY = 'sk_very_marked_secret';
const person = {
	id: '9001',
	type: 'visitors',
	attributes: {
		uuid: wpFusion.body.id,
		email: 'mika@example.net',
		fields: { plan: 'team', seats: 3, beta: null },
		cached_tag_ids: ['12', 13, '99'],
		unsubscribed_at: null,
	},
};
const tags = [
	{ id: '12', type: 'tags', attributes: { name: 'customer' } },
	{ id: '13', name: 'trial' },
];

type ParsedResponse = { readonly status?: number; readonly body: unknown };

/** Bento's two routes, which respond in turn with what a test wants. */
class Bento {
	readonly asked: string[] = [];
	subscribers: () => ParsedResponse | Promise<ParsedResponse> = () => ({ body: { data: person } });
	private readonly server = createServer(
		(request, response) => void this.answer(request, response),
	);

	async start(): Promise<string> {
		await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
		return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/api/v1`;
	}

	async close(): Promise<void> {
		this.server.closeAllConnections();
		await new Promise<void>((resolve) => this.server.close(() => resolve()));
	}

	private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const url = new URL(request.url ?? '/', 'http://x');
		url.searchParams.delete('site_uuid');
		this.asked.push(`${url.pathname}${url.search}`);
		const { status = 200, body } = url.pathname.endsWith('/tags')
			? { body: { data: tags } }
			: await this.subscribers();
		response.writeHead(status, { 'content-type': 'application/json' });
		response.end(JSON.stringify(body));
	}
}

describe.each(LINE_NAMES)('Load Subscriber on n8n %s', (line) => {
	let bento: Bento;
	let server: TriggerServer;

	async function start(parameters: INodeParameters = {}): Promise<void> {
		bento = new Bento();
		const baseUrl = await bento.start();
		server = await startTrigger({
			line,
			parameters: { loadPerson: true, ...parameters },
			credentials: {
				bentoWebhookSecretApi: { secret: SECRET },
				bentoApi: { publishableKey: 'pk_1', secretKey: SECRET_KEY, siteUuid: 'site-1', baseUrl },
			},
		});
	}
	afterEach(async () => {
		expect(JSON.stringify([server.started, server.logged])).not.toContain(SECRET_KEY);
		await server.close();
		await bento.close();
	});
	const post = async (body: object) =>
		await send(server.url, { headers: { 'x-bento-secret': SECRET }, body });

	test('completes a payload with a UUID only: fields, tags by name, subscription', async () => {
		await start();
		const answer = await send(server.url, {
			query: wpFusion.queries.update,
			headers: { 'x-bento-secret': SECRET },
			body: wpFusion.body,
		});
		expect(answer.status).toBe(200);
		expect(bento.asked).toEqual([
			`/api/v1/fetch/subscribers?uuid=${wpFusion.body.id}`,
			'/api/v1/fetch/tags',
		]);
		expect(server.started[0]).toMatchObject({
			email: 'mika@example.net',
			profile: {
				found: true,
				uuid: wpFusion.body.id,
				email: 'mika@example.net',
				fields: { plan: 'team', seats: 3, beta: null },
				tags: ['customer', 'trial', '99'],
				subscribed: true,
				unsubscribedAt: null,
			},
		});
	});

	test('webhooks at the same moment ask for each subscriber, and once for the tags', async () => {
		await start();
		await Promise.all(
			Array.from({ length: 12 }, async (_, n) => await post({ email: 'a@b.co', n })),
		);
		expect(server.started).toHaveLength(12);
		const tagReads = bento.asked.filter((url) => url.endsWith('/tags'));
		expect([tagReads.length, bento.asked.length]).toEqual([1, 13]);
	});

	test('the email wins over the UUID, in lower case', async () => {
		await start();
		bento.subscribers = () => ({
			body: {
				data: {
					...person,
					attributes: {
						...person.attributes,
						cached_tag_ids: [],
						fields: [],
						unsubscribed_at: '2026-01-01T00:00:00Z',
					},
				},
			},
		});
		await post({ id: wpFusion.body.id, email: 'Mika@Example.net' });
		expect(bento.asked).toEqual(['/api/v1/fetch/subscribers?email=mika%40example.net']);
		expect(server.started[0]).toMatchObject({
			profile: { fields: {}, tags: [], subscribed: false, unsubscribedAt: '2026-01-01T00:00:00Z' },
		});
	});

	test('a subscriber that Bento does not know, and a payload without one', async () => {
		await start();
		bento.subscribers = () => ({ body: {} });
		await post({ email: 'who@example.net' });
		await post({ event: 'nobody' });
		expect(server.started.map(({ profile }) => profile)).toEqual([
			{ found: false, problem: "The subscriber wasn't found in Bento" },
			{ found: false, problem: 'The payload contains no email or visitor UUID' },
		]);
		expect(bento.asked).toHaveLength(1);
	});

	test('Bento can’t respond: starts without the subscriber and says so', async () => {
		await start();
		bento.subscribers = () => ({ status: 401, body: { error: 'Unauthorized' } });
		await post({ email: 'mika@example.net' });
		expect(server.started[0]?.profile).toEqual({
			found: false,
			problem: 'Bento rejected the credentials',
		});
	});

	test.each([
		['no credential', {}, 'No Bento API credential'],
		['an empty one', { bentoApi: {} }, "isn't valid"],
	])('%s starts without the person and says so', async (_name, credentials, words) => {
		await start();
		await server.close();
		server = await startTrigger({
			line,
			parameters: { loadPerson: true },
			credentials: { bentoWebhookSecretApi: { secret: SECRET }, ...credentials },
		});
		await post({ email: 'mika@example.net' });
		expect(server.started[0]?.profile).toMatchObject({ found: false });
		expect(JSON.stringify(server.started[0]?.profile)).toContain(words);
	});

	test.each([
		['200, started once', 200, [200, 200], 1],
		['503, as the first', 401, [503, 503], 0],
	])(
		'a repeat while the subscriber is loaded gets the result of the first: %s',
		async (_name, status, statuses, started) => {
			await start({ settings: { whenNotLoaded: 'refuse' } });
			let answer: (given: ParsedResponse) => void = () => undefined;
			bento.subscribers = async () =>
				await new Promise<ParsedResponse>((resolve) => (answer = resolve));
			const body = { email: 'mika@example.net', external_id: 'once' };
			const both = [post(body), post(body)];
			while (bento.asked.length === 0) await sleep(5);
			await sleep(50);
			answer({ status, body: { data: person } });
			const answers = await Promise.all(both);
			expect(answers.map((one) => one.status)).toEqual(statuses);
			expect(server.started).toHaveLength(started);
			expect(bento.asked.filter((path) => path.includes('subscribers'))).toHaveLength(1);
			bento.subscribers = () => ({ body: { data: person } });
			await post(body);
			expect(server.started).toHaveLength(1);
		},
	);

	test('Bento can’t respond: 503, and the next try isn’t a duplicate', async () => {
		await start({ settings: { whenNotLoaded: 'refuse' } });
		bento.subscribers = () => ({ status: 401, body: {} });
		const body = { email: 'mika@example.net', external_id: 'once' };
		const refused = await post(body);
		expect([refused.status, refused.json]).toMatchObject([
			503,
			{ error: { code: 'person_not_loaded' } },
		]);
		expect(server.started).toEqual([]);
		bento.subscribers = () => ({ body: { data: person } });
		expect((await post(body)).json).toEqual({ received: true });
		expect((await post(body)).json).toEqual({ duplicate: true });
	});
});
