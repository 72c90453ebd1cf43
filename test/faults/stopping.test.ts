import { startBentoServer, type BentoServer } from '../bentoServer';
import { LINE_NAMES } from '../support/engine/packages';
import { readRun, startWorkflow } from '../support/engine/run';
import { people, sending } from './support';

let server: BentoServer;
beforeAll(async () => {
	server = await startBentoServer();
});
afterEach(() => server.reset());
afterAll(() => server.close());

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe.each(LINE_NAMES)('stopping an execution on engine %s', (line) => {
	it.each([
		['a wait', { kind: 'status', status: 503, retryAfter: '30' } as const],
		['a request', { kind: 'silence' } as const],
	])('ends %s within a second and sends nothing more', async (_name, fault) => {
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
	});
});
