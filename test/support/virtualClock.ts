import type { Clock } from '../../nodes/shared/http/client/rateLimiter';

/**
 * A clock that stands still until everyone waits, and then jumps to the earliest end of a wait. Sleeping takes no
 * real time, and the order of events is that of real time.
 */
export class VirtualClock implements Clock {
	private time: number;
	private readonly sleepers: Array<{ readonly until: number; readonly wake: () => void }> = [];
	/** Every wait that was asked for, in ms. */
	readonly slept: number[] = [];

	constructor(start = Date.UTC(2026, 10, 20)) {
		this.time = start;
	}

	now(): number {
		return this.time;
	}

	async sleep(ms: number, signal?: AbortSignal): Promise<void> {
		if (signal?.aborted) return;
		this.slept.push(ms);
		await new Promise<void>((resolve) => {
			this.sleepers.push({ until: this.time + ms, wake: resolve });
			signal?.addEventListener('abort', () => resolve(), { once: true });
			setImmediate(() => this.jump());
		});
	}

	/** Moves on by hand, as for a request that takes time. */
	advance(ms: number): void {
		this.time += ms;
	}

	private jump(): void {
		this.sleepers.sort((one, other) => one.until - other.until);
		const next = this.sleepers.shift();
		if (!next) return;
		this.time = Math.max(this.time, next.until);
		next.wake();
	}
}
