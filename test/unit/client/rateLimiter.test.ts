import {
	Caller,
	RateLimiter,
	systemClock,
	type Ask,
	type Turn,
} from '../../../nodes/shared/http/client/rateLimiter';
import { VirtualClock } from '../../support/virtualClock';

const caller = (execution: unknown = 'one', interval = 0) => new Caller(execution, interval);
const ask = (more: Partial<Ask> = {}): Ask => ({ caller: caller(), load: 'single', ...more });

function setUp() {
	const clock = new VirtualClock();
	const limiter = new RateLimiter(clock, () => 0);
	const began = clock.now();
	/** Takes so many turns one after the other; when each came, in ms. */
	const take = async (turns: number, given: Ask = ask()) => {
		const starts: number[] = [];
		for (let turn = 0; turn < turns; turn += 1) {
			await limiter.turn(given);
			starts.push(clock.now() - began);
		}
		return starts;
	};
	const tooMany = (pause?: number) =>
		limiter.learn({ kind: 'tooMany', startedAt: clock.now(), pause });
	const taken = () => limiter.learn({ kind: 'taken', startedAt: clock.now(), pause: undefined });
	return { clock, limiter, began, take, tooMany, taken };
}

const spaces = (starts: readonly number[]) =>
	starts.slice(1).map((start, index) => start - (starts[index] ?? 0));

describe('an execution that is alone', () => {
	it('is never delayed', async () => {
		const { clock, take } = setUp();
		await take(500);
		expect(clock.slept).toEqual([]);
	});

	it('isn’t slowed down by one 429 that says when to come back', async () => {
		const { take, tooMany } = setUp();
		await take(10);
		tooMany(1000);
		expect(await take(5)).toEqual([1000, 1000, 1000, 1000, 1000]);
	});

	it.each([
		['without Retry-After', [undefined]],
		['that comes a second time', [1000, 1000]],
	])('keeps to less than it sent before a 429 %s', async (_name, pauses) => {
		const { clock, take, tooMany } = setUp();
		await take(60);
		for (const pause of pauses) {
			tooMany(pause);
			clock.advance(1_000);
		}
		const gaps = spaces(await take(10));
		expect(Math.min(...gaps)).toBeGreaterThanOrEqual(60_000 / 42 - 1);
	});

	it('keeps its own interval', async () => {
		const { take } = setUp();
		const own = ask({ caller: caller('one', 250) });
		expect(await take(4, own)).toEqual([0, 250, 500, 750]);
	});

	it('keeps an interval that is longer than Bento’s limit', async () => {
		const { take, tooMany } = setUp();
		await take(1);
		tooMany();
		const gaps = spaces(await take(3, ask({ caller: caller('one', 30_000) })));
		expect(gaps).toEqual([30_000, 30_000]);
	});

	it('waits for what it holds back itself, and delays no other', async () => {
		const { clock, limiter, began } = setUp();
		const held = caller('held');
		held.hold(5_000, clock.now());
		const order: string[] = [];
		await Promise.all([
			limiter.turn(ask({ caller: held })).then(() => order.push(`held ${clock.now() - began}`)),
			limiter.turn(ask({ caller: caller('x') })).then(() => order.push(`x ${clock.now() - began}`)),
		]);
		expect(order).toEqual(['x 0', 'held 5000']);
	});
});

describe('executions that meet', () => {
	function meet() {
		const parts = setUp();
		for (const name of ['a', 'b']) parts.limiter.arrive(caller(name));
		return { ...parts, gathering: ask({ caller: caller('a'), load: 'gathers' }) };
	}

	it('begin gently: at once, soon, and then about every four seconds', async () => {
		const { take, gathering } = meet();
		const starts = await take(8, gathering);
		expect(spaces(starts).map((gap) => Math.round(gap / 100) / 10)).toEqual([
			0.5, 1, 2, 3.6, 3.6, 3.6, 3.6,
		]);
	});

	it('three processes together stay below sixty in their first minute', async () => {
		const { take, gathering } = meet();
		const starts = await take(40, gathering);
		expect(starts.filter((start) => start < 60_000).length).toBeLessThanOrEqual(20);
	});

	it('what others can’t join has the whole documented minute', async () => {
		const { take } = meet();
		const starts = await take(70);
		expect(starts.filter((start) => start === 0)).toHaveLength(60);
		expect(starts[60]).toBeGreaterThanOrEqual(60_000);
	});

	it('a higher documented limit gives all of them more', async () => {
		const { limiter, take, gathering } = meet();
		limiter.documented = 600;
		limiter.arrive(caller('c'));
		expect(await take(200)).toEqual(new Array(200).fill(0));
		expect(gathering.load).toBe('gathers');
	});

	it('what is full waits for nothing before a limit shows, and makes nobody wait', async () => {
		const { limiter, take, clock, began } = meet();
		await take(200, ask({ load: 'full' }));
		expect(clock.now()).toBe(began);
		await limiter.turn(ask({ caller: caller('b'), load: 'gathers' }));
		expect(clock.now()).toBe(began);
	});

	it('one after the other: once nobody joined, none waits for others', async () => {
		const { clock, limiter, began } = setUp();
		for (let round = 0; round < 40; round += 1) {
			const own = caller(round);
			limiter.arrive(own);
			const askedAt = clock.now();
			await limiter.turn(ask({ caller: own, load: 'gathers' }));
			if (clock.now() - askedAt >= 1_500) limiter.nobodyJoined();
			clock.advance(50);
			limiter.leave(own);
		}
		// Without it, 40 rounds would take more than two minutes.
		expect(clock.now() - began).toBeLessThan(8_000);
	});
});

