import assert from 'assert/strict';
import { setTimeout as sleep } from 'timers/promises';
import { z } from 'zod';
import { lastRun, outputOf, type Execution } from '../support/executions';
import { until } from '../support/until';
import {
	branch,
	chain,
	end,
	manual,
	node,
	orders,
	type NodeDraft,
	type WorkflowDraft,
} from '../support/workflows';
import { bentoData, type World } from '../support/world';

const name = 'Bento Track Event';

/** A Track Event node that sends `email` and `order` of its items. */
export function trackEvent(
	credentials: Record<string, unknown>,
	options: Record<string, unknown> = {},
	more: Record<string, unknown> = {},
): NodeDraft {
	const order = { id: 'a', name: 'order', value: '={{ $json.order }}', type: 'number' };
	const parameters = {
		operation: 'trackEvent',
		email: '={{ $json.email }}',
		eventType: 'order_placed',
		details: { assignments: [order] },
		options,
	};
	return node(name, 'bentoTrackEvent', parameters, { credentials, ...more });
}

/** Item 3: Track Event, run through n8n's API. */
export async function trackEventRuns(world: World): Promise<void> {
	const { bento } = world;
	const { check, heading } = world.reporter;
	heading(`n8n ${world.line}: Bento Track Event`);

	const draft = async (
		items: NodeDraft[],
		options: Record<string, unknown> = {},
		more: Record<string, unknown> = {},
	): Promise<WorkflowDraft> => {
		const credentials = await world.bentoCredential();
		return chain(name, manual(), ...items, trackEvent(credentials, options, more), end());
	};
	// What n8n learns of a limit slows down the checks that follow, unless it learns it at another address.
	const limited = await world.client.createCredential('bentoApi', 'Bento by another name', {
		...bentoData(bento),
		baseUrl: bento.credentials.baseUrl.replace('127.0.0.1', 'localhost'),
	});
	const elsewhere = { credentials: { bentoApi: limited } };
	const runFresh = async (workflow: WorkflowDraft): Promise<Execution> => {
		bento.reset();
		return await world.client.run(await world.client.createWorkflow(workflow));
	};
	const distinct = () => new Set(bento.events.map(({ email }) => email)).size;

	await check('2,500 items become 2,500 events in 3 requests, and 2,500 paired items', async () => {
		const execution = await runFresh(await draft(orders(2500)));
		assert.equal(execution.status, 'success', words(execution));
		assert.equal(bento.events.length, 2500);
		assert.equal(distinct(), 2500);
		assert.equal(batches(world), 3);
		const items = outputOf(execution, name);
		assert.equal(items.length, 2500);
		items.forEach((item, index) => {
			assert.deepEqual(item.pairedItem, { item: index });
			assert.equal(item.json.status, 'accepted');
			assert.equal(item.json.email, `person${index}@example.com`);
		});
		const [hint] = lastRun(execution, name)?.hints ?? [];
		assert.match(String(hint?.message), /2,500 of 2,500 events accepted \(3 batches/);
		const seventh = bento.events.find(({ email }) => email === 'person7@example.com');
		assert.deepEqual(seventh?.details, { order: 7 });
	});

	await check('with a 429 and a 503 thrown in, still exactly 2,500', async () => {
		const workflow = await draft(orders(2500), { firstWait: 50 }, elsewhere);
		bento.reset();
		bento.failNext(
			{ kind: 'status', status: 429, retryAfter: '1' },
			{ kind: 'status', status: 503 },
		);
		const id = await world.client.createWorkflow(workflow);
		const execution = await world.client.run(id);
		assert.equal(execution.status, 'success', words(execution));
		assert.equal(bento.events.length, 2500);
		assert.equal(distinct(), 2500);
		assert.equal(batches(world), 5);
		assert.equal(outputOf(execution, name).length, 2500);
	});

	await check('by default one wrong email stops the run before anything is sent', async () => {
		const execution = await runFresh(await draft(mixedItems()));
		assert.equal(execution.status, 'error');
		assert.equal(bento.events.length, 0);
		const error = lastRun(execution, name)?.error;
		const { itemIndex } = z.object({ itemIndex: z.number() }).parse(error?.context);
		assert.equal(itemIndex, 1);
		assert.ok(!String(error?.message).includes('not-an-email'), 'the message quotes the value');
	});

	await check('Continue: the valid ones are sent, the invalid one has its reason', async () => {
		const execution = await runFresh(
			await draft(mixedItems(), {}, { onError: 'continueRegularOutput' }),
		);
		assert.equal(execution.status, 'success', words(execution));
		assert.equal(bento.events.length, 2);
		const items = outputOf(execution, name);
		assert.equal(items.length, 3);
		assert.equal(items[0]?.json.status, 'accepted');
		assert.equal(typeof items[1]?.json.error, 'string');
		assert.equal(items[2]?.json.status, 'accepted');
	});

	await check('error branch: the wrong item leaves there, with its own fields kept', async () => {
		const base = await draft(mixedItems(), {}, { onError: 'continueErrorOutput' });
		const execution = await runFresh(branch(base, name, 1, end('Rejected')));
		assert.equal(execution.status, 'success', words(execution));
		assert.equal(outputOf(execution, 'End').length, 2);
		const [rejected, ...others] = outputOf(execution, 'Rejected');
		assert.equal(others.length, 0);
		assert.equal(rejected?.json.email, 'not-an-email');
		assert.equal(rejected.json.order, 1);
		assert.equal(typeof rejected.json.error, 'string');
	});

	await check('an event that Bento refuses is isolated, and the rest arrives once', async () => {
		const base = await draft(orders(300), {}, { onError: 'continueErrorOutput' });
		const id = await world.client.createWorkflow(branch(base, name, 1, end('Rejected')));
		bento.reset();
		bento.refuseEvents(({ email }) => email === 'person123@example.com');
		const execution = await world.client.run(id);
		assert.equal(bento.events.length, 299);
		assert.equal(distinct(), 299);
		const [rejected, ...others] = outputOf(execution, 'Rejected');
		assert.equal(others.length, 0);
		assert.equal(rejected?.json.order, 123);
	});

	await check("n8n's Retry On Fail sends only what is not with Bento yet", async () => {
		const options = { maxAttempts: 1, maxParallelBatches: 1 };
		const more = { retryOnFail: true, maxTries: 3, waitBetweenTries: 100 };
		const id = await world.client.createWorkflow(await draft(orders(2500), options, more));
		bento.reset();
		bento.failNext(undefined, { kind: 'status', status: 503 });
		const execution = await world.client.run(id);
		assert.equal(execution.status, 'success', words(execution));
		assert.equal(bento.events.length, 2500);
		assert.equal(distinct(), 2500);
		assert.equal(outputOf(execution, name).length, 2500);
	});

	await check('stopping the execution ends waits and requests within two seconds', async () => {
		const id = await world.client.createWorkflow(await draft(orders(2500), {}, elsewhere));
		bento.reset();
		bento.failWhen(() => ({ kind: 'status', status: 503, retryAfter: '50' }));
		const execution = await world.client.start(id);
		await until('the first request', () => (batches(world) > 0 ? true : undefined));
		const begin = Date.now();
		await world.client.stopExecution(execution);
		const ended = await world.client.finished(execution, 10_000);
		assert.equal(ended.status, 'canceled');
		assert.ok(Date.now() - begin < 2000, `it took ${Date.now() - begin} ms`);
		bento.failWhen(undefined);
		const sent = batches(world);
		await sleep(1500);
		assert.equal(batches(world), sent, 'a request left after the stop');
	});

	await check('a wrong key ends the execution with an error that says what to check', async () => {
		const wrong = await world.client.createCredential('bentoApi', 'Wrong key', {
			...bento.credentials,
			secretKey: 'wrong-secret-of-the-tests',
			allowedHttpRequestDomains: 'all',
		});
		const workflow = chain('Wrong', manual(), ...orders(3), trackEvent({ bentoApi: wrong }), end());
		const execution = await runFresh(workflow);
		assert.equal(execution.status, 'error');
		const error = JSON.stringify(execution);
		assert.match(error, /credential|key/i);
		assert.ok(!error.includes('wrong-secret-of-the-tests'), 'the key stands in the execution');
	});

	await check('the tool variant is one that an AI agent can be given', async () => {
		const types = await world.client.types('nodes');
		const tool = types.find((type) => type.name === 'n8n-nodes-bentonow.bentoTrackEventTool');
		assert.deepEqual(tool?.outputs, ['ai_tool']);
	});
	bento.reset();
}

/** Three items, the second with an invalid email. */
function mixedItems(): NodeDraft[] {
	const list =
		'={{ { "orders": [{ "email": "a@example.com", "order": 0 }, { "email": "not-an-email", "order": 1 }, { "email": "c@example.com", "order": 2 }] } }}';
	const [set, split] = orders(3);
	if (set === undefined || split === undefined) return [];
	return [{ ...set, parameters: { mode: 'raw', jsonOutput: list, options: {} } }, split];
}

function batches(world: World): number {
	return world.bento.requests.filter(({ path }) => path.endsWith('/batch/events')).length;
}

/** What an execution says went wrong, for an assertion's message. */
export function words(execution: Execution): string {
	const error = execution.data?.resultData.error;
	return error === undefined ? '' : `${String(error.message)} ${String(error.description)}`;
}
