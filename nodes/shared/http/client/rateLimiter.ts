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

/** In ms. */
export const MINUTE = 60_000;

/** Bento's lowest documented rate for batch and fetch calls (bento-skills, July 2026: about 60 per minute). */
export const REQUESTS_PER_MINUTE = 60;

/**
 * How the rate moves, found by simulation (test/simulation): of the documented rate, or of the current one and per
 * minute.
 */
const RATE = {
	/** Where executions meet, what can travel together begins at this share of the documented rate … */
	gentle: 0.275,
	/** … and after a minute in which Bento took everything, it grows so fast. */
	found: 0.4,
	/** What is left after a 429. */
	decrease: 0.7,
	/** The way back to where the 429 came … */
	recovery: 0.5,
	/** … ends at this share of it. */
	near: 0.9,
	/** From there on it grows slowly, and faster with each minute: the limit may be higher now. */
	slow: 0.02,
	acceleration: 0.1,
	fastest: 0.8,
	/** A share of the documented rate that it grows by in any case, so that slow processes catch up. */
	step: 1 / 120,
	/** No process is slower than this share of the documented rate. */
	least: 1 / 20,
} as const;

/** The second request of executions that meet comes this soon, in ms; each gap is twice the one before. */
const FIRST_GAP = 500;

/** After as many unused turns, the gaps begin anew. */
const UNUSED_TURNS = 4;

/** Executions whose requests start this close to each other, in ms, may meet. */
const SHORTLY = 10_000;

/** After a wait in which nobody joined, none is tried for so long, in ms, unless executions meet. */
const LONELY = 30_000;

/** Without Retry-After, no pause after a 429 is longer. */
const LONGEST_PAUSE = 20_000;

/** A server counts requests when they arrive, so a minute of starts is a little longer than one of its own. */
const WINDOW = MINUTE + 500;

/** Whoever calls Bento, as the limiter sees it: a node of an execution, a webhook, or a dropdown. */
export class Caller {
	private lastStart = -Infinity;
	private heldUntil = 0;
	/** Requests of it that wait for a turn. */
	waiting = 0;

	/**
	 * @param execution what the nodes of one execution have in common
	 * @param interval minimum time between two starts, in ms
	 */
	constructor(
		readonly execution: unknown,
		public interval = 0,
	) {}

	/** When it may start its next request as far as its own settings go, in ms since the epoch. */
	opensAt(): number {
		return Math.max(this.heldUntil, this.lastStart + this.interval);
	}

	/** Keeps it from starting another request for `ms`. */
	hold(ms: number, now: number): void {
		this.heldUntil = Math.max(this.heldUntil, now + ms);
	}

	started(now: number): void {
		this.lastStart = now;
	}
}

/** How a wait for a turn ended: the request may start, the turn would come too late, or the execution was stopped. */
export type Turn = 'go' | 'late' | 'stopped';

/** A request that wants to start. */
export interface Ask {
	readonly caller: Caller;
	/** Who takes turns with others; default the caller. */
	readonly lane?: object;
	/** `gathers`: others join it while it waits. `full`: nothing more would fit into it. */
	readonly load: 'full' | 'gathers' | 'single';
	/** In ms since the epoch; a turn that comes later is of no use. */
	readonly deadline?: () => number;
	readonly signal?: AbortSignal;
}

/** What became of a request, as far as the limiter is concerned. */
export interface Feedback {
	readonly startedAt: number;
	/** `tooMany`: 429. `silent`: no response, or one that says nothing of limits. */
	readonly kind: 'silent' | 'taken' | 'tooMany';
	/** How long Bento wants no further request, in ms. */
	readonly pause: number | undefined;
}

interface Waiter {
	readonly ask: Ask;
	readonly settle: (turn: Turn) => void;
}

interface Start {
	readonly at: number;
	readonly execution: unknown;
	/** Whether it was one of several executions that share the documented limit. */
	readonly paced: boolean;
}

