import { LINE_NAMES } from '../support/engine/packages';
import { startWorkflow } from '../support/engine/run';
import { NODE } from './support';
import { useBento } from '../support/useBento';

const server = useBento();

async function until(condition: () => boolean): Promise<void> {
	while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe.each(LINE_NAMES)('Stopping the Bento node on engine %s', (line) => {
	it.each([
		['in the middle of a request', { kind: 'silence' } as const],
		['while it waits for its next try', { kind: 'status', status: 503, retryAfter: '30' } as const],
	])('ends it within a second %s, and starts no other request', async (_when, fault) => {
		server.failWhen(() => fault);
		const { finished } = await startWorkflow(line, {
			nodes: [
				{
					name: NODE,
					type: 'bento',
					parameters: {
						resource: 'tag',
						operation: 'create',
						tagName: '={{ $json.name }}',
						options: { maxParallelRequests: 1, firstWait: 60_000 },
					},
				},
			],
			items: Array.from({ length: 5 }, (_, index) => ({ name: `t${index}` })),
			credentials: { bentoApi: server.credentials },
		});
		await until(() => server.requests.length === 1);
		const stoppedAt = Date.now();
		finished.cancel();
		await finished.catch(() => undefined);
		expect(Date.now() - stoppedAt).toBeLessThan(1_000);
		await new Promise((resolve) => setTimeout(resolve, 50));
		expect(server.requests).toHaveLength(1);
	});
});
