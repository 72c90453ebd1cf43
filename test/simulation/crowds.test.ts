import { crowd, expectAllDelivered, SETTLED, STYLES } from './crowd';
import { percentile, sendBatches } from './world';

/**
 * Executions of one event each beside a Bento that counts requests, in virtual time, over the real limiter, line, retry
 * policy and delivery.
 */

/** Each way to count, with and without Retry-After. */
const SERVERS = STYLES.flatMap((style) => [
	{ style, retryAfter: false },
	{ style, retryAfter: true },
]);

describe.each(SERVERS)('beside 60 a minute ($style, Retry-After: $retryAfter)', (server) => {
	it('one process with 20 executions a second', async () => {
		const played = await crowd({ ...server, processes: 1, perSecond: 20 });
		expectAllDelivered(played);
		expect(played.refusedShare).toBeLessThanOrEqual(0.01);
		expect(percentile(played, 0.99)).toBeLessThanOrEqual(5);
	});

	it.each([3, 5])('%d processes with 20 executions a second', async (processes) => {
		const played = await crowd({ ...server, processes, perSecond: 20 });
		expectAllDelivered(played);
		expect(played.refusedShare).toBeLessThanOrEqual(0.15);
		expect(percentile(played, 0.99, SETTLED)).toBeLessThanOrEqual(30);
	});

	it('ten processes lose nothing, and use what there is', async () => {
		const played = await crowd({ ...server, processes: 10, perSecond: 20 });
		expectAllDelivered(played);
		expect(Math.min(...played.perMinute.slice(1, 5))).toBeGreaterThanOrEqual(50);
	});

	it('one execution with 300 small batches', async () => {
		const played = await sendBatches(server, 300);
		expect(played).toMatchObject({ accepted: 300, held: 300, doubled: 0 });
		expect(played.refusedShare).toBeLessThanOrEqual(0.1);
		expect(played.tookSeconds).toBeLessThan(8 * 60);
	});
});

describe.each(STYLES)('three workers of ten with 600 executions at 10 a second (%s)', (style) => {
	it.each([1, 2, 3])(
		'are done soon, and others in the queue wait little, chance %d',
		async (seed) => {
			const scene = { processes: 3, perSecond: 10, seconds: 60, slots: 10, style, seed };
			const played = await crowd(scene);
			expectAllDelivered(played);
			expect(played.refusedShare).toBeLessThanOrEqual(0.05);
			expect(played.tookSeconds).toBeLessThan(100);
			// Of that, the last four seconds are the wait for the turn.
			expect(percentile(played, 0.99)).toBeLessThanOrEqual(36);
		},
	);
});

it('300 executions at 20 a second in one process, as on the engine', async () => {
	const played = await crowd({ processes: 1, perSecond: 20, seconds: 15 });
	expectAllDelivered(played);
	expect(played.refused).toBe(0);
	expect(percentile(played, 0.5)).toBeLessThanOrEqual(2);
});
