import type { IDataObject } from 'n8n-workflow';
import { hintsOf, NODE, people, workflowsOn } from '../support/engine/bento';
import type { Fault } from '../bentoServer';
import { LINE_NAMES } from '../support/engine/packages';
import { runWorkflow, type TestNode } from '../support/engine/run';
import { useBento } from '../support/useBento';

/** No item says more than Bento has said, and none less. */

const ERROR_OUTPUT = { onError: 'continueErrorOutput' } as const;

const server = useBento();

const workflow = workflowsOn(server, {
	firstWait: 1,
	longestWait: 5,
	timeout: 500,
	maxAttempts: 2,
});

const EVENT = { email: '={{ $json.email }}', eventType: 'x' };

describe.each(LINE_NAMES)('on engine %s', (line) => {
	describe('an odd value under Continue fails its item, and no other', () => {
		const itself: IDataObject = { email: 'b@example.com' };
		itself.self = itself;
		const row = (value: string) => ({
			detailsMode: 'rows',
			details: { assignments: [{ id: '1', name: 'x', type: 'string', value }] },
		});

		it.each<[string, IDataObject, TestNode['parameters']]>([
			['refers to itself', itself, row('={{ $json.self ?? "x" }}')],
			[
				'is a symbol',
				{ email: 'b@example.com' },
				row('={{ $json.email[0] === "b" ? Symbol("x") : "x" }}'),
			],
		])('that %s', async (_name, odd, parameters) => {
			const items = [odd, { email: 'a@example.com' }, { email: 'c@example.com' }];
			const run = await runWorkflow(
				line,
				workflow('bentoTrackEvent', { ...EVENT, ...parameters }, items, ERROR_OUTPUT),
			);
			expect(run.error).toBeUndefined();
			expect(server.events.map(({ email }) => email)).toEqual(['a@example.com', 'c@example.com']);
			expect(run.json(NODE, 0)).toHaveLength(2);
			expect(run.json(NODE, 1)).toHaveLength(1);
		});

		it.each(['DEFAULT', 'UTC+2'])(
			'that is a date in the time zone %p, which says what to correct',
			async (timezone) => {
				const items = [
					{ email: 'a@example.com', when: '2026-11-20' },
					{ email: 'b@example.com', when: '2026-11-20T08:30:00Z' },
				];
				const options = {
					...workflow(
						'bentoTrackEvent',
						{ ...EVENT, date: '={{ $json.when }}' },
						items,
						ERROR_OUTPUT,
					),
					timezone,
				};
				const run = await runWorkflow(line, options);
				expect(run.error).toBeUndefined();
				expect(server.events.map(({ email }) => email)).toEqual(['b@example.com']);
				expect(run.json(NODE, 1)).toEqual([
					expect.objectContaining({
						error: expect.stringContaining("the workflow's time zone doesn't exist") as string,
					}),
				]);
			},
		);
	});

	describe('a 2xx that says no', () => {
		it.each<[string, 'bento' | 'bentoTrackEvent', TestNode['parameters']]>([
			['events', 'bentoTrackEvent', EVENT],
			[
				'commands',
				'bento',
				{ resource: 'subscriber', operation: 'addTag', email: '={{ $json.email }}', tag: 'x' },
			],
			['tags', 'bento', { resource: 'tag', operation: 'create', tagName: '={{ $json.email }}' }],
		])('is a refusal in Bento’s words: %s', async (_name, type, parameters) => {
			const body = { success: false, message: 'Site is suspended' };
			server.failWhen(() => ({ kind: 'status', status: 200, body }));
			const run = await runWorkflow(line, workflow(type, parameters, people(2), ERROR_OUTPUT));
			expect(run.json(NODE, 0)).toEqual([]);
			expect(run.json(NODE, 1)).toHaveLength(2);
			for (const { error, message } of run.json(NODE, 1)) {
				expect(error).toMatch(/^Bento rejected/);
				expect(message).toContain("Bento's response: Site is suspended");
			}
		});

		it('keeps the errors that stand beside counts', async () => {
			const body = { results: 0, failed: 2, errors: ['email is invalid'] };
			server.failWhen(() => ({ kind: 'wrongJson', body }));
			const run = await runWorkflow(
				line,
				workflow('bentoTrackEvent', EVENT, people(2), ERROR_OUTPUT),
			);
			expect(run.json(NODE, 1)[0]).toMatchObject({
				error: 'Bento counted the event as failed',
				message: expect.stringContaining("Bento's response: email is invalid") as string,
			});
		});
	});

	describe('If Unconfirmed: Fail', () => {
		const unconfirmed: Array<[string, Fault, RegExp, TestNode['parameters']?]> = [
			['an empty response', { kind: 'text', status: 202, body: '' }, /empty response/],
			['a text', { kind: 'text', body: 'OK' }, /isn't JSON/],
			['no counts', { kind: 'wrongJson', body: { status: 'ok' } }, /doesn't say how many/],
			[
				'the tracking webhook',
				{ kind: 'wrongJson', body: {} },
				/tracking webhook/i,
				{ deliverThrough: 'trackingWebhook' },
			],
		];

		it.each(unconfirmed)(
			'fails every item after %s, and sends nothing twice',
			async (_name, fault, _note, options = {}) => {
				server.failWhen(() => fault);
				const parameters = { ...EVENT, options: { ifUnconfirmed: 'fail', ...options } };
				const retrying = { ...ERROR_OUTPUT, retryOnFail: true, maxTries: 3, waitBetweenTries: 1 };
				const run = await runWorkflow(
					line,
					workflow('bentoTrackEvent', parameters, people(2), retrying),
				);
				expect(run.json(NODE, 0)).toEqual([]);
				expect(run.json(NODE, 1)).toHaveLength(2);
				expect(server.requests).toHaveLength(1);
			},
		);

		it.each(unconfirmed)(
			'is off by default: unconfirmed after %s',
			async (_name, fault, note, options = {}) => {
				server.failWhen(() => fault);
				const run = await runWorkflow(
					line,
					workflow('bentoTrackEvent', { ...EVENT, options }, people(2)),
				);
				const item = { status: 'unconfirmed', note: expect.stringMatching(note) as string };
				expect(run.json(NODE)).toMatchObject([item, item]);
				expect(server.requests).toHaveLength(1);
				expect(hintsOf(run)[0]).toContain('2 unconfirmed');
				expect(hintsOf(run).join()).not.toContain('failed');
			},
		);
	});

	describe('whether Bento may have it is said alike by items and hint', () => {
		const BAD: Fault = { kind: 'status', status: 502 };
		const BUSY: Fault = { kind: 'status', status: 503 };
		const LIMITED: Fault = { kind: 'status', status: 429, retryAfter: '0' };
		const NO: Fault = { kind: 'status', status: 400 };

		it.each<[string, Fault[], boolean]>([
			['502, 502', [BAD, BAD], true],
			['502, 503', [BAD, BUSY], true],
			['502, 400', [BAD, NO], true],
			['lost, lost', [{ kind: 'resetAfter' }, { kind: 'resetAfter' }], true],
			['503, 503', [BUSY, BUSY], false],
			['429, 503', [LIMITED, BUSY, BUSY], false],
			['400', [NO], false],
		])('%s', async (_name, faults, mayHaveArrived) => {
			server.failNext(...faults);
			server.failWhen(() => faults.at(-1));
			const run = await runWorkflow(
				line,
				workflow('bentoTrackEvent', EVENT, people(1), { onError: 'continueRegularOutput' }),
			);
			const [item] = run.json(NODE);
			expect(JSON.stringify(item).includes('Bento may have received')).toBe(mayHaveArrived);
			expect(hintsOf(run)[0]?.includes('1 unknown: Bento may have received them')).toBe(
				mayHaveArrived,
			);
		});
	});

	it('one record that makes Bento fail doesn’t take the others along', async () => {
		server.failWhen(({ bodyText }) =>
			bodyText.includes('p13@') ? { kind: 'status', status: 500 } : undefined,
		);
		const run = await runWorkflow(
			line,
			workflow('bentoTrackEvent', EVENT, people(20), ERROR_OUTPUT),
		);
		expect(run.json(NODE, 0)).toHaveLength(19);
		expect(run.json(NODE, 1)).toMatchObject([{ email: 'p13@example.com' }]);
		expect(server.events).toHaveLength(19);
	});

	it('Bento’s request ID is in errors, and in the output with Include Bento Response', async () => {
		const headers = { 'X-Request-Id': '0af7-65', 'CF-Ray': '8f2a-LHR' };
		server.failWhen(() => ({ kind: 'status', status: 400, headers }));
		const failed = await runWorkflow(line, workflow('bentoTrackEvent', EVENT, people(1)));
		expect(failed.error).toMatchObject({
			description: expect.stringContaining('Request ID: 0af7-65') as string,
		});
		server.failWhen(() => ({ kind: 'wrongJson', body: { results: 1, failed: 0 }, headers }));
		const parameters = { ...EVENT, options: { includeResponse: true } };
		const run = await runWorkflow(line, workflow('bentoTrackEvent', parameters, people(1)));
		expect(run.json(NODE)).toMatchObject([{ requestId: '0af7-65', response: { results: 1 } }]);
	});

	it('a 403 means Enterprise only if Bento itself says no', async () => {
		const search = { resource: 'subscriber', operation: 'getAll' };
		server.failWhen(() => ({ kind: 'html', status: 403 }));
		const blocked = await runWorkflow(line, workflow('bento', search, [{}]));
		expect(blocked.error?.message).toMatch(/^Bento blocked the request/);
		server.failWhen(() => ({ kind: 'status', status: 403 }));
		const refused = await runWorkflow(line, workflow('bento', search, [{}]));
		expect(refused.error?.message).toContain('Enterprise');
	});
});
