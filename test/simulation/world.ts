import { deliver } from '../../nodes/shared/delivery/deliver';
import { sendTogether } from '../../nodes/shared/delivery/line';
import { callBento, type BentoConnection } from '../../nodes/shared/http/client/call';
import { Caller, RateLimiter } from '../../nodes/shared/http/client/rateLimiter';
import type { Transport } from '../../nodes/shared/http/client/types';
import { RateLimit, type RateStyle } from '../bentoServer/rateLimit';
import { connectionOf } from '../support/connection';
import { answer } from '../support/fakeTransport';
import { plainMemory } from '../support/plainMemory';
import { SimulatedClock } from './clock';

export interface Scene {
	readonly processes: number;
	/** Of all processes together. */
	readonly perSecond: number;
	readonly seconds: number;
	readonly style: RateStyle;
	readonly retryAfter: boolean;
	/** Requests per minute that the server allows, from so many seconds on. */
	readonly limits?: ReadonlyArray<{ readonly from: number; readonly perMinute: number }>;
	/** Executions that a process runs at the same time; others wait in a queue. Default: all. */
	readonly slots?: number;
	readonly seed?: number;
}

export interface Played {
	readonly executions: number;
	/** Executions whose record was accepted. */
	readonly accepted: number;
	/** Records that the server has, and how many of them twice. */
	readonly held: number;
	readonly doubled: number;
	readonly requests: number;
	readonly refused: number;
	readonly refusedShare: number;
	/** By the time of arrival, in s. */
	readonly waits: ReadonlyArray<{ readonly at: number; readonly wait: number }>;
	/** Accepted requests in each minute. */
	readonly perMinute: readonly number[];
	readonly tookSeconds: number;
}

/** A small generator of chance, so that each run is the same. */
export function dice(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state * 16_807) % 2_147_483_647;
		return state / 2_147_483_647;
	};
}

const LATENCY = 80;

/** Executions of one event each, in several processes beside one Bento. */
export async function play(scene: Scene): Promise<Played> {
	const clock = new SimulatedClock();
	const random = dice(scene.seed ?? 7);
	const began = clock.now();
	const server = new Server(clock, scene, random);
	const processes = Array.from({ length: scene.processes }, (_, process) => ({
		limiter: new RateLimiter(clock, random),
		account: `process ${process} of ${began} ${JSON.stringify(scene)}`,
		queue: new Slots(scene.slots ?? Infinity),
	}));
	const total = scene.perSecond * scene.seconds;
	const waits: Array<{ at: number; wait: number }> = [];
	let accepted = 0;
	const execute = async (execution: number) => {
		const process = processes[Math.floor(random() * processes.length)];
		if (!process) throw new Error('There is no process');
		const arrived = clock.now();
		await process.queue.enter();
		const { account, limiter } = process;
		const caller = new Caller(execution);
		const { transport } = server;
		const connection = connectionOf({ transport, account, clock, random, caller }, limiter);
		const { results } = await deliver([{ execution }], planFor(connection));
		process.queue.leave();
		if (results[0]?.kind === 'accepted') accepted += 1;
		waits.push({ at: (arrived - began) / 1000, wait: (clock.now() - arrived) / 1000 });
	};
	const crowd = async () => {
		const running: Array<Promise<void>> = [];
		for (let execution = 0; execution < total; execution += 1) {
			running.push(execute(execution));
			await clock.sleep(1000 / scene.perSecond);
		}
		await Promise.all(running);
	};
	await clock.run(crowd());
	return {
		executions: total,
		accepted,
		held: server.held.size,
		doubled: server.doubled,
		requests: server.requests,
		refused: server.refused,
		refusedShare: server.refused / server.requests,
		waits,
		perMinute: server.perMinute,
		tookSeconds: (clock.now() - began) / 1000,
	};
}

