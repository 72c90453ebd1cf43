import type { IDataObject, INodeType } from 'n8n-workflow';
import { NODE, workflowsOn } from '../support/engine/bento';
import type { BentoServer, Fault } from '../bentoServer';
import { describe as description } from '../support/engine/helperNodes';
import { LINE_NAMES } from '../support/engine/packages';
import { retryRun, runWorkflow, type TestNode } from '../support/engine/run';
import { agentCalling, toolOf } from '../support/engine/tool';
import { useBento } from '../support/useBento';

/** What belongs to what, where there are several: tries, sites, and calls of a tool. */

const RETRY = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 };
const LOST: Fault = { kind: 'resetAfter' };

const server = useBento();
const other = useBento({
	publishableKey: 'pk_other_7654321',
	secretKey: 'sk_other_7654321',
	siteUuid: '0d9f1c1e-0000-4000-8000-00000000abcd',
});
const workflow = workflowsOn(server);

/** Goes around so many times, each time with the same item. */
function rounds(count: number, json: IDataObject): INodeType {
	let round = 0;
	return {
		description: description('again', { outputs: ['main', 'main'] }),
		execute() {
			round += 1;
			const next = [{ json, pairedItem: { item: 0 } }];
			return Promise.resolve(round < count ? [next, []] : [[], next]);
		},
	};
}

const EVENT = { email: '={{ $json.email }}', eventType: 'x' };
const EMAIL = {
	resource: 'email',
	operation: 'send',
	from: { __rl: true, mode: 'email', value: 'hello@example.com' },
	toEmail: '={{ $json.email }}',
	subject: '={{ $json.subject }}',
	content: '<p>Hi</p>',
	confirm: true,
};

/** What the stand-in was asked to change. */
const writes = (stand: BentoServer) => stand.requests.filter(({ method }) => method !== 'GET');

