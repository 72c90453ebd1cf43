import { z } from 'zod';
import { startBentoServer, type BentoServer } from '../bentoServer';
import { LINE_NAMES, type LineName } from '../support/engine/packages';
import { runWorkflow, type TestNode } from '../support/engine/run';

const PER_SECOND = 20;

interface Kind {
	readonly name: string;
	readonly type: string;
	readonly parameters: TestNode['parameters'];
	/** Executions. */
	readonly count: number;
	/** How many of them the server has. */
	readonly held: (server: BentoServer) => number;
}

const emails = (sent: ReadonlyArray<{ readonly email?: string }>) =>
	new Set(sent.map(({ email }) => email)).size;

const KINDS: readonly Kind[] = [
	{
		name: 'Track Event',
		type: 'bentoTrackEvent',
		parameters: { inputMode: 'eventObjects' },
		count: 300,
		held: ({ events }) => emails(events),
	},
	{
		name: 'Add Tag',
		type: 'bentoTrackEvent',
		parameters: { operation: 'addTag', email: '={{ $json.email }}', tag: 'crowd' },
		count: 60,
		held: ({ events }) => emails(events),
	},
	{
		name: 'Create or Update',
		type: 'bento',
		parameters: {
			resource: 'subscriber',
			operation: 'createOrUpdate',
			email: '={{ $json.email }}',
		},
		count: 60,
		held: ({ requests }) => recordsIn(requests, 'subscribers'),
	},
	{
		name: 'Send Email',
		type: 'bento',
		parameters: {
			resource: 'email',
			operation: 'send',
			toEmail: '={{ $json.email }}',
			from: { __rl: true, mode: 'address', value: 'hello@example.com' },
			subject: 'Hi',
			content: 'Hi',
			confirm: true,
		},
		count: 60,
		held: ({ requests }) => recordsIn(requests, 'emails'),
	},
];

/** Records of the requests that the server took. */
function recordsIn(requests: BentoServer['requests'], wrapper: string): number {
	const bodies = z.array(z.object({ [wrapper]: z.array(z.unknown()) }));
	const taken = requests.filter(({ status }) => status === 200).map(({ body }) => body);
	return bodies.parse(taken).reduce((sum, body) => sum + (body[wrapper]?.length ?? 0), 0);
}

/** One execution for each event, as many a second as a shop may have. */
async function meet(line: LineName, { type, parameters, count }: Kind, server: BentoServer) {
	const waits: number[] = [];
	const errors: string[] = [];
	const execute = async (index: number) => {
		const began = performance.now();
		const node: TestNode = {
			name: 'Bento',
			type,
			parameters: parameters,
		};
		const run = await runWorkflow(line, {
			nodes: [node],
			items: [{ type: 'x', email: `p${index}@example.com` }],
			credentials: { bentoApi: server.credentials },
			executionId: String(index + 1),
		});
		if (run.error)
			errors.push(`${run.error.message} ${String(Reflect.get(run.error, 'description'))}`);
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

interface Met {
	readonly errors: readonly string[];
	readonly median: number;
	readonly server: BentoServer;
}

describe.each(LINE_NAMES)('executions that meet on engine %s', (line) => {
	/** By kind. They wait for the clock, so all kinds meet at the same time, each beside a server of its own. */
	let met: ReadonlyMap<Kind, Met>;
	beforeAll(async () => {
		const meetings = KINDS.map(async (kind) => {
			const server = await startBentoServer();
			server.limitRate(60, 'sliding', false);
			return [kind, { server, ...(await meet(line, kind, server)) }] as const;
		});
		met = new Map(await Promise.all(meetings));
	}, 60_000);
	afterAll(async () => {
		for (const { server } of met.values()) await server.close();
	});

	it.each(KINDS.map((kind) => [kind.name, kind] as const))(
		'%s: many at 20 a second beside 60 requests a minute all succeed',
		(_name, kind) => {
			const { errors, median, server } = met.get(kind) ?? never();
			expect([...new Set(errors)]).toEqual([]);
			expect(kind.held(server)).toBe(kind.count);
			expect(server.requests.filter(({ status }) => status === 429).length).toBeLessThanOrEqual(5);
			expect(server.requests.length).toBeLessThan(60);
			expect(median).toBeLessThanOrEqual(2_000);
		},
	);
});

function never(): never {
	throw new Error('This kind has not met');
}
