import assert from 'assert/strict';
import { setTimeout as sleep } from 'timers/promises';
import { startBentoServer } from '../../bentoServer';
import type { Reporter } from '../support/checks';
import type { N8nClient, StoredCredential } from '../support/client';
import { eventPerWebhook, sendCrowd } from '../support/crowd';
import { send, sendWhenReady } from '../support/hooks';
import type { Line } from '../support/paths';
import { residentMemory } from '../support/processes';
import { startQueue } from '../support/queue';
import type { Services } from '../support/services';
import { until } from '../support/until';
import { chain, node } from '../support/workflows';
import { bentoData, secretData, type World } from '../support/world';

/** What Bento documents at least, in requests a minute. */
const LIMIT = 60;
const PER_SECOND = 10;
/** How much longer a workflow without Bento may wait than beside a crowd that Bento doesn't limit, in seconds. */
const MAX_WAIT = 15;
const WHOLE = 600;
/** Enough to go beyond the limit three times, in a third of the time. */
const PART = 200;

/** For one response of a workflow without Bento, in ms. */
const PATIENCE = 120_000;

/** What executions that wait may add to the memory of n8n's process. */
const MOST_MEMORY = 1.3;

/** A place for a crowd: one n8n process, or a queue. */
interface Place {
	readonly client: N8nClient;
	/** Where webhooks are received. */
	readonly origin: string;
	readonly secret: StoredCredential;
	readonly count: number;
	/** Of n8n, if one process does everything. */
	readonly pid?: number;
	readonly figure: (text: string) => void;
}

/** Many executions of one event each, beside Bento's limit, in one process. */
export async function crowdInOneProcess(world: World): Promise<void> {
	const { check, heading, figure } = world.reporter;
	heading(`n8n ${world.line}: a crowd of webhooks in one process`);
	const place = async (): Promise<Place> => ({
		client: world.client,
		origin: world.instance.origin,
		secret: await world.webhookCredential(),
		count: world.whole ? WHOLE : PART,
		pid: world.instance.pid,
		figure,
	});
	await crowdChecks(check, place);
}

/** The same in queue mode, with three workers of ten. */
export async function crowdInTheQueue(
	line: Line,
	services: Services,
	reporter: Reporter,
	whole: boolean,
	onStarted: (stop: () => Promise<void>) => void,
): Promise<void> {
	reporter.heading(`n8n ${line}: a crowd of webhooks in queue mode, three workers of ten`);
	const started: Array<() => Promise<void>> = [];
	const stopAll = async () => {
		await Promise.all(started.splice(0).map((stop) => stop()));
	};
	onStarted(stopAll);
	let known: Promise<Place> | undefined;
	const begin = async (): Promise<Place> => {
		const size = { workers: 3, concurrency: 10 };
		const queue = await startQueue(line, services, started, size);
		const { client, hooks } = queue;
		return {
			client,
			origin: hooks.origin,
			secret: await client.createCredential('bentoWebhookSecretApi', 'Secret', secretData),
			count: whole ? WHOLE : PART,
			figure: reporter.figure,
		};
	};
	await crowdChecks(reporter.check, () => (known ??= begin()));
	await stopAll();
}

async function crowdChecks(check: Reporter['check'], place: () => Promise<Place>): Promise<void> {
	for (const workflows of [1, 4]) {
		const what = workflows === 1 ? 'one workflow' : `${workflows} workflows with one credential`;
		const name = `${what}, ${PER_SECOND} webhooks a second beside ${LIMIT} requests a minute`;
		await check(name, async () => await crowdHolds(await place(), workflows), 900_000);
	}
}

/**
 * A crowd beside Bento's limit, and before it the same without one: how much n8n can take at all, and how long it keeps
 * others waiting, depends on the machine.
 */
async function crowdHolds(place: Place, workflows: number): Promise<void> {
	const free = await sendThrough(place, workflows, undefined);
	const limited = await sendThrough(place, workflows, LIMIT);
	assert.ok(limited.refused <= limited.requests * 0.05, `${limited.refused} were refused`);
	assert.ok(limited.longest <= free.longest + MAX_WAIT, 'another workflow waited for too long');
	assert.ok(limited.memory <= free.memory * MOST_MEMORY, 'executions that wait fill the memory');
}

/** What a crowd cost. */
interface Cost {
	readonly requests: number;
	readonly refused: number;
	/** How long a workflow without Bento waited at most, in seconds. */
	readonly longest: number;
	/** Of n8n's process, at most, in MiB; 0 in queue mode. */
	readonly memory: number;
}

