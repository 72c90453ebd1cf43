import { startBentoServer, type BentoServer } from '.';
import { attributesIn, call, send } from './rawClient';

let server: BentoServer;
let now = Date.UTC(2026, 10, 20);
beforeAll(async () => {
	server = await startBentoServer({ now: () => now });
});
afterEach(() => {
	server.reset();
	now = Date.UTC(2026, 10, 20);
});
afterAll(() => server.close());

const get = (path: string) => call(server, 'GET', path);
const post = (path: string, json: unknown) => call(server, 'POST', path, json);

async function lookUp(email: string): Promise<unknown> {
	return (await get(`/fetch/subscribers?email=${encodeURIComponent(email)}`)).body;
}

function person(attributes: object): unknown {
	return {
		data: expect.objectContaining({
			type: 'visitors',
			attributes: expect.objectContaining(attributes) as unknown,
		}) as unknown,
	};
}

describe('subscribers', () => {
	it('are found by email and by UUID, as documented', async () => {
		const byEmail = await get('/fetch/subscribers?email=ada.byron@example.com');
		expect(byEmail).toEqual({
			status: 200,
			body: {
				data: {
					id: '101',
					type: 'visitors',
					attributes: {
						uuid: '00000000-0000-4000-9000-000000000101',
						email: 'ada.byron@example.com',
						fields: { first_name: 'Ada', plan: 'team' },
						cached_tag_ids: ['1', '2'],
						unsubscribed_at: null,
						navigation_url: '/account/visitors/00000000-0000-4000-9000-000000000101',
					},
				},
			},
		});
		const byUuid = await get('/fetch/subscribers?uuid=00000000-0000-4000-9000-000000000101');
		expect(byUuid).toEqual(byEmail);
	});

	it('have null for fields where there are none', async () => {
		expect(await lookUp('sofia.rossi@example.com')).toEqual(person({ fields: null }));
	});

	it.each(['?email=nobody@example.com', '?email=Ada.Byron@example.com', '?uuid=x', ''])(
		'that are not there are an empty 200: %s',
		async (query) => {
			expect(await get(`/fetch/subscribers${query}`)).toEqual({ status: 200, body: {} });
		},
	);

	it('are created once', async () => {
		const body = { subscriber: { email: 'New@Example.com', plan: 'ignored' } };
		const created = await post('/fetch/subscribers', body);
		expect(created).toEqual({
			status: 201,
			body: person({ email: 'new@example.com', fields: null }),
		});
		expect(await post('/fetch/subscribers', body)).toEqual({ ...created, status: 200 });
	});

	it.each([
		[{}, 400],
		[{ subscriber: {} }, 422],
		[{ subscriber: { email: 'x' } }, 422],
	])('are not created from %j', async (body, status) => {
		expect((await post('/fetch/subscribers', body)).status).toBe(status);
	});
});

describe('imports', () => {
	it('upsert flat fields and tags by name', async () => {
		const answer = await post('/batch/subscribers', {
			subscribers: [
				{
					email: 'ada.byron@example.com',
					plan: 'solo',
					tags: 'vip, trial',
					remove_tags: 'customer',
				},
				{ email: 'new@example.com', accountManager: 'Lin', utm_source: 'google' },
			],
		});
		expect(answer).toEqual({ status: 200, body: { results: 2, failed: 0 } });
		const { tags, fields } = server.state;
		const vip = tags.find(({ name }) => name === 'vip')?.id ?? '';
		expect(await lookUp('ada.byron@example.com')).toEqual(
			person({ fields: { first_name: 'Ada', plan: 'solo' }, cached_tag_ids: ['2', vip, '3'] }),
		);
		expect(await lookUp('new@example.com')).toEqual(
			person({ fields: { accountManager: 'Lin', utm_source: 'google' } }),
		);
		expect(fields.map(({ name }) => name)).toEqual(
			expect.arrayContaining(['Account Manager', 'Utm Source']),
		);
	});

	it.each([
		['no wrapper', [], 400],
		['none', { subscribers: [] }, 400],
		['too many', { subscribers: Array.from({ length: 1001 }, () => ({ email: 'a@b.co' })) }, 400],
		['no email', { subscribers: [{ plan: 'x' }] }, 422],
		['nested fields', { subscribers: [{ email: 'a@b.co', fields: { plan: 'x' } }] }, 422],
		['tags in a list', { subscribers: [{ email: 'a@b.co', tags: ['x'] }] }, 422],
	])('with %s are refused', async (_name, body, status) => {
		expect((await post('/batch/subscribers', body)).status).toBe(status);
		expect(server.state.people.size).toBe(4);
	});

	it('follow the rules for records, and faults of counting', async () => {
		const body = { subscribers: [{ email: 'good@b.co' }, { email: 'bad@b.co' }] };
		server.refuseRecords(({ email }, wrapper) => email === 'bad@b.co' && wrapper === 'subscribers');
		expect((await post('/batch/subscribers', body)).status).toBe(422);
		server.refuseRecords(undefined);
		server.failRecords(({ email }) => email === 'bad@b.co');
		expect((await post('/batch/subscribers', body)).body).toEqual({ results: 1, failed: 1 });
		expect(server.state.people.has('bad@b.co')).toBe(false);
		server.failRecords(undefined);
		server.failNext({ kind: 'partial', failed: 2 }, { kind: 'fewer', results: 1 });
		expect((await post('/batch/subscribers', body)).body).toEqual({ results: 0, failed: 2 });
		expect((await post('/batch/subscribers', body)).body).toEqual({ results: 1, failed: 0 });
	});
});

