import assert from 'assert/strict';
import { setTimeout as sleep } from 'timers/promises';
import type { Reporter } from '../support/checks';
import { bentoTrigger, send, sendWhenReady } from '../support/hooks';
import type { Line } from '../support/paths';
import { startQueue, type Queue } from '../support/queue';
import type { Services } from '../support/services';
import { chain, end, node, orders } from '../support/workflows';
import { secretData, webhookSecret } from '../support/world';
import { endsInTheQueue } from './queueEnds';
import { trackEvent } from './trackEvent';

const executions = 20;
const itemsEach = 2500;

/** Item 8: queue mode. */
export async function queueMode(
	line: Line,
	services: Services,
	reporter: Reporter,
	onStarted: (stop: () => Promise<void>) => void,
): Promise<void> {
	const { check, heading } = reporter;
	heading(`n8n ${line}: queue mode with a main, two workers and a webhook process`);
	const started: Array<() => Promise<void>> = [];
	const stopAll = async () => {
		await Promise.all(started.splice(0).map((stop) => stop()));
	};
	onStarted(stopAll);
	try {
		const queue = await startQueue(line, services, started);
		await check(
			'20 executions in parallel: 50,000 events, none lost, none twice',
			() => manyEvents(queue),
			300_000,
		);
		await check('the trigger behind the webhook process', () => triggerThere(queue, line));
		await endsInTheQueue(queue, reporter);
	} finally {
		await stopAll();
	}
}

async function manyEvents({ bento, client, credential, hooks }: Queue): Promise<void> {
	const credentials = await credential();
	const start = node(
		'Webhook',
		'n8n-nodes-base.webhook',
		{ path: 'many', httpMethod: 'POST', options: {} },
		{ typeVersion: 2, webhookId: 'many' },
	);
	const sending = trackEvent(credentials, { firstWait: 50 });
	const items = orders(itemsEach, '"run" + $json.query.run + "-"');
	const id = await client.createWorkflow(chain('Many', start, ...items, sending));
	await client.activate(id);
	bento.reset();
	bento.keepBodies = false;
	// One request in seven is rejected, so that both workers retry at the same time.
	let asked = 0;
	bento.failWhen(() => {
		asked += 1;
		return asked % 7 === 0 ? { kind: 'status', status: 503 } : undefined;
	});
	await sendWhenReady(hooks.origin, 'webhook/many', { query: 'run=0' });
	const rest = Array.from({ length: executions - 1 }, (_, index) => index + 1);
	const answers = await Promise.all(
		rest.map((run) => send(hooks.origin, 'webhook/many', { query: `run=${run}` })),
	);
	assert.ok(answers.every(({ status }) => status === 200));
	const ended = await client.executionsReach(id, executions, 240_000);
	assert.ok(
		ended.every(({ status }) => status === 'success'),
		'an execution failed',
	);
	bento.failWhen(undefined);
	assert.equal(bento.events.length, executions * itemsEach);
	assert.equal(new Set(bento.events.map(({ email }) => email)).size, executions * itemsEach);
}

/** What the duplicate check can do with several processes: see Repeats in docs/webhook-trigger.md. */
async function triggerThere(queue: Queue, line: Line): Promise<void> {
	const { client, hooks, main } = queue;
	const secret = await client.createCredential('bentoWebhookSecretApi', 'Secret', secretData);
	const id = await client.createWorkflow(chain('Trigger', bentoTrigger('queued', secret), end()));
	await client.activate(id);
	const path = 'webhook/queued';
	const of = (externalId: string) => ({
		headers: { 'X-Bento-Secret': webhookSecret },
		body: { event: 'x', external_id: externalId },
	});
	const refused = await sendWhenReady(hooks.origin, path, { body: { event: 'x' } });
	assert.equal(refused.status, 401, refused.text);
	const first = await send(hooks.origin, path, of('one'));
	assert.deepEqual([first.status, first.text], [200, '{"received":true}']);

	const isDuplicate = async (origin: string, externalId: string) =>
		(await send(origin, path, of(externalId))).text.includes('duplicate');
	assert.equal(await isDuplicate(hooks.origin, 'one'), true, 'known in the same process');
	const burst = await Promise.all(
		Array.from({ length: 20 }, () => isDuplicate(hooks.origin, 'burst')),
	);
	assert.equal(burst.filter((duplicate) => !duplicate).length, 1, 'a burst counts as one');
	await client.executionsReach(id, 2);

	// What another process knows comes from the database, where n8n saves it after a call that started nothing. A
	// process that reads it before that writes over it.
	await sleep(1000);
	assert.equal(await isDuplicate(main.origin, 'one'), true, 'known in another process once saved');
	assert.equal(await isDuplicate(hooks.origin, 'unsaved'), false);
	await sleep(1000);
	const known = await isDuplicate(main.origin, 'unsaved');
	assert.equal(known, line === '1x', 'the last one that started an execution: saved on 1.x only');
	await queue.restartHooks();
	const later = await sendWhenReady(hooks.origin, path, of('burst'));
	assert.match(later.text, /duplicate/, 'known after the webhook process was started again');
}
