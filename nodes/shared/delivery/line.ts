import {
	exchange,
	kindOf,
	sendAlone,
	type Attempt,
	type BentoConnection,
	type Send,
	type Terms,
} from '../http/client/call';
import type { RateLimiter } from '../http/client/rateLimiter';
import { refusalWords } from '../http/client/classify';
import type { BentoRequest, Outcome, RefusalReason, Shared } from '../http/client/types';
import { bodyOf, sizeOf, type Batch, type Envelope } from './batches';
import { readCounts } from './deliver';

/**
 * Where executions meet: what waits for a turn travels together, whichever execution it is of. A request is put together
 * at the moment of its turn. Each execution learns the results of its own records only, and stops, retries, and gives up
 * by itself.
 */

/** Most records and bytes of one request. */
export interface Room {
	readonly count: number;
	readonly bytes: number;
}

/**
 * The way of a batch that others may join, and that may join others. One that is full travels by itself and takes turns
 * with what has gathered, so that neither waits for the other's end.
 */
export function sendTogether(batch: Batch, frame: Envelope, room: Room): Send {
	const bytes = sizeOf(batch, frame);
	if (batch.parts.length >= room.count || bytes > room.bytes * ALMOST) {
		return sendApart('full', batch, frame);
	}
	const apart = sendApart('single', batch, frame);
	return async (connection, request, terms) => {
		if (terms.apart) return await apart(connection, request, terms);
		const { caller, clock, signal } = connection;
		const held = caller.opensAt() - clock.now();
		if (held > 0) await clock.sleep(held, signal);
		const given = { batch, bytes, room, connection, request, terms };
		return await lineFor(connection, request, frame).join(given);
	};
}

/** The way of a batch in a request of its own. */
export function sendApart(load: 'full' | 'single', batch: Batch, frame: Envelope): Send {
	const send = sendAlone(load);
	// Serialized once, and only if it is needed.
	let body: Buffer | undefined;
	return async (connection, request, terms) => {
		body ??= bodyOf(batch.parts, frame);
		return await send(connection, { ...request, body }, terms);
	};
}

/** In this time, in ms, others would have joined if there were any. */
const LONG_ENOUGH = 1_500;

/** A batch this close to the byte limit has no room for others worth a wait. */
const ALMOST = 0.8;

/** What waits, by what has to be equal to travel in one request. An entry lasts as long as something waits. */
const lines = new Map<string, Line>();

function lineFor(connection: BentoConnection, request: BentoRequest, frame: Envelope): Line {
	const { account, policy } = connection;
	const { method, path, idempotent } = request;
	const key = JSON.stringify([account, method, path, idempotent, policy.timeout, frame.opening]);
	const limiter = connection.limiterFor(kindOf(path));
	const known = lines.get(key);
	if (known?.limiter === limiter) return known;
	const line = new Line(limiter, frame, () => lines.delete(key));
	lines.set(key, line);
	return line;
}

/** A batch of one execution. */
interface Given {
	readonly batch: Batch;
	readonly bytes: number;
	readonly room: Room;
	readonly connection: BentoConnection;
	readonly request: BentoRequest;
	readonly terms: Terms;
}

class Part {
	/** Shared requests that it was in and that Bento refused. */
	private refusals = 0;
	private startedAt: number | undefined;
	private waited = 0;
	private readonly askedAt: number;
	private onEnd: (() => void) | undefined;
	settled = false;

	constructor(
		readonly given: Given,
		private readonly resolve: (attempt: Attempt) => void,
	) {
		this.askedAt = given.connection.clock.now();
	}

	get count(): number {
		return this.given.batch.parts.length;
	}

	start(): void {
		const now = this.given.connection.clock.now();
		this.startedAt = now;
		this.waited = now - this.askedAt;
		this.onEnd = this.given.request.onStart?.();
	}

	/** The request was refused as a whole; this part of it travels again, with fewer others. */
	sendAgain(): void {
		this.over();
		this.refusals += 1;
		this.startedAt = undefined;
	}

	end(outcome: Outcome, shared: Shared | undefined): void {
		const { startedAt = this.askedAt, waited } = this;
		const took = this.given.connection.clock.now() - startedAt;
		const requests = this.refusals + 1;
		this.settle({ kind: 'ended', waited, startedAt, took, outcome, requests, shared });
	}