/**
 * The gate that all requests of one kind to one site pass, whichever execution of this process they are of.
 *
 * An execution that is alone isn't delayed. Where several meet, requests keep to the documented limit, and those that
 * others can join begin gently, so that several processes, which know nothing of each other, don't use up a minute at
 * once. A 429 shows the limit: the rate falls at once and rises slowly while Bento takes everything. Turns are fair:
 * each lane takes one after the other, and no turn waits for the end of a request.
 */
export class RateLimiter {
	/** Requests per minute that this kind of call may take; raised by those who know theirs. */
	documented = REQUESTS_PER_MINUTE;
	/** Requests per minute; 0 while nothing has to be slowed down. */
	private rate = 0;
	/** The rate at which the last 429 came; before the first one, the documented rate. */
	private ceiling = 0;
	/** Since when the rate has been close to the ceiling. */
	private nearSince = 0;
	/** Whether a 429 has shown the limit. */
	private learned = false;
	/** When the rate was last set or lowered. */
	private setAt = -Infinity;
	private warnedAt = -Infinity;
	/** 429s in a row. */
	private streak = 0;
	/** The next request at the current rate belongs here. */
	private due = 0;
	private gap = FIRST_GAP;
	private shutUntil = 0;
	private starts: Start[] = [];
	private otherAt = -Infinity;
	private metAt = -Infinity;
	private lonelyUntil = 0;
	private usedAt: number;
	private readonly present = new Map<unknown, number>();
	private readonly lanes = new Map<object, Waiter[]>();
	private kick: AbortController | undefined;

	constructor(
		private readonly clock: Clock,
		private readonly random: () => number = Math.random,
	) {
		this.usedAt = clock.now();
	}

	/** Executions that have a call in progress. */
	get executions(): number {
		return this.present.size;
	}

	/** Whether it has been of no use for `ms`. */
	isIdle(ms: number): boolean {
		return this.present.size === 0 && this.clock.now() - this.usedAt > ms;
	}

	/** A call begins: of a limiter that is unused for minutes, nothing is known any more. */
	arrive({ execution }: Caller): void {
		const now = this.clock.now();
		this.usedAt = now;
		this.present.set(execution, (this.present.get(execution) ?? 0) + 1);
		const together = this.present.size > 1;
		if (together) this.lonelyUntil = 0;
		if (!together && (now < this.lonelyUntil || !this.wasOther(execution, now))) return;
		if (now - this.metAt > MINUTE && !this.learned) this.beginGently(now);
		this.metAt = now;
	}

	/** A request waited so that others could join, and nobody came: executions come one after another. */
	nobodyJoined(): void {
		if (this.present.size > 1) return;
		this.metAt = -Infinity;
		this.lonelyUntil = this.clock.now() + LONELY;
	}

	private wasOther(execution: unknown, now: number): boolean {
		const last = this.starts.at(-1);
		return last !== undefined && last.execution !== execution && now - last.at < SHORTLY;
	}

	/** A call has ended. */
	leave({ execution }: Caller): void {
		const calls = (this.present.get(execution) ?? 1) - 1;
		if (calls > 0) this.present.set(execution, calls);
		else this.present.delete(execution);
		this.usedAt = this.clock.now();
	}

	/** Waits for a turn. */
	async turn(ask: Ask): Promise<Turn> {
		if (ask.signal?.aborted) return 'stopped';
		if (this.lanes.size === 0) {
			const turn = this.decide(ask, this.clock.now());
			if (typeof turn === 'string') return turn;
		}
		return await new Promise<Turn>((resolve) => this.enqueue(ask, resolve));
	}

	/** Keeps the gate shut for `ms` from now, for everyone. */
	hold(ms: number): void {
		this.shutUntil = Math.max(this.shutUntil, this.clock.now() + ms);
	}

	/** When the gate opens again, in ms since the epoch. */
	get opensAt(): number {
		return this.shutUntil;
	}

