import { startBentoServer, type BentoServer } from '../bentoServer';
import { LINE_NAMES, requireOf, type LineName } from '../support/engine/packages';
import { readRun, startWorkflow } from '../support/engine/run';
import { people, sending } from './support';

let server: BentoServer;
// One for each test: what it said to one execution holds for the next one too.
beforeEach(async () => {
	server = await startBentoServer();
});
afterEach(() => server.close());

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

interface BackendCommon {
	readonly Logger: { readonly prototype: { log(...parts: unknown[]): void } };
}

/** What n8n's log gets at info level from now on. */
function infoLog(line: LineName): readonly string[] {
	const said: string[] = [];
	const { Logger } = requireOf(line)('@n8n/backend-common') as BackendCommon;
	jest.spyOn(Logger.prototype, 'log').mockImplementation((...parts) => {
		if (parts.includes('info')) said.push(parts.filter((part) => typeof part === 'string').join());
	});
	return said;
}

afterEach(() => jest.restoreAllMocks());

describe.each(LINE_NAMES)('stopping an execution on engine %s', (line) => {
	it.each([
		['a wait', { kind: 'status', status: 503, retryAfter: '30' } as const],
		['a request', { kind: 'silence' } as const],
	])('ends %s within a second and sends nothing more', async (_name, fault) => {
		const said = infoLog(line);
		server.failNext(undefined, undefined, fault);
		const options = { batchSize: 10, maxParallelBatches: 1, timeout: 60_000, longestWait: 60_000 };
		const { finished } = await startWorkflow(line, sending(server, people(100), options));
		while (server.requests.length < 3) await pause(5);
		await pause(50);
		const began = Date.now();
		finished.cancel();
		const run = await finished;
		expect(Date.now() - began).toBeLessThan(1000);
		await pause(200);
		expect(server.requests).toHaveLength(3);
		expect(server.events).toHaveLength(20);
		expect(readRun(run).error?.message).toMatch(
			/execution was stopped.* 20 of 100 events were accepted$/,
		);
		expect(said.join()).toMatch(
			/\[execution 1, workflow test-workflow\]: the run was cut short\. 20 of 100 events accepted, (10 failed|10 unknown: Bento may have received them), 70 not sent \(3 batches, 3 requests,/,
		);
		const { contextData } = run.data.executionData ?? {};
		expect(JSON.stringify(contextData)).toContain('bentoDelivered');
	});
});
