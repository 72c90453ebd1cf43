import { gzipSync } from 'zlib';
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { LINE_NAMES } from '../support/engine/packages';
import { send as sendTo, type Sent } from './support/client';
import { SECRET } from './support/triggerServer';
import { header, useTrigger } from './support/useTrigger';

const { server, start, post: send } = useTrigger();

async function post(body?: Sent['body'], more?: Sent) {
	const { status, json } = await send(body, more);
	return [status, json];
}

const last = (): IDataObject => server.started[server.started.length - 1] ?? {};
const RECEIVED = [200, { received: true }];
const DUPLICATE = [200, { duplicate: true }];

describe.each(LINE_NAMES)('Settings that can\u2019t be read close on n8n %s', (line) => {
	test.each<[string, INodeParameters]>([
		['an allowlist that is a list for another address', { allowedAddresses: ['10.0.0.1'] }],
		[
			'an allowlist from an expression',
			{ allowedAddresses: '={{ "10.0.0.1,10.0.0.2".split(",") }}' },
		],
	])('%s: 403', async (_name, settings) => {
		await start({ line, parameters: { settings } });
		await expect(server.create()).resolves.toBe(true);
		expect((await post({}))[0]).toBe(403);
	});

	test('an allowlist that is a list with the sender\u2019s address lets it in', async () => {
		await start({ line, parameters: { settings: { allowedAddresses: ['127.0.0.1'] } } });
		expect(await post({})).toEqual(RECEIVED);
	});

	test.each<[string, INodeParameters]>([
		['an unset variable', { allowedAddresses: '={{ $vars.allow }}' }],
		['an expression that gives empty text', { allowedAddresses: '={{ "" }}' }],
		['null', { allowedAddresses: '={{ null }}' }],
		['a number', { allowedAddresses: 7 }],
		['an empty list', { allowedAddresses: [] }],
		['only commas', { allowedAddresses: ', ,' }],
		['Events that are a number', { events: 7 }],
		['Ignore Duplicates that is a word', { ignoreDuplicates: 'maybe' }],
		['Accept Invalid JSON that is null', { acceptBrokenJson: null }],
		['Max Body Size that is null', { maxKilobytes: null }],
		['a choice that doesn\u2019t exist', { recognizeRepeatsBy: 'nothing' }],
		['Only Run If that is text', { onlyRunIf: 'x' }],
		['Only Run If from an expression that gives nothing', { onlyRunIf: '={{ null }}' }],
		['a condition without a field', { onlyRunIf: { condition: [{ field: '', value: 'x' }] } }],
		['a condition on the subscriber', { onlyRunIf: { condition: [{ field: 'profile.found' }] } }],
		[
			'a condition that doesn\u2019t exist',
			{ onlyRunIf: { condition: [{ field: 'event', condition: 'like' }] } },
		],
		['the secret\u2019s header as Delivery ID Header', { deliveryHeader: 'X-Bento-Secret' }],
	])('%s: no activation, and 503', async (_name, settings) => {
		await start({ line, parameters: { settings } });
		await expect(server.create()).rejects.toThrow(/'.+'/);
		expect((await post({}))[0]).toBe(503);
		expect(server.started).toEqual([]);
	});

	test.each(['Idempotency-Key', 'svix-id'])('a secret in %s: no activation', async (headerName) => {
		await start({ line, parameters: { headerName } });
		await expect(server.create()).rejects.toThrow("'Header Name'");
	});

	test.each([{}, { binaryData: false }, [], 'x'])(
		'options: %j, with which n8n would read the body first: no activation, and 503',
		async (options) => {
			await start({ line, parameters: { options } });
			await expect(server.create()).rejects.toThrow(
				/remove 'options' from its parameters \(what is optional goes into 'settings'\)/,
			);
			expect((await post({}))[0]).toBe(503);
			expect(server.warned).toEqual([expect.stringContaining("contains 'options'")]);
		},
	);

	test.each(['responseData', 'responseCode'])('$json in %s is refused with words', async (name) => {
		await start({ line, parameters: { [name]: '={{ $json.body.challenge }}' } });
		await expect(server.create()).rejects.toThrow(/'Response (Body|Code)'.*(\$json|status code)/);
	});

	test('switches and numbers given as text are read as what they say', async () => {
		const settings = { ignoreDuplicates: 'false', acceptBrokenJson: 'false', maxKilobytes: '1' };
		await start({ line, parameters: { settings } });
		expect(await post({})).toEqual(RECEIVED);
		expect(await post({})).toEqual(RECEIVED);
		expect((await post('{"a":', { headers: { 'content-type': 'application/json' } }))[0]).toBe(400);
		expect((await post({ a: 'x'.repeat(1100) }))[0]).toBe(413);
	});

	test('conditions decide before anything else is done', async () => {
		const conditions = [
			{ field: 'details.plan', condition: 'equals', value: 'team' },
			{ field: 'query.test', condition: 'notEquals', value: 'true' },
		];
		const settings = { onlyRunIf: { condition: conditions } };
		await start({ line, parameters: { settings } });
		expect(await post({ details: { plan: 'solo' } })).toEqual([200, { ignored: true }]);
		expect(await post({})).toEqual([200, { ignored: true }]);
		expect(await post({ details: { plan: 'team' } })).toEqual(RECEIVED);
		const text = { headers: { 'content-type': 'application/json' } };
		expect(await post('{"details": {', text)).toEqual(RECEIVED);
		expect(server.started).toHaveLength(2);
	});

	test('of a list of events, one that meets the conditions is enough', async () => {
		const condition = [{ field: 'details.plan', condition: 'equals', value: 'team' }];
		await start({ line, parameters: { settings: { onlyRunIf: { condition } } } });
		const solo = { event: 'x', details: { plan: 'solo' } };
		const team = { event: 'y', details: { plan: 'team' } };
		expect(await post([solo, solo])).toEqual([200, { ignored: true }]);
		expect(await post([solo, team])).toEqual(RECEIVED);
		const form = new URLSearchParams({ payload: JSON.stringify([solo, team]) }).toString();
		const headers = { 'content-type': 'application/x-www-form-urlencoded' };
		expect(await post(form, { headers })).toEqual(RECEIVED);
	});

	test('all conditions have to be met by one event of a list', async () => {
		const condition = [
			{ field: 'event', condition: 'equals', value: 'x' },
			{ field: 'details.plan', condition: 'equals', value: 'team' },
		];
		await start({ line, parameters: { settings: { onlyRunIf: { condition } } } });
		const of = (event: string, plan: string) => ({ event, details: { plan } });
		expect(await post([of('x', 'solo'), of('y', 'team')])).toEqual([200, { ignored: true }]);
		expect(await post([of('y', 'solo'), of('x', 'team')])).toEqual(RECEIVED);
	});

	test('Events as a list', async () => {
		await start({ line, parameters: { settings: { events: ['order.paid'] } } });
		expect(await post({ event: 'other' })).toEqual([200, { ignored: true }]);
		expect(await post({ event: 'order.paid' })).toEqual(RECEIVED);
	});
});

