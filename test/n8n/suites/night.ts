import assert from 'assert/strict';
import { rmSync } from 'fs';
import { join } from 'path';
import { setTimeout as sleep } from 'timers/promises';
import type { Reporter } from '../support/checks';
import type { StoredCredential } from '../support/client';
import { eventPerWebhook, sendCrowd, type Crowd } from '../support/crowd';
import { readExample } from '../support/examples';
import { outputOf } from '../support/executions';
import { send, sendWhenReady } from '../support/hooks';
import type { Instance } from '../support/instance';
import { installAsCommunityPackage, packAs, packPackage } from '../support/packaging';
import { devFolder, type Line } from '../support/paths';
import { startQueue, type Queue } from '../support/queue';
import type { Services } from '../support/services';
import { until } from '../support/until';
import { secretData, webhookSecret } from '../support/world';

const PAIRS = 25;
const COUNT = 60;
/** A crowd in its whole size. */
const WHOLE = 600;
const PER_SECOND = 10;
/** What Bento documents at least, in requests a minute. */
const LIMIT = 60;

/** What all checks of this chapter share. */
interface Night {
	readonly queue: Queue;
	/** A second webhook process. */
	readonly otherHooks: Instance;
	readonly services: Services;
	readonly secret: StoredCredential;
	/** Webhooks beside a rate limit. */
	readonly crowd: number;
	readonly figure: (text: string) => void;
}

/** What can go wrong at night in a queue with three workers and two webhook processes; a table in docs/operators.md. */
export async function nightInTheQueue(
	line: Line,
	services: Services,
	reporter: Reporter,
	whole: boolean,
	onStarted: (stop: () => Promise<void>) => void,
): Promise<void> {
	const { check, figure, heading } = reporter;
	heading(`n8n ${line}: a night in queue mode, three workers and two webhook processes`);
	const started: Array<() => Promise<void>> = [];
	const stopAll = async () => {
		await Promise.all(started.splice(0).map((stop) => stop()));
	};
	onStarted(stopAll);
	let known: Promise<Night> | undefined;
	const begin = async (): Promise<Night> => {
		const queue = await startQueue(line, services, started, { workers: 3, concurrency: 10 });
		const otherHooks = await queue.startHooks();
		const secret = await queue.client.createCredential(
			'bentoWebhookSecretApi',
			'Secret',
			secretData,
		);
		return { queue, otherHooks, services, secret, crowd: whole ? WHOLE : 3 * COUNT, figure };
	};
	const night = () => (known ??= begin());
	const tell = async (name: string, body: (night: Night) => Promise<void>) =>
		await check(name, async () => await body(await night()), 420_000);

	await tell(`webhook-once.json: ${PAIRS} pairs at the same moment`, pairsOnce);
	await tell('a worker with another version says so in its log', otherVersion);
	await tell('a worker is killed while a crowd waits for Bento', workerKilled);
	await tell('Redis is restarted', async (one) => await restarted(one, 'redis', 3000));
	await tell('PostgreSQL is restarted', async (one) => await restarted(one, 'postgres', 5000));
	await stopAll();
}

/** Two webhook processes get the same webhook at the same moment, again and again. */
async function pairsOnce({ queue, otherHooks, services, secret, figure }: Night): Promise<void> {
	const { client, hooks } = queue;
	services.createDatabase(`once_${queue.line}`);
	const postgres = await client.createCredential('postgres', 'Database', {
		host: '127.0.0.1',
		port: services.postgresPort,
		database: `once_${queue.line}`,
		user: 'n8n',
		password: 'n8n',
		ssl: 'disable',
		allowUnauthorizedCerts: false,
		maxConnections: 10,
		sshTunnel: false,
	});
	const credentials = {
		...(await queue.credential()),
		bentoWebhookSecretApi: secret,
		postgres,
	};
	const id = await client.createWorkflow(readExample('webhook-once.json', credentials));
	const made = await client.finished(await client.start(id, 'When Clicking Execute'));
	assert.equal(made.status, 'success');
	await client.activate(id);
	await sendWhenReady(hooks.origin, 'webhook/bento-once');
	await sendWhenReady(otherHooks.origin, 'webhook/bento-once');
	for (let pair = 0; pair < PAIRS; pair += 1) {
		const request = {
			headers: { 'X-Bento-Secret': webhookSecret },
			body: { event: 'paid', external_id: `invoice-${pair}` },
		};
		const both = [hooks, otherHooks].map(({ origin }) =>
			send(origin, 'webhook/bento-once', request),
		);
		const statuses = (await Promise.all(both)).map(({ status }) => status);
		assert.deepEqual(statuses, [200, 200]);
	}
	// The one that made the table is in the list, too.
	const executions = await client.executionsReach(id, 2 * PAIRS + 1);
	let done = 0;
	for (const { id: execution } of executions) {
		done += outputOf(await client.finished(execution), 'Do It Once').length;
	}
	figure(`${executions.length - 1} executions started, ${done} did it`);
	assert.equal(done, PAIRS);
}

/** The version that a worker says it runs, once it has run something. */
const tells = (version: string) => `n8n-nodes-bentonow ${version} runs in this process`;

