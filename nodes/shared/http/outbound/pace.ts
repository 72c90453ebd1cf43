import type { Clock } from './clock';

/** Bento's lowest documented rate for batch and fetch calls (bento-skills, July 2026: about 60 a minute). */
const CALLS_PER_MINUTE = 60;
const MINUTE = 60_000;

/**
 * The gate that all requests of one run pass. It keeps a chosen interval between them, stays shut while
 * Bento has told any of them to wait, and falls back to Bento's documented pace once its limit shows: one
 * request a second, and no more than 60 in any minute, those sent before included.
 */
export class Pace {
	private shutUntil = 0;
	private warned = false;
	private slow = false;
	private readonly starts: number[] = [];

	/** @param interval least time between two starts, in ms; default none */
	constructor(
		private readonly clock: Clock,
		private readonly interval = 0,
	) {}

	/** Waits for a turn. Resolves to false when the execution was stopped before it came. */
	async turn(signal?: AbortSignal): Promise<boolean> {
		for (;;) {
			if (signal?.aborted) return false;
			const now = this.clock.now();
			const opensAt = Math.max(this.shutUntil, this.nextStart());
			if (opensAt <= now) {
				this.record(now);
				return true;
			}
			await this.clock.sleep(opensAt - now, signal);
		}
	}

	/** Keeps the gate shut for `ms` from now, for everyone. */
	hold(ms: number): void {
		this.shutUntil = Math.max(this.shutUntil, this.clock.now() + ms);
	}

	/**
	 * Bento said 429: keep its documented pace for the rest of the run. The first one that says when to come back
	 * is believed; only a second one shows that the old pace won't do.
	 */
	tooMany(retryAfter: number | undefined): void {
		this.slow ||= this.warned || retryAfter === undefined;
		this.warned = true;
	}

	private nextStart(): number {
		const last = this.starts[this.starts.length - 1];
		if (last === undefined) return 0;
		if (!this.slow) return last + this.interval;
		const spaced = last + Math.max(this.interval, MINUTE / CALLS_PER_MINUTE);
		const sixtyAgo = this.starts[this.starts.length - CALLS_PER_MINUTE];
		return sixtyAgo === undefined ? spaced : Math.max(spaced, sixtyAgo + MINUTE);
	}

	private record(now: number): void {
		this.starts.push(now);
		if (this.starts.length > 2 * CALLS_PER_MINUTE) this.starts.splice(0, CALLS_PER_MINUTE);
	}
}
