import { version } from '../../../../package.json';
import { classify } from './classify';
import { limitsIn } from './limitHeaders';
import type { RetryPolicy } from './policies';
import type { Ask, Caller, Clock, RateLimiter } from './rateLimiter';
import type {
	AttemptNote,
	BentoRequest,
	CallReport,
	HttpRequest,
	HttpResult,
	Outcome,
	Shared,
	Transport,
} from './types';

export { DEFAULT_RETRY_POLICY, type RetryPolicy } from './policies';

/**
 * Bento blocks requests without a real application name (bentonow.com/docs/api/conventions); n8n's
 * own default would count as a generic one.
 */
export const USER_AGENT = `n8n-nodes-bentonow/${version}`;

/** A retry that has less time than this (ms), or than the timeout, would only be cut off. */
const MIN_RETRY_TIME = 1_000;

/** Everything a call needs beside the request itself; one for all calls of a run. */
export interface BentoConnection {
	readonly transport: Transport;
	/** Checked and without a trailing slash: see `readBaseUrl`. */
	readonly baseUrl: string;
	readonly siteUuid: string;
	readonly policy: RetryPolicy;
	readonly clock: Clock;
	/** From 0 up to, but not including, 1. */
	readonly random: () => number;
	/** What the credential's values are known by: a digest, so that equal ones can share. */
	readonly account: string;
	/** When all its calls have to be over, in ms since the epoch; default: each has its own time limit. */
	readonly endsAt?: number;
	/** Shared by all calls of a kind to the same site, so that one that is told to wait delays the others. */
	readonly limiterFor: (kind: CallKind) => RateLimiter;
	readonly caller: Caller;
	readonly signal?: AbortSignal;
	/** Told when an attempt ends. */
	readonly onAttempt?: (note: AttemptNote) => void;
}

/** Bento counts each of these by itself (bentonow.com/docs/api/access). */
export type CallKind = 'batches' | 'emails' | 'reads' | 'statistics';

/** Which of Bento's limits a call counts against. */
export function kindOf(path: string): CallKind {
	if (path.startsWith('/batch/emails')) return 'emails';
	if (path.startsWith('/stats/')) return 'statistics';
	// The tracking webhook takes events too, at a whole address.
	return path.startsWith('/batch/') || !path.startsWith('/') ? 'batches' : 'reads';
}

/** When an attempt may start and has to end, in ms since the epoch. */
export interface Terms {
	/** Later than this, it isn't worth starting. */
	readonly latest: number;
	readonly endsAt: number;
	/** When the call began. */
	readonly since: number;
	/** Whether the attempt must not depend on what others send: it is the last, and content may be the reason. */
	readonly apart: boolean;
}

/** What became of one attempt. */
export type Attempt =
	| { readonly kind: 'late'; readonly waited: number }
	| { readonly kind: 'stopped'; readonly waited: number }
	| {
			readonly kind: 'ended';
			readonly waited: number;
			readonly startedAt: number;
			/** From its start to its end, in ms. */
			readonly took: number;
			readonly outcome: Outcome;
			/** Requests that it took: more than one if a shared one was refused first. */
			readonly requests: number;
			readonly shared: Shared | undefined;
	  };

/** Waits for a turn and makes one attempt. */
export type Send = (
	connection: BentoConnection,
	request: BentoRequest,
	terms: Terms,
) => Promise<Attempt>;

/**
 * All calls to Bento go through here: sends a request, reads the response, and retries if that can help, until the
 * request is accepted, refused, out of attempts or time, or stopped. It never throws; the report has the result.
 *
 * Every request carries `site_uuid` in the query and a real User-Agent (bentonow.com/docs/api/conventions).
 *
 * @param send default: a request of its own for each attempt
 */
export async function callBento(
	connection: BentoConnection,
	request: BentoRequest,
	send: Send = sendAlone('single'),
): Promise<CallReport> {
	const words = pathProblem(request.path);
	if (words !== undefined) {
		const outcome = { kind: 'refused', reason: 'unsafePath', status: undefined, words } as const;
		return reportOf(request, outcome, NOTHING_YET);
	}
	const limiter = connection.limiterFor(kindOf(request.path));
	// Of its own: Node.js takes many listeners on one signal, as parallel calls have them, for a leak.
	const signal = connection.signal && AbortSignal.any([connection.signal]);
	limiter.arrive(connection.caller);
	try {
		return await attemptUntilDone({ ...connection, signal }, request, send, limiter);
	} finally {
		limiter.leave(connection.caller);
	}
}

