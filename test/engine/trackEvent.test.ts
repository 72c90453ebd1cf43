import type { IDataObject } from 'n8n-workflow';
import { LINE_NAMES } from '../support/engine/packages';
import { runWorkflow, type RunOptions, type TestNode } from '../support/engine/run';
import { useBento } from '../support/useBento';

const NODE = 'Bento Track Event';

const server = useBento();

/** A Track Event node after Start, with the stand-in's credential. */
function tracking(
	parameters: TestNode['parameters'],
	items: readonly IDataObject[],
	settings: Partial<TestNode> = {},
): RunOptions {
	return {
		nodes: [{ name: NODE, type: 'bentoTrackEvent', parameters, ...settings }],
		items,
		credentials: { bentoApi: server.credentials },
	};
}

const people = (count: number): IDataObject[] =>
	Array.from({ length: count }, (_, index) => ({ email: `p${index}@example.com`, n: index }));

const SIMPLE = { email: '={{ $json.email }}', eventType: 'signed_up' };
const FAST = { firstWait: 1, longestWait: 5 };

describe.each(LINE_NAMES)('Bento Track Event on engine %s', (line) => {
	describe('with three fields filled in', () => {
		it('delivers and says what became of each item', async () => {
			const run = await runWorkflow(line, tracking(SIMPLE, people(2)));
			expect(run.error).toBeUndefined();
			expect(server.events).toEqual([
				{ type: 'signed_up', email: 'p0@example.com', via: 'api' },
				{ type: 'signed_up', email: 'p1@example.com', via: 'api' },
			]);
			expect(run.items(NODE)).toEqual([
				expect.objectContaining({
					json: {
						status: 'accepted',
						batch: 1,
						attempts: 1,
						email: 'p0@example.com',
						type: 'signed_up',
					},
					pairedItem: { item: 0 },
				}),
				expect.objectContaining({ pairedItem: { item: 1 } }),
			]);
		});

		it('adds one sentence about the run', async () => {
			server.failNext({ kind: 'status', status: 503 });
			const run = await runWorkflow(line, tracking({ ...SIMPLE, options: FAST }, people(3)));
			const [hint] = run.of(NODE)[0]?.hints ?? [];
			expect(hint?.message).toMatch(
				/^3 of 3 events accepted \(1 batch, 2 requests, 1 retry, \d+\.\d s\)$/,
			);
		});
	});

	it.each([
		[1, 1],
		[1000, 1],
		[1001, 2],
		[3000, 3],
	])('sends %d items in %d requests, in order, one output each', async (count, requests) => {
		const run = await runWorkflow(line, tracking(SIMPLE, people(count)));
		expect(server.requests).toHaveLength(requests);
		expect(server.events).toHaveLength(count);
		expect(new Set(server.events.map(({ email }) => email)).size).toBe(count);
		const items = run.items(NODE);
		expect(items).toHaveLength(count);
		expect(items.every(({ pairedItem }, index) => isPairedTo(pairedItem, index))).toBe(true);
		expect(items.at(-1)?.json).toMatchObject({
			email: `p${count - 1}@example.com`,
			batch: requests,
		});
	});

	it('still delivers exactly 3,000 despite a 429 and a 503', async () => {
		server.failNext(undefined, { kind: 'status', status: 429, retryAfter: '0' }, undefined, {
			kind: 'status',
			status: 503,
		});
		const options = { ...FAST, batchSize: 300, maxParallelBatches: 10 };
		const run = await runWorkflow(line, tracking({ ...SIMPLE, options }, people(3_000)));
		expect(run.error).toBeUndefined();
		expect(server.events).toHaveLength(3_000);
		expect(new Set(server.events.map(({ email }) => email)).size).toBe(3_000);
		expect(server.requests).toHaveLength(12);
	});

	it('ends with an error that says what to check when a key is wrong', async () => {
		const wrong = { ...server.credentials, secretKey: 'sk_wrong' };
		const run = await runWorkflow(line, {
			...tracking(SIMPLE, people(3)),
			credentials: { bentoApi: wrong },
		});
		expect(run.error?.message).toBe(
			'Bento rejected the credentials [Items 0, 1, 2]. 0 of 3 events were accepted',
		);
		expect(run.error).toMatchObject({
			httpCode: '401',
			description: expect.stringContaining(
				"Check 'Publishable Key', 'Secret Key' and 'Site UUID'",
			) as string,
		});
		expect(server.requests).toHaveLength(1);
		expect(JSON.stringify(run.run)).not.toContain('sk_wrong');
	});

	it('says immediately which field of the credential is empty', async () => {
		const run = await runWorkflow(line, {
			...tracking(SIMPLE, people(1)),
			credentials: { bentoApi: { ...server.credentials, siteUuid: ' ' } },
		});
		expect(run.error?.message).toBe("'Site UUID' is missing in the Bento API credential");
	});

	it('fails every item under Continue: n8n would count a thrown error as success', async () => {
		const run = await runWorkflow(line, {
			...tracking(SIMPLE, people(2), { onError: 'continueErrorOutput' }),
			credentials: { bentoApi: { ...server.credentials, siteUuid: '' } },
		});
		expect(run.json(NODE, 0)).toEqual([]);
		expect(run.json(NODE, 1)).toEqual([
			expect.objectContaining({
				email: 'p0@example.com',
				error: "The Bento API credential can't be used",
				message: expect.stringMatching(
					/^'Site UUID' is missing in the Bento API credential\. Nothing was sent\. Code: CREDENTIALS/,
				) as string,
			}),
			expect.objectContaining({ email: 'p1@example.com' }),
		]);
		expect(server.requests).toHaveLength(0);
	});

	describe('an invalid item', () => {
		const items = [
			{ email: 'good@example.com' },
			{ email: 'nonsense' },
			{ email: 'fine@example.com' },
		];

		it('ends the run before anything is sent', async () => {
			const run = await runWorkflow(line, tracking(SIMPLE, items));
			expect(run.error?.message).toBe(
				"'Email' isn't a valid email address. Example: nathan@example.com. None of the 3 events was sent",
			);
			expect(server.requests).toHaveLength(0);
		});

		it('goes to the error branch with its input under Continue (using error output)', async () => {
			const run = await runWorkflow(
				line,
				tracking(SIMPLE, items, { onError: 'continueErrorOutput' }),
			);
			expect(run.json(NODE, 0).map(({ email }) => email)).toEqual([
				'good@example.com',
				'fine@example.com',
			]);
			expect(run.json(NODE, 1)).toEqual([
				{
					email: 'nonsense',
					error: "'Email' isn't a valid email address. Example: nathan@example.com",
					message: expect.stringContaining('Correct the value') as string,
				},
			]);
			expect(server.events).toHaveLength(2);
		});

		it('stays in its place under Continue, and says whom it is about', async () => {
			const run = await runWorkflow(
				line,
				tracking(SIMPLE, items, { onError: 'continueRegularOutput' }),
			);
			expect(run.json(NODE).map((json) => json.status ?? 'failed')).toEqual([
				'accepted',
				'failed',
				'accepted',
			]);
			expect(Object.keys(run.json(NODE)[1] ?? {})).toEqual([
				'email',
				'error',
				'message',
				'code',
				'httpStatus',
				'mayHaveArrived',
			]);
			expect(run.items(NODE)[1]?.pairedItem).toEqual({ item: 1 });
		});
	});

	describe('an event that Bento refuses', () => {
		beforeEach(() => server.refuseEvents(({ email }) => email === 'p7@example.com'));

		it('is isolated, the rest is delivered, and then the run fails', async () => {
			const run = await runWorkflow(line, tracking(SIMPLE, people(100)));
			expect(server.events).toHaveLength(99);
			expect(run.error?.message).toBe('Bento rejected the event. 99 of 100 events were accepted');
			expect(run.error).toMatchObject({
				httpCode: '422',
				context: expect.objectContaining({ itemIndex: 7 }) as object,
				description: expect.stringContaining("Bento's response: email is invalid") as string,
			});
		});

		it('alone goes to the error branch', async () => {
			const run = await runWorkflow(
				line,
				tracking(SIMPLE, people(100), { onError: 'continueErrorOutput' }),
			);
			expect(run.json(NODE, 0)).toHaveLength(99);
			expect(run.json(NODE, 1)).toEqual([
				expect.objectContaining({
					email: 'p7@example.com',
					n: 7,
					error: 'Bento rejected the event',
				}),
			]);
		});
	});

	it('says how many were accepted when it has to end midway', async () => {
		server.failWhen(({ bodyText }) =>
			bodyText.includes('"p3@') ? { kind: 'status', status: 503 } : undefined,
		);
		const options = { ...FAST, batchSize: 2, maxParallelBatches: 1, maxAttempts: 2 };
		const run = await runWorkflow(line, tracking({ ...SIMPLE, options }, people(6)));
		expect(run.error?.message).toBe(
			'Bento is currently unavailable [Items 2, 3]. 2 of 6 events were accepted',
		);
		expect(run.error).toMatchObject({
			description: expect.stringMatching(
				/\[Items 2, 3\] Bento is currently unavailable.*\[Items 4, 5\] The event wasn't sent because an earlier batch failed/,
			) as string,
		});
		expect(server.events).toHaveLength(2);
	});

	it('continues after such a batch under Continue', async () => {
		server.failWhen(({ bodyText }) =>
			bodyText.includes('"p3@') ? { kind: 'status', status: 503 } : undefined,
		);
		const options = { ...FAST, batchSize: 2, maxAttempts: 2 };
		const run = await runWorkflow(
			line,
			tracking({ ...SIMPLE, options }, people(6), { onError: 'continueRegularOutput' }),
		);
		expect(run.json(NODE).map((json) => json.status ?? json.error)).toEqual([
			'accepted',
			'accepted',
			'Bento is currently unavailable',
			'Bento is currently unavailable',
			'accepted',
			'accepted',
		]);
	});

	it('admits that it cannot tell which of a batch Bento counted as failed', async () => {
		server.failNext({ kind: 'partial', failed: 1 });
		const run = await runWorkflow(line, tracking(SIMPLE, people(3)));
		expect(run.json(NODE)[0]).toMatchObject({
			status: 'unconfirmed',
			note: "Bento counted 1 of the 3 events in this batch as failed and doesn't say which",
		});
		const hints = run.of(NODE)[0]?.hints ?? [];
		expect(hints[1]).toMatchObject({
			type: 'warning',
			message: expect.stringContaining("Set 'Batch Size' to 1 to see which") as string,
		});
	});

	it('fails the item itself in a batch of one', async () => {
		server.failEvents(({ email }) => email === 'p1@example.com');
		const run = await runWorkflow(
			line,
			tracking({ ...SIMPLE, options: { batchSize: 1 } }, people(3), {
				onError: 'continueRegularOutput',
			}),
		);
		expect(run.json(NODE).map((json) => json.status ?? json.error)).toEqual([
			'accepted',
			'Bento counted the event as failed',
			'accepted',
		]);
	});

	it('shows what it would send and sends nothing in a dry run', async () => {
		const parameters = {
			...SIMPLE,
			details: { assignments: [{ id: '1', name: 'plan.name', value: 'team', type: 'string' }] },
			options: { dryRun: true },
		};
		const run = await runWorkflow(line, tracking(parameters, people(1)));
		expect(server.requests).toHaveLength(0);
		expect(run.json(NODE)).toEqual([
			{
				status: 'dryRun',
				event: { type: 'signed_up', email: 'p0@example.com', details: { plan: { name: 'team' } } },
			},
		]);
	});

	it('adds Bento’s response on request', async () => {
		const run = await runWorkflow(
			line,
			tracking({ ...SIMPLE, options: { includeResponse: true } }, people(2)),
		);
		expect(run.json(NODE)[1]).toMatchObject({ response: { results: 2, failed: 0 } });
	});

	it('delivers through the tracking webhook without keys', async () => {
		const options = { deliverThrough: 'trackingWebhook', source: 'billing' };
		const run = await runWorkflow(line, tracking({ ...SIMPLE, options }, people(2)));
		expect(run.error).toBeUndefined();
		const [request] = server.requests;
		expect(request?.path).toBe(`/webhooks/${server.credentials.siteUuid}/billing/track`);
		expect(request?.headers.authorization).toBeUndefined();
		expect(request?.query).toEqual({});
		expect(server.events.map(({ via }) => via)).toEqual(['track', 'track']);
	});

	it('warns of likely secrets without quoting them', async () => {
		const parameters = {
			...SIMPLE,
			detailsMode: 'json',
			detailsJson: '{"card": "4111 1111 1111 1111"}',
		};
		const run = await runWorkflow(line, tracking(parameters, people(1)));
		expect(run.error).toBeUndefined();
		const messages = (run.of(NODE)[0]?.hints ?? []).map(({ message }) => message).join();
		expect(messages).toContain(
			'Details may contain a password, a key, or a card number. Bento advises you to keep such values out of events [Item 0]',
		);
		expect(messages).not.toContain('4111');
	});

	it('takes whole events from the items for bulk work', async () => {
		const items = [
			{ type: 'a.b', email: ' x@example.com ', fields: { plan: 'team' }, details: { a: { b: 1 } } },
			{ type: 'late', email: 'y@example.com', date: '2026-01-02T03:04:05+02:00', unknown: 1 },
		];
		await runWorkflow(line, tracking({ inputMode: 'eventObjects' }, items));
		expect(server.requests[0]?.body).toEqual({
			events: [
				{ type: 'a.b', email: 'x@example.com', fields: { plan: 'team' }, details: { a: { b: 1 } } },
				{ type: 'late', email: 'y@example.com', date: '2026-01-02T01:04:05.000Z' },
			],
		});
	});
});