/**
 * Sends a crowd of webhooks through as many workflows; all that n8n takes must arrive, once. Each crowd has a Bento of
 * its own, so that what n8n knows of one limit says nothing about another.
 */
async function sendThrough(
	place: Place,
	workflows: number,
	limit: number | undefined,
): Promise<Cost> {
	const { client, origin, count, figure } = place;
	const bento = await startBentoServer();
	const bentoApi = await client.createCredential('bentoApi', 'Crowd', bentoData(bento));
	const name = `crowd${workflows}${limit === undefined ? 'free' : 'limited'}`;
	const paths = Array.from({ length: workflows }, (_, index) => `${name}-${index}`);
	const ids = [];
	for (const path of paths) {
		const id = await client.createWorkflow(eventPerWebhook(path, place.secret, { bentoApi }));
		await client.activate(id);
		await sendWhenReady(origin, `webhook/${path}`, { body: {} });
		ids.push(id);
	}
	const neighbor = await unrelated(place, `plain-${name}`);
	bento.limitRate(limit, 'sliding');
	const addresses = paths.map((path) => ({ origin, path }));
	const began = Date.now();
	const crowd = await sendCrowd(addresses, count, PER_SECOND, name);
	const statuses = await ended(client, ids, crowd.taken);
	const seconds = ((Date.now() - began) / 1000).toFixed(0);
	const { longest, memory } = await neighbor.stop();
	const requests = bento.requests.length;
	const refused = bento.requests.filter(({ status }) => status === 429).length;
	figure(
		`${limit ?? 'no limit'}: ${crowd.taken} of ${count} webhooks taken in ${crowd.seconds.toFixed(0)} s; ${JSON.stringify(statuses)} after ${seconds} s`,
	);
	figure(
		`${bento.events.length} events at Bento in ${requests} requests, ${refused} refused; another workflow waited ${longest.toFixed(1)} s at most, memory ${memory} MiB at most`,
	);
	await bento.close();
	assert.deepEqual(statuses, { success: crowd.taken });
	assert.equal(bento.events.length, crowd.taken);
	assert.equal(new Set(bento.events.map(({ email }) => email)).size, crowd.taken);
	for (const id of ids) await client.deactivate(id);
	return { requests, refused, longest, memory };
}

/** Waits until as many executions have ended as were started; how many there are of each status. */
async function ended(
	client: N8nClient,
	ids: readonly string[],
	count: number,
): Promise<Record<string, number>> {
	return await until(
		`the end of ${count} executions`,
		async () => {
			const found = (await Promise.all(ids.map((id) => client.executions(id)))).flat();
			const done = found.filter(({ status }) => !['new', 'running', 'waiting'].includes(status));
			if (done.length < count) return undefined;
			const statuses: Record<string, number> = {};
			for (const { status } of done) statuses[status] = (statuses[status] ?? 0) + 1;
			return statuses;
		},
		{ within: 480_000, every: 1000 },
	);
}

/**
 * A workflow without Bento that is called every two seconds; `stop` tells the longest time in seconds until it ended, and
 * the most memory that n8n's process had meanwhile.
 */
async function unrelated({ client, origin, pid }: Place, path: string) {
	const hook = node(
		'Webhook',
		'n8n-nodes-base.webhook',
		{ path, httpMethod: 'POST', responseMode: 'lastNode', options: {} },
		{ typeVersion: 2, webhookId: path },
	);
	const id = await client.createWorkflow(chain(path, hook, node('Nothing', 'n8n-nodes-base.noOp')));
	await client.activate(id);
	await sendWhenReady(origin, `webhook/${path}`);
	let longest = 0;
	let memory = 0;
	let going = true;
	const calls = (async () => {
		while (going) {
			const began = Date.now();
			// A response that never comes ends the wait, not the check.
			await Promise.race([send(origin, `webhook/${path}`).catch(() => undefined), sleep(PATIENCE)]);
			longest = Math.max(longest, (Date.now() - began) / 1000);
			await sleep(2000);
		}
	})();
	const watch = setInterval(() => {
		if (pid !== undefined) memory = Math.max(memory, residentMemory(pid) ?? 0);
	}, 100);
	return {
		async stop() {
			going = false;
			clearInterval(watch);
			await calls;
			await client.deactivate(id);
			return { longest, memory };
		},
	};
}