/** What a call has done so far. */
interface Progress {
	/** Requests that were started. */
	readonly attempts: number;
	/** Those that count for the policy. */
	readonly counted: number;
	readonly waited: number;
	readonly unanswered: number;
	readonly shared: Shared | undefined;
	readonly beganAt: number;
}

const NOTHING_YET: Progress = {
	attempts: 0,
	counted: 0,
	waited: 0,
	unanswered: 0,
	shared: undefined,
	beganAt: 0,
};

function reportOf(
	{ method }: BentoRequest,
	outcome: Outcome,
	{ attempts, waited, shared, unanswered }: Progress,
	gaveUp?: CallReport['gaveUp'],
): CallReport {
	const reads = method === 'GET';
	const open = mayHaveArrived(reads, outcome, unanswered);
	return { reads, outcome, attempts, waited, shared, unanswered, mayHaveArrived: open, gaveUp };
}

async function attemptUntilDone(
	connection: BentoConnection,
	request: BentoRequest,
	send: Send,
	limiter: RateLimiter,
): Promise<CallReport> {
	const { clock, signal } = connection;
	const terms = termsOf(connection);
	let done: Progress = NOTHING_YET;
	let last: Outcome | undefined;
	for (;;) {
		const apart = done.counted >= connection.policy.maxAttempts - 1 && mayBeContent(last);
		const attempt = await send(connection, request, { ...terms, apart });
		done = { ...done, waited: done.waited + attempt.waited };
		if (attempt.kind === 'late') {
			return reportOf(request, last ?? noTurn(limiter), done, 'time');
		}
		if (last && mayBeDoubled(last)) done = { ...done, unanswered: done.unanswered + 1 };
		if (attempt.kind === 'stopped') {
			return reportOf(request, stoppedAfter(done.unanswered), done);
		}
		last = attempt.outcome;
		done = after(done, attempt);
		const next = nextStep(connection, request, last, done, terms, limiter);
		tell(connection, request, attempt, done.attempts, 'wait' in next ? next.wait : undefined);
		if (!('wait' in next)) return reportOf(request, last, done, next.gaveUp);
		// A response that got lost says nothing about Bento's load, so only this call waits for it.
		if (last.kind === 'unknown') await clock.sleep(next.wait, signal);
		else if (!isRateLimited(last)) limiter.hold(next.wait);
	}
}

function after(done: Progress, attempt: Extract<Attempt, { kind: 'ended' }>): Progress {
	const { outcome, requests, shared, startedAt } = attempt;
	const sent = wentOut(outcome) ? requests : requests - 1;
	return {
		...done,
		attempts: done.attempts + sent,
		counted: done.counted + (isRateLimited(outcome) ? 0 : 1),
		shared,
		beganAt: done.beganAt === 0 ? startedAt : done.beganAt,
	};
}

/** The time that a call has: of its own, beside what its own interval holds back, or what is left for all calls. */
function termsOf({ clock, policy, caller, endsAt = Infinity }: BentoConnection): Terms {
	const since = clock.now();
	const least = Math.min(MIN_RETRY_TIME, policy.timeout);
	const opensAt = Math.max(since, caller.opensAt()) + caller.interval * caller.waiting;
	const end = Math.min(endsAt, opensAt + policy.totalTimeLimit);
	return { since, endsAt: end, latest: end - least, apart: false };
}

function noTurn(limiter: RateLimiter): Outcome {
	return { kind: 'noTurn', executions: limiter.executions };
}

type NextStep = { readonly wait: number } | { readonly gaveUp: CallReport['gaveUp'] };

/** What follows an attempt: another one after a wait, or the end. */
function nextStep(
	connection: BentoConnection,
	request: BentoRequest,
	outcome: Outcome,
	done: Progress,
	terms: Terms,
	limiter: RateLimiter,
): NextStep {
	const { clock, policy, random } = connection;
	const now = clock.now();
	const obstacle = whyNotAgain(outcome, request, done, policy, now);
	if (obstacle === 'final') return { gaveUp: undefined };
	if (obstacle !== undefined) return { gaveUp: obstacle };
	const retryAfter = outcome.kind === 'busy' ? outcome.retryAfter : undefined;
	const wait = isRateLimited(outcome)
		? Math.max(0, limiter.opensAt - now)
		: nextWait(done.counted, policy, random, retryAfter);
	return now + wait > terms.latest ? { gaveUp: 'time' } : { wait };
}

