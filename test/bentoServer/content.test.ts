import { startBentoServer, type BentoServer } from '.';
import { attributesIn, call } from './rawClient';

let server: BentoServer;
beforeAll(async () => {
	server = await startBentoServer({ now: () => Date.UTC(2026, 10, 20) });
});
afterEach(() => server.reset());
afterAll(() => server.close());

const get = (path: string) => call(server, 'GET', path);
const post = (path: string, json: unknown) => call(server, 'POST', path, json);

const NOW = '2026-11-20T00:00:00.000Z';
const SEEDED = '2026-01-05T09:00:00.000Z';

async function namesAt(path: string): Promise<unknown[]> {
	return attributesIn((await get(path)).body).map(({ name }) => name);
}

describe('tags', () => {
	it('are created once', async () => {
		const tag = { tag: { name: 'vip' } };
		const created = await post('/fetch/tags', tag);
		const attributes = { name: 'vip', created_at: NOW, discarded_at: null, site_id: 5 };
		expect(created).toEqual({
			status: 201,
			body: { data: { id: '1001', type: 'tags', attributes } },
		});
		expect(await post('/fetch/tags', tag)).toEqual({ ...created, status: 200 });
	});

	it('are deleted by ID and name, and restored by a repeat', async () => {
		const discard = () => call(server, 'DELETE', '/fetch/tags/3', { tag: { name: 'trial' } });
		expect((await discard()).body).toEqual({ message: 'Tag (trial) deleted successfully' });
		expect((await get('/fetch/tags')).body).toMatchObject({
			data: [{}, {}, { id: '3', attributes: { name: 'trial', discarded_at: NOW } }],
		});
		expect((await discard()).body).toEqual({ message: 'Tag (trial) restored successfully' });
		expect(server.state.tags[2]?.discardedAt).toBeNull();
	});

	it.each([
		['DELETE', '/fetch/tags/3', {}, 400],
		['DELETE', '/fetch/tags/3', { tag: {} }, 422],
		['DELETE', '/fetch/tags/3', { tag: { name: 'customer' } }, 404],
		['DELETE', '/fetch/tags/99', { tag: { name: 'trial' } }, 404],
		['POST', '/fetch/tags', { name: 'vip' }, 400],
		['POST', '/fetch/tags', { tag: { name: ' ' } }, 422],
	])('%s %s with %j is refused', async (method, path, body, status) => {
		expect((await call(server, method, path, body)).status).toBe(status);
		expect(await namesAt('/fetch/tags')).toEqual(['customer', 'newsletter', 'trial']);
	});
});

describe('fields', () => {
	it('are listed, and get their names from their keys', async () => {
		expect(await namesAt('/fetch/fields')).toEqual(['First Name', 'Last Name', 'Plan']);
		const attributes = { whitelisted: null, created_at: NOW };
		for (const [key, name] of [
			['account_manager', 'Account Manager'],
			['accountOwner', 'Account Owner'],
			['t-shirt size', 'T Shirt Size'],
		]) {
			expect(await post('/fetch/fields', { field: { key } })).toMatchObject({
				status: 201,
				body: { data: { type: 'visitors-fields', attributes: { ...attributes, key, name } } },
			});
		}
		expect((await post('/fetch/fields', { field: { key: 'plan' } })).status).toBe(200);
		expect((await post('/fetch/fields', { field: {} })).status).toBe(422);
		expect((await post('/fetch/fields', {})).status).toBe(400);
	});
});

describe('emails', () => {
	const EMAIL = {
		to: 'Mika <mika@example.net>',
		from: 'hello@example.com',
		subject: 'Receipt',
		html_body: '<p>Hi</p>',
		transactional: true,
	};

	it('are queued, and make people known', async () => {
		const text = { ...EMAIL, html_body: undefined, text_body: 'Hi' };
		const answer = await post('/batch/emails', { emails: [EMAIL, text] });
		expect(answer).toEqual({ status: 200, body: { results: 2 } });
		expect(server.state.emails[0]).toEqual(EMAIL);
		expect(server.state.people.has('mika@example.net')).toBe(true);
	});

	it('are refused whole when one sender is no author', async () => {
		const stranger = { ...EMAIL, from: 'stranger@example.com' };
		expect(await post('/batch/emails', { emails: [EMAIL, stranger] })).toEqual({
			status: 500,
			body: { error: 'Author not authorized to send on this account' },
		});
		expect(server.state.emails).toEqual([]);
	});

	it.each([
		[{}, 400],
		[{ emails: [] }, 400],
		[{ emails: Array.from({ length: 61 }, () => EMAIL) }, 400],
		[{ emails: [{ ...EMAIL, to: 'x' }] }, 422],
		[{ emails: [{ ...EMAIL, subject: undefined }] }, 422],
		[{ emails: [{ ...EMAIL, html_body: '' }] }, 422],
	])('need what is documented: case %#', async (body, status) => {
		expect((await post('/batch/emails', body)).status).toBe(status);
		expect(server.state.emails).toEqual([]);
	});

	it('take 60 at once', async () => {
		const emails = Array.from({ length: 60 }, () => EMAIL);
		expect((await post('/batch/emails', { emails })).body).toEqual({ results: 60 });
	});

	it('have authors', async () => {
		expect((await get('/fetch/authors')).body).toMatchObject({
			data: [{ id: '21', attributes: { email: 'hello@example.com' } }, { id: '22' }],
		});
	});
});

