import type { Clock } from '../../nodes/shared/http/client/rateLimiter';

interface Sleeper {
	readonly until: number;
	readonly order: number;
	readonly wake: () => void;
}

/** Virtual time for thousands of sleepers: `run` jumps from one end of a wait to the next, once nothing else is to do. */
export class SimulatedClock implements Clock {
	private time = Date.UTC(2026, 10, 20);
	private order = 0;
	/** A binary heap, the earliest first. */
	private readonly heap: Sleeper[] = [];

	now(): number {
		return this.time;
	}

	async sleep(ms: number, signal?: AbortSignal): Promise<void> {
		if (signal?.aborted) return;
		await new Promise<void>((resolve) => {
			const wake = () => {
				signal?.removeEventListener('abort', wake);
				resolve();
			};
			this.push({ until: this.time + Math.max(0, ms), order: (this.order += 1), wake });
			signal?.addEventListener('abort', wake, { once: true });
		});
	}

	/** Lets time pass until something is done. */
	async run<Result>(something: Promise<Result>): Promise<Result> {
		let over = false;
		const done = something.finally(() => (over = true));
		// Whoever awaits it gets the error; here it only ends the loop.
		done.catch(() => undefined);
		for (;;) {
			await new Promise((resolve) => setImmediate(resolve));
			if (over) return await done;
			const next = this.pop();
			if (!next) throw new Error('Everybody waits for something that will never happen');
			this.time = next.until;
			next.wake();
		}
	}

	private push(sleeper: Sleeper): void {
		let place = this.heap.push(sleeper) - 1;
		while (place > 0) {
			const above = (place - 1) >> 1;
			if (!this.swapIfEarlier(place, above)) return;
			place = above;
		}
	}

	private pop(): Sleeper | undefined {
		const [first] = this.heap;
		const last = this.heap.pop();
		if (!last || this.heap.length === 0) return first;
		this.heap[0] = last;
		for (let place = 0; ;) {
			const left = 2 * place + 1;
			const right = left + 1;
			const child = right < this.heap.length && this.isEarlier(right, left) ? right : left;
			if (child >= this.heap.length || !this.swapIfEarlier(child, place)) return first;
			place = child;
		}
	}

	private swapIfEarlier(below: number, above: number): boolean {
		if (!this.isEarlier(below, above)) return false;
		const [one, other] = [this.heap[below], this.heap[above]];
		if (one && other) [this.heap[below], this.heap[above]] = [other, one];
		return true;
	}

	private isEarlier(place: number, than: number): boolean {
		const [one, other] = [this.heap[place], this.heap[than]];
		if (!one || !other) return false;
		return one.until < other.until || (one.until === other.until && one.order < other.order);
	}
}