async function otherVersion({ queue, secret, figure }: Night): Promise<void> {
	const tarball = packPackage();
	const folder = join(devFolder, 'run', `other-version-${queue.line}`);
	rmSync(folder, { recursive: true, force: true });
	const other = '99.0.0';
	installAsCommunityPackage(packAs(tarball, other), folder);
	const worker = await queue.startWorker(folder);
	const id = await hooked(queue, secret, 'versions');
	queue.bento.reset();
	const crowd = await sendCrowd([address(queue, 'versions')], COUNT, PER_SECOND, 'versions');
	const outcome = await settled(queue, id, crowd);
	figure(inWords(crowd, outcome));
	assert.deepEqual(outcome.statuses, { success: crowd.taken });
	assert.ok(worker.log.some((line) => line.includes(tells(other))));
	const rest = queue.log().filter((line) => line.includes(tells(tarball.version)));
	assert.ok(rest.length >= 1, 'the other workers say theirs');
	await worker.stop();
}

async function workerKilled({ queue, secret, crowd: count, figure }: Night): Promise<void> {
	const id = await hooked(queue, secret, 'killed');
	queue.bento.reset();
	queue.bento.latencyMs = 2000;
	queue.bento.limitRate(LIMIT, 'sliding');
	const crowd = sendCrowd([address(queue, 'killed')], count, PER_SECOND, 'killed');
	const busy = await until('a busy worker', () =>
		queue.bento.requests.length > 0
			? queue.workers.find(({ log }) => log.some((line) => / started execution/.test(line)))
			: undefined,
	);
	await busy.kill();
	const sent = await crowd;
	const outcome = await settled(queue, id, sent);
	queue.bento.latencyMs = 0;
	queue.bento.limitRate(undefined);
	figure(inWords(sent, outcome));
	const { success = 0, error = 0, crashed = 0 } = outcome.statuses;
	assert.equal(success + error + crashed, sent.taken, 'every execution ends');
	assert.ok(error + crashed <= 10, 'only what the worker ran can fail');
	assert.equal(outcome.missing <= error + crashed, true, 'nothing else is missing');
	if (queue.line === '2x') assert.equal(outcome.doubled, 0);
	await queue.startWorker();
}

async function restarted(
	{ queue, services, secret, figure }: Night,
	which: 'redis' | 'postgres',
	after: number,
): Promise<void> {
	const id = await hooked(queue, secret, `restart-${which}`);
	queue.bento.reset();
	const crowd = sendCrowd([address(queue, `restart-${which}`)], 2 * COUNT, PER_SECOND, which);
	await sleep(4000);
	await services.restart(which, after);
	const sent = await crowd;
	const before = await settled(queue, id, sent);
	figure(inWords(sent, before));
	await queue.restartMain();
	const later = await settled(queue, id, sent);
	figure(`main restarted: ${inWords(sent, later)}`);
	const { success = 0 } = later.statuses;
	assert.ok(later.atBento >= success, 'what is a success is at Bento');
	assert.equal(later.doubled, 0);
	// And everything works again, without another restart.
	const again = await hooked(queue, secret, `after-${which}`);
	const more = await sendCrowd([address(queue, `after-${which}`)], 20, PER_SECOND, `${which}x`);
	assert.equal(more.taken, 20);
	assert.deepEqual((await settled(queue, again, more)).statuses, { success: 20 });
}

function address({ hooks }: Queue, path: string) {
	return { origin: hooks.origin, path };
}

/** An active workflow that sends one event for each webhook, ready to receive. */
async function hooked(queue: Queue, secret: StoredCredential, path: string): Promise<string> {
	const draft = eventPerWebhook(path, secret, await queue.credential());
	const id = await queue.client.createWorkflow(draft);
	await queue.client.activate(id);
	await sendWhenReady(queue.hooks.origin, `webhook/${path}`);
	return id;
}

interface Outcome {
	readonly statuses: Readonly<Record<string, number>>;
	/** Neither ended nor likely to: n8n shows them as queued or running. */
	readonly stuck: number;
	readonly atBento: number;
	readonly doubled: number;
	/** Taken, and not at Bento. */
	readonly missing: number;
}

/** What became of a crowd once all executions have ended, or none has for 20 seconds. */
async function settled(queue: Queue, id: string, { taken }: Crowd): Promise<Outcome> {
	const inTheEnd = new Set(['success', 'error', 'crashed', 'canceled']);
	let last = -1;
	let since = Date.now();
	const done = await until(
		'the executions to end',
		async () => {
			const all = await queue.client.executions(id);
			const found = all.filter(({ status }) => inTheEnd.has(status));
			if (found.length !== last) since = Date.now();
			last = found.length;
			return found.length >= taken || Date.now() - since > 20_000 ? found : undefined;
		},
		{ within: 240_000, every: 1000 },
	);
	const statuses: Record<string, number> = {};
	for (const { status } of done) statuses[status] = (statuses[status] ?? 0) + 1;
	const { events } = queue.bento;
	const different = new Set(events.map(({ email }) => email)).size;
	return {
		statuses,
		stuck: taken - done.length,
		atBento: different,
		doubled: events.length - different,
		missing: taken - different,
	};
}

function inWords(crowd: Crowd, { statuses, stuck, atBento, doubled, missing }: Outcome): string {
	const answers = `${crowd.taken} taken, others ${JSON.stringify(crowd.refused)}`;
	return `${answers}; ${JSON.stringify(statuses)}, ${stuck} stuck; ${atBento} at Bento, ${doubled} twice, ${missing} missing`;
}
