/** How long a key is remembered: IDs that a sender gives, or hashes of what it sent. */
export interface SeenKey {
	readonly key: string;
	/** In ms since the epoch; from then on the key counts as new. */
	readonly until: number;
}

/**
 * Remembers keys for a time, in a bounded space. To look and to remember is one synchronous step, so of two
 * requests that arrive together in one process exactly one is new.
 */
export class SeenKeys {
	/** Oldest first, as a Map keeps its order. */
	private readonly seen = new Map<string, number>();
	/** The keys claimed last, so that nobody has to walk through all of them. */
	private recent: SeenKey[] = [];

	/** @param keepRecent how many `newest` can tell at most */
	constructor(private readonly keepRecent: number) {}

	/**
	 * @returns true when the key is new, and remembers it
	 * @param now in ms since the epoch
	 * @param maxKeys the oldest are forgotten beyond it
	 */
	claim(key: string, until: number, now: number, maxKeys: number): boolean {
		const known = this.seen.get(key);
		if (known !== undefined && known > now) return false;
		this.seen.delete(key);
		this.seen.set(key, until);
		this.recent.push({ key, until });
		if (this.recent.length > 2 * this.keepRecent) {
			this.recent = this.recent.slice(-this.keepRecent);
		}
		this.trim(now, maxKeys);
		return true;
	}

	/** Forgets a key, because what it stood for did not happen. */
	release(key: string): void {
		this.seen.delete(key);
		this.recent = this.recent.filter((entry) => entry.key !== key);
	}

	/** Takes over keys that another process or an earlier life remembered. */
	adopt(keys: readonly SeenKey[], now: number): void {
		for (const { key, until } of keys) {
			if (until <= now || this.seen.has(key)) continue;
			this.seen.set(key, until);
			this.recent.push({ key, until });
		}
	}

	/** The newest keys that still count, oldest first. */
	newest(now: number): SeenKey[] {
		return this.recent
			.slice(-this.keepRecent)
			.filter(({ key, until }) => until > now && this.seen.get(key) === until);
	}

	get size(): number {
		return this.seen.size;
	}

	private trim(now: number, maxKeys: number): void {
		for (const [key, until] of this.seen) {
			if (until > now && this.seen.size <= maxKeys) return;
			this.seen.delete(key);
		}
	}
}