describe.each(LINE_NAMES)('on engine %s', (line) => {
	describe.each(['continueRegularOutput', 'continueErrorOutput'] as const)(
		'Retry On Fail with %s and an invalid first item',
		(onError) => {
			const settings = { ...RETRY, onError };
			const items = [
				{ email: 'not-an-email' },
				{ email: 'a@example.com' },
				{ email: 'b@example.com' },
			];

			it.each<[string, 'bento' | 'bentoTrackEvent', TestNode['parameters'], number]>([
				['events', 'bentoTrackEvent', EVENT, 1],
				[
					'events, at most once',
					'bentoTrackEvent',
					{ ...EVENT, options: { deliveryGuarantee: 'atMostOnce' } },
					1,
				],
				[
					'events through the tracking webhook',
					'bentoTrackEvent',
					{ ...EVENT, options: { deliverThrough: 'trackingWebhook' } },
					1,
				],
				['emails', 'bento', { ...EMAIL, subject: 'Hello' }, 1],
				[
					'new subscribers',
					'bento',
					{ resource: 'subscriber', operation: 'create', email: '={{ $json.email }}' },
					2,
				],
			])('sends the others once: %s', async (_name, type, parameters, requests) => {
				const run = await runWorkflow(line, workflow(type, parameters, items, settings));
				expect(run.error).toBeUndefined();
				expect(writes(server)).toHaveLength(requests);
				const failures = [...run.json(NODE, 0), ...run.json(NODE, 1)].filter(({ error }) => error);
				expect(failures).toHaveLength(1);
			});

			it.each<[string, TestNode['parameters'], IDataObject]>([
				[
					'tags',
					{ resource: 'tag', operation: 'create', tagName: '={{ $json.name }}' },
					{ name: '' },
				],
				[
					'fields',
					{ resource: 'field', operation: 'create', key: '={{ $json.name }}' },
					{ name: '' },
				],
				[
					'tags, if its expression throws',
					{ resource: 'tag', operation: 'create', tagName: '={{ $json.name.trim() }}' },
					{ name: 5 },
				],
			])('sends single calls once: %s', async (_name, parameters, invalid) => {
				const some = [invalid, { name: 'one' }, { name: 'two' }];
				const run = await runWorkflow(line, workflow('bento', parameters, some, settings));
				expect(run.error).toBeUndefined();
				expect(writes(server)).toHaveLength(2);
			});
		},
	);

	describe('a credential whose fields are expressions', () => {
		const credentials = {
			bentoApi: {
				publishableKey: '={{ $json.keys.publishableKey }}',
				secretKey: '={{ $json.keys.secretKey }}',
				siteUuid: '={{ $json.keys.siteUuid }}',
				baseUrl: '={{ $json.keys.baseUrl }}',
			},
		};
		const ofSite = (email: string, stand: BentoServer) => ({ email, keys: stand.credentials });

		it('sends each item to its own site, in batches, in the order of the items', async () => {
			const items = Array.from({ length: 40 }, (_, item) =>
				ofSite(`p${item}@example.com`, item % 3 === 0 ? other : server),
			);
			const options = { batchSize: 10, maxParallelBatches: 1 };
			const run = await runWorkflow(line, {
				...workflow('bentoTrackEvent', { ...EVENT, options }, items),
				credentials,
			});
			expect(run.error).toBeUndefined();
			const mails = (stand: BentoServer) => stand.events.map(({ email }) => email);
			expect(mails(other)).toEqual(
				items.filter((_, item) => item % 3 === 0).map(({ email }) => email),
			);
			expect(mails(server)).toEqual(
				items.filter((_, item) => item % 3 !== 0).map(({ email }) => email),
			);
			expect(writes(other)).toHaveLength(2);
			expect(writes(server)).toHaveLength(3);
			expect(run.json(NODE).map(({ email }) => email)).toEqual(items.map(({ email }) => email));
			expect(run.json(NODE).map(({ batch }) => batch)).toContain(5);
			for (const [index, { batch }] of run.json(NODE).entries()) {
				expect(Number(batch) <= 2).toBe(index % 3 === 0);
			}
		});

		it('sends each single call to its own site', async () => {
			const items = [ofSite('a', server), ofSite('b', other), ofSite('c', server)];
			const tag = { resource: 'tag', operation: 'create', tagName: '={{ $json.email }}' };
			const run = await runWorkflow(line, { ...workflow('bento', tag, items), credentials });
			expect(run.error).toBeUndefined();
			expect(writes(server).map(({ query }) => query.site_uuid)).toEqual(
				[server, server].map((stand) => stand.credentials.siteUuid),
			);
			expect(writes(other).map(({ query }) => query.site_uuid)).toEqual([
				other.credentials.siteUuid,
			]);
		});

		it('fails only the items whose credential can’t be used, and names them', async () => {
			const items = [ofSite('a@example.com', server), { email: 'b@example.com' }];
			const options = {
				...workflow('bentoTrackEvent', EVENT, items, { onError: 'continueErrorOutput' }),
				credentials,
			};
			const run = await runWorkflow(line, options);
			expect(run.json(NODE, 0)).toMatchObject([{ email: 'a@example.com', status: 'accepted' }]);
			expect(run.json(NODE, 1)).toMatchObject([
				{ email: 'b@example.com', error: "The Bento API credential can't be used" },
			]);
			server.reset();
			const stopped = await runWorkflow(line, {
				...workflow('bentoTrackEvent', EVENT, items),
				credentials,
			});
			expect(stopped.error?.message).toMatch(
				/are missing in the Bento API credential.*None of the 2 events was sent/,
			);
			expect(server.requests).toEqual([]);
		});

		it('holds the other sites back after a failure, unless the node goes on', async () => {
			server.failWhen(() => ({ kind: 'status', status: 401 }));
			const items = [ofSite('a@example.com', server), ofSite('b@example.com', other)];
			const run = await runWorkflow(line, {
				...workflow('bentoTrackEvent', EVENT, items),
				credentials,
			});
			expect(run.error?.message).toContain('Bento rejected the credentials');
			expect(other.requests).toEqual([]);
			const onError = 'continueRegularOutput';
			await runWorkflow(line, {
				...workflow('bentoTrackEvent', EVENT, items, { onError }),
				credentials,
			});
			expect(other.events.map(({ email }) => email)).toEqual(['b@example.com']);
		});
	});

	it('a retry after another credential was chosen sends everything to the new site', async () => {
		const people = Array.from({ length: 6 }, (_, item) => ({ email: `p${item}@example.com` }));
		const options = { batchSize: 2, maxParallelBatches: 1 };
		const before = workflow('bentoTrackEvent', { ...EVENT, options }, people);
		server.failNext(undefined, undefined, { kind: 'status', status: 401 });
		const failed = await runWorkflow(line, before);
		expect(server.events).toHaveLength(4);
		const after = { ...before, credentials: { bentoApi: other.credentials } };
		const run = await retryRun(line, failed.run, after);
		expect(run.error).toBeUndefined();
		expect(other.events).toHaveLength(6);
		expect(run.json(NODE)).toHaveLength(6);
		server.reset();
		await retryRun(line, failed.run, before);
		expect(server.events).toHaveLength(2);
	});

	describe('a tool of an AI agent, whose response was lost', () => {
		const A = { email: 'a@example.com', subject: 'A' };
		const B = { email: 'b@example.com', subject: 'B' };
		const tool = (parameters: TestNode['parameters'] = {}) =>
			workflow('bento', { ...EMAIL, ...parameters }, [{ question: 'Hi' }], {
				onError: 'continueRegularOutput',
			});
		const BY_MODEL = { toEmail: "={{ $fromAI('email') }}", subject: "={{ $fromAI('subject') }}" };
		const subjects = () => server.state.emails.map(({ subject }) => subject);

		it.each<[string, IDataObject[], Array<Fault | undefined>, string[]]>([
			['A, A', [A, A], [LOST], ['A']],
			['A, B, A', [A, B, A], [LOST], ['A', 'B']],
			['A, B lost too, A, B', [A, B, A, B], [LOST, LOST], ['A', 'B']],
			['A, A where the first was accepted: a wish of the agent', [A, A], [], ['A', 'A']],
		])('agent 3: %s', async (_name, calls, faults, sent) => {
			server.failNext(...faults);
			const run = await agentCalling(line, tool(), calls);
			expect(run.error).toBeUndefined();
			expect(run.of(NODE)).toHaveLength(calls.length);
			expect(subjects()).toEqual(sent);
		});

		it('agent 2.2: A, B, A', async () => {
			server.failNext(LOST);
			const { call } = await toolOf(line, tool(BY_MODEL));
			const told = [await call(A), await call(B), await call(A)].map((one) => JSON.stringify(one));
			expect(subjects()).toEqual(['A', 'B']);
			expect(told[2]).toContain('Bento may have it from an earlier attempt');
		});
	});

	it('a loop of ordinary rounds sends equal items in each', async () => {
		server.failNext(LOST);
		const options = workflow('bento', { ...EMAIL, subject: 'A' }, [{ email: 'a@example.com' }], {
			onError: 'continueRegularOutput',
		});
		const to = (node: string) => [{ node, type: 'main' as const, index: 0 }];
		const run = await runWorkflow(line, {
			...options,
			nodes: [...options.nodes, { name: 'Again', type: 'test.again', parameters: {} }],
			extraTypes: { 'test.again': rounds(2, { email: 'a@example.com' }) },
			connections: {
				Start: { main: [to(NODE)] },
				[NODE]: { main: [to('Again')] },
				Again: { main: [to(NODE), []] },
			},
		});
		expect(run.of(NODE)).toHaveLength(2);
		expect(server.state.emails).toHaveLength(2);
	});
});
