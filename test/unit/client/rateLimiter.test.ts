import { RateLimiter, systemClock } from '../../../nodes/shared/http/client/rateLimiter';
import { VirtualClock } from '../../support/virtualClock';

describe('the limiter', () => {
	it('lets every request through immediately by default', async () => {
		const clock = new VirtualClock();
		const limiter = new RateLimiter(clock);
		for (let turn = 0; turn < 500; turn += 1) await limiter.turn();
		expect(clock.slept).toEqual([]);
	});

	it('keeps the chosen interval', async () => {
		const clock = new VirtualClock();
		const limiter = new RateLimiter(clock, 250);
		for (let turn = 0; turn < 4; turn += 1) await limiter.turn();
		expect(clock.slept).toEqual([250, 250, 250]);
	});

	it('delays all requests while one is told to wait', async () => {
		const clock = new VirtualClock();
		const limiter = new RateLimiter(clock);
		const began = clock.now();
		limiter.hold(5000);
		limiter.hold(1000);
		await Promise.all([limiter.turn(), limiter.turn(), limiter.turn()]);
		expect(clock.now() - began).toBe(5000);
	});

	it('keeps to sixty per minute and one per second after a 429, including earlier requests', async () => {
		const clock = new VirtualClock();
		const limiter = new RateLimiter(clock);
		const began = clock.now();
		for (let turn = 0; turn < 60; turn += 1) await limiter.turn();
		limiter.tooMany(undefined);
		const starts: number[] = [];
		for (let turn = 0; turn < 70; turn += 1) {
			await limiter.turn();
			starts.push(clock.now() - began);
		}
		expect(starts[0]).toBe(60_000);
		expect(starts[1]).toBe(61_000);
		expect(starts[69]).toBe(129_000);
	});

	it('believes one 429 that says when to come back, but not a second', async () => {
		const clock = new VirtualClock();
		const limiter = new RateLimiter(clock);
		limiter.tooMany(1000);
		for (let turn = 0; turn < 5; turn += 1) await limiter.turn();
		expect(clock.slept).toEqual([]);
		limiter.tooMany(1000);
		await limiter.turn();
		expect(clock.slept).toEqual([1000]);
	});

	it('ends a wait when the execution is stopped', async () => {
		const stop = new AbortController();
		const limiter = new RateLimiter(new VirtualClock());
		limiter.hold(1_000_000);
		stop.abort();
		await expect(limiter.turn(stop.signal)).resolves.toBe('stopped');
	});

	it('doesn’t wait for a turn after the deadline', async () => {
		const clock = new VirtualClock();
		const limiter = new RateLimiter(clock);
		limiter.hold(5000);
		await expect(limiter.turn(undefined, clock.now() + 4999)).resolves.toBe('late');
		expect(clock.slept).toEqual([]);
		await expect(limiter.turn(undefined, clock.now() + 5000)).resolves.toBe('go');
		clock.advance(1);
		await expect(limiter.turn(undefined, clock.now() - 1)).resolves.toBe('late');
	});

	it('keeps an interval that is longer than Bento’s limiter', async () => {
		const clock = new VirtualClock();
		const limiter = new RateLimiter(clock, 5000);
		limiter.tooMany(undefined);
		for (let turn = 0; turn < 3; turn += 1) await limiter.turn();
		expect(clock.slept).toEqual([5000, 5000]);
	});

	it('begins no more than sixty in any minute, however many went before', async () => {
		const clock = new VirtualClock();
		const limiter = new RateLimiter(clock);
		const began = clock.now();
		const starts: number[] = [];
		for (let turn = 0; turn < 400; turn += 1) {
			if (turn === 150) limiter.tooMany(undefined);
			await limiter.turn();
			starts.push(clock.now() - began);
			clock.advance(turn < 150 ? 100 : 0);
		}
		const slow = starts.slice(150);
		// The sixtieth before the first slow one began at 9,000 ms.
		expect(slow[0]).toBe(69_000);
		slow.slice(1).forEach((start, index) => {
			expect(start - (slow[index] ?? 0)).toBe(1000);
		});
	});

	it('goes on at the very moment when the gate opens', async () => {
		const clock = new VirtualClock();
		const limiter = new RateLimiter(clock, 100);
		await limiter.turn();
		clock.advance(100);
		await limiter.turn();
		limiter.hold(50);
		clock.advance(50);
		await limiter.turn();
		// The interval counts from the last start, and a wait that is over adds nothing to it.
		expect(clock.slept).toEqual([50]);
	});
});

describe('the real clock', () => {
	it('sleeps for as long as it was told', async () => {
		const began = systemClock.now();
		await systemClock.sleep(30);
		expect(systemClock.now() - began).toBeGreaterThanOrEqual(29);
		await systemClock.sleep(0);
	});

	it('wakes at once when the execution is stopped, and leaves no listener', async () => {
		const stop = new AbortController();
		const { signal } = stop;
		const added = jest.spyOn(signal, 'addEventListener');
		const removed = jest.spyOn(signal, 'removeEventListener');
		const began = systemClock.now();
		const slept = systemClock.sleep(20_000, signal);
		stop.abort();
		await slept;
		await systemClock.sleep(20_000, signal);
		expect(systemClock.now() - began).toBeLessThan(10_000);
		expect(removed.mock.calls.map(([type, listener]) => [type, listener])).toEqual(
			added.mock.calls.map(([type, listener]) => [type, listener]),
		);
		expect(added).toHaveBeenCalledTimes(2);
	});

	it('sleeps in slices, so that no long timer outlives a stopped execution', async () => {
		jest.useFakeTimers();
		try {
			const stop = new AbortController();
			const slept = systemClock.sleep(3_600_000, stop.signal);
			await jest.advanceTimersByTimeAsync(5_500);
			stop.abort();
			await slept;
			// What is left is the slice under way.
			await jest.advanceTimersByTimeAsync(1_000);
			expect(jest.getTimerCount()).toBe(0);
		} finally {
			jest.useRealTimers();
		}
	});

	it('ends by the clock, not by the number of slices', async () => {
		jest.useFakeTimers();
		try {
			let done = false;
			const slept = systemClock.sleep(2_500).then(() => {
				done = true;
			});
			await jest.advanceTimersByTimeAsync(2_499);
			expect(done).toBe(false);
			await jest.advanceTimersByTimeAsync(1);
			expect(done).toBe(true);
			await slept;
		} finally {
			jest.useRealTimers();
		}
	});
});