function tell(
	{ onAttempt }: BentoConnection,
	request: BentoRequest,
	{ outcome, waited, shared, ...times }: Extract<Attempt, { kind: 'ended' }>,
	attempt: number,
	wait: number | undefined,
): void {
	onAttempt?.({ request, attempt, outcome, duration: times.took, waited, shared, wait });
}

/** The way of a request that travels by itself. */
export function sendAlone(load: Exclude<Ask['load'], 'gathers'>): Send {
	return async (connection, request, { latest, endsAt }) => {
		const { caller, clock, policy, signal } = connection;
		const limiter = connection.limiterFor(kindOf(request.path));
		const askedAt = clock.now();
		const turn = await limiter.turn({ caller, load, signal, deadline: () => latest });
		const startedAt = clock.now();
		const waited = startedAt - askedAt;
		if (turn !== 'go') return { kind: turn, waited };
		const timeout = Math.min(policy.timeout, endsAt - startedAt);
		const onEnd = request.onStart?.();
		const outcome = await exchange(connection, request, timeout, signal);
		onEnd?.();
		const took = clock.now() - startedAt;
		return { kind: 'ended', waited, startedAt, took, outcome, requests: 1, shared: undefined };
	};
}

/**
 * Sends one request that has its turn, and reads the response. It ends in time whatever the server does: some HTTP
 * clients only watch for silence, which a byte every few seconds breaks.
 *
 * @param timeout in ms
 */
export async function exchange(
	connection: BentoConnection,
	request: BentoRequest,
	timeout: number,
	signal: AbortSignal | undefined,
): Promise<Outcome> {
	const { clock } = connection;
	const startedAt = clock.now();
	const sent = httpRequest(connection, request, timeout);
	const result = await withinTime(connection.transport, sent, signal);
	const now = clock.now();
	const asked = { reads: request.method === 'GET', encrypted: sent.url.startsWith('https:') };
	const outcome = classify(result, asked, now);
	const asksFor = limitsIn(result, now);
	const pause =
		asksFor === undefined ? undefined : Math.min(asksFor, connection.policy.longestWait);
	const kind = isRateLimited(outcome)
		? 'tooMany'
		: outcome.kind === 'accepted'
			? 'taken'
			: 'silent';
	connection.limiterFor(kindOf(request.path)).learn({ kind, startedAt, pause });
	return outcome;
}

/** An HTTP client's own timeout comes first if it works, also in a process that is busy for seconds. In ms. */
export const GRACE = 5_000;

async function withinTime(
	transport: Transport,
	request: HttpRequest,
	signal: AbortSignal | undefined,
): Promise<HttpResult> {
	const over = AbortSignal.timeout(Math.ceil(request.timeout) + GRACE);
	const cut = new AbortController();
	const stop = () => cut.abort();
	signal?.addEventListener('abort', stop, { once: true });
	if (signal?.aborted) stop();
	let end = stop;
	const timedOut = new Promise<HttpResult>((resolve) => {
		end = () => {
			stop();
			resolve({ kind: 'noResponse', code: 'ETIMEDOUT', mayHaveArrived: true });
		};
		over.addEventListener('abort', end, { once: true });
	});
	try {
		return await Promise.race([transport({ ...request, signal: cut.signal }), timedOut]);
	} finally {
		over.removeEventListener('abort', end);
		signal?.removeEventListener('abort', stop);
	}
}

/**
 * Says why a path can't be used; undefined if it can. A segment that is `.` or `..`, or that encodes a dot, a slash,
 * or a backslash, would lead to a different call than it names: servers and proxies resolve it.
 *
 * @param path under the API base URL, or a whole URL
 */
export function pathProblem(path: string): string | undefined {
	for (let text = path, level = 0; level < MAX_ENCODING_DEPTH; level += 1) {
		const steps = text.split('/').some((segment) => segment === '.' || segment === '..');
		if (steps || /%2e|%2f|%5c|\\/i.test(text)) return UNSAFE_PATH;
		text = text.replace(/%25/g, '%');
	}
	return CONTROL_CHARACTER.test(path) ? UNSAFE_PATH : undefined;
}

/** An encoded percent sign may be decoded by each machine on the way; more than three don't stand in a row. */
const MAX_ENCODING_DEPTH = 4;

/** URL parsers drop tabs and line breaks, so that `.\t.` would become `..`. */
const CONTROL_CHARACTER = /\p{Cc}/u;

const UNSAFE_PATH =
	"An ID or path can't be '.' or '..', and can't contain '/', '\\' or an encoded dot or slash such as %2e or %2f";