describe.each(LINE_NAMES)('Two events are two on n8n %s', (line) => {
	test.each([
		'X-WC-Webhook-Topic',
		'X-Shopify-Topic',
		'X-GitHub-Event',
		'X-Gitlab-Event',
		'X-Of-Its-Own-Topic',
		'Some-Event',
		'ce-type',
	])('one body with two values of %s', async (name) => {
		await start({ line });
		expect(await post({ id: 1 }, { headers: { [name]: 'created' } })).toEqual(RECEIVED);
		expect(await post({ id: 1 }, { headers: { [name]: 'updated' } })).toEqual(RECEIVED);
		expect(await post({ id: 1 }, { headers: { [name]: 'updated' } })).toEqual(DUPLICATE);
		expect(last().event).toBe('updated');
	});

	test('one delivery ID with two topics', async () => {
		await start({ line, parameters: { settings: { deliveryHeader: 'X-Shopify-Event-Id' } } });
		for (const topic of ['orders/create', 'orders/paid']) {
			const headers = { 'x-shopify-event-id': '1', 'x-shopify-topic': topic };
			expect(await post({ topic }, { headers })).toEqual(RECEIVED);
		}
	});

	test('one body with two delivery IDs', async () => {
		await start({ line });
		for (const name of [
			'svix-id',
			'x-shopify-event-id',
			'x-github-delivery',
			'x-wc-webhook-delivery-id',
			'x-gitlab-event-uuid',
			'x-zendesk-webhook-invocation-id',
			'ce-id',
		]) {
			expect(await post({ n: 1 }, { headers: { [name]: '1' } })).toEqual(RECEIVED);
			expect(await post({ n: 1 }, { headers: { [name]: '2' } })).toEqual(RECEIVED);
			expect(await post({ n: 2 }, { headers: { [name]: '2' } })).toEqual(DUPLICATE);
		}
	});

	test('a body that isn\u2019t valid JSON starts the workflow although Events is set', async () => {
		await start({ line, parameters: { settings: { events: 'trial.expired' } } });
		const headers = { 'content-type': 'application/json' };
		expect(await post('{"event":"trial.expired","name":"Mika "the" Lund"}', { headers })).toEqual(
			RECEIVED,
		);
		expect(last().parseError).toContain('not valid JSON');
	});

	test('external IDs that differ in a digit beyond 2^53', async () => {
		await start({ line, parameters: { settings: { recognizeRepeatsBy: 'externalId' } } });
		for (const id of ['7615917337495251231', '7615917337495251299']) {
			const body = `{"event":"order.paid","external_id":${id},"n":[-${id},1]}`;
			expect(await post(body, { headers: { 'content-type': 'application/json' } })).toEqual(
				RECEIVED,
			);
			expect(last()).toMatchObject({
				externalId: id,
				body: { external_id: id, n: [`-${id}`, 1] },
			});
		}
	});

	test.each(['lastNode', 'responseNode'])(
		'a GET that waits for data of the workflow gets it again, and a POST hears that it is a repeat: %s',
		async (responseMode) => {
			await start({ line, parameters: { responseMode } });
			const ask = async (method: string) =>
				await post(undefined, { method, query: 'email=a%40b.co' });
			expect(await ask('GET')).toEqual(await ask('GET'));
			await ask('HEAD');
			await ask('HEAD');
			expect(server.started).toHaveLength(4);
			expect(last().email).toBe('a@b.co');
			expect(await ask('POST')).not.toEqual(DUPLICATE);
			expect(await ask('POST')).toEqual(DUPLICATE);
			expect(server.started).toHaveLength(5);
		},
	);
});

