import { Pace } from '../../../nodes/shared/http/outbound/pace';
import { VirtualClock } from '../../support/virtualClock';

describe('the pace', () => {
	it('lets every request through immediately by default', async () => {
		const clock = new VirtualClock();
		const pace = new Pace(clock);
		for (let turn = 0; turn < 500; turn += 1) await pace.turn();
		expect(clock.slept).toEqual([]);
	});

	it('keeps the chosen interval', async () => {
		const clock = new VirtualClock();
		const pace = new Pace(clock, 250);
		for (let turn = 0; turn < 4; turn += 1) await pace.turn();
		expect(clock.slept).toEqual([250, 250, 250]);
	});

	it('delays all requests while one is told to wait', async () => {
		const clock = new VirtualClock();
		const pace = new Pace(clock);
		const began = clock.now();
		pace.hold(5000);
		pace.hold(1000);
		await Promise.all([pace.turn(), pace.turn(), pace.turn()]);
		expect(clock.now() - began).toBe(5000);
	});

	it('keeps to sixty per minute and one per second after a 429, including earlier requests', async () => {
		const clock = new VirtualClock();
		const pace = new Pace(clock);
		const began = clock.now();
		for (let turn = 0; turn < 60; turn += 1) await pace.turn();
		pace.tooMany(undefined);
		const starts: number[] = [];
		for (let turn = 0; turn < 70; turn += 1) {
			await pace.turn();
			starts.push(clock.now() - began);
		}
		expect(starts[0]).toBe(60_000);
		expect(starts[1]).toBe(61_000);
		expect(starts[69]).toBe(129_000);
	});

	it('believes one 429 that says when to come back, but not a second', async () => {
		const clock = new VirtualClock();
		const pace = new Pace(clock);
		pace.tooMany(1000);
		for (let turn = 0; turn < 5; turn += 1) await pace.turn();
		expect(clock.slept).toEqual([]);
		pace.tooMany(1000);
		await pace.turn();
		expect(clock.slept).toEqual([1000]);
	});

	it('ends a wait when the execution is stopped', async () => {
		const stop = new AbortController();
		const pace = new Pace(new VirtualClock());
		pace.hold(1_000_000);
		stop.abort();
		await expect(pace.turn(stop.signal)).resolves.toBe('stopped');
	});

	it('doesn’t wait for a turn after the deadline', async () => {
		const clock = new VirtualClock();
		const pace = new Pace(clock);
		pace.hold(5000);
		await expect(pace.turn(undefined, clock.now() + 4999)).resolves.toBe('late');
		expect(clock.slept).toEqual([]);
		await expect(pace.turn(undefined, clock.now() + 5000)).resolves.toBe('go');
		clock.advance(1);
		await expect(pace.turn(undefined, clock.now() - 1)).resolves.toBe('late');
	});
});