	/** Its execution was stopped, or its time is over. What is under way goes on without it. */
	leave(kind: 'late' | 'stopped'): void {
		if (this.startedAt !== undefined) this.end(STOPPED, undefined);
		else this.settle({ kind, waited: this.given.connection.clock.now() - this.askedAt });
	}

	private settle(attempt: Attempt): void {
		if (this.settled) return;
		this.settled = true;
		this.over();
		this.resolve(attempt);
	}

	private over(): void {
		this.onEnd?.();
		this.onEnd = undefined;
	}
}

/** What a stopped execution knows of a request that was under way. */
const STOPPED: Outcome = { kind: 'unknown', reason: 'stopped', code: 'ERR_CANCELED' };

/** Requests that finding the culprits of one refused request may take. A block is hardly ever about content. */
const SPLITS = { content: 200, blocked: 8 };

interface Allowance {
	left: number;
}

/** Parts that travel together, and no others with them, because a request with more of them was refused. */
interface Bundle {
	readonly parts: readonly Part[];
	readonly allowance: Allowance;
}

class Line {
	/** By the time at which their calls began. */
	private readonly waiting: Part[] = [];
	/** The next one last. */
	private readonly bundles: Bundle[] = [];
	private asking: AbortController | undefined;

	constructor(
		readonly limiter: RateLimiter,
		private readonly frame: Envelope,
		private readonly onEmpty: () => void,
	) {}

	join(given: Given): Promise<Attempt> {
		const { signal } = given.connection;
		return new Promise<Attempt>((resolve) => {
			const onStop = () => this.stop(part);
			const part = new Part(given, (attempt) => {
				signal?.removeEventListener('abort', onStop);
				resolve(attempt);
			});
			if (signal?.aborted) {
				part.leave('stopped');
				return;
			}
			signal?.addEventListener('abort', onStop, { once: true });
			this.insert(part);
			if (!this.asking) void this.serve();
		});
	}

	/** One that comes back after a 429 stands where it stood. */
	private insert(part: Part): void {
		const { since } = part.given.terms;
		let place = this.waiting.length;
		while (place > 0 && (this.waiting[place - 1]?.given.terms.since ?? 0) > since) place -= 1;
		this.waiting.splice(place, 0, part);
	}

	private stop(part: Part): void {
		part.leave('stopped');
		const place = this.waiting.indexOf(part);
		if (place >= 0) this.waiting.splice(place, 1);
		if (!this.next()) this.asking?.abort();
	}

	/** Asks for one turn after the other until nothing waits. */
	private async serve(): Promise<void> {
		for (let lead = this.next(); lead; lead = this.next()) {
			const asking = new AbortController();
			this.asking = asking;
			const { clock } = lead.given.connection;
			const askedAt = clock.now();
			const turn = await this.limiter.turn({
				caller: lead.given.connection.caller,
				lane: this,
				load: 'gathers',
				deadline: () => this.latest(),
				signal: asking.signal,
			});
			if (turn === 'late') this.dropLate();
			if (turn !== 'go') continue;
			const bundle = this.take();
			const inVain = bundle.parts.length === 1 && clock.now() - askedAt >= LONG_ENOUGH;
			if (inVain) this.limiter.nobodyJoined();
			void this.send(bundle);
		}
		this.asking = undefined;
		this.onEmpty();
	}

	/** The first part that still waits. */
	private next(): Part | undefined {
		for (let bundle = this.bundles.at(-1); bundle; bundle = this.bundles.at(-1)) {
			const part = bundle.parts.find(({ settled }) => !settled);
			if (part) return part;
			this.bundles.pop();
		}
		return this.waiting[0];
	}

	/** The earliest time at which one of those that wait has none left. */
	private latest(): number {
		let earliest = Infinity;
		for (const part of this.waiting) earliest = Math.min(earliest, part.given.terms.latest);
		for (const { parts } of this.bundles) {
			for (const part of parts) {
				if (!part.settled) earliest = Math.min(earliest, part.given.terms.latest);
			}
		}
		return earliest;
	}

	private dropLate(): void {
		const latest = this.latest();
		const isLate = ({ given, settled }: Part) => !settled && given.terms.latest <= latest;
		const late = [...this.waiting, ...this.bundles.flatMap(({ parts }) => parts)].filter(isLate);
		for (const part of late) part.leave('late');
		const left = this.waiting.filter(({ settled }) => !settled);
		this.waiting.splice(0, this.waiting.length, ...left);
	}

