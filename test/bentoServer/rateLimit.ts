export type RateStyle = 'bucket' | 'fixed' | 'sliding';

const MINUTE = 60_000;

/** Counts requests against a limit per minute, in one of the ways that servers do. */
export class RateLimit {
	private taken: number[] = [];
	private windowStart = 0;
	private inWindow = 0;
	private tokens: number;
	private filledAt: number;

	constructor(
		private readonly perMinute: number,
		private readonly style: RateStyle,
		readonly retryAfter: boolean,
		now: number,
	) {
		this.tokens = perMinute;
		this.filledAt = now;
	}

	/** 0 when the request may pass, else the ms until one may. */
	check(now: number): number {
		if (this.style === 'sliding') return this.checkSliding(now);
		if (this.style === 'bucket') return this.checkBucket(now);
		const start = Math.floor(now / MINUTE) * MINUTE;
		if (start !== this.windowStart) this.inWindow = 0;
		this.windowStart = start;
		if (this.inWindow >= this.perMinute) return start + MINUTE - now;
		this.inWindow += 1;
		return 0;
	}

	private checkSliding(now: number): number {
		this.taken = this.taken.filter((at) => at > now - MINUTE);
		const [oldest] = this.taken;
		if (oldest !== undefined && this.taken.length >= this.perMinute) return oldest + MINUTE - now;
		this.taken.push(now);
		return 0;
	}

	private checkBucket(now: number): number {
		const perMs = this.perMinute / MINUTE;
		// A bucket of ten: what a server with a small burst allows.
		this.tokens = Math.min(10, this.tokens + (now - this.filledAt) * perMs);
		this.filledAt = now;
		if (this.tokens < 1) return Math.ceil((1 - this.tokens) / perMs);
		this.tokens -= 1;
		return 0;
	}
}