/** One execution with many batches of one record each. */
export async function sendBatches(rules: Pick<Scene, 'retryAfter' | 'style'>, count: number) {
	const clock = new SimulatedClock();
	const random = dice(7);
	const began = clock.now();
	const server = new Server(clock, { ...rules, processes: 1, perSecond: 0, seconds: 0 }, random);
	const connection = connectionOf({ transport: server.transport, clock, random });
	const records = Array.from({ length: count }, (_, execution) => ({ execution }));
	const sent = deliver(records, { ...planFor(connection), maxCount: 1 });
	const { results } = await clock.run(sent);
	return {
		accepted: results.filter(({ kind }) => kind === 'accepted').length,
		held: server.held.size,
		doubled: server.doubled,
		refusedShare: server.refused / server.requests,
		tookSeconds: (clock.now() - began) / 1000,
	};
}

const ROOM = { count: 1000, bytes: 1_000_000 };

function planFor(connection: BentoConnection): Parameters<typeof deliver>[1] {
	return {
		wrapper: 'events',
		maxCount: ROOM.count,
		maxBytes: ROOM.bytes,
		parallel: 2,
		stopOnFailure: true,
		counted: true,
		failUnconfirmed: false,
		rememberUnknown: false,
		memory: plainMemory(),
		send: async (batch, frame) =>
			await callBento(
				connection,
				{ method: 'POST', path: '/batch/events', idempotent: true },
				sendTogether(batch, frame, ROOM),
			),
	};
}

/** What a queue's workers have: so many executions at the same time. */
class Slots {
	private free: number;
	private readonly waiting: Array<() => void> = [];

	constructor(slots: number) {
		this.free = slots;
	}

	async enter(): Promise<void> {
		if (this.free > 0) {
			this.free -= 1;
			return;
		}
		await new Promise<void>((resolve) => this.waiting.push(resolve));
	}

	leave(): void {
		const next = this.waiting.shift();
		if (next) next();
		else this.free += 1;
	}
}

/** Bento, as far as its limit goes. */
class Server {
	readonly held = new Set<number>();
	readonly perMinute: number[] = [];
	doubled = 0;
	requests = 0;
	refused = 0;
	private readonly began: number;
	private limit: RateLimit;
	private allowed: number;

	constructor(
		private readonly clock: SimulatedClock,
		private readonly scene: Scene,
		private readonly random: () => number,
	) {
		this.began = clock.now();
		this.allowed = this.allowedNow();
		this.limit = new RateLimit(this.allowed, scene.style, scene.retryAfter, this.began);
	}

	readonly transport: Transport = async ({ body }) => {
		await this.clock.sleep(LATENCY * (0.5 + this.random()));
		this.requests += 1;
		const now = this.clock.now();
		if (this.allowedNow() !== this.allowed) {
			this.allowed = this.allowedNow();
			this.limit = new RateLimit(this.allowed, this.scene.style, this.scene.retryAfter, now);
		}
		const wait = this.limit.check(now);
		if (wait > 0) {
			this.refused += 1;
			const headers: Record<string, string> = this.scene.retryAfter
				? { 'retry-after': String(Math.ceil(wait / 1000)) }
				: {};
			return answer(429, { error: 'rate limited' }, headers);
		}
		const minute = Math.floor((now - this.began) / 60_000);
		this.perMinute[minute] = (this.perMinute[minute] ?? 0) + 1;
		return answer(200, { results: this.take(body), failed: 0 });
	};

	private take(body: Buffer | undefined): number {
		const { events } = JSON.parse(body?.toString() ?? '') as {
			events: Array<{ execution: number }>;
		};
		for (const { execution } of events) {
			if (this.held.has(execution)) this.doubled += 1;
			this.held.add(execution);
		}
		return events.length;
	}

	private allowedNow(): number {
		const second = (this.clock.now() - this.began) / 1000;
		const steps = this.scene.limits ?? [];
		return [...steps].reverse().find(({ from }) => from <= second)?.perMinute ?? 60;
	}
}

/** The wait, in s, that so large a share of executions stays within; of those that arrived from `from` on. */
export function percentile({ waits }: Played, share: number, from = 0): number {
	const sorted = waits
		.filter(({ at }) => at >= from)
		.map(({ wait }) => wait)
		.sort((one, other) => one - other);
	return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}
