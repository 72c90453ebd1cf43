import assert from 'assert/strict';
import { startBentoServer, type BentoServer } from '../../bentoServer';
import { readExample } from '../support/examples';
import { sendWhenReady } from '../support/hooks';
import { cpuSeconds, residentMemory } from '../support/processes';
import { startSink } from '../support/sink';
import { until } from '../support/until';
import { node, withParameters, type WorkflowDraft } from '../support/workflows';
import { bentoData, type World } from '../support/world';
import { words } from './trackEvent';

const perPage = 5000;
const perRequest = 1000;

/** By default; with `--whole`, as many as the documentation's figures are based on. */
const sizes = { gate: 100_000, whole: 1_000_000 };

/** How much faster than the real clock the stand-in's runs while it counts requests per minute. */
const hurry = 2;

/** Bento's documented limit, in requests per minute. */
const limit = 60;

/**
 * How much n8n's memory may grow between the second tenth of the events and the last. n8n keeps the items of all rounds
 * until an execution ends, and with a million V8 decides when that shows: one measurement in three was above.
 */
const growth = 1.1;

/** In MB. With 768, a million events run out of memory. */
const heap = { gate: 768, whole: 4096 };

/** The back-fill example with a larger number, beside the same workflow without Bento in it, and at Bento's limit. */
export async function backFillHolds(world: World): Promise<void> {
	if (world.line !== '2x') return;
	const { check, figure, heading } = world.reporter;
	const total = sizes[sizeOf(world)];
	const count = total.toLocaleString('en-US');
	heading(`n8n ${world.line}: a back-fill of ${count} events`);

	await check(
		'none lost, none twice; memory flat; how long it takes beside the same without Bento',
		async () => {
			const idle = faster(await twice(world, () => timedIdle(world, total)));
			const runs = await twice(world, () => watched(world, total));
			for (const { emails } of runs) {
				assert.equal(emails.length, total);
				assert.equal(new Set(emails).size, total);
			}
			const run = faster(runs);
			figure(
				`${count} events in ${run.seconds.toFixed(1)} s, ${Math.round(total / run.seconds).toLocaleString('en-US')} a second; ${count} at Bento, 0 twice`,
			);
			figure(
				`with No Operation in its place ${idle.seconds.toFixed(1)} s: ${(run.seconds / idle.seconds).toFixed(2)} times as long, ${(run.computed / idle.computed).toFixed(2)} times as much to compute for n8n`,
			);
			// The first run makes n8n's heap grow to what it needs; the second has to do with that.
			const peaks = peakOfTenths(runs[1].memory);
			const [, early = 0] = peaks;
			const late = peaks.at(-1) ?? 0;
			figure(
				`memory of n8n's process in the second run, the peak of each tenth in MiB: ${peaks.join(', ')}; last to second ${(late / early).toFixed(2)}`,
			);
			assert.ok(late <= early * growth, 'the memory grows');
		},
		world.whole ? 3_600_000 : 600_000,
	);

	await check(
		`at ${limit} requests a minute, on a clock that runs ${hurry} times as fast: the rate is used`,
		async () => {
			const start = Date.now();
			const now = () => start + (Date.now() - start) * hurry;
			const bento = await startBentoServer({ now });
			bento.keepBodies = false;
			try {
				// Requests arrive a little earlier or later than they are spaced; some slack keeps below the limit.
				const batchInterval = Math.round((60_000 * 1.02) / limit / hurry);
				const paced = { batchInterval, firstWait: 1000 / hurry };
				const workflow = await draft(world, total, bento, 'send', paced);
				bento.limitRate(limit, 'sliding');
				const { seconds } = await timed(world, workflow);
				const accepted = total / perRequest;
				const refused = bento.requests.filter(({ status }) => status === 429).length;
				const used = accepted / ((seconds * hurry * limit) / 60);
				figure(
					`${accepted} requests in ${seconds.toFixed(1)} s with a Batch Interval of ${paced.batchInterval} ms: ${(used * 100).toFixed(1)} % of the rate; ${refused} refused`,
				);
				assert.equal(bento.events.length, total);
				assert.equal(new Set(bento.events.map(({ email }) => email)).size, total);
				assert.ok(refused <= accepted / 100, 'too many requests were refused');
				assert.ok(used >= 0.95, 'the rate is not used');
			} finally {
				await bento.close();
			}
		},
		world.whole ? 3_600_000 : 600_000,
	);
	await world.restart();
}

function sizeOf({ whole }: World): keyof typeof sizes {
	return whole ? 'whole' : 'gate';
}

/** The run with No Operation where Bento is. */
async function timedIdle(world: World, total: number): Promise<Timed> {
	return await timed(world, await draft(world, total, world.bento, 'noOp'));
}

interface Watched extends Timed {
	/** Of the events, in order. */
	readonly emails: readonly string[];
	/** Of n8n's process in MiB, whenever it sent a batch. */
	readonly memory: readonly number[];
}