type Obstacle = 'attempts' | 'final' | 'guarantee';

/** What keeps a call from another attempt, if anything does. */
function whyNotAgain(
	outcome: Outcome,
	request: BentoRequest,
	{ counted, beganAt }: Progress,
	policy: RetryPolicy,
	now: number,
): Obstacle | undefined {
	if (outcome.kind === 'unknown' && outcome.reason === 'stopped') return 'final';
	if (outcome.kind !== 'busy' && outcome.kind !== 'unknown' && outcome.kind !== 'unreached') {
		return 'final';
	}
	if (!request.idempotent && mayBeDoubled(outcome)) return 'guarantee';
	if (isRateLimited(outcome) || counted < policy.maxAttempts) return undefined;
	return isNobodyThere(outcome) && now - beganAt < policy.patience ? undefined : 'attempts';
}

/** Whether Bento counted the request against its limit and did nothing else. */
function isRateLimited(outcome: Outcome): boolean {
	return outcome.kind === 'busy' && outcome.status === 429;
}

/** Whether what was sent may be why it failed. */
function mayBeContent(outcome: Outcome | undefined): boolean {
	return outcome !== undefined && mayBeDoubled(outcome);
}

/** Whether there is nobody who could have done anything: no address, no connection, or nothing behind Bento's edge. */
function isNobodyThere(outcome: Outcome): boolean {
	return outcome.kind === 'unreached' || (outcome.kind === 'busy' && outcome.status === 503);
}

/** Whether Bento may have done what it was asked although the response doesn't say so. */
function mayBeDoubled(outcome: Outcome): boolean {
	return outcome.kind === 'unknown' || (outcome.kind === 'busy' && outcome.mayHaveArrived);
}

/**
 * Decides whether Bento may have what a call asked for, although no response says so. Everything that tells of it goes by
 * this: items, hints, errors, n8n's log, and what is remembered for another try.
 *
 * @param reads whether the call only asked for something, so that it doesn't matter
 * @param unanswered earlier attempts that may have arrived
 */
export function mayHaveArrived(reads: boolean, outcome: Outcome, unanswered: number): boolean {
	if (reads || outcome.kind === 'accepted') return false;
	return unanswered > 0 || mayBeDoubled(outcome);
}

/** Whether a request left for Bento at all: neither a missing credential nor a forbidden address lets one. */
function wentOut(outcome: Outcome): boolean {
	if (outcome.kind !== 'refused') return true;
	return outcome.reason !== 'unconfigured' && outcome.reason !== 'hostNotAllowed';
}

function stoppedAfter(unanswered: number): Outcome {
	if (unanswered === 0) return { kind: 'stopped' };
	return { kind: 'unknown', reason: 'stopped', code: 'ERR_CANCELED' };
}

/**
 * How long to wait before the next attempt, in ms: exponential with factor 2 and full jitter (any time between 0 and
 * the bound), so that many senders don't come back together. A Retry-After is a minimum without jitter; `longestWait`
 * caps both.
 *
 * @param attempt attempts made so far, at least 1
 * @param random gives a number from 0 up to, but not including, 1
 */
export function nextWait(
	attempt: number,
	policy: RetryPolicy,
	random: () => number,
	retryAfter?: number,
): number {
	const bound = Math.min(policy.longestWait, policy.firstWait * 2 ** (attempt - 1));
	const wait = Math.max(Math.round(random() * bound), retryAfter ?? 0);
	return Math.min(wait, policy.longestWait);
}

function httpRequest(
	connection: BentoConnection,
	request: BentoRequest,
	timeout: number,
): HttpRequest {
	const headers: Record<string, string> = { Accept: 'application/json', 'User-Agent': USER_AGENT };
	if (request.body) headers['Content-Type'] = request.contentType ?? 'application/json';
	const underBase = request.path.startsWith('/');
	const query = definedOnly(request.query ?? {});
	return {
		method: request.method,
		url: underBase ? connection.baseUrl + request.path : request.path,
		query: underBase ? { ...query, site_uuid: connection.siteUuid } : query,
		headers,
		body: request.body,
		timeout,
	};
}

/** Leaves out what is undefined. */
export function definedOnly<Value>(
	record: Readonly<Record<string, Value | undefined>>,
): Record<string, Value> {
	const defined: Record<string, Value> = {};
	for (const [name, value] of Object.entries(record)) {
		if (value !== undefined) defined[name] = value;
	}
	return defined;
}