	/** Learns from what became of a request. */
	learn({ kind, pause, startedAt }: Feedback): void {
		const now = this.clock.now();
		this.usedAt = now;
		if (kind === 'tooMany') {
			this.tooMany(startedAt, pause, now);
			return;
		}
		if (pause !== undefined) this.hold(pause);
		if (kind === 'silent') return;
		this.streak = 0;
		if (this.rate > 0 && this.due > now) this.grow(now);
	}

	private tooMany(startedAt: number, pause: number | undefined, now: number): void {
		// Requests that started together are refused together: that is one sign, not several.
		const news = startedAt >= this.setAt;
		if (news) this.streak += 1;
		const warned = now - this.warnedAt < 3 * MINUTE;
		this.warnedAt = now;
		// The first 429 with a Retry-After only delays; a second one shows that the rate is too high.
		const onlyDelays = pause !== undefined && this.rate === 0 && !warned;
		if (news && !onlyDelays && (this.streak === 1 || !this.learned)) this.slowDown(now);
		const own = pause === undefined || this.streak > 1 ? this.backOff() : 0;
		// Several processes that are told the same time don't come back together.
		this.hold(Math.max(own, (pause ?? 0) + this.random() * this.spacing()));
	}

	private slowDown(now: number): void {
		// Nothing was slowed down yet: how fast a burst was says little, the documented rate more.
		const used = Math.max(this.rate, Math.min(this.documented, this.startsSince(now - MINUTE)));
		const before = this.rate > 0 ? used : this.documented;
		this.ceiling = this.learned ? this.rate : before;
		this.rate = Math.max(this.documented * RATE.least, this.ceiling * RATE.decrease);
		this.learned = true;
		this.setAt = now;
		this.due = Math.max(now, this.due);
	}

	/** Without Retry-After, the next request is a probe: soon, and later with each that is refused. */
	private backOff(): number {
		const bound = Math.min(LONGEST_PAUSE, this.spacing() * 2 ** this.streak);
		return bound * (0.5 + this.random() / 2);
	}

	/** A turn's worth of growth, since Bento took a request that had to wait for its turn. */
	private grow(now: number): void {
		if (this.rate <= this.ceiling * RATE.near) this.nearSince = now;
		const share = this.growth(now) * this.rate + RATE.step * this.documented;
		this.rate += (share * this.spacing()) / MINUTE;
	}

	private growth(now: number): number {
		const minutes = (now - this.nearSince) / MINUTE;
		if (minutes > 0) return Math.min(RATE.fastest, RATE.slow + RATE.acceleration * minutes);
		if (this.learned) return RATE.recovery;
		return now - this.setAt < MINUTE ? 0 : RATE.found;
	}

	private beginGently(now: number): void {
		this.rate = this.documented * RATE.gentle;
		this.ceiling = this.documented;
		this.gap = FIRST_GAP;
		this.setAt = now;
		this.due = now;
	}

	/** Time between two requests at the current rate, in ms; 0 while there is none. */
	private spacing(): number {
		return this.rate > 0 ? MINUTE / this.rate : 0;
	}

	private startsSince(time: number): number {
		return this.starts.filter(({ at }) => at > time).length;
	}

	private enqueue(ask: Ask, resolve: (turn: Turn) => void): void {
		const lane = ask.lane ?? ask.caller;
		const stop = () => {
			this.remove(lane, waiter);
			waiter.settle('stopped');
		};
		ask.caller.waiting += 1;
		const waiter: Waiter = {
			ask,
			settle(turn) {
				ask.caller.waiting -= 1;
				ask.signal?.removeEventListener('abort', stop);
				resolve(turn);
			},
		};
		ask.signal?.addEventListener('abort', stop, { once: true });
		const waiting = this.lanes.get(lane);
		if (waiting) waiting.push(waiter);
		else this.lanes.set(lane, [waiter]);
		if (this.kick) this.kick.abort();
		else void this.serve();
	}

