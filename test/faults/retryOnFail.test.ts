import type { Fault } from '../bentoServer';
import { LINE_NAMES } from '../support/engine/packages';
import { runWorkflow } from '../support/engine/run';
import { inALoop, NODE, people, sending, timesTaken } from './support';
import { useBento } from '../support/useBento';

const BUSY: Fault = { kind: 'status', status: 503 };
const RETRY = { retryOnFail: true, waitBetweenTries: 1 };
const ONE_BY_ONE = { batchSize: 10, maxParallelBatches: 1, maxAttempts: 1, timeout: 10_000 };

const server = useBento();

describe.each(LINE_NAMES)('n8n’s Retry On Fail on engine %s', (line) => {
	it.each([2, 3, 5])(
		'with %d tries sends only what the previous try did not deliver',
		async (maxTries) => {
			// Each try gets two batches further.
			let failures = maxTries - 1;
			let since = 0;
			server.failWhen(() => {
				if (since < 2 || failures === 0) {
					since += 1;
					return undefined;
				}
				since = 0;
				failures -= 1;
				return BUSY;
			});
			const run = await runWorkflow(
				line,
				sending(server, people(100), ONE_BY_ONE, { ...RETRY, maxTries }),
			);
			expect(run.error).toBeUndefined();
			expect([...timesTaken(server).values()]).toEqual(Array.from({ length: 100 }, () => 1));
			expect(server.requests).toHaveLength(10 + maxTries - 1);
			expect(run.json(NODE)).toHaveLength(100);
			expect(run.json(NODE).every(({ status }) => status === 'accepted')).toBe(true);
			expect(run.json(NODE)[0]?.note).toBe('Sent in an earlier attempt of this run');
		},
	);

	it('remembers under Continue too, where n8n repeats the node when the first item failed', async () => {
		server.failNext(BUSY);
		const run = await runWorkflow(
			line,
			sending(server, people(30), ONE_BY_ONE, {
				...RETRY,
				maxTries: 2,
				onError: 'continueRegularOutput',
			}),
		);
		expect(run.json(NODE).every(({ status }) => status === 'accepted')).toBe(true);
		expect([...timesTaken(server).values()]).toEqual(Array.from({ length: 30 }, () => 1));
	});

	it('never repeats what may have arrived with At Most Once', async () => {
		server.failNext(undefined, { kind: 'resetAfter' });
		const options = { ...ONE_BY_ONE, deliveryGuarantee: 'atMostOnce' };
		const run = await runWorkflow(
			line,
			sending(server, people(30), options, { ...RETRY, maxTries: 3 }),
		);
		expect([...timesTaken(server).values()]).toEqual(Array.from({ length: 30 }, () => 1));
		expect(run.error?.message).toMatch(
			/^It wasn't sent again, because Bento may have it from an earlier attempt/,
		);
	});

	it('is not fooled by expressions whose result changes with every try', async () => {
		server.failNext(undefined, BUSY);
		const run = await runWorkflow(line, {
			...sending(server, people(20)),
			nodes: [
				{
					name: NODE,
					type: 'bentoTrackEvent',
					parameters: {
						email: '={{ $json.email }}',
						eventType: 'x',
						detailsMode: 'json',
						detailsJson: '={{ JSON.stringify({ at: Math.random() }) }}',
						options: ONE_BY_ONE,
					},
					...RETRY,
				},
			],
		});
		expect(run.error).toBeUndefined();
		expect([...timesTaken(server).values()]).toEqual(Array.from({ length: 20 }, () => 1));
	});

	it('treats each run of a loop separately, even with the same items', async () => {
		// In every round the second batch fails once.
		let request = 0;
		server.failWhen(() => {
			request += 1;
			return request % 4 === 2 ? BUSY : undefined;
		});
		const retrying = { ...RETRY, maxTries: 2 };
		const run = await runWorkflow(line, inALoop(server, 3, people(30), ONE_BY_ONE, retrying));
		expect(run.error).toBeUndefined();
		expect(run.of(NODE)).toHaveLength(3);
		expect([...timesTaken(server).values()]).toEqual(Array.from({ length: 30 }, () => 3));
	});

	it('leaves nothing behind after success, and little, without event data, after failure', async () => {
		server.failNext(undefined, BUSY);
		const done = await runWorkflow(
			line,
			sending(server, people(30), ONE_BY_ONE, { ...RETRY, maxTries: 2 }),
		);
		expect(contextOf(done.run)).not.toContain('bentoDelivered');
		server.reset();
		server.failWhen(({ bodyText }) => (bodyText.includes('p999@') ? BUSY : undefined));
		const failed = await runWorkflow(line, sending(server, people(1000), ONE_BY_ONE));
		const kept = contextOf(failed.run);
		expect(kept).toContain('bentoDelivered');
		expect(kept).not.toContain('example.com');
		expect(kept.length / 99).toBeLessThan(60);
	});
});

function contextOf(run: { data: { executionData?: { contextData?: unknown } } }): string {
	return JSON.stringify(run.data.executionData?.contextData ?? {});
}
