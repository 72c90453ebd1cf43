import { LINE_NAMES } from '../support/engine/packages';
import bento from './fixtures/bento-send-webhook.json';
import bolten from './fixtures/bolten.json';
import wpFusion from './fixtures/wp-fusion.json';
import { send } from './support/client';
import { SECRET, startTrigger, type TriggerServer } from './support/triggerServer';

const header = { 'x-bento-secret': SECRET };
const ENCODED = encodeURIComponent(SECRET);

describe.each(LINE_NAMES)('Senders on n8n %s', (line) => {
	let server: TriggerServer;
	afterEach(async () => await server.close());

	test('Bento, Send webhook action', async () => {
		server = await startTrigger({ line });
		const answer = await send(server.url, {
			headers: { ...bento.headers, ...header },
			body: bento.body,
		});
		expect([answer.status, answer.json]).toEqual([200, { received: true }]);
		expect(server.started).toHaveLength(1);
		expect(server.started[0]).toMatchObject({
			sender: 'bento',
			event: 'bento.workflow.step_reached',
			email: 'mika@example.net',
			person: { first_name: 'Mika', tags: 'trial, vip' },
			workflow: 'Trial ended',
			details: { plan: 'team', value: { currency: 'EUR', amount: 4900 } },
			externalId: 'crm-4711',
			sourceEvent: { type: '$completed_onboarding', details: { step: 3 } },
			body: bento.body,
			method: 'POST',
			parseError: null,
		});
		expect(JSON.stringify(server.started)).not.toContain(SECRET);
		expect(server.logged).toEqual([
			expect.stringMatching(/^Bento webhook [0-9a-f-]{36} accepted$/),
		]);
	});

	test.each([
		['update_tags', 'update_tags', null, false],
		['update', 'update', null, false],
		['add', 'add', 'customer', true],
	] as const)(
		'Bento as WP Fusion users set it up: %s',
		async (name, action, role, sendNotification) => {
			server = await startTrigger({ line, parameters: { authentication: 'query' } });
			const query = `${wpFusion.queries[name]}&access_key=${ENCODED}`;
			const first = await send(server.url, {
				query,
				headers: wpFusion.headers,
				body: wpFusion.body,
			});
			const second = await send(server.url, {
				query,
				headers: wpFusion.headers,
				body: wpFusion.bodyWithEmail,
			});
			expect([first.status, second.status]).toEqual([200, 200]);
			expect(server.started).toHaveLength(2);
			expect(server.started[0]).toMatchObject({
				sender: 'wpFusion',
				action,
				actionOptions: { role, sendNotification },
				visitorUuid: wpFusion.body.id,
				email: null,
			});
			expect(server.started[0]?.query).not.toHaveProperty('access_key');
			expect(server.started[1]).toMatchObject({
				email: 'mika@example.net',
				visitorUuid: wpFusion.body.id,
			});
			for (const spelling of [SECRET, ENCODED]) {
				expect(JSON.stringify([server.started, server.logged])).not.toContain(spelling);
			}
		},
	);

	test.each([
		['none', {}],
		['basic', { authorization: `Basic ${Buffer.from(`bolten:${SECRET}`).toString('base64')}` }],
		['apiKey', { 'x-api-key': SECRET }],
		['bearer', { authorization: `Bearer ${SECRET}` }],
	] as const)('Bolten with %s', async (authentication, credentials) => {
		server = await startTrigger({
			line,
			parameters: { authentication },
			credentials: { bentoWebhookSecretApi: { secret: SECRET, userName: 'bolten' } },
		});
		const headers = { ...bolten.headers, ...credentials };
		for (const body of [bolten.won, bolten.transitioned, bolten.lost, bolten.created]) {
			expect((await send(server.url, { headers, body })).json).toEqual({ received: true });
		}
		const repeat = await send(server.url, { headers, body: bolten.won });
		expect([repeat.status, repeat.json]).toEqual([200, { duplicate: true }]);
		expect(server.started.map(({ event }) => event)).toEqual([
			'opportunity.won',
			'opportunity.transitioned',
			'opportunity.lost',
			'opportunity.created',
		]);
		expect(server.started[0]).toMatchObject({
			sender: 'bolten',
			opportunity: bolten.won.data.opportunity,
			contact: bolten.won.data.opportunity.Contato,
			visitorUuid: null,
			email: 'mika@example.net',
		});
		expect(JSON.stringify(server.started)).not.toContain(SECRET);
	});

	test('Bolten: about whom, in each of its shapes, and five repeats over a day', async () => {
		const clock = jest.spyOn(Date, 'now');
		try {
			server = await startTrigger({ line });
			const bodies = [bolten.won, bolten.transitioned, bolten.lost, bolten.created, bolten.contact];
			for (const body of bodies) await send(server.url, { headers: header, body });
			expect(server.started.map(({ sender, email }) => [sender, email])).toEqual([
				['bolten', 'mika@example.net'],
				['bolten', 'mika@example.net'],
				['bolten', 'ada@example.net'],
				['bolten', 'lin@example.net'],
				['bolten', 'lin@example.net'],
			]);
			const began = Date.now();
			for (const hours of [0.5, 2, 6, 12, 23.9]) {
				clock.mockReturnValue(began + hours * 3_600_000);
				const repeat = await send(server.url, { headers: header, body: bolten.won });
				expect(repeat.json).toEqual({ duplicate: true });
			}
		} finally {
			clock.mockRestore();
		}
	});

	test('Bolten: the two events of one move stay apart although they share an external ID', async () => {
		server = await startTrigger({
			line,
			parameters: { settings: { recognizeRepeatsBy: 'externalId' } },
		});
		for (const body of [bolten.won, bolten.transitioned, bolten.won]) {
			await send(server.url, { headers: header, body: { ...body, external_id: 'move-1' } });
		}
		expect(server.started.map(({ event }) => event)).toEqual([
			'opportunity.won',
			'opportunity.transitioned',
		]);
	});

	test('Any other: JSON, form data or text', async () => {
		server = await startTrigger({ line });
		const form = { ...header, 'content-type': 'application/x-www-form-urlencoded' };
		await send(server.url, { headers: header, body: ['a', 'list'] });
		await send(server.url, { headers: form, body: 'type=signup&email=lin%40example.net&a=1&a=2' });
		await send(server.url, { headers: { ...header, 'content-type': 'text/plain' }, body: 'Grüße' });
		await send(server.url, {
			headers: { ...header, 'content-type': 'text/plain' },
			body: '{"type":"x"}',
		});
		expect(server.started.map(({ body }) => body)).toEqual([
			['a', 'list'],
			{ type: 'signup', email: 'lin@example.net', a: ['1', '2'] },
			'Grüße',
			{ type: 'x' },
		]);
		expect(server.started[1]).toMatchObject({
			event: 'signup',
			email: 'lin@example.net',
			sender: 'other',
		});
	});
});
