import { version } from '../../package.json';
import { startBentoServer, type BentoServer } from '../bentoServer';
import { NODE, people, sending } from '../faults/support';
import { LINE_NAMES, requireOf, type LineName } from '../support/engine/packages';
import { runWorkflow, type RunOptions } from '../support/engine/run';

interface BackendCommon {
	readonly Logger: { readonly prototype: { log: (...parts: unknown[]) => void } };
}

let server: BentoServer;
beforeAll(async () => {
	process.env.N8N_LOG_LEVEL = 'debug';
	server = await startBentoServer();
});
afterEach(() => server.reset());
afterAll(() => server.close());

const PLACE = `${NODE} [execution 1, workflow test-workflow]`;

/** What n8n's log gets from now on, as `level: line`. */
function listen(line: LineName): string[] {
	const said: string[] = [];
	const { Logger } = requireOf(line)('@n8n/backend-common') as BackendCommon;
	// For good, as n8n also logs when the process ends; jest's spies end before that.
	Logger.prototype.log = (...parts) => {
		const [level, text] = parts.filter((part) => typeof part === 'string');
		said.push(`${level}: ${text}`);
	};
	return said;
}

/** The lines of a run of the node. */
async function linesOf(line: LineName, options: RunOptions): Promise<string[]> {
	const said = listen(line);
	await runWorkflow(line, options);
	return said.filter((one) => one.includes(`: ${NODE}`));
}

describe.each(LINE_NAMES)('n8n’s log, engine %s', (line) => {
	it('says once in a process which version runs there, at info', async () => {
		const said = listen(line);
		await runWorkflow(line, sending(server, people(1)));
		await runWorkflow(line, sending(server, people(1)));
		const told = said.filter((one) => one.includes('runs in this process'));
		expect(told).toEqual([`info: n8n-nodes-bentonow ${version} runs in this process`]);
	});

	it('has each attempt when it ends, at debug', async () => {
		server.failNext({ kind: 'status', status: 503 }, { kind: 'resetBefore' });
		const options = { batchSize: 2, maxParallelBatches: 1 };
		const said = await linesOf(line, sending(server, people(3), options));
		const lines = [
			/batch 1, 2 events, attempt 1: busy, HTTP 503, .*\d+ ms, .*next attempt in \d+ ms or more$/,
			/batch 1, 2 events, attempt 2: unknown, lost, ECONNRESET, .*next attempt in \d+ ms or more$/,
			/batch 1, 2 events, attempt 3: accepted, HTTP 200, /,
			/batch 2, 1 event, attempt 1: accepted, HTTP 200, /,
		];
		expect(said).toHaveLength(lines.length);
		for (const [index, rest] of lines.entries()) {
			expect(said[index]).toMatch(rest);
			expect(said[index]?.startsWith(`debug: ${PLACE}: POST /batch/events, `)).toBe(true);
		}
		expect(said.join()).not.toContain('@');
	});

	it('has one line for a run that failed, at warn, with the account and no data', async () => {
		server.refuseEvents(({ email }) => email === 'p1@example.com');
		const said = await linesOf(line, sending(server, people(3)));
		const failed = said.filter((one) => one.startsWith('warn: '));
		expect(failed).toEqual([
			expect.stringMatching(
				/: the run failed\. Bento rejected the event.*2 of 3 events were accepted$/,
			),
		]);
		expect(failed[0]).toContain(PLACE);
		expect(failed[0]).not.toContain('@');
	});

	it('has the line for items that can’t be sent and for single calls, too', async () => {
		const invalid = await linesOf(line, sending(server, [{ type: 'x', email: 'not-one' }]));
		expect(invalid).toEqual([expect.stringMatching(/^warn: .*The event wasn't sent$/)]);
		expect(invalid.join()).not.toContain('not-one');
		server.failNext({ kind: 'status', status: 403 });
		const call = { resource: 'tag', operation: 'getAll' };
		const lookUp = {
			...sending(server, [{}]),
			nodes: [{ name: NODE, type: 'bento', parameters: call }],
		};
		const refused = (await linesOf(line, lookUp)).filter((one) => one.startsWith('warn: '));
		expect(refused).toEqual([
			expect.stringMatching(/the run failed\..*0 of 1 request was accepted$/),
		]);
	});

	it('has no such line where the workflow goes on', async () => {
		server.refuseEvents(() => true);
		const settings = { onError: 'continueErrorOutput' } as const;
		const said = await linesOf(line, sending(server, people(1), {}, settings));
		expect(said.filter((one) => one.startsWith('warn: '))).toEqual([]);
	});

	it.each([
		['shop-4711', true],
		['ada@example.com', false],
	])('names the webhook that started it: %s', async (requestId, named) => {
		const options = sending(server, [{ ...people(1)[0], requestId }]);
		const hook = { name: "Bento's hook", type: 'bentoWebhookTrigger', parameters: {} };
		const said = await linesOf(line, { ...options, nodes: [hook, ...options.nodes] });
		expect(said).toHaveLength(1);
		expect(said[0]?.includes(`, request ${requestId}]: POST`)).toBe(named);
		expect(said[0]).not.toContain('@');
	});
});
