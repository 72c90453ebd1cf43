import type { IDataObject, NodeParameterValue, NodeParameterValueType } from 'n8n-workflow';
import { hintsOf, NODE, people, workflowsOn } from '../support/engine/bento';
import type { Fault } from '../bentoServer';
import { LINE_NAMES } from '../support/engine/packages';
import { retryRun, runWorkflow, type TestNode } from '../support/engine/run';
import { toolOf } from '../support/engine/tool';
import { useBento } from '../support/useBento';

const BUSY: Fault = { kind: 'status', status: 503 };

const server = useBento();

const workflow = workflowsOn(server);

const tracking = (
	parameters: TestNode['parameters'],
	items: readonly IDataObject[],
	settings: Partial<TestNode> = {},
) =>
	workflow(
		'bentoTrackEvent',
		{ email: '={{ $json.email }}', eventType: 'x', ...parameters },
		items,
		settings,
	);

const emails = () => server.events.map(({ email }) => email);
const rows = (
	...assignments: ReadonlyArray<readonly [string, NodeParameterValue, string]>
): NodeParameterValueType => ({
	assignments: assignments.map(([name, value, type], id) => ({
		id: String(id),
		name,
		value,
		type,
	})),
});

describe.each(LINE_NAMES)('on engine %s', (line) => {
	describe('an expression that throws', () => {
		const when = [
			{ email: 'a@b.co', when: '2026-11-20T08:30:00Z' },
			{ email: 'c@d.ef', when: 'soon' },
			{ email: 'g@h.ij', when: '2026-11-21T08:30:00Z' },
		];
		const DATE = { date: '={{ $json.when.toDateTime() }}' };

		it('fails its item alone under Continue (using error output)', async () => {
			const run = await runWorkflow(line, tracking(DATE, when, { onError: 'continueErrorOutput' }));
			expect(emails()).toEqual(['a@b.co', 'g@h.ij']);
			expect(run.json(NODE, 0).map(({ status }) => status)).toEqual(['accepted', 'accepted']);
			expect(run.json(NODE, 1)).toEqual([
				{
					...when[1],
					error: "'Date' has an expression that n8n can't evaluate",
					message: expect.stringContaining('n8n says: ') as string,
				},
			]);
			expect(hintsOf(run)[0]).toMatch(/^2 of 3 events accepted, 1 not sent \(1 batch,/);
		});

		it('ends the run before anything is sent, and names field and item', async () => {
			const run = await runWorkflow(line, tracking(DATE, when));
			expect(server.requests).toHaveLength(0);
			expect(run.error).toMatchObject({
				message: "'Date' has an expression that n8n can't evaluate. None of the 3 events was sent",
				description: expect.stringMatching(/^Item 1: n8n says: /) as string,
				context: expect.objectContaining({ itemIndex: 1 }) as object,
			});
		});

		it.each([
			['email', "={{ $('Nope').item.json.email }}"],
			['eventType', '={{ $json.( }}'],
			['detailsJson', "={{ $('Nope').all() }}"],
			['fieldsJson', '={{ $json.email.toDateTime() }}'],
			['options', { batchSize: "={{ $('Nope').first().json.size }}" }],
			['additionalFields', { uniqueKey: '={{ $json.email.toDateTime() }}' }],
		])('in %s of Track Event', async (name, value) => {
			const modes = { detailsMode: 'json', fieldsMode: 'json' };
			const parameters = { ...modes, [name]: value } as TestNode['parameters'];
			const settings = { onError: 'continueErrorOutput' } as const;
			const run = await runWorkflow(line, tracking(parameters, people(2), settings));
			expect(run.json(NODE, 0)).toEqual([]);
			expect(run.json(NODE, 1).map(({ error }) => error)).toEqual(
				Array.from({ length: 2 }, () => expect.stringContaining("n8n can't evaluate") as string),
			);
			expect(server.requests).toHaveLength(0);
		});

		it.each([
			{
				resource: 'subscriber',
				operation: 'addTag',
				tag: 'x',
				email: "={{ $('Nope').item.json.a }}",
			},
			{
				resource: 'subscriber',
				operation: 'get',
				lookUpBy: 'email',
				email: '={{ $json.email.toDateTime() }}',
			},
			{
				resource: 'tag',
				operation: 'getAll',
				options: { timeout: "={{ $('Nope').item.json.a }}" },
			},
		])('in the Bento node: $resource > $operation', async (parameters) => {
			const settings = { onError: 'continueErrorOutput' } as const;
			const run = await runWorkflow(line, workflow('bento', parameters, people(2), settings));
			expect(run.json(NODE, 0)).toEqual([]);
			expect(run.json(NODE, 1)).toHaveLength(2);
			expect(server.requests).toHaveLength(0);
		});

		it('in place of the operation is not an operation', async () => {
			const settings = { onError: 'continueErrorOutput' } as const;
			const parameters = { operation: "={{ $('Nope').item.json.a }}" };
			const run = await runWorkflow(line, tracking(parameters, people(1), settings));
			expect(run.json(NODE, 0)).toEqual([]);
			expect(run.json(NODE, 1)).toEqual([
				expect.objectContaining({ error: "There is no such 'Operation'" }),
			]);
		});
	});

	describe('errors and hints', () => {
		const items = [{}, { email: 'nonsense', date: 'soon' }, {}, { email: 'a@b.co' }];

		it('name the items of each problem, and tell all problems of an item', async () => {
			const run = await runWorkflow(line, tracking({ date: '={{ $json.date }}' }, items));
			expect(run.error?.message).toBe(
				"'Email' is missing [Items 0, 2]. None of the 4 events was sent",
			);
			const description = String((run.error as { description?: string }).description);
			expect(description).toMatch(
				/^\[Items 0, 2\] 'Email' is missing\. \[Item 1\] 'Email' isn't a valid email address.*\[Item 1\] 'Date' isn't a date.*DateTime\.fromFormat\(\)/,
			);
			expect(description).not.toContain('\n');
			expect(description.match(/Correct the value/g)).toHaveLength(1);
			expect(description).toMatch(
				/\. n8n counts items from 0\. Code: INVALID_INPUT, not received$/,
			);
		});

		it('are there when all failed, and count no request if none was sent', async () => {
			const run = await runWorkflow(
				line,
				tracking({}, [{}, {}], { onError: 'continueRegularOutput' }),
			);
			expect(hintsOf(run)).toEqual(['None of the 2 events can be sent. Nothing was sent']);
			server.reset();
			const refused = { ...server.credentials, secretKey: 'sk_not_this_one' };
			const all = await runWorkflow(line, {
				...tracking({}, people(2), { onError: 'continueRegularOutput' }),
				credentials: { bentoApi: refused },
			});
			expect(hintsOf(all)[0]).toMatch(/^0 of 2 events accepted, 2 failed \(1 batch, 1 request,/);
		});

		it('are there in a dry run', async () => {
			const run = await runWorkflow(
				line,
				tracking({ options: { dryRun: true } }, [...people(2), {}], {
					onError: 'continueRegularOutput',
				}),
			);
			expect(hintsOf(run)).toEqual(['Dry run: 2 of 3 events can be sent. Nothing was sent']);
		});

		it('speak of one event as one', async () => {
			server.failNext({ kind: 'status', status: 403 });
			const run = await runWorkflow(line, tracking({}, people(1)));
			expect(run.error?.message).toMatch(/\. 0 of 1 event was accepted$/);
		});
	});

	it('keeps its account true with an item that refers to itself', async () => {
		const circular: IDataObject = { email: 'p9@example.com' };
		circular.self = circular;
		const items = [
			...people(3),
			circular,
			{ email: 'xp0@example.com' },
			{ email: 'xp1@example.com' },
		];
		for (const onError of ['stopWorkflow', 'continueRegularOutput'] as const) {
			server.reset();
			server.failWhen(({ bodyText }) => (bodyText.includes('xp1@') ? BUSY : undefined));
			const options = { batchSize: 1, maxParallelBatches: 1, maxAttempts: 1 };
			const run = await runWorkflow(line, tracking({ options }, items, { onError }));
			expect(server.events).toHaveLength(5);
			if (onError === 'stopWorkflow') {
				expect(run.error?.message).toMatch(/\. 5 of 6 events were accepted$/);
			} else {
				expect(run.json(NODE).map(({ status }) => status ?? 'failed')).toEqual([
					...Array.from({ length: 5 }, () => 'accepted'),
					'failed',
				]);
			}
		}
	});

	describe('as a tool of an AI agent', () => {
		it('takes an address from the customer, not from an argument of the agent', async () => {
			const options = tracking({ eventType: "={{ $fromAI('email', '', 'string') }}" }, [
				{ email: 'customer@example.com' },
			]);
			const tool = await toolOf(line, options);
			await tool.call({ email: 'attacker@example.com' });
			expect(server.events).toEqual([
				expect.objectContaining({ email: 'customer@example.com', type: 'attacker@example.com' }),
			]);
		});

		it.each([0, 1])(
			'does not repeat an email that Bento may have (with Continue: %s)',
			async (goesOn) => {
				server.failWhen(() => ({ kind: 'resetAfter' }));
				const email = {
					resource: 'email',
					operation: 'send',
					confirm: true,
					toEmail: '={{ $json.email }}',
					from: { __rl: true, mode: 'email', value: 'hello@example.com' },
					subject: "={{ $fromAI('subject', '', 'string') }}",
					content: 'Hi',
				};
				const settings: Partial<TestNode> = {
					retryOnFail: true,
					maxTries: 3,
					waitBetweenTries: 0,
					...(goesOn && { onError: 'continueRegularOutput' }),
				};
				const tool = await toolOf(
					line,
					workflow('bento', email, [{ email: 'customer@example.com' }], settings),
				);
				await Promise.allSettled([tool.call({ subject: 'Hello' })]);
				expect(server.requests).toHaveLength(1);
			},
		);

		it('lets only the panel confirm', async () => {
			for (const confirm of [
				"={{ $fromAI('confirm', '', 'boolean') }}",
				'={{ true }}',
				'true',
				1,
			]) {
				const email = { resource: 'email', operation: 'send', confirm, toEmail: 'a@b.co' };
				const tool = await toolOf(line, workflow('bento', email, [{}]));
				await expect(tool.call({ confirm: true })).rejects.toThrow(/'Confirm Sending'/);
			}
			expect(server.requests).toHaveLength(0);
		});
	});

	describe('Retry in the list of executions', () => {
		const start = { batchSize: 10, maxParallelBatches: 1, maxAttempts: 1 };

		it.each([
			['Max Attempts', { ...start, maxAttempts: 3 }],
			['Batch Size', { ...start, batchSize: 7 }],
			['Max Parallel Batches', { ...start, maxParallelBatches: 5 }],
		])('sends only the rest after a change of %s', async (_name, changed) => {
			server.failNext(undefined, BUSY);
			const failed = await runWorkflow(line, tracking({ options: start }, people(20)));
			expect(server.events).toHaveLength(10);
			const run = await retryRun(line, failed.run, tracking({ options: changed }, people(20)));
			expect(run.error).toBeUndefined();
			expect(server.events).toHaveLength(20);
			expect(new Set(emails()).size).toBe(20);
			expect(run.json(NODE)).toHaveLength(20);
		});

		it('sends everything after a change of content', async () => {
			server.failNext(undefined, BUSY);
			const failed = await runWorkflow(line, tracking({ options: start }, people(20)));
			const other = tracking({ eventType: 'y', options: start }, people(20));
			const run = await retryRun(line, failed.run, other);
			expect(run.error).toBeUndefined();
			expect(server.events).toHaveLength(30);
		});

		it('returns what a single call returned, and does not make it again', async () => {
			const draft = {
				resource: 'tag',
				operation: 'create',
				tagName: '={{ $json.name }}',
				options: { maxAttempts: 1, maxParallelRequests: 1 },
			};
			const items = [{ name: 'one' }, { name: 'two' }];
			server.failNext(undefined, BUSY);
			const failed = await runWorkflow(line, workflow('bento', draft, items));
			expect(failed.error).toBeDefined();
			const again = { ...draft, simplify: false, options: { maxAttempts: 2 } };
			const run = await retryRun(line, failed.run, workflow('bento', again, items));
			expect(run.json(NODE)).toHaveLength(2);
			expect(server.requests).toHaveLength(3);
		});
	});

	describe('counts of failures', () => {
		it('of a whole batch fail all of its items', async () => {
			server.failNext({ kind: 'partial', failed: 3 });
			const run = await runWorkflow(
				line,
				tracking({}, people(3), { onError: 'continueErrorOutput' }),
			);
			expect(run.json(NODE, 0)).toEqual([]);
			expect(run.json(NODE, 1)).toHaveLength(3);
		});

		it.each([
			['continue', 'unconfirmed'],
			['fail', undefined],
		])('of some, with If Unconfirmed: %s', async (ifUnconfirmed, status) => {
			server.failNext({ kind: 'partial', failed: 1 });
			const run = await runWorkflow(
				line,
				tracking({ options: { ifUnconfirmed } }, people(3), { onError: 'continueRegularOutput' }),
			);
			expect(run.json(NODE).map((json) => json.status)).toEqual([status, status, status]);
			expect(server.requests).toHaveLength(1);
		});
	});

	describe('values that people have', () => {
		async function sent(parameters: TestNode['parameters'], item: IDataObject = {}, zone = 'UTC') {
			server.reset();
			const all = { email: 'a@b.co', eventType: 'x', ...parameters };
			const run = await runWorkflow(line, {
				...workflow('bentoTrackEvent', all, [item]),
				timezone: zone,
			});
			if (run.error) throw new Error(run.error.message);
			const body = server.requests[0]?.body as { events: Array<Record<string, unknown>> };
			return { event: body.events[0] ?? {}, hints: hintsOf(run) };
		}

		it('a numeric tag is text, and several tags are never one', async () => {
			const { event } = await sent({ operation: 'addTag', tag: '={{ 2026 }}' });
			expect(event).toMatchObject({ type: '$tag', details: { tag: '2026' } });
			for (const tag of ['vip, beta', '={{ ["vip", "beta"] }}']) {
				await expect(sent({ operation: 'addTag', tag })).rejects.toThrow(
					/^'Tag' contains several tags.*Split Out/,
				);
				const bento = { resource: 'subscriber', operation: 'addTag', email: 'a@b.co', tag };
				const run = await runWorkflow(line, workflow('bento', bento, [{}]));
				expect(run.error?.message).toMatch(/^'Tag' contains several tags/);
			}
		});

		it('dragged rows lose the path in their names', async () => {
			const { event } = await sent({
				fields: rows(['person.first_name', 'Ada', 'string']),
				details: rows(['details.plan', 'team', 'string'], ['source.system', 'crm', 'string']),
			});
			expect(event).toMatchObject({
				fields: { first_name: 'Ada' },
				details: { plan: 'team', source: { system: 'crm' } },
			});
			const clash = rows(['a.name', 'x', 'string'], ['b.name', 'y', 'string']);
			await expect(sent({ fields: clash })).rejects.toThrow(/^'Custom Fields' can't be used/);
			const json = await sent({ fieldsMode: 'json', fieldsJson: '{"plan.name": "team"}' });
			expect(json.event.fields).toEqual({ 'plan.name': 'team' });
		});

		it('an empty cell is missing, and never 0 or false', async () => {
			const { event } = await sent({
				fields: rows(
					['n', '', 'number'],
					['b', '', 'boolean'],
					['t', '', 'string'],
					['k', null, 'number'],
				),
			});
			expect(event.fields).toEqual({ t: '' });
		});

		it('money: no noise, and no guess about the unit', async () => {
			const purchase = { operation: 'trackPurchase', uniqueKey: 'K', currency: 'USD' };
			const { event } = await sent({ ...purchase, amount: '={{ 1.1 * 3 }}', amountUnit: 'major' });
			expect(event.details).toMatchObject({ value: { amount: 330 } });
			await expect(sent({ ...purchase, amount: 49 })).rejects.toThrow(
				/Amount Is In|has issues|issues/,
			);
		});

		it('a date without a time is that day in the zone of the workflow', async () => {
			const { event } = await sent({ date: '2026-11-20' }, {}, 'America/New_York');
			expect(event.date).toBe('2026-11-20T05:00:00.000Z');
		});

		it('a unique key for any event', async () => {
			const { event } = await sent({ additionalFields: { uniqueKey: 'BOOK-1' } });
			expect(event.details).toEqual({ unique: { key: 'BOOK-1' } });
		});

		it('whole events from a spreadsheet', async () => {
			const { event, hints } = await sent(
				{ inputMode: 'eventObjects' },
				{
					type: 'x',
					email: 'a@b.co',
					details: '{"cart": [{"sku": 1}]}',
					'details.plan.name': 'team',
					'fields.city': 'Rome',
					'fields.zip': '',
					fields: { picks: ['a', 'b'] },
					source: 'csv',
				},
			);
			expect(event).toEqual({
				type: 'x',
				email: 'a@b.co',
				details: { cart: { items: [{ sku: 1 }] }, plan: { name: 'team' } },
				fields: { picks: 'a, b', city: 'Rome' },
			});
			expect(hints.join()).toContain('not sent: source');
			expect(hints.join()).toContain('lists were joined with commas: picks');
		});

		it.each([
			[
				{ mappingMode: 'defineBelow', value: { plan: '={{ $json.p }}', zip: null } },
				{ plan: 'team' },
			],
			// n8n marks every field that wasn't added by hand as removed.
			[
				{ mappingMode: 'autoMapInputData', value: null },
				{ city: 'Rome', old: 1 },
			],
		])('fields mapped onto the account’s own: %j', async (mapping, fields) => {
			const schema = [{ id: 'plan' }, { id: 'city' }, { id: 'zip' }, { id: 'old', removed: true }];
			const fieldsMap = { ...mapping, schema } as NodeParameterValueType;
			const item = { p: 'team', city: 'Rome', zip: '', old: 1, other: 2 };
			const { event } = await sent({ fieldsMode: 'account', fieldsMap }, item);
			expect(event.fields).toEqual(fields);
			server.reset();
			const parameters = { resource: 'subscriber', operation: 'createOrUpdate', email: 'a@b.co' };
			const all = { ...parameters, customFieldsMode: 'account', customFieldsMap: fieldsMap };
			const run = await runWorkflow(line, workflow('bento', all, [item]));
			expect(run.error).toBeUndefined();
			expect(server.requests[0]?.body).toEqual({ subscribers: [{ email: 'a@b.co', ...fields }] });
		});

		it('a multi-select in the whole item is joined', async () => {
			const { event, hints } = await sent({ fieldsMode: 'wholeItem' }, { picks: ['a', 'b'], n: 1 });
			expect(event.fields).toEqual({ picks: 'a, b', n: 1 });
			expect(hints.join()).toContain('joined with commas');
		});
	});

	it('a workflow stored without a resource runs', async () => {
		const run = await runWorkflow(
			line,
			workflow('bentoTrackEvent', { operation: 'removeTag', email: 'a@b.co', tag: 'old' }, [{}]),
		);
		expect(run.error).toBeUndefined();
		expect(server.events).toEqual([expect.objectContaining({ type: '$remove_tag' })]);
	});
});