describe.each(LINE_NAMES)('What senders really send on n8n %s', (line) => {
	const id = '0b1c2d3e-4f50-6172-8394-a5b6c7d8e9f0';

	test.each([
		['{}', {}],
		['an empty body', undefined],
	])('WP Fusion: contact_id and email in the URL, with %s', async (_name, body) => {
		await start({ line });
		const query = `wpf_action=update&contact_id=${id}&email=mika%40example.net`;
		expect(await post(body, { query })).toEqual(RECEIVED);
		expect(last()).toMatchObject({
			sender: 'wpFusion',
			visitorUuid: id,
			email: 'mika@example.net',
			body: {},
		});
	});

	test('HEAD, by which some senders check a URL, starts without a body', async () => {
		await start({ line, parameters: { httpMethod: 'HEAD' } });
		const { status, text } = await sendTo(server.url, { method: 'HEAD', headers: header });
		expect([status, text]).toEqual([200, '']);
		expect(last()).toMatchObject({ method: 'HEAD', body: {} });
		const refused = await sendTo(server.url, { method: 'HEAD' });
		expect([refused.status, refused.text]).toEqual([401, '']);
	});

	test('a dynamic path gives its values, without the secret and without dangerous names', async () => {
		const params = { id: '42', name: `x ${SECRET}`, constructor: 'y' };
		await start({ line, params });
		expect(await post({})).toEqual(RECEIVED);
		expect(last().params).toEqual({ id: '42', name: 'x [secret removed]' });
	});

	test('forms: nested names, lists, and JSON in a field', async () => {
		await start({ line });
		const headers = { 'content-type': 'application/x-www-form-urlencoded' };
		await post(
			'data[email]=a@b.co&data[merges][FNAME]=Ann&tags[]=x&tags[]=y&i[0][n]=1&a[__proto__]=1',
			{ headers },
		);
		expect(last()).toMatchObject({
			email: 'a@b.co',
			body: {
				data: { email: 'a@b.co', merges: { FNAME: 'Ann' } },
				tags: ['x', 'y'],
				i: [{ n: '1' }],
			},
		});
		await post(`payload=${encodeURIComponent('{"event":"push","email":"c@d.ef"}')}`, { headers });
		expect(last()).toMatchObject({ event: 'push', email: 'c@d.ef' });
		await post(`mandrill_events=${encodeURIComponent('[{"event":"open"}]')}`, { headers });
		expect(last().event).toBe('open');
	});

	test('a list of events, and JSON that was encoded twice, pass Events', async () => {
		await start({ line, parameters: { settings: { events: 'paid' } } });
		expect(await post([{ event: 'other' }, { event: 'paid' }])).toEqual(RECEIVED);
		const headers = { 'content-type': 'application/json' };
		expect(await post(JSON.stringify('{"event":"paid"}'), { headers })).toEqual(RECEIVED);
		expect(await post([{ event: 'other' }])).toEqual([200, { ignored: true }]);
		const inForm = async (events: object[]) =>
			await post(`mandrill_events=${encodeURIComponent(JSON.stringify(events))}`, {
				headers: { 'content-type': 'application/x-www-form-urlencoded' },
			});
		expect(await inForm([{ event: 'other' }, { event: 'paid' }])).toEqual(RECEIVED);
		expect(await inForm([{ event: 'other' }])).toEqual([200, { ignored: true }]);
	});

	test.each(['UTF-8', 'utf8', 'gzip, deflate', 'ISO-8859-1'])(
		'Content-Encoding: %s on plain JSON',
		async (encoding) => {
			await start({ line });
			expect(await post({ a: 1 }, { headers: { 'content-encoding': encoding } })).toEqual(RECEIVED);
			expect(last().body).toEqual({ a: 1 });
		},
	);

	test.each(['GZIP', 'Gzip', 'x-gzip'])('Content-Encoding: %s on gzip', async (encoding) => {
		await start({ line });
		const headers = { 'content-encoding': encoding, 'content-type': 'application/json' };
		expect(await post(gzipSync('{"a":1}'), { headers })).toEqual(RECEIVED);
		expect(last().body).toEqual({ a: 1 });
	});

	test('Latin-1 without a charset starts, with a note', async () => {
		await start({ line });
		const headers = { 'content-type': 'application/json' };
		expect(await post(Buffer.from('{"name":"J\u00fcrgen"}', 'latin1'), { headers })).toEqual(
			RECEIVED,
		);
		expect(last()).toMatchObject({ body: { name: 'J\u00fcrgen' } });
		expect(last().parseError).toContain('Windows-1252');
	});

	test.each(['203.0.113.7:54321', '[2001:db8::7]:443', '[2001:db8::7]'])(
		'an allowed address with port or brackets: %s',
		async (ip) => {
			const settings = { allowedAddresses: '203.0.113.7, 2001:db8::7' };
			await start({ line, ip, parameters: { settings } });
			expect(await post({})).toEqual(RECEIVED);
			await server.close();
			await start({ line, ip: '203.0.113.8:1', parameters: { settings } });
			expect((await post({}))[0]).toBe(403);
		},
	);

	test('600 kB make an item of at most 1.3 times that', async () => {
		await start({ line });
		const body = { event: 'x', rows: Array.from({ length: 6000 }, () => 'y'.repeat(97)) };
		await post(body);
		const size = JSON.stringify(last()).length;
		expect(size / JSON.stringify(body).length).toBeLessThan(1.3);
		await server.close();
		await start({ line, parameters: { settings: { rawBody: 'always' } } });
		await post(body);
		expect(last().rawBody).toBe(JSON.stringify(body));
	});
});
