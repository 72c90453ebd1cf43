import assert from 'assert/strict';
import { setTimeout as sleep } from 'timers/promises';
import type { BentoServer } from '../../bentoServer';
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
import { secretData, type World } from '../support/world';

/** What Bento documents at least, in requests a minute. */
const LIMIT = 60;
const PER_SECOND = 10;
/** How long a workflow without Bento may wait, in seconds. */
const MAX_WAIT = 15;
const WHOLE = 600;
/** Enough to go beyond the limit three times, in a third of the time. */
const PART = 200;

/** As many wait at the same time as one process can have, and cost no more than if none had to. */
const FOR_MEMORY = 300;
const MOST_MEMORY = 1.3;

/** A place for a crowd: one n8n process, or a queue. */
interface Place {
	readonly client: N8nClient;
	readonly bento: BentoServer;
	/** Where webhooks are received. */
	readonly origin: string;
	readonly credential: { readonly bentoApi: StoredCredential };
	readonly secret: StoredCredential;
	readonly count: number;
	readonly figure: (text: string) => void;
}

/** Many executions of one event each, beside Bento's limit, in one process. */
export async function crowdInOneProcess(world: World): Promise<void> {
	const { check, heading, figure } = world.reporter;
	heading(`n8n ${world.line}: a crowd of webhooks in one process`);
	const place = async (): Promise<Place> => ({
		client: world.client,
		bento: world.bento,
		origin: world.instance.origin,
		credential: await world.bentoCredential(),
		secret: await world.webhookCredential(),
		count: world.whole ? WHOLE : PART,
		figure,
	});
	await crowdChecks(check, place);
	await check(
		`${FOR_MEMORY} executions that wait take at most ${MOST_MEMORY} times the memory of ${FOR_MEMORY} that don't`,
		async () => {
			const free = await peakOfCrowd(world, place, undefined);
			const limited = await peakOfCrowd(world, place, LIMIT);
			figure(`n8n's process at most: ${limited} MiB beside the limit, ${free} MiB without it`);
			assert.ok(limited <= free * MOST_MEMORY, 'executions that wait fill the memory');
		},
		600_000,
	);
}

/** The highest memory of a newly started n8n, in MiB, while it takes a crowd and until all executions have ended. */
async function peakOfCrowd(
	world: World,
	place: () => Promise<Place>,
	limit: number | undefined,
): Promise<number> {
	await world.restart();
	const { client, bento, origin, credential, secret } = await place();
	const path = `memory-${limit ?? 'free'}`;
	const id = await client.createWorkflow(eventPerWebhook(path, secret, credential));
	await client.activate(id);
	await sendWhenReady(origin, `webhook/${path}`, { body: {} });
	bento.reset();
	bento.limitRate(limit, 'sliding');
	let peak = 0;
	const watch = setInterval(() => {
		peak = Math.max(peak, residentMemory(world.instance.pid) ?? 0);
	}, 100);
	try {
		const { taken } = await sendCrowd([{ origin, path }], FOR_MEMORY, PER_SECOND, path);
		assert.deepEqual(await ended(client, [id], taken), { success: taken });
	} finally {
		clearInterval(watch);
		bento.limitRate(undefined);
		await client.deactivate(id);
	}
	return peak;
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
		const { client, bento, hooks } = queue;
		return {
			client,
			bento,
			origin: hooks.origin,
			credential: await queue.credential(),
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
		await check(name, async () => oneCrowd(await place(), workflows), 600_000);
	}
}

async function oneCrowd(place: Place, workflows: number): Promise<void> {
	const { client, bento, origin, count, figure } = place;
	const paths = Array.from({ length: workflows }, (_, index) => `crowd${workflows}-${index}`);
	const ids = [];
	for (const path of paths) {
		const id = await client.createWorkflow(eventPerWebhook(path, place.secret, place.credential));
		await client.activate(id);
		await sendWhenReady(origin, `webhook/${path}`, { body: {} });
		ids.push(id);
	}
	const neighbor = await unrelated(client, origin, `plain${workflows}`);
	// What earlier checks sent counts against a minute.
	bento.reset();
	bento.limitRate(LIMIT, 'sliding');
	const addresses = paths.map((path) => ({ origin, path }));
	const began = Date.now();
	const crowd = await sendCrowd(addresses, count, PER_SECOND, `crowd${workflows}x`);
	const statuses = await ended(client, ids, crowd.taken);
	const seconds = ((Date.now() - began) / 1000).toFixed(0);
	const longest = await neighbor.stop();
	const refused = bento.requests.filter(({ status }) => status === 429).length;
	figure(
		`${crowd.taken} of ${count} webhooks taken in ${crowd.seconds.toFixed(0)} s; ${JSON.stringify(statuses)} after ${seconds} s`,
	);
	figure(
		`${bento.events.length} events at Bento in ${bento.requests.length} requests, ${refused} refused; another workflow waited ${longest.toFixed(1)} s at most`,
	);
	bento.limitRate(undefined);
	assert.deepEqual(statuses, { success: crowd.taken });
	assert.equal(bento.events.length, crowd.taken);
	assert.equal(new Set(bento.events.map(({ email }) => email)).size, crowd.taken);
	assert.ok(refused <= bento.requests.length * 0.05, `${refused} requests were refused`);
	// On a busy machine, n8n takes webhooks late, with or without Bento; that much isn't for Bento's limit.
	const late = crowd.seconds - count / PER_SECOND;
	assert.ok(longest <= MAX_WAIT + late, `another workflow waited ${longest} s`);
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

/** A workflow without Bento that is called every two seconds; `stop` tells the longest time in seconds until it ended. */
async function unrelated(client: N8nClient, origin: string, path: string) {
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
	let going = true;
	const calls = (async () => {
		while (going) {
			const began = Date.now();
			await send(origin, `webhook/${path}`).catch(() => undefined);
			longest = Math.max(longest, (Date.now() - began) / 1000);
			await sleep(2000);
		}
	})();
	return {
		async stop() {
			going = false;
			await calls;
			return longest;
		},
	};
}
