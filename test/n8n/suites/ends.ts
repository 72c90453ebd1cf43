import assert from 'assert/strict';
import type { BentoServer } from '../../bentoServer';
import type { N8nClient, StoredCredential } from '../support/client';
import type { Execution } from '../support/executions';
import { sendWhenReady } from '../support/hooks';
import type { Line } from '../support/paths';
import { until } from '../support/until';
import { chain, node, orders } from '../support/workflows';
import type { World } from '../support/world';
import { trackEvent } from './trackEvent';

/** Twenty batches, two at a time, each with a response after this many milliseconds. */
const events = 2000;
const batchSize = 100;
const usualLatency = 300;

/** Where a run is going on and gets ended: one process, or queue mode. */
export interface Place {
	readonly line: Line;
	readonly bento: BentoServer;
	readonly client: N8nClient;
	/** Where the webhook that starts the run responds. */
	readonly hooks: string;
	/** What n8n's processes wrote, those that were ended too. */
	log(): readonly string[];
	credential(): Promise<{ bentoApi: StoredCredential }>;
}

/** How a run ended, and what Retry in the list of executions made of it. */
export interface Outcome {
	readonly status: string;
	/** Whether the list of executions can show what the Bento node said. */
	readonly told: boolean;
	/** Events at Bento when the run had ended, duplicates counted once. */
	readonly delivered: number;
	readonly retried: { readonly status: string; readonly sent: number } | undefined;
	readonly doubled: number;
	readonly missing: number;
}

/** What `docs/operators.md` says of an ending. Numbers of events that depend on the moment are bounds. */
export interface Promised {
	readonly status: readonly string[];
	readonly told?: boolean;
	/** What is at Bento in the end, after Retry where there was something to retry; several where n8n decides. */
	readonly leaves: ReadonlyArray<'whole' | 'doubled' | 'missing'>;
	/** Whether n8n's log has the node's account of a run that was cut short. */
	readonly logged?: boolean;
}

/** The ways in which a run ends in one process; the table of docs/operators.md, line by line. */
export async function endsOfARun(world: World): Promise<void> {
	const { check, figure, heading } = world.reporter;
	heading(`n8n ${world.line}: however a run ends`);
	const { line } = world;
	const logs: string[] = [];
	const place: Place = {
		line,
		bento: world.bento,
		get client() {
			return world.client;
		},
		hooks: world.instance.origin,
		log: () => [...logs, ...world.instance.log],
		credential: () => world.bentoCredential(),
	};
	const tell = async (
		name: string,
		end: (execution: string) => Promise<void>,
		promised: Promised,
		options: RunOptions = {},
	) =>
		await check(name, async () => {
			const outcome = await endAndRetry(place, end, options);
			figure(inWords(outcome));
			judge(place, outcome, promised);
		});

	await tell(
		'a refused key in mid-run',
		async () => {
			world.bento.failWhen(() => ({ kind: 'status', status: 401 }));
			await Promise.resolve();
		},
		{ status: ['error'], told: true, leaves: ['whole'] },
	);
	await tell(
		'Stop',
		(execution) => world.client.stopExecution(execution),
		line === '2x'
			? { status: ['canceled'], told: false, leaves: ['doubled'], logged: true }
			: { status: ['canceled'], told: false, leaves: ['missing'], logged: true },
	);
	await tell(
		'the timeout of the workflow',
		() => Promise.resolve(),
		line === '2x'
			? { status: ['canceled'], told: true, leaves: ['doubled'], logged: true }
			: { status: ['canceled'], told: false, leaves: ['missing'], logged: true },
		{ settings: { executionTimeout: 2 } },
	);
	await tell(
		'the process killed',
		async () => {
			logs.push(...world.instance.log);
			await world.killAndRestart();
		},
		{ status: ['crashed'], leaves: ['doubled'] },
	);
	await tell(
		'the process terminated, within the grace time',
		async () => {
			logs.push(...world.instance.log);
			await world.instance.terminate();
			await world.restart({ N8N_GRACEFUL_SHUTDOWN_TIMEOUT: '2' });
		},
		{ status: ['success'], told: true, leaves: ['whole'] },
	);
	await tell(
		'the process terminated, beyond the grace time',
		async () => {
			logs.push(...world.instance.log);
			await world.instance.terminate();
			await world.restart();
		},
		{ status: ['crashed'], leaves: ['doubled'] },
		{ latency: 1500 },
	);
	world.bento.reset();
}