describe('the rate after a 429', () => {
	it('rises while Bento takes everything, until a higher limit is used', async () => {
		const { clock, limiter, began, take, tooMany, taken } = setUp();
		await take(60);
		tooMany();
		const perMinute: number[] = [];
		while (clock.now() - began < 10 * 60_000) {
			await limiter.turn(ask());
			const minute = Math.floor((clock.now() - began) / 60_000);
			perMinute[minute] = (perMinute[minute] ?? 0) + 1;
			taken();
		}
		expect(perMinute[1]).toBeGreaterThan(42);
		expect(perMinute[9]).toBeGreaterThan(120);
	});

	it('requests that were refused together are one sign', async () => {
		const { limiter, take, clock } = setUp();
		await take(60);
		const startedAt = clock.now();
		clock.advance(100);
		for (let refused = 0; refused < 5; refused += 1) {
			limiter.learn({ kind: 'tooMany', startedAt, pause: undefined });
		}
		expect(spaces(await take(2))[0]).toBeCloseTo(60_000 / 42, 0);
	});

	it('asks less and less often while it is refused', async () => {
		const { take, tooMany } = setUp();
		await take(60);
		const probes: number[] = [];
		for (let probe = 0; probe < 5; probe += 1) {
			tooMany();
			probes.push(...(await take(1)));
		}
		const gaps = spaces(probes);
		expect(gaps).toEqual([...gaps].sort((one, other) => one - other));
		expect(Math.max(...gaps)).toBeLessThanOrEqual(20_000);
	});
});

describe('turns', () => {
	it('go round: a back-fill makes nobody wait for its end, nor the reverse', async () => {
		const { limiter, take, tooMany } = setUp();
		await take(60);
		tooMany();
		const order: string[] = [];
		const wait = async (name: string, lane: Caller) => {
			await limiter.turn(ask({ caller: lane }));
			order.push(name);
		};
		const big = caller('big');
		await Promise.all([
			...[1, 2, 3, 4].map((batch) => wait(`big ${batch}`, big)),
			wait('small', caller('small')),
		]);
		expect(order).toEqual(['big 1', 'small', 'big 2', 'big 3', 'big 4']);
	});

	it('all wait while one is told to', async () => {
		const { clock, limiter, began } = setUp();
		limiter.hold(5000);
		limiter.hold(1000);
		await Promise.all(['a', 'b', 'c'].map((name) => limiter.turn(ask({ caller: caller(name) }))));
		expect(clock.now() - began).toBe(5000);
	});

	it('end when the execution is stopped, also that of the last one who waits', async () => {
		const { limiter } = setUp();
		limiter.hold(1_000_000);
		await expect(limiter.turn(ask({ signal: AbortSignal.abort() }))).resolves.toBe('stopped');
		const stop = new AbortController();
		const turns: Array<Promise<Turn>> = [
			limiter.turn(ask({ signal: stop.signal })),
			limiter.turn(ask({ caller: caller('other') })),
		];
		stop.abort();
		expect(await Promise.all(turns)).toEqual(['stopped', 'go']);
	});

	it('don’t come after the deadline', async () => {
		const { clock, limiter } = setUp();
		limiter.hold(5000);
		const until = (deadline: number) => ask({ deadline: () => deadline });
		await expect(limiter.turn(until(clock.now() + 4999))).resolves.toBe('late');
		expect(clock.slept).toEqual([]);
		await expect(limiter.turn(until(clock.now() + 5000))).resolves.toBe('go');
		clock.advance(1);
		await expect(limiter.turn(until(clock.now() - 1))).resolves.toBe('late');
	});

	it('are given to those that can go, whoever waits before them', async () => {
		const { clock, limiter, began } = setUp();
		const slow = caller('slow', 10_000);
		await limiter.turn(ask({ caller: slow }));
		const waiting = limiter.turn(ask({ caller: slow }));
		await limiter.turn(ask({ caller: caller('quick') }));
		expect(clock.now() - began).toBe(0);
		await waiting;
		expect(clock.now() - began).toBe(10_000);
	});
});

it('a limiter is of no use once nobody has used it for a while', () => {
	const { clock, limiter } = setUp();
	const one = caller();
	limiter.arrive(one);
	clock.advance(10_000);
	expect(limiter.isIdle(5_000)).toBe(false);
	limiter.leave(one);
	expect(limiter.isIdle(5_000)).toBe(false);
	clock.advance(5_001);
	expect(limiter.isIdle(5_000)).toBe(true);
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