describe('broadcasts', () => {
	const BROADCAST = {
		name: 'Spring news',
		subject: 'What is new',
		content: '<p>Hi</p>',
		type: 'plain',
		from: { email: 'hello@example.com', name: 'Nathan' },
	};

	it('are listed by status, sent ones unless asked otherwise', async () => {
		expect(await namesAt('/fetch/broadcasts')).toEqual(['Autumn news']);
		expect(await namesAt('/fetch/broadcasts?status=draft')).toEqual(['Winter sale']);
		expect(await namesAt('/fetch/broadcasts?status=scheduled')).toEqual(['Year in review']);
		expect(await namesAt('/fetch/broadcasts?status=archived')).toEqual([]);
		expect(await namesAt('/fetch/broadcasts?created_after=2026-02-01')).toEqual([]);
	});

	it('show what is documented', async () => {
		expect((await get('/fetch/broadcasts')).body).toEqual({
			data: [
				{
					id: '41',
					type: 'broadcasts',
					attributes: {
						name: 'Autumn news',
						share_url: 'https://example.com/broadcasts/41',
						template: {
							subject: 'What is new this autumn',
							to: '{{ visitor.email }}',
							html: '<p>Hi {{ visitor.first_name }}</p>',
						},
						created_at: SEEDED,
						sent_final_batch_at: '2026-10-01T08:00:00.000Z',
						send_at: '2026-10-01T08:00:00.000Z',
						stats: { open_rate: 38.5 },
					},
				},
			],
		});
	});

	it('are created as drafts, with a list of what failed', async () => {
		const broadcasts = [
			{ ...BROADCAST, approved: true, send_at: '2026-12-01T09:00:00Z' },
			{ ...BROADCAST, name: undefined },
			{ ...BROADCAST, from: { email: 'stranger@example.com' } },
			{ ...BROADCAST, type: 'loud' },
		];
		const { status, body } = await post('/batch/broadcasts', { broadcasts });
		expect(status).toBe(200);
		expect(body).toEqual({
			results: 1,
			failed: 3,
			broadcasts: [
				{
					id: 1001,
					template_id: 1001,
					name: 'Spring news',
					dashboard_url: 'https://app.bentonow.com/account/broadcasts/1001',
				},
			],
			failures: [
				{ index: 1, name: null, error: "name can't be blank" },
				{
					index: 2,
					name: 'Spring news',
					error: 'Author not authorized to send on this account',
				},
				{ index: 3, name: 'Spring news', error: 'type is not included in the list' },
			],
		});
		expect(await namesAt('/fetch/broadcasts?status=draft')).toEqual(['Winter sale', 'Spring news']);
	});

	it('come in pages of 25, or of up to 100', async () => {
		const broadcasts = Array.from({ length: 100 }, () => BROADCAST);
		await post('/batch/broadcasts', { broadcasts });
		await post('/batch/broadcasts', { broadcasts });
		const count = async (query: string) =>
			(await namesAt(`/fetch/broadcasts?status=draft&${query}`)).length;
		expect(await count('')).toBe(25);
		expect(await count('page=9')).toBe(1);
		expect(await count('page=10')).toBe(0);
		expect(await count('per_page=60&page=4')).toBe(21);
		expect(await count('per_page=500')).toBe(100);
		expect(await count('page=nonsense')).toBe(25);
	});

	it('follow rules and faults like other batches', async () => {
		const broadcasts = [BROADCAST, { ...BROADCAST, name: 'Bad' }];
		server.refuseRecords(({ name }) => name === 'Bad');
		expect((await post('/batch/broadcasts', { broadcasts })).status).toBe(422);
		server.refuseRecords(undefined);
		server.failRecords(({ name }) => name === 'Bad');
		expect((await post('/batch/broadcasts', { broadcasts })).body).toMatchObject({ failed: 1 });
		server.failRecords(undefined);
		server.failNext({ kind: 'partial', failed: 1 }, { kind: 'fewer', results: 0 });
		const partial = await post('/batch/broadcasts', { broadcasts });
		expect(partial.body).toMatchObject({ results: 1, failed: 1, failures: [{ index: 1 }] });
		const fewer = await post('/batch/broadcasts', { broadcasts });
		expect(fewer.body).toMatchObject({ results: 0, failed: 0 });
		expect((await post('/batch/broadcasts', {})).status).toBe(400);
	});
});

