import { sleep } from 'n8n-workflow';

/** Time as the helper sees it; tests pass one that they move by hand. */
export interface Clock {
	/** In ms since the epoch. */
	now(): number;
	/** Resolves after `ms`, or immediately when the signal is aborted. Never rejects. */
	sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** n8n's `sleep` can't be aborted: short slices leave no long timer behind a stopped execution. */
const SLICE = 1_000;

/** The real clock. */
export const systemClock: Clock = {
	now: () => Date.now(),
	async sleep(ms, signal) {
		const until = Date.now() + ms;
		const aborted = whenAborted(signal);
		try {
			for (let left = ms; left > 0 && !signal?.aborted; left = until - Date.now()) {
				await Promise.race([sleep(Math.min(left, SLICE)), aborted.promise]);
			}
		} finally {
			aborted.forget();
		}
	},
};

function whenAborted(signal: AbortSignal | undefined) {
	let listener: (() => void) | undefined;
	const promise = new Promise<void>((resolve) => {
		listener = () => resolve();
		signal?.addEventListener('abort', listener, { once: true });
	});
	return {
		promise,
		forget() {
			if (listener) signal?.removeEventListener('abort', listener);
		},
	};
}

/** Bento's lowest documented rate for batch and fetch calls (bento-skills, July 2026: about 60 per minute). */
const CALLS_PER_MINUTE = 60;
const MINUTE = 60_000;

/** How a wait for a turn ended: the request may start, the turn would come too late, or the execution was stopped. */
export type Turn = 'go' | 'late' | 'stopped';

/**
 * The gate that all requests of a node pass while an execution lasts. It keeps a chosen interval between them, stays
 * shut while Bento has told any of them to wait, and falls back to Bento's documented pace once its limit shows: one
 * request per second, and no more than 60 in any minute, those sent before included.
 */
export class RateLimiter {
	private shutUntil = 0;
	private warned = false;
	private slow = false;
	private readonly starts: number[] = [];

	/** @param interval minimum time between two starts, in ms; default none */
	constructor(
		private readonly clock: Clock,
		public interval = 0,
	) {}

	/**
	 * Waits for a turn, but not for one that would come after `deadline`.
	 *
	 * @param deadline in ms since the epoch; default none
	 */
	async turn(signal?: AbortSignal, deadline = Infinity): Promise<Turn> {
		for (;;) {
			if (signal?.aborted) return 'stopped';
			const now = this.clock.now();
			const opensAt = Math.max(this.shutUntil, this.nextStart());
			// Asked again after each sleep: another call's wait may have come on top, and timers run late.
			if (Math.max(opensAt, now) > deadline) return 'late';
			if (opensAt <= now) {
				this.record(now);
				return 'go';
			}
			await this.clock.sleep(opensAt - now, signal);
		}
	}

	/** Keeps the gate shut for `ms` from now, for everyone. */
	hold(ms: number): void {
		this.shutUntil = Math.max(this.shutUntil, this.clock.now() + ms);
	}

	/**
	 * Bento said 429: keep its documented pace from now on. The first one that says when to come back is
	 * believed; only a second one shows that the old pace is too fast.
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