describe.each(LINE_NAMES)('the operations on engine %s', (line) => {
	async function sent(
		parameters: TestNode['parameters'],
		item: IDataObject = {},
		timezone = 'UTC',
	) {
		const options = tracking(parameters, [item]);
		const run = await runWorkflow(line, { ...options, timezone });
		if (run.error) throw new Error(run.error.message);
		return (server.requests[0]?.body as { events: unknown[] }).events[0];
	}

	it('Add Tag and Remove Tag', async () => {
		expect(await sent({ operation: 'addTag', email: 'a@b.co', tag: ' vip ' })).toEqual({
			type: '$tag',
			email: 'a@b.co',
			details: { tag: 'vip' },
		});
		server.reset();
		expect(
			await sent(
				{ operation: 'removeTag', email: 'a@b.co', tag: '={{ $json.tag }}' },
				{ tag: 'old' },
			),
		).toEqual({ type: '$remove_tag', email: 'a@b.co', details: { tag: 'old' } });
	});

	it('Subscribe, Unsubscribe and Update Fields', async () => {
		const fields = { assignments: [{ id: '1', name: 'First Name', value: 'Ari', type: 'string' }] };
		const options = { normalizeFieldKeys: true };
		expect(await sent({ operation: 'subscribe', email: 'a@b.co', fields, options })).toEqual({
			type: '$subscribe',
			email: 'a@b.co',
			fields: { first_name: 'Ari' },
		});
		server.reset();
		expect(await sent({ operation: 'unsubscribe', email: 'a@b.co' })).toEqual({
			type: '$unsubscribe',
			email: 'a@b.co',
		});
		server.reset();
		expect(await sent({ operation: 'updateFields', email: 'a@b.co', fields })).toEqual({
			type: '$update_fields',
			email: 'a@b.co',
			fields: { 'First Name': 'Ari' },
		});
		server.reset();
		await expect(sent({ operation: 'updateFields', email: 'a@b.co' })).rejects.toThrow(
			"'Custom Fields' is empty, so there is nothing to update",
		);
	});

	it('Track Purchase, with a cart, from major units', async () => {
		const parameters = {
			operation: 'trackPurchase',
			email: '={{ $json.who }}',
			uniqueKey: '={{ $json.order }}',
			currency: 'usd',
			amount: '={{ $json.total }}',
			amountUnit: 'major',
			additionalFields: {
				cartItems: {
					item: [
						{
							product_sku: '={{ $json.sku }}',
							product_name: 'Cup',
							product_price: 19.99,
							quantity: 2,
						},
					],
				},
			},
			date: '2026-11-20T08:30:00',
		};
		const item = { who: 'a@b.co', order: 'ORD-1', total: '39.98', sku: 'CUP' };
		expect(await sent(parameters, item, 'America/New_York')).toEqual({
			type: '$purchase',
			email: 'a@b.co',
			date: '2026-11-20T13:30:00.000Z',
			details: {
				unique: { key: 'ORD-1' },
				value: { currency: 'USD', amount: 3998 },
				cart: {
					items: [{ product_sku: 'CUP', product_name: 'Cup', product_price: 1999, quantity: 2 }],
				},
			},
		});
	});

	it('Track Purchase names everything that is missing', async () => {
		const run = await runWorkflow(
			line,
			tracking(
				{
					operation: 'trackPurchase',
					email: 'a@b.co',
					uniqueKey: '={{ $json.no }}',
					currency: '={{ $json.no }}',
					amount: '={{ $json.no }}',
					amountUnit: '={{ "major" }}',
				},
				[{}],
			),
		);
		expect(run.error).toMatchObject({
			// An older n8n hands the expression on, the newest takes it away.
			message: expect.stringMatching(
				/^'Amount Is In' (isn't one of the choices|can't be an expression).* The event wasn't sent$/,
			) as string,
			description: expect.stringMatching(
				/^'Amount Is In' (isn't one of the choices|can't be an expression.*)\. 'Unique Key' is missing\. 'Currency' isn't .*'Amount' is missing\. Correct/,
			) as string,
		});
	});

	it('Details from the whole input item, and Custom Fields that must be flat', async () => {
		expect(
			await sent({ ...SIMPLE, detailsMode: 'wholeItem' }, { email: 'a@b.co', n: { m: 1 } }),
		).toEqual({
			type: 'signed_up',
			email: 'a@b.co',
			details: { email: 'a@b.co', n: { m: 1 } },
		});
		server.reset();
		await expect(
			sent({ ...SIMPLE, fieldsMode: 'wholeItem' }, { email: 'a@b.co', n: { m: 1 } }),
		).rejects.toThrow(/^'Custom Fields' must be text, a number, or true or false/);
	});
});

function isPairedTo(pairedItem: unknown, index: number): boolean {
	return JSON.stringify(pairedItem) === JSON.stringify({ item: index });
}
