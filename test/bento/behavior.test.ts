import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { startBentoServer, type BentoServer } from '../bentoServer';
import { LINE_NAMES } from '../support/engine/packages';
import { runWorkflow } from '../support/engine/run';
import { located } from './located';
import { descriptionOf, NODE, runBento } from './support';

let server: BentoServer;
// One for each test: all that call the same site share its rate limit.
beforeEach(async () => {
	server = await startBentoServer();
});
afterEach(() => server.close());

function operation(resource: string, name: string, more: INodeParameters = {}): INodeParameters {
	return { resource, operation: name, ...more };
}

const people = (count: number): IDataObject[] =>
	Array.from({ length: count }, (_, index) => ({ email: `p${index}@example.com`, n: index }));

const asked = (path: string) => server.requests.filter((request) => request.path.endsWith(path));

function addDrafts(count: number): void {
	const [draft] = server.state.broadcasts;
	if (!draft) throw new Error('The stand-in has no broadcasts');
	for (let index = 0; index < count; index += 1) {
		server.state.broadcasts.push({ ...draft, id: `d${index}`, status: 'draft' });
	}
}

describe.each(LINE_NAMES)('The Bento node on engine %s', (line) => {
	describe('with lists', () => {
		const drafts = operation('broadcast', 'getAll', { status: 'draft' });

		it('follows the pages to the first empty one', async () => {
			addDrafts(229);
			const run = await runBento(line, server, { ...drafts, returnAll: true });
			expect(run.json(NODE)).toHaveLength(230);
			expect(server.requests.map(({ query }) => query.page)).toEqual(['1', '2', '3', '4']);
		});

		it('asks for no more pages than the limit needs', async () => {
			addDrafts(229);
			const run = await runBento(line, server, { ...drafts, limit: 150 });
			expect(run.json(NODE)).toHaveLength(150);
			expect(server.requests).toHaveLength(2);
		});

		it('stops when a page brings nothing new', async () => {
			const page = { data: [{ id: 1, type: 'broadcasts', attributes: { name: 'One' } }] };
			server.failWhen(() => ({ kind: 'wrongJson', body: page }));
			const run = await runBento(line, server, { ...drafts, returnAll: true });
			expect(run.json(NODE)).toEqual([{ id: 1, name: 'One' }]);
			expect(server.requests).toHaveLength(2);
		});

		it('lists for each item and pairs every row with it', async () => {
			const run = await runBento(line, server, operation('tag', 'getAll'), [{}, {}]);
			expect(run.items(NODE).map(({ pairedItem }) => pairedItem)).toEqual([
				{ item: 0 },
				{ item: 0 },
				{ item: 0 },
				{ item: 1 },
				{ item: 1 },
				{ item: 1 },
			]);
			expect(server.requests).toHaveLength(1);
		});
	});

	describe('with responses', () => {
		it('returns them unchanged with Simplify off', async () => {
			const raw = { lookUpBy: 'email', email: 'sofia.rossi@example.com', simplify: false };
			const run = await runBento(line, server, operation('subscriber', 'get', raw));
			expect(run.json(NODE)).toEqual([
				{ data: expect.objectContaining({ id: '104', type: 'visitors' }) as unknown },
			]);
		});

		it('adds the names of tags on request', async () => {
			const get = operation('subscriber', 'get', {
				email: '={{ $json.email }}',
				options: { includeTagNames: true },
			});
			const run = await runBento(line, server, get, [
				{ email: 'ada.byron@example.com' },
				{ email: 'lin.chen@example.com' },
			]);
			expect(run.json(NODE)).toEqual([
				expect.objectContaining({ tags: ['customer', 'newsletter'] }),
				expect.objectContaining({ tags: ['trial'] }),
			]);
			expect(asked('/fetch/tags')).toHaveLength(1);
		});

		it.each([
			['get', undefined, false],
			['get', 'continue', true],
			['get', 'fail', false],
		])('of none: %s with If Not Found %s continues: %s', async (name, ifNotFound, continues) => {
			const options = ifNotFound === undefined ? {} : { ifNotFound };
			const get = operation('subscriber', name, { email: 'nobody@example.com', options });
			const run = await runBento(line, server, get);
			if (continues)
				expect(run.json(NODE)).toEqual([{ found: false, email: 'nobody@example.com' }]);
			else expect(run.error?.message).toContain('Bento has no subscriber with this email or UUID');
		});

		it('treats 404 as not found', async () => {
			const get = operation('segment', 'get', { segment: located('999', 'id') });
			const failed = await runBento(line, server, get);
			expect(failed.error?.message).toContain('Bento has no segment with this ID');
			const goes = { ...get, options: { ifNotFound: 'continue' } };
			expect((await runBento(line, server, goes)).json(NODE)).toEqual([{ found: false }]);
		});

		it('says what a refused search means', async () => {
			const run = await runBento(line, server, operation('subscriber', 'getAll'));
			expect(run.error?.message).toContain("Bento's Enterprise plan");
		});
	});

	describe('with many items', () => {
		const get = operation('subscriber', 'get', {
			email: '={{ $json.email }}',
			options: { ifNotFound: 'continue' },
		});

		it('asks once for what is asked for twice', async () => {
			const items = [...people(3), ...people(3)];
			const run = await runBento(line, server, get, items);
			expect(run.json(NODE)).toHaveLength(6);
			expect(server.requests).toHaveLength(3);
		});

		it('keeps their order whichever response comes first', async () => {
			server.failNext({ kind: 'slow', ms: 60 }, { kind: 'slow', ms: 30 });
			const names = ['ada.byron', 'lin.chen', 'omar.haddad', 'sofia.rossi'];
			const items = names.map((name) => ({ email: `${name}@example.com` }));
			const run = await runBento(line, server, get, items);
			expect(run.json(NODE).map(({ email }) => email)).toEqual(items.map(({ email }) => email));
		});

		it('stops after a failure, and says how many were accepted', async () => {
			const create = operation('tag', 'create', {
				tagName: '={{ $json.email }}',
				options: { maxParallelRequests: 1 },
			});
			server.failNext(undefined, { kind: 'status', status: 422, body: { error: 'taken' } });
			const run = await runBento(line, server, create, people(4));
			expect(run.error?.message).toBe('Bento rejected the data. 1 of 4 requests was accepted');
			expect(descriptionOf(run.error)).toContain('taken');
			expect(server.requests).toHaveLength(2);
		});

		it('continues with the others when the builder says so', async () => {
			const create = operation('tag', 'create', {
				tagName: '={{ $json.email }}',
				options: { maxParallelRequests: 1 },
			});
			server.failNext(undefined, { kind: 'status', status: 422 });
			const run = await runBento(line, server, create, people(3), {
				onError: 'continueErrorOutput',
			});
			expect(run.json(NODE, 0).map(({ name }) => name)).toEqual([
				'p0@example.com',
				'p2@example.com',
			]);
			expect(run.json(NODE, 1)).toEqual([
				expect.objectContaining({ email: 'p1@example.com', error: 'Bento rejected the data' }),
			]);
		});

		it('fails only the item whose expression fails', async () => {
			const broken = operation('subscriber', 'get', {
				email: "={{ $json.who ? $json.who : $('Nowhere').first().json.email }}",
			});
			const items = [{ who: 'ada.byron@example.com' }, { who: '' }];
			const run = await runBento(line, server, broken, items, { onError: 'continueErrorOutput' });
			expect(run.json(NODE, 0)).toEqual([
				expect.objectContaining({ email: 'ada.byron@example.com' }),
			]);
			expect(run.json(NODE, 1)).toEqual([
				expect.objectContaining({
					error: expect.stringContaining("'Email' has an expression") as unknown,
				}),
			]);
		});
	});

	describe('with imports', () => {
		const whole = operation('subscriber', 'createOrUpdate', { inputMode: 'wholeItem' });

		it('sends whole items, a thousand in a request', async () => {
			const run = await runBento(line, server, whole, people(2500));
			expect(run.json(NODE)).toHaveLength(2500);
			expect(server.requests).toHaveLength(3);
			expect(server.state.people.get('p2499@example.com')?.fields.get('n')).toBe(2499);
		});

		it('doesn’t let a bad record affect the others', async () => {
			server.refuseRecords(({ email }) => email === 'p77@example.com');
			const run = await runBento(line, server, whole, people(200), {
				onError: 'continueErrorOutput',
			});
			expect(run.json(NODE, 0)).toHaveLength(199);
			expect(run.json(NODE, 1)).toEqual([
				expect.objectContaining({ n: 77, error: 'Bento rejected the subscriber' }),
			]);
		});

		it('names a nested field by its item, and quotes no key in the message', async () => {
			const nested = [{ email: 'p0@example.com', address: { city: 'Oslo' } }];
			const run = await runBento(line, server, whole, nested);
			expect(run.error?.message).toBe(
				"'Input Item' must be text, a number, or true or false. Bento keeps fields flat. The subscriber wasn't sent",
			);
			expect(descriptionOf(run.error)).toContain("'Input Item > address'");
			expect(server.requests).toEqual([]);
		});

		it('repeats a batch after a lost response without a hint about duplicates, as there are none', async () => {
			server.failNext({ kind: 'resetAfter' });
			const run = await runBento(line, server, whole, people(2));
			expect(run.error).toBeUndefined();
			expect(server.requests).toHaveLength(2);
			const hints = JSON.stringify(run.of(NODE)[0]?.hints);
			expect(hints).toContain('2 of 2 subscribers accepted (1 batch, 2 requests, 1 retry');
			expect(hints).not.toContain('twice');
		});

		it('takes lists of tags', async () => {
			const items = [{ email: 'p0@example.com', tags: ['a', 'b'], remove_tags: 'trial, c' }];
			await runBento(line, server, whole, items);
			expect(server.requests[0]?.body).toEqual({
				subscribers: [{ email: 'p0@example.com', tags: 'a,b', remove_tags: 'trial,c' }],
			});
		});
	});

	describe('with emails', () => {
		const send = operation('email', 'send', {
			confirm: true,
			toEmail: '={{ $json.email }}',
			from: located('hello@example.com'),
			subject: 'Receipt',
			content: '<p>Hi</p>',
			options: { perMinute: 60_000 },
		});

		it('puts up to sixty into a request', async () => {
			const run = await runBento(line, server, send, people(130));
			expect(run.error).toBeUndefined();
			const sizes = server.requests.map(({ body }) => JSON.parse(JSON.stringify(body)) as unknown);
			expect(sizes.map((body) => (body as { emails: unknown[] }).emails.length)).toEqual([
				60, 60, 10,
			]);
		});

		it('keeps the pace', async () => {
			const paced = { ...send, options: { batchSize: 5, perMinute: 3000 } };
			await runBento(line, server, paced, people(15));
			const [first, second, third] = server.requests.map(({ at }) => at);
			expect((second ?? 0) - (first ?? 0)).toBeGreaterThanOrEqual(95);
			expect((third ?? 0) - (second ?? 0)).toBeGreaterThanOrEqual(95);
		});

		it('sends none twice when Bento fails', async () => {
			server.failNext({ kind: 'status', status: 502 });
			const run = await runBento(line, server, send, people(3));
			expect(server.requests).toHaveLength(1);
			expect(run.error?.message).toContain('Bento is currently unavailable');
			expect(descriptionOf(run.error)).toContain('Not retried to avoid duplicates');
		});

		it('says which sender may not send', async () => {
			const stranger = { ...send, from: located('stranger@example.com', 'email') };
			const run = await runBento(line, server, stranger, people(2));
			expect(descriptionOf(run.error)).toContain('Author not authorized to send');
			expect(server.requests).toHaveLength(1);
		});
	});

	describe('with Retry On Fail', () => {
		const create = operation('broadcast', 'create', {
			broadcastName: '={{ $json.email }}',
			subject: 'Hi',
			from: located('hello@example.com'),
			content: 'Hi',
			options: { maxAttempts: 1, maxParallelRequests: 1 },
		});
		const retry = { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 };

		it('repeats only the calls that failed', async () => {
			server.failNext(undefined, { kind: 'status', status: 503 });
			const run = await runBento(line, server, create, people(3), retry);
			expect(run.error).toBeUndefined();
			expect(run.json(NODE).map(({ name }) => name)).toEqual([
				'p0@example.com',
				'p1@example.com',
				'p2@example.com',
			]);
			const drafts = server.state.broadcasts.filter(({ name }) => name.startsWith('p'));
			expect(drafts).toHaveLength(3);
		});

		it('does not repeat what Bento may have', async () => {
			server.failNext({ kind: 'resetAfter' });
			const run = await runBento(line, server, create, people(1), retry);
			expect(run.error?.message).toContain("It wasn't sent again, because Bento may have it");
			expect(server.requests).toHaveLength(1);
		});

		it('asks again if only a look-up was lost', async () => {
			const remove = operation('tag', 'delete', {
				tag: located('trial'),
				confirm: true,
				options: { maxAttempts: 1 },
			});
			server.failNext({ kind: 'resetAfter' });
			const run = await runBento(line, server, remove, [{}], retry);
			expect(run.error).toBeUndefined();
			expect(run.json(NODE)).toEqual([
				{ deleted: true, id: '3', name: 'trial', message: expect.any(String) as unknown },
			]);
		});

		it('remembers nothing from one run of the node to the next', async () => {
			server.failNext(undefined, { kind: 'status', status: 503 });
			const pass = (name: string) => ({ name, type: 'test.pass', parameters: {} });
			const to = (...names: string[]) => ({
				main: [names.map((node) => ({ node, type: 'main' as const, index: 0 }))],
			});
			const node = { name: NODE, type: 'bento', parameters: create };
			const run = await runWorkflow(line, {
				nodes: [pass('One'), pass('Two'), { ...node, onError: 'continueRegularOutput' }],
				connections: { Start: to('One', 'Two'), One: to(NODE), Two: to(NODE) },
				items: people(2),
				credentials: { bentoApi: server.credentials },
			});
			expect(run.of(NODE)).toHaveLength(2);
			expect(server.requests).toHaveLength(4);
		});
	});

	describe('with tags to delete', () => {
		const remove = (tag: string) =>
			operation('tag', 'delete', { tag: located(tag, 'name'), confirm: true });

		it('leaves a deleted tag alone, which a repeat would bring back', async () => {
			await runBento(line, server, remove('trial'));
			const again = await runBento(line, server, remove('trial'));
			expect(again.json(NODE)).toEqual([
				{ deleted: true, id: '3', name: 'trial', message: 'Was already deleted' },
			]);
			expect(server.requests.filter(({ method }) => method === 'DELETE')).toHaveLength(1);
		});

		it('knows them by their ID too, and says when there is none', async () => {
			expect((await runBento(line, server, remove('2'))).json(NODE)).toEqual([
				{ deleted: true, id: '2', name: 'newsletter', message: expect.any(String) as unknown },
			]);
			const run = await runBento(line, server, remove('nothing'));
			expect(run.error?.message).toContain('Bento has no such tag');
		});
	});

	describe('with broadcasts of any status', () => {
		const any = operation('broadcast', 'getAll', { status: 'any', returnAll: true });

		it('asks for one status after the other, and no further than the limit', async () => {
			const run = await runBento(line, server, any);
			expect(run.json(NODE).map(({ id }) => id)).toEqual(['42', '43', '41']);
			server.requests.length = 0;
			const limited = await runBento(line, server, { ...any, returnAll: false, limit: 1 });
			expect(limited.json(NODE).map(({ id }) => id)).toEqual(['42']);
			expect(server.requests).toHaveLength(1);
		});

		it.each([
			'2026-11-01T00:00:00',
			"={{ DateTime.fromISO('2026-11-01T08:00:00Z') }}",
			"={{ DateTime.fromISO('2026-11-01T08:00:00Z').toJSDate() }}",
			"={{ DateTime.fromISO('2026-11-01T08:00:00Z').toISO() }}",
			"={{ '2026-11-01' }}",
		])('sends the day of any date that n8n gives: %s', async (createdAfter) => {
			const filters = { createdAfter };
			await runBento(line, server, operation('broadcast', 'getAll', { filters }));
			expect(server.requests[0]?.query.created_after).toBe('2026-11-01');
		});

		it('returns each once if Bento ignores the status', async () => {
			const page = { data: [{ id: 1, attributes: { name: 'One' } }] };
			server.failWhen(() => ({ kind: 'wrongJson', body: page }));
			expect((await runBento(line, server, any)).json(NODE)).toEqual([{ id: 1, name: 'One' }]);
		});
	});

	describe('with new subscribers', () => {
		const create = operation('subscriber', 'create', {
			email: 'lee@example.net',
			customFields: { assignments: [{ id: '1', name: 'seats', value: 5, type: 'number' }] },
			additionalFields: { first_name: 'Lee', tags: 'vip, customer' },
		});

		it('imports fields, names, and tags by a second request, and returns the subscriber', async () => {
			const run = await runBento(line, server, create);
			expect(server.requests.map(({ path }) => path.slice(7))).toEqual([
				'/fetch/subscribers',
				'/batch/subscribers',
			]);
			expect(server.requests[1]?.body).toEqual({
				subscribers: [
					{ seats: 5, first_name: 'Lee', tags: 'vip,customer', email: 'lee@example.net' },
				],
			});
			expect(run.json(NODE)).toEqual([
				expect.objectContaining({ email: 'lee@example.net', id: expect.any(String) as unknown }),
			]);
		});

		it('says so when the subscriber was created and the rest failed', async () => {
			server.failRecords((_record, wrapper) => wrapper === 'subscribers');
			const run = await runBento(line, server, create, [{}], { onError: 'continueErrorOutput' });
			expect(run.json(NODE, 1)).toEqual([
				expect.objectContaining({
					message: expect.stringContaining('The subscriber was created, but') as string,
				}),
			]);
		});
	});

	it('asks for a switch on every API call but GET', async () => {
		for (const method of ['DELETE', 'PATCH', 'POST', 'PUT']) {
			const call = operation('apiCall', 'make', { method, path: '/fetch/tags', confirm: false });
			const run = await runBento(line, server, call, [{}], { onError: 'continueErrorOutput' });
			expect(JSON.stringify(run.json(NODE, 1))).toContain("'Confirm Call'");
		}
		expect(server.requests).toEqual([]);
	});

	it('says what to do about a switch that is off', async () => {
		const parameters = { email: 'ada.byron@example.com', confirm: false };
		const run = await runBento(line, server, operation('subscriber', 'deleteData', parameters));
		expect(run.error?.message).toBe("'Confirm Deletion' is off. The request wasn't sent");
		expect(descriptionOf(run.error)).toMatch(/^Turn it on in the panel\. Code: INVALID_INPUT/);
	});

	it('takes no expression for what the builder has to decide', async () => {
		const on = '={{ true }}';
		const email = {
			toEmail: 'ada.byron@example.com',
			from: located('hello@example.com'),
			subject: 'Receipt',
			content: 'Hi',
			additionalFields: { transactional: on },
		};
		const settings = { onError: 'continueErrorOutput' } as const;
		const send = operation('email', 'send', { ...email, confirm: on });
		const refused = await runBento(line, server, send, [{}], settings);
		expect(JSON.stringify(refused.json(NODE, 1))).toContain("'Confirm Sending'");
		const make = { path: '/fetch/tags', method: "={{ 'DELETE' }}", confirm: on };
		const unmade = await runBento(line, server, operation('apiCall', 'make', make), [{}], settings);
		expect(JSON.stringify(unmade.json(NODE, 1))).toContain("'Method'");
		expect(server.requests).toEqual([]);
		const sent = operation('email', 'send', { ...email, confirm: true });
		const refusedToo = await runBento(line, server, sent, [{}], settings);
		expect(JSON.stringify(refusedToo.json(NODE, 1))).toContain("'Transactional'");
		expect(server.state.emails).toEqual([]);
	});

	it('sends a broadcast immediately without a time', async () => {
		const before = Date.now();
		const send = operation('broadcast', 'schedule', {
			confirm: true,
			audience: 'everyone',
			broadcastName: 'News',
			subject: 'Hi',
			from: located('hello@example.com'),
			content: 'Hi',
		});
		await runBento(line, server, send);
		const sendAt = Date.parse(server.state.broadcasts.at(-1)?.sendAt ?? '');
		expect(sendAt).toBeGreaterThanOrEqual(before);
		expect(sendAt).toBeLessThanOrEqual(Date.now());
	});

	describe('with API calls', () => {
		const call = (more: INodeParameters) => operation('apiCall', 'make', more);

		it('returns every entry of a list as an item', async () => {
			server.failNext({ kind: 'wrongJson', body: [{ a: 1 }, 'b', [3]] });
			const run = await runBento(line, server, call({ path: '/fetch/anything' }));
			expect(run.json(NODE)).toEqual([{ a: 1 }, { data: 'b' }, { data: '[3]' }]);
		});

		it('repeats a write only when the builder calls that safe', async () => {
			const write = {
				method: 'POST',
				confirm: true,
				path: '/fetch/tags',
				body: '{"tag":{"name":"x"}}',
			};
			server.failNext({ kind: 'resetAfter' });
			await runBento(line, server, call(write));
			expect(server.requests).toHaveLength(1);
			server.reset();
			server.failNext({ kind: 'resetAfter' });
			const run = await runBento(line, server, call({ ...write, repeatIsSafe: true }));
			expect(run.error).toBeUndefined();
			expect(server.requests).toHaveLength(2);
		});

		it('cannot be aimed at another site', async () => {
			const run = await runBento(
				line,
				server,
				call({ path: '/fetch/tags', query: '{"site_uuid": "other"}' }),
			);
			expect(run.error).toBeUndefined();
			expect(server.requests[0]?.query.site_uuid).toBe(server.credentials.siteUuid);
		});

		it('treats an error in a 2xx as an error', async () => {
			server.failNext({ kind: 'wrongJson', body: { error: 'Nope' } });
			const run = await runBento(line, server, call({ path: '/fetch/tags' }));
			expect(run.error?.message).toContain('Bento rejected the data');
			expect(descriptionOf(run.error)).toContain('Nope');
		});
	});

	describe('that can’t run at all', () => {
		it.each([
			['subscriber', 'get'],
			['subscriber', 'subscribe'],
		])(
			'fails every item under Continue: no usable credential for %s > %s',
			async (resource, name) => {
				const unusable = { ...server, credentials: { ...server.credentials, secretKey: '' } };
				const run = await runBento(
					line,
					unusable,
					operation(resource, name, { email: '={{ $json.email }}' }),
					people(2),
					{ onError: 'continueErrorOutput' },
				);
				expect(run.json(NODE, 0)).toEqual([]);
				expect(run.json(NODE, 1)).toHaveLength(2);
			},
		);

		it('fails every item under Continue: no such operation', async () => {
			const settings = { onError: 'continueErrorOutput' } as const;
			const run = await runBento(line, server, operation('tag', 'fly'), people(2), settings);
			expect(run.json(NODE, 0)).toEqual([]);
			expect(run.json(NODE, 1)).toHaveLength(2);
		});

		it('fails the item whose options fail', async () => {
			const settings = { onError: 'continueErrorOutput' } as const;
			const options = { maxAttempts: "={{ $('Nowhere').first().json.n }}" };
			const run = await runBento(
				line,
				server,
				operation('tag', 'getAll', { options }),
				people(1),
				settings,
			);
			expect(run.json(NODE, 0)).toEqual([]);
			expect(run.json(NODE, 1)).toEqual([
				expect.objectContaining({
					error: expect.stringContaining("'Max Attempts' has an expression") as unknown,
				}),
			]);
		});
	});

	it('never lets a key or a secret out', async () => {
		server.failWhen(() => ({ kind: 'status', status: 500, body: { error: 'Oh' } }));
		const run = await runBento(line, server, operation('tag', 'create', { tagName: 'x' }));
		const everything = JSON.stringify([run.run, run.error, descriptionOf(run.error)]);
		for (const key of [server.credentials.secretKey, server.credentials.publishableKey]) {
			expect(everything).not.toContain(key);
			expect(everything).not.toContain(Buffer.from(key).toString('base64').slice(0, 10));
		}
	});
});
