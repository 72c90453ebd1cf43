import type { IDataObject } from 'n8n-workflow';
import { startBentoServer, type BentoServer } from '../bentoServer';
import { LINE_NAMES, type LineName } from '../support/engine/packages';
import { runWorkflow, type TestNode } from '../support/engine/run';

const PER_SECOND = 20;

interface Kind {
	readonly name: string;
	readonly type: string;
	readonly parameters: IDataObject;
	/** How many of them the server has. */
	readonly held: (server: BentoServer) => number;
}

const KINDS: readonly Kind[] = [
	{
		name: 'Track Event',
		type: 'bentoTrackEvent',
		parameters: { operation: 'track', inputMode: 'eventObjects' },
		held: ({ events }) => new Set(events.map(({ email }) => email)).size,
	},
	{
		name: 'Add Tag',
		type: 'bentoTrackEvent',
		parameters: { operation: 'addTag', email: '={{ $json.email }}', tags: 'crowd' },
		held: ({ events }) => new Set(events.map(({ email }) => email)).size,
	},
];

/** One execution for each event, as many a second as a shop may have. */
async function meet(
	line: LineName,
	{ type, parameters }: Kind,
	server: BentoServer,
	count: number,
) {
	const waits: number[] = [];
	const errors: string[] = [];
	const execute = async (index: number) => {
		const began = performance.now();
		const node: TestNode = {
			name: 'Bento',
			type,
			parameters: parameters as TestNode['parameters'],
		};
		const run = await runWorkflow(line, {
			nodes: [node],
			items: [{ type: 'x', email: `p${index}@example.com` }],
			credentials: { bentoApi: server.credentials },
			executionId: String(index + 1),
		});
		if (run.error) errors.push(run.error.message);
		waits.push(performance.now() - began);
	};
	const running: Array<Promise<void>> = [];
	for (let index = 0; index < count; index += 1) {
		running.push(execute(index));
		await new Promise((resolve) => setTimeout(resolve, 1000 / PER_SECOND));
	}
	await Promise.all(running);
	waits.sort((one, other) => one - other);
	return { errors, median: waits[Math.floor(count / 2)] ?? 0 };
}

describe.each(LINE_NAMES)('executions that meet on engine %s', (line) => {
	let server: BentoServer;
	beforeEach(async () => {
		server = await startBentoServer();
		server.limitRate(60, 'sliding', false);
	});
	afterEach(() => server.close());

	it.each(KINDS.map((kind) => [kind.name, kind] as const))(
		'%s: 300 at 20 a second beside 60 requests a minute all succeed',
		async (_name, kind) => {
			const count = kind.name === 'Track Event' ? 300 : 60;
			const { errors, median } = await meet(line, kind, server, count);
			expect(errors).toEqual([]);
			expect(kind.held(server)).toBe(count);
			expect(server.requests.filter(({ status }) => status === 429).length).toBeLessThanOrEqual(5);
			expect(server.requests.length).toBeLessThan(60);
			expect(median).toBeLessThanOrEqual(2_500);
		},
		60_000,
	);
});