interface RunOptions {
	/** Of the workflow. */
	readonly settings?: Record<string, unknown>;
	/** How long Bento takes for each batch, in milliseconds. */
	readonly latency?: number;
}

let runs = 0;

/** Starts a run, ends it midway, and presses Retry where the list of executions offers it. */
export async function endAndRetry(
	place: Place,
	end: (execution: string) => Promise<void>,
	{ settings = {}, latency = usualLatency }: RunOptions = {},
): Promise<Outcome> {
	const { bento } = place;
	bento.reset();
	bento.keepBodies = false;
	bento.latencyMs = latency;
	runs += 1;
	const path = `ends-${runs}`;
	const webhook = node(
		'Webhook',
		'n8n-nodes-base.webhook',
		{ path, httpMethod: 'POST', options: {} },
		{ typeVersion: 2, webhookId: path },
	);
	const sending = trackEvent(await place.credential(), { batchSize, maxParallelBatches: 2 });
	const draft = chain(path, webhook, ...orders(events), sending);
	const id = await place.client.createWorkflow({ ...draft, settings });
	await place.client.activate(id);
	await sendWhenReady(place.hooks, `webhook/${path}`);
	await until('half of the events', () => (bento.events.length >= events / 4 ? true : undefined));
	const [running] = await place.client.running(id);
	assert.ok(running);
	await end(running.id);
	const ended = await place.client.finished(running.id, 120_000);
	// Requests that were in progress when the run was ended still arrive.
	await until('quiet', () =>
		bento.requests.every(({ status }) => status !== undefined) ? true : undefined,
	);
	bento.failWhen(undefined);
	const sent = bento.events.length;
	const delivered = distinct(bento);
	const retried = ended.status === 'success' ? undefined : await retry(place, id, ended.id);
	await place.client.deactivate(id);
	return {
		status: ended.status,
		told: hasRun(ended),
		delivered,
		retried: retried && { status: retried.status, sent: bento.events.length - sent },
		doubled: bento.events.length - distinct(bento),
		missing: events - distinct(bento),
	};
}

/** Presses Retry in the list of executions, and waits until the new execution has ended. */
async function retry({ client }: Place, workflowId: string, id: string): Promise<Execution> {
	const known = new Set((await client.executions(workflowId)).map((one) => one.id));
	await client.retry(id);
	const started = await until(
		'the retry',
		async () => {
			const all = await client.executions(workflowId);
			return all.find((one) => !known.has(one.id));
		},
		{ within: 120_000 },
	);
	return await client.finished(started.id, 120_000);
}

function hasRun(execution: Execution): boolean {
	return execution.data?.resultData.runData?.['Bento Track Event'] !== undefined;
}

function distinct({ events: all }: BentoServer): number {
	return new Set(all.map(({ email }) => email)).size;
}

export function inWords({ status, told, delivered, retried, doubled, missing }: Outcome): string {
	const first = `${status}${told ? '' : ', no run data'}, ${delivered} of ${events} delivered`;
	const then = retried === undefined ? '' : `; Retry: ${retried.status}, ${retried.sent} sent`;
	return `${first}${then}; ${doubled} twice, ${missing} missing`;
}

export function judge(place: Place, outcome: Outcome, promised: Promised): void {
	assert.ok(promised.status.includes(outcome.status), `the run ended as ${outcome.status}`);
	if (promised.told !== undefined) {
		assert.equal(outcome.told, promised.told, 'run data of the node');
	}
	const { doubled, missing } = outcome;
	const leaves = missing > 0 ? 'missing' : doubled > 0 ? 'doubled' : 'whole';
	assert.ok(promised.leaves.includes(leaves), `what is at Bento in the end: ${leaves}`);
	if (promised.logged !== true) return;
	const account = place.log().find((line) => line.includes('was cut short'));
	assert.ok(account, 'no line in the log says "was cut short"');
	assert.match(account, /\d/, 'the account has no count');
}
