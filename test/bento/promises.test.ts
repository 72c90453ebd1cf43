import type { INodeProperties } from 'n8n-workflow';
import { engineLine } from '../support/engine/lines';
import { runWorkflow } from '../support/engine/run';
import { FAST, NODE, runBento } from './support';
import { useBento } from '../support/useBento';

/** What labels and options promise, held against what Bento gets. n8n's own part in it is tested elsewhere. */

const server = useBento({ enterprise: true });

/** What a collection of a node offers, as the editor shows it; for one resource, if given. */
async function parametersOf(
	node: string,
	collection: string,
	resource?: string,
): Promise<INodeProperties[]> {
	const { loader } = await engineLine('2x');
	const { properties } = loader.nodeTypes[node]?.type.description ?? { properties: [] };
	return properties
		.filter(({ name, displayOptions }) => {
			const shownFor: readonly unknown[] = displayOptions?.show?.resource ?? [];
			return name === collection && (resource === undefined || shownFor.includes(resource));
		})
		.flatMap(({ options = [] }) =>
			options.filter((option): option is INodeProperties => 'type' in option),
		);
}

/** The most requests that were open at one time, each of which takes a moment. */
function countOpenRequests(): () => number {
	let most = 0;
	server.failWhen(() => {
		most = Math.max(most, server.requests.filter(({ status }) => status === undefined).length);
		return { kind: 'slow', ms: 50 };
	});
	return () => most;
}

const many = (count: number) => Array.from({ length: count }, (_, index) => ({ n: index }));

it.each([
	['created_at', 'Created'],
	['last_event_at', 'Last Event'],
	['unsubscribed_at', 'Unsubscribed'],
	['updated_at', 'Updated'],
])('%s is what the filters say', async (sent, label) => {
	const filters = await parametersOf('bento', 'filters', 'subscriber');
	const nameOf = (title: string) => filters.find((one) => one.displayName === title)?.name ?? '';
	const run = await runBento('2x', server, {
		resource: 'subscriber',
		operation: 'getAll',
		filters: {
			[nameOf(`${label} After`)]: '2026-01-01T00:00:00Z',
			[nameOf(`${label} Before`)]: '2026-02-01T00:00:00Z',
		},
	});
	expect(run.error).toBeUndefined();
	expect(server.requests[0]?.query).toMatchObject({
		[`${sent}[gt]`]: '2026-01-01T00:00:00.000Z',
		[`${sent}[lt]`]: '2026-02-01T00:00:00.000Z',
	});
});

it('Start and End of statistics are what they say', async () => {
	await runBento('2x', server, {
		resource: 'statistic',
		operation: 'getAds',
		filters: { start: '2026-01-01', end: '2026-02-01' },
	});
	const { query } = server.requests[0] ?? {};
	expect(query).toMatchObject({ start_date: '2026-01-01', end_date: '2026-02-01' });
});

it('Request Interval keeps calls apart, whatever may run at the same time', async () => {
	const run = await runBento(
		'2x',
		server,
		{
			resource: 'tag',
			operation: 'create',
			tagName: '={{ "tag" + $json.n }}',
			options: { requestInterval: 120, maxParallelRequests: 4 },
		},
		many(4),
	);
	expect(run.error).toBeUndefined();
	const starts = server.requests.map(({ at }) => at).sort((one, other) => one - other);
	expect(starts).toHaveLength(4);
	// Three intervals, less what the first request may have been slower than the last.
	expect((starts[3] ?? 0) - (starts[0] ?? 0)).toBeGreaterThanOrEqual(300);
});

it('If Not Found is each item’s own', async () => {
	const run = await runBento(
		'2x',
		server,
		{
			resource: 'segment',
			operation: 'get',
			segment: { __rl: true, mode: 'id', value: '={{ $json.id }}' },
			options: { ifNotFound: '={{ $json.missing }}' },
		},
		[
			{ id: 'none', missing: 'continue' },
			{ id: 'none', missing: 'fail' },
			{ id: '71', missing: 'fail' },
		],
		{ onError: 'continueErrorOutput' },
	);
	expect(run.items(NODE, 0).map(({ pairedItem }) => pairedItem)).toEqual([
		{ item: 0 },
		{ item: 2 },
	]);
	expect(run.items(NODE, 1).map(({ pairedItem }) => pairedItem)).toEqual([{ item: 1 }]);
});

it.each([undefined, 1, 5])(
	'Max Parallel Batches is what is shown or chosen: %p',
	async (chosen) => {
		const options = await parametersOf('bentoTrackEvent', 'options');
		const shown = options.find(({ name }) => name === 'maxParallelBatches')?.default;
		const most = countOpenRequests();
		const run = await runWorkflow('2x', {
			nodes: [
				{
					name: NODE,
					type: 'bentoTrackEvent',
					parameters: {
						operation: 'trackEvent',
						email: 'a@b.co',
						eventType: '={{ "e" + $json.n }}',
						options: {
							...FAST,
							batchSize: 1,
							...(chosen !== undefined && { maxParallelBatches: chosen }),
						},
					},
				},
			],
			items: many(12),
			credentials: { bentoApi: server.credentials },
		});
		expect(run.error).toBeUndefined();
		expect(most()).toBe(chosen ?? shown);
	},
);

it.each([undefined, 1, 6])(
	'Max Parallel Requests is what is shown or chosen: %p',
	async (chosen) => {
		const options = await parametersOf('bento', 'options');
		const shown = options.find(({ name }) => name === 'maxParallelRequests')?.default;
		const most = countOpenRequests();
		const run = await runBento(
			'2x',
			server,
			{
				resource: 'tag',
				operation: 'create',
				tagName: '={{ "tag" + $json.n }}',
				options: chosen === undefined ? {} : { maxParallelRequests: chosen },
			},
			many(12),
		);
		expect(run.error).toBeUndefined();
		expect(most()).toBe(chosen ?? shown);
	},
);

describe('a long list', () => {
	beforeEach(() => {
		for (const { n } of many(450)) {
			const name = `Tag ${n}`;
			server.state.tags.push({ id: `t${n}`, name, createdAt: '2026-01-01', discardedAt: null });
		}
	});

	it('comes whole with Return All', async () => {
		const run = await runBento('2x', server, {
			resource: 'tag',
			operation: 'getAll',
			returnAll: true,
		});
		expect(run.json(NODE)).toHaveLength(server.state.tags.length);
	});

	it('comes whole over pages', async () => {
		for (const { n } of many(450)) {
			server.state.sequences.push({
				...server.state.sequences[0],
				id: `sequence_${n}`,
			} as (typeof server.state.sequences)[number]);
		}
		const run = await runBento('2x', server, {
			resource: 'sequence',
			operation: 'getAll',
			returnAll: true,
		});
		expect(run.json(NODE)).toHaveLength(server.state.sequences.length);
	});

	it('ends where Limit says', async () => {
		const parameters = { resource: 'tag', operation: 'getAll', limit: 201 };
		const run = await runBento('2x', server, parameters);
		expect(run.json(NODE)).toHaveLength(201);
	});
});