	/** What travels in the request whose turn it is. */
	private take(): Bundle {
		const bundle = this.next() ? this.bundles.pop() : undefined;
		if (bundle) return { ...bundle, parts: bundle.parts.filter(({ settled }) => !settled) };
		let count = 0;
		let bytes = 0;
		let most = Infinity;
		const fits = this.waiting.findIndex((part, place) => {
			const { room } = part.given;
			most = Math.min(most, room.count);
			count += part.count;
			bytes += part.given.bytes;
			return place > 0 && (count > most || bytes > room.bytes);
		});
		const parts = this.waiting.splice(0, fits < 0 ? this.waiting.length : fits);
		return { parts, allowance: { left: SPLITS.content } };
	}

	private async send(bundle: Bundle): Promise<void> {
		const { parts, allowance } = bundle;
		const [lead] = parts;
		if (!lead) return;
		for (const part of parts) part.start();
		const outcome = await this.exchange(parts, lead);
		if (parts.length > 1 && isSeparable(outcome, allowance)) {
			this.separate(bundle);
			return;
		}
		const shared = parts.length > 1 ? sharedBy(parts) : undefined;
		const told = shared ? withoutWords(outcome) : outcome;
		for (const part of parts) part.end(told, shared);
	}

	/** One request with the records of all; it is broken off when all of their executions are stopped. */
	private async exchange(parts: readonly Part[], lead: Part): Promise<Outcome> {
		const { connection, request } = lead.given;
		const body = bodyOf(
			parts.flatMap(({ given }) => given.batch.parts),
			this.frame,
		);
		const now = connection.clock.now();
		const ends = Math.max(...parts.map(({ given }) => given.terms.endsAt));
		const timeout = Math.min(connection.policy.timeout, ends - now);
		const cut = new AbortController();
		const stop = () => {
			if (parts.every(({ settled }) => settled)) cut.abort();
		};
		const signals = parts.map(({ given }) => given.connection.signal);
		for (const signal of signals) signal?.addEventListener('abort', stop, { once: true });
		const outcome = await exchange(connection, { ...request, body }, timeout, cut.signal);
		for (const signal of signals) signal?.removeEventListener('abort', stop);
		return outcome;
	}

	private separate({ parts, allowance }: Bundle): void {
		const left = parts.filter(({ settled }) => !settled);
		for (const part of left) part.sendAgain();
		const middle = Math.ceil(left.length / 2);
		this.bundles.push({ parts: left.slice(middle), allowance });
		this.bundles.push({ parts: left.slice(0, middle), allowance });
		if (!this.asking) void this.serve();
	}
}

/** Whether a refusal may be for the content of some of the records, so that the others shouldn't suffer for it. */
function isSeparable(outcome: Outcome, allowance: Allowance): boolean {
	if (outcome.kind !== 'accepted' && outcome.kind !== 'refused') return false;
	if (outcome.kind === 'accepted') {
		if (!saysNo(outcome.body)) return false;
	} else if (outcome.reason === 'blocked') {
		allowance.left = Math.min(allowance.left, SPLITS.blocked);
	} else if (!BY_CONTENT.has(outcome.reason)) {
		return false;
	}
	allowance.left -= 1;
	return allowance.left >= 0;
}

const BY_CONTENT: ReadonlySet<RefusalReason> = new Set(['invalid', 'other', 'tooLarge']);

/** Whether a 2xx is a refusal of all that was sent. */
function saysNo(body: unknown): boolean {
	const { results, failed } = readCounts(body);
	return results === undefined && failed === undefined && refusalWords(body) !== undefined;
}

function sharedBy(parts: readonly Part[]): Shared {
	const executions = new Set(parts.map(({ given }) => given.connection.caller.execution)).size;
	return { executions, records: parts.reduce((sum, { count }) => sum + count, 0) };
}

/** Words may quote the records of another execution; counts and statuses can't. */
function withoutWords(outcome: Outcome): Outcome {
	if (outcome.kind === 'accepted') {
		if (outcome.content !== 'json') return { ...outcome, body: '' };
		const said = refusalWords(outcome.body) === undefined ? {} : { error: NOT_SHOWN };
		return { ...outcome, body: { ...readCounts(outcome.body), ...said } };
	}
	return 'words' in outcome ? { ...outcome, words: '' } : outcome;
}

const NOT_SHOWN = 'not shown, since the request held records of other executions too';
