import { startBentoServer, type BentoServer } from '../bentoServer';
import { LINE_NAMES } from '../support/engine/packages';
import { runWorkflow } from '../support/engine/run';
import { inALoop, people } from './support';

describe.each(LINE_NAMES)('the pace of a loop on engine %s', (line) => {
	let server: BentoServer;
	beforeEach(async () => {
		server = await startBentoServer();
	});
	afterEach(() => server.close());

	it('is kept from one round to the next', async () => {
		const batchInterval = 300;
		const began = performance.now();
		const run = await runWorkflow(line, inALoop(server, 4, people(2), { batchInterval }));
		expect(run.error).toBeUndefined();
		expect(server.requests).toHaveLength(4);
		// Without the limiter, all of it takes a fraction of one interval.
		expect(performance.now() - began).toBeGreaterThan(3 * batchInterval - 5);
	});
});