/** The run with Bento. */
async function watched(world: World, total: number): Promise<Watched> {
	const { pid } = world.instance;
	const memory: number[] = [];
	const sink = await startSink(() => {
		const now = residentMemory(pid);
		// If n8n has died, the wait for its end says so.
		if (now !== undefined) memory.push(now);
	});
	try {
		const run = await timed(world, await draft(world, total, sink, 'send'));
		return { ...run, memory, emails: sink.emails() };
	} finally {
		sink.close();
	}
}

/** Two runs in an n8n that has just started and had a short one to warm up: nothing else has grown its heap before. */
async function twice<Run>(world: World, run: () => Promise<Run>): Promise<readonly [Run, Run]> {
	await world.restart({ NODE_OPTIONS: `--max-old-space-size=${heap[sizeOf(world)]}` });
	await timedIdle(world, sizes.gate / 4);
	return [await run(), await run()];
}

/** As other load may delay one. */
function faster([first, second]: readonly [Timed, Timed]): Timed {
	return second.seconds < first.seconds ? second : first;
}

/** The example with so many events; `noOp` puts a No Operation node where Bento is. */
async function draft(
	world: World,
	total: number,
	bento: Pick<BentoServer, 'credentials'>,
	what: 'send' | 'noOp',
	options: Record<string, unknown> = {},
): Promise<WorkflowDraft> {
	const bentoApi = await world.client.createCredential('bentoApi', 'Back-fill', bentoData(bento));
	const bentoWebhookSecretApi = await world.webhookCredential();
	const example = withoutMemory(
		readExample('scheduled-backfill.json', { bentoApi, bentoWebhookSecretApi }),
	);
	const pages = `={{ { "page": Array.from({ length: ${total / perPage} }, (_, i) => i + 1) } }}`;
	const larger = withParameters(example, 'Pages', { jsonOutput: pages });
	const field = { values: [{ aggregation: 'count', field: what === 'send' ? 'status' : 'email' }] };
	const counting = withParameters(larger, 'Count', { fieldsToSummarize: field });
	if (what === 'send') return withParameters(counting, 'Back-Fill Events', { options });
	const nodes = counting.nodes.map((one) =>
		one.name === 'Back-Fill Events'
			? { ...one, type: 'n8n-nodes-base.noOp', parameters: {}, credentials: undefined }
			: one,
	);
	return { ...counting, nodes };
}

/** The example without the table that keeps which pages were sent: here, every run sends all of them. */
function withoutMemory(example: WorkflowDraft): WorkflowDraft {
	const to = (node: string) => ({ main: [[{ node, type: 'main', index: 0 }]] });
	const loop = to('Loop Over Pages');
	const isTable = ({ type }: WorkflowDraft['nodes'][number]) => type.endsWith('.dataTable');
	const tables = new Set(example.nodes.filter(isTable).map(({ name }) => name));
	const connections = Object.fromEntries(
		Object.entries(example.connections).filter(([from]) => !tables.has(from)),
	);
	return {
		...example,
		nodes: example.nodes.filter((node) => !isTable(node)),
		connections: { ...connections, 'One Item per Page': loop, Count: loop },
	};
}

let starts = 0;

interface Timed {
	readonly seconds: number;
	/** What n8n's process computed, in seconds; unlike the time, it doesn't depend on what else the machine does. */
	readonly computed: number;
}

/** Runs a workflow to its end. */
async function timed(world: World, backFill: WorkflowDraft): Promise<Timed> {
	starts += 1;
	const path = `back-fill-${starts}`;
	const webhook = node(
		'Start',
		'n8n-nodes-base.webhook',
		{ path, httpMethod: 'POST', options: {} },
		{ typeVersion: 2, webhookId: path },
	);
	const connections = {
		...backFill.connections,
		Start: { main: [[{ node: 'Pages', type: 'main', index: 0 }]] },
	};
	const workflow = { ...backFill, nodes: [...backFill.nodes, webhook], connections };
	const id = await world.client.createWorkflow(workflow);
	await world.client.activate(id);
	const { pid } = world.instance;
	const begin = Date.now();
	const computedBefore = cpuSeconds(pid);
	await sendWhenReady(world.instance.origin, `webhook/${path}`);
	await until(
		'the end',
		async () => {
			const running = await world.client.running(id);
			return running.length === 0 ? true : undefined;
		},
		{ within: 3_600_000, every: 200 },
	);
	const seconds = (Date.now() - begin) / 1000;
	const computed = cpuSeconds(pid) - computedBefore;
	// What succeeds isn't kept: the example says so in its settings.
	const [failed] = await world.client.executions(id);
	if (failed !== undefined) throw new Error(words(await world.client.finished(failed.id)));
	await world.client.deactivate(id);
	return { seconds, computed };
}

/** Of ten parts of the run with as many requests each. */
function peakOfTenths(memory: readonly number[]): number[] {
	assert.ok(memory.length >= 10, 'too few requests to speak of tenths');
	return Array.from({ length: 10 }, (_, tenth) => {
		const [from, to] = [tenth, tenth + 1].map((edge) => Math.floor((memory.length * edge) / 10));
		return Math.max(...memory.slice(from, to));
	});
}