describe('sequences, workflows and templates', () => {
	it('are listed with their emails', async () => {
		expect((await get('/fetch/sequences')).body).toMatchObject({
			data: [
				{
					id: 'sequence_1a2b3c',
					type: 'sequences',
					attributes: {
						name: 'Welcome',
						created_at: SEEDED,
						email_templates: [
							{ id: 51, subject: 'Nice to meet you', stats: { opened: 120, clicked: 34 } },
							{ id: 52 },
						],
					},
				},
				{ id: 'sequence_4d5e6f' },
			],
		});
		expect((await get('/fetch/workflows')).body).toMatchObject({
			data: [
				{ id: '61', type: 'workflows', attributes: { name: 'Cart left', status: 'live' } },
				{ id: '62', attributes: { status: 'draft', email_templates: [] } },
			],
		});
	});

	it.each(['sequences', 'workflows'] as const)('come in pages of 25: %s', async (what) => {
		const [first] = server.state[what];
		if (!first) throw new Error('nothing is seeded');
		const more = Array.from({ length: 49 }, (_, index) => ({ ...first, id: String(index) }));
		server.state.sequences.push(...more);
		server.state.workflows.push(...more.map((row) => ({ ...row, status: 'live' as const })));
		const counts = await Promise.all(
			[1, 2, 3, 4].map(async (page) => (await namesAt(`/fetch/${what}?page=${page}`)).length),
		);
		expect(counts).toEqual([25, 25, 1, 0]);
	});

	it('append an email to a sequence, which then is a template', async () => {
		const email_template = {
			subject: 'Week two',
			html: '<p>Hi</p>',
			delay_interval: 'days',
			delay_interval_count: 7,
		};
		const path = '/fetch/sequences/sequence_1a2b3c/emails/templates';
		const created = await post(path, { email_template });
		expect(created.status).toBe(201);
		expect(await get('/fetch/emails/templates/1001')).toEqual({ ...created, status: 200 });
		expect(created.body).toEqual({
			data: {
				id: '1001',
				type: 'email_templates',
				attributes: {
					name: 'Welcome 3',
					subject: 'Week two',
					html: '<p>Hi</p>',
					created_at: NOW,
					stats: null,
				},
			},
		});
		expect(server.state.sequences[0]?.templateIds).toEqual(['51', '52', '1001']);
	});

	it.each([
		['sequence_none', { email_template: { subject: 'x', html: 'x' } }, 404],
		['sequence_1a2b3c', {}, 400],
		['sequence_1a2b3c', { email_template: { subject: 'x' } }, 422],
		['sequence_1a2b3c', { email_template: { html: 'x' } }, 422],
		[
			'sequence_1a2b3c',
			{ email_template: { subject: 'x', html: 'x', delay_interval: 'weeks' } },
			422,
		],
		[
			'sequence_1a2b3c',
			{ email_template: { subject: 'x', html: 'x', delay_interval_count: 1.5 } },
			422,
		],
	])('take no email: %s %j', async (id, body, status) => {
		expect((await post(`/fetch/sequences/${id}/emails/templates`, body)).status).toBe(status);
		expect(server.state.templates).toHaveLength(4);
	});

	it('change a template', async () => {
		const patch = (email_template: unknown, id = '51') =>
			call(server, 'PATCH', `/fetch/emails/templates/${id}`, { email_template });
		expect((await patch({ subject: 'Hello' })).body).toMatchObject({
			data: { id: '51', attributes: { subject: 'Hello', stats: { opened: 120 } } },
		});
		await patch({ html: '<p>New</p>' });
		expect(server.state.templates[0]).toMatchObject({ subject: 'Hello', html: '<p>New</p>' });
		expect((await patch({})).status).toBe(422);
		expect((await patch({ subject: '' })).status).toBe(422);
		expect((await patch(undefined)).status).toBe(400);
		expect((await patch({ subject: 'x' }, '99')).status).toBe(404);
		expect((await get('/fetch/emails/templates/99')).status).toBe(404);
	});
});

describe('segments and forms', () => {
	it('list segments by name, and show one', async () => {
		expect(await namesAt('/fetch/segments')).toEqual(['Active trials', 'Customers']);
		expect((await get('/fetch/segments/71')).body).toEqual({
			data: {
				id: '71',
				type: 'segments',
				attributes: {
					name: 'Customers',
					description: 'Everyone who has bought something',
					visitor_event_query: 'tag:customer',
					created_at: SEEDED,
					updated_at: SEEDED,
				},
			},
		});
		expect((await get('/fetch/segments/99')).status).toBe(404);
	});

	it('list the responses of a form', async () => {
		expect((await get('/fetch/responses?id=form_contact')).body).toMatchObject({
			data: [
				{
					id: '81',
					type: 'form_responses',
					attributes: {
						uuid: '00000000-0000-4000-9000-000000000081',
						data: {
							fields: { topic: 'Invoice' },
							identity: { email: 'ada.byron@example.com' },
						},
					},
				},
				{ id: '82' },
			],
		});
		expect((await get('/fetch/responses?id=none')).body).toEqual({ data: [] });
		expect((await get('/fetch/responses')).status).toBe(400);
	});
});