	private remove(lane: object, waiter: Waiter): void {
		const left = (this.lanes.get(lane) ?? []).filter((one) => one !== waiter);
		if (left.length > 0) this.lanes.set(lane, left);
		else this.lanes.delete(lane);
		if (this.lanes.size === 0) this.kick?.abort();
	}

	/** Gives turns until nobody waits. */
	private async serve(): Promise<void> {
		while (this.lanes.size > 0) {
			const now = this.clock.now();
			const next = this.serveNext(now);
			if (next === undefined) continue;
			const kick = new AbortController();
			this.kick = kick;
			await this.clock.sleep(Math.max(0, next - now), kick.signal);
		}
		this.kick = undefined;
	}

	/** Settles one waiter, if there is one to settle; or says when to look again. */
	private serveNext(now: number): number | undefined {
		let next = Infinity;
		for (const [lane, waiting] of this.lanes) {
			const [waiter] = waiting;
			if (!waiter) continue;
			const turn = this.decide(waiter.ask, now);
			if (typeof turn === 'number') {
				next = Math.min(next, turn);
				continue;
			}
			// The lane goes to the end, so that each has a turn.
			this.lanes.delete(lane);
			if (waiting.length > 1) this.lanes.set(lane, waiting.slice(1));
			waiter.settle(turn);
			return undefined;
		}
		return next;
	}

	/** A turn, or when there is one. */
	private decide(ask: Ask, now: number): Turn | number {
		const at = Math.max(now, this.startOf(ask, now));
		if (at > (ask.deadline?.() ?? Infinity)) return 'late';
		if (at > now) return at;
		this.record(ask, now);
		return 'go';
	}

	private startOf(ask: Ask, now: number): number {
		const shut = Math.max(this.shutUntil, ask.caller.opensAt());
		if (this.learned) return Math.max(shut, this.due);
		if (!this.isPaced(ask, now)) return shut;
		const open = Math.max(shut, this.windowOpensAt());
		return this.isGentle(ask, now) ? Math.max(open, this.due) : open;
	}

	/** Before a 429 has shown the limit, neither a lone execution has to wait nor what is as large as it can be. */
	private isPaced({ load, caller }: Ask, now: number): boolean {
		return this.learned || (load !== 'full' && !this.isAlone(caller, now));
	}

	private isGentle({ load }: Ask, now: number): boolean {
		return load === 'gathers' && now - this.metAt < MINUTE;
	}

	/** Whether no other execution has a call in progress, or has had one in the last minute. */
	private isAlone({ execution }: Caller, now: number): boolean {
		if (this.present.size > 1) return false;
		const last = this.starts.at(-1);
		if (!last || now - last.at > MINUTE) return true;
		return last.execution === execution && now - this.otherAt > MINUTE;
	}

	/** When a minute has room for another request of executions that share the documented limit. */
	private windowOpensAt(): number {
		const most = Math.max(1, Math.floor(Math.max(this.documented, this.rate)));
		const oldest = this.starts.filter(({ paced }) => paced).at(-most);
		return oldest === undefined ? 0 : oldest.at + WINDOW;
	}

	private record(ask: Ask, now: number): void {
		const { execution } = ask.caller;
		const paced = this.isPaced(ask, now);
		ask.caller.started(now);
		const last = this.starts.at(-1);
		if (last && last.execution !== execution) this.otherAt = now;
		this.starts.push({ at: now, execution, paced });
		if (this.starts.length > 4 * Math.max(this.documented, this.rate)) {
			this.starts = this.starts.slice(this.starts.length / 2);
		}
		// What wasn't slowed down isn't paid for by those that are.
		if (paced) this.schedule(now);
	}

	/** Puts the next turn a gap after this one. */
	private schedule(now: number): void {
		const spacing = this.spacing();
		if (now - this.due > UNUSED_TURNS * spacing) this.gap = FIRST_GAP;
		const gap = this.learned ? spacing : Math.min(spacing, this.gap);
		this.gap *= 2;
		this.due = Math.min(Math.max(now, this.due) + gap, now + spacing);
	}
}