describe('commands', () => {
	const ADA = 'ada.byron@example.com';

	it.each([
		[{ command: 'add_tag', query: 'trial' }, { cached_tag_ids: ['1', '2', '3'] }],
		[{ command: 'add_tag_via_event', query: 'trial' }, { cached_tag_ids: ['1', '2', '3'] }],
		[{ command: 'remove_tag', query: 'customer' }, { cached_tag_ids: ['2'] }],
		[
			{ command: 'add_field', query: { key: 'seats', value: 5 } },
			{ fields: { first_name: 'Ada', plan: 'team', seats: 5 } },
		],
		[{ command: 'remove_field', query: 'plan' }, { fields: { first_name: 'Ada' } }],
		[{ command: 'unsubscribe' }, { unsubscribed_at: '2026-11-20T00:00:00.000Z' }],
	])('do what they say: %j', async (command, changed) => {
		const answer = await post('/fetch/commands', { command: [{ ...command, email: ADA }] });
		expect(answer).toEqual({ status: 200, body: { results: 1 } });
		expect(await lookUp(ADA)).toEqual(person(changed));
		expect(server.state.commands).toEqual([{ ...command, email: ADA }]);
	});

	it('subscribe again, and change an email', async () => {
		const omar = 'omar.haddad@example.com';
		const command = [
			{ command: 'subscribe', email: omar },
			{ command: 'change_email', email: omar, query: 'omar@example.com' },
		];
		expect((await post('/fetch/commands', { command })).body).toEqual({ results: 2 });
		expect(await lookUp(omar)).toEqual({});
		expect(await lookUp('omar@example.com')).toEqual(person({ unsubscribed_at: null }));
	});

	it('come alone or by UUID, too', async () => {
		const uuid = '00000000-0000-4000-9000-000000000101';
		const command = { command: 'remove_tag', uuid, query: 'customer' };
		expect((await post('/fetch/commands', { command })).body).toEqual({ results: 1 });
		expect(await lookUp(ADA)).toEqual(person({ cached_tag_ids: ['2'] }));
	});

	it.each([
		['no wrapper', {}, 400],
		['too many', { command: Array.from({ length: 101 }, () => ({})) }, 400],
		['an unknown one', { command: [{ command: 'delete', email: ADA }] }, 422],
		['nobody', { command: [{ command: 'subscribe' }] }, 422],
		['no tag', { command: [{ command: 'add_tag', email: ADA }] }, 422],
		['no key', { command: [{ command: 'add_field', email: ADA, query: 'x' }] }, 422],
		['no address', { command: [{ command: 'change_email', email: ADA, query: 'x' }] }, 422],
	])('with %s are refused', async (_name, body, status) => {
		expect((await post('/fetch/commands', body)).status).toBe(status);
		expect(server.state.commands).toEqual([]);
	});

	it('count what failed only then', async () => {
		server.failRecords(() => true);
		const command = [{ command: 'subscribe', email: ADA }];
		expect((await post('/fetch/commands', { command })).body).toEqual({ results: 0, failed: 1 });
	});
});

