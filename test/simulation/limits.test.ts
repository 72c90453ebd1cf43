import { crowd, expectAllDelivered, SETTLED, STYLES } from './crowd';
import { percentile } from './world';

/** More executions, and limits that change: as in crowds.test.ts, which would take too long with these. */

describe('more executions a second', () => {
	it.each([1, 5])('50, in %d processes', async (processes) => {
		const played = await crowd({ processes, perSecond: 50 });
		expectAllDelivered(played);
		expect(played.refusedShare).toBeLessThanOrEqual(processes === 1 ? 0.01 : 0.15);
		expect(percentile(played, 0.99, SETTLED)).toBeLessThanOrEqual(processes === 1 ? 5 : 30);
	});

	it('200, in one process', async () => {
		const played = await crowd({ processes: 1, perSecond: 200, seconds: 60 });
		expectAllDelivered(played);
		expect(played.refusedShare).toBeLessThanOrEqual(0.01);
		expect(percentile(played, 0.99)).toBeLessThanOrEqual(5);
	});

	it('200, in ten processes: 60,000 executions', async () => {
		const played = await crowd({ processes: 10, perSecond: 200 });
		expectAllDelivered(played);
	}, 180_000);
});

describe.each(STYLES)('a limit that changes (%s)', (style) => {
	const limits = (perMinute: number) => [
		{ from: 0, perMinute: 60 },
		{ from: 120, perMinute },
	];

	it.each([1, 5])('and rises is used within minutes by %d processes', async (processes) => {
		const scene = { processes, perSecond: 20, seconds: 480, style, limits: limits(180) };
		const played = await crowd(scene);
		expectAllDelivered(played);
		expect(played.refusedShare).toBeLessThanOrEqual(0.06);
		expect(Math.max(...played.perMinute.slice(5))).toBeGreaterThan(115);
	});

	it.each([1, 5])('and falls loses nothing for %d processes', async (processes) => {
		const scene = { processes, perSecond: 20, seconds: 480, style, limits: limits(30) };
		const played = await crowd(scene);
		expectAllDelivered(played);
		expect(played.refusedShare).toBeLessThanOrEqual(processes === 1 ? 0.05 : 0.25);
		// It isn't only refused: the lower limit is used too.
		expect(Math.min(...played.perMinute.slice(4, 7))).toBeGreaterThanOrEqual(20);
	});
});