describe('search', () => {
	beforeEach(() => {
		server.state.enterprise = true;
	});

	async function found(query: string): Promise<unknown> {
		const { body } = await get(`/fetch/search?${query}`);
		return attributesIn(body).map(({ email }) => String(email).split('.')[0]);
	}

	it('is for Enterprise accounts', async () => {
		server.state.enterprise = false;
		expect((await get('/fetch/search?page=1')).status).toBe(403);
	});

	it.each([
		['page=1', ['ada', 'lin', 'omar', 'sofia']],
		['page=2', []],
		['tags=customer', ['ada', 'omar']],
		['tags=customer,newsletter', ['ada']],
		['tags[]=customer&tags[]=newsletter', ['ada']],
		['tag_names=trial', ['lin']],
		['tags=nothing', []],
		['unsubscribed_at[gt]=2026-06-01', ['omar']],
		['unsubscribed_at[lt]=2026-06-01', []],
		['created_at[gt]=2026-01-01&created_at[lt]=2026-02-01&tags=trial', ['lin']],
	])('%s', async (query, names) => {
		expect(await found(query)).toEqual(names);
	});

	it('has pages of 100 and says what it was asked', async () => {
		const subscribers = Array.from({ length: 120 }, (_, index) => ({ email: `p${index}@b.co` }));
		await post('/batch/subscribers', { subscribers });
		const { body } = await get('/fetch/search?page=2&created_at[gt]=2026-01-01');
		expect(body).toMatchObject({ meta: { page: 2, query: { 'created_at[gt]': '2026-01-01' } } });
		expect(attributesIn(body)).toHaveLength(24);
	});
});

describe('events and people', () => {
	it('know each other', async () => {
		const email = 'new@example.com';
		const events = [
			{ type: 'signed_up', email, fields: { plan: 'team' }, date: '2026-11-19T08:00:00Z' },
			{ type: '$tag', email, details: { tag: 'customer' } },
			{ type: '$tag', email, details: { tag: 'trial' } },
			{ type: '$remove_tag', email, details: { tag: 'trial' } },
			{ type: '$unsubscribe', email },
		];
		await post('/batch/events', { events });
		expect(await lookUp(email)).toEqual(
			person({
				fields: { plan: 'team' },
				cached_tag_ids: ['1'],
				unsubscribed_at: '2026-11-20T00:00:00.000Z',
			}),
		);
		const site = server.credentials.siteUuid;
		const path = `/webhooks/${site}/generic/track`;
		await send(server, { type: '$subscribe', email }, { path });
		expect(server.state.people.get(email)?.unsubscribedAt).toBeNull();
	});
});

it('events work once, and what comes later prevails', async () => {
	const email = 'ada.byron@example.com';
	await post('/batch/events', { events: [{ type: '$tag', email, details: { tag: 'trial' } }] });
	expect(await lookUp(email)).toEqual(person({ cached_tag_ids: ['1', '2', '3'] }));
	await post('/fetch/commands', { command: { command: 'remove_tag', email, query: 'trial' } });
	expect(await lookUp(email)).toEqual(person({ cached_tag_ids: ['1', '2'] }));
});

describe('data deletion', () => {
	const email = 'ada.byron@example.com';
	const path = '/api/v1/data_deletion_requests';
	const form = { 'content-type': 'application/x-www-form-urlencoded' };

	it('takes a form with the site in it, or JSON with the site in the query', async () => {
		const site = server.credentials.siteUuid;
		const text = `site_uuid=${site}&data_deletion_request%5Bemail%5D=${encodeURIComponent(email)}`;
		const reply = await send(server, text, { path, headers: form });
		expect(reply).toMatchObject({ status: 202, text: '{"status":"queued_for_anonymization"}' });
		const json = { data_deletion_request: { email } };
		expect((await post('/data_deletion_requests', json)).status).toBe(202);
		expect(server.state.deletions).toEqual([email, email]);
	});

	it('refuses strangers, nobody, and another site', async () => {
		const json = { data_deletion_request: { email: 'nobody@example.com' } };
		expect(await post('/data_deletion_requests', json)).toEqual({
			status: 404,
			body: { error: 'visitor_not_found' },
		});
		expect((await post('/data_deletion_requests', {})).status).toBe(422);
		const text = `site_uuid=x&data_deletion_request%5Bemail%5D=${encodeURIComponent(email)}`;
		expect((await send(server, text, { path, headers: form })).status).toBe(401);
		expect(server.state.deletions).toEqual([]);
	});
});
