import { version } from '../../../../package.json';
import { classify } from './classify';
import type { Clock, RateLimiter } from './rateLimiter';
import type {
	AttemptNote,
	BentoRequest,
	CallReport,
	HttpRequest,
	Outcome,
	QueryValue,
	Transport,
} from './types';

/**
 * Bento blocks requests without a real application name (bentonow.com/docs/api/conventions); n8n's
 * own default would count as a generic one.
 */
export const USER_AGENT = `n8n-nodes-bentonow/${version}`;

/** Retry policy. All times in ms. */
export interface RetryPolicy {
	/** Requests a call may start, the first included. */
	readonly maxAttempts: number;
	/** The upper bound of the first wait; each later one doubles. */
	readonly firstWait: number;
	/** No single wait is longer, regardless of Retry-After. */
	readonly longestWait: number;
	/** For one request. */
	readonly timeout: number;
	/** For one call, from its first request on, waits included. */
	readonly totalTimeLimit: number;
}

export const DEFAULT_RETRY_POLICY: RetryPolicy = {
	maxAttempts: 5,
	firstWait: 1_000,
	longestWait: 60_000,
	timeout: 30_000,
	totalTimeLimit: 600_000,
};

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
	/** Shared by all calls of a run, so that one that is told to wait delays the others. */
	readonly limiter: RateLimiter;
	readonly signal?: AbortSignal;
	/** Told when an attempt ends. */
	readonly onAttempt?: (note: AttemptNote) => void;
}

/**
 * All calls to Bento go through here: sends a request, reads the response, and retries where that can help, until the
 * request is accepted, refused, out of attempts or time, or stopped. It never throws; the report has the result.
 *
 * Every request carries `site_uuid` in the query and a real User-Agent (bentonow.com/docs/api/conventions).
 */
export async function callBento(
	connection: BentoConnection,
	request: BentoRequest,
): Promise<CallReport> {
	const reads = request.method === 'GET';
	let unanswered = 0;
	const reportOf = (
		outcome: Outcome,
		attempts: number,
		gaveUp?: CallReport['gaveUp'],
	): CallReport => ({
		reads,
		outcome,
		attempts,
		unanswered,
		mayHaveArrived: mayHaveArrived(reads, outcome, unanswered),
		gaveUp,
	});
	const words = pathProblem(request.path);
	if (words !== undefined) {
		return reportOf({ kind: 'refused', reason: 'unsafePath', status: undefined, words }, 0);
	}
	const { clock, policy, limiter, signal } = connection;
	const least = Math.min(MIN_RETRY_TIME, policy.timeout);
	let endsAt = Infinity;
	let last: Outcome = { kind: 'stopped' };
	for (let attempt = 1; ; attempt += 1) {
		const turn = await limiter.turn(signal, endsAt - least);
		if (turn === 'late') return reportOf(last, attempt - 1, 'time');
		if (mayBeDoubled(last)) unanswered += 1;
		if (turn === 'stopped') return reportOf(stoppedAfter(unanswered), attempt - 1);

		const startedAt = clock.now();
		if (attempt === 1) endsAt = startedAt + policy.totalTimeLimit;
		const timeout = Math.min(policy.timeout, endsAt - startedAt);
		const sent = httpRequest(connection, request, timeout);
		const result = await connection.transport(sent);
		const now = clock.now();
		last = classify(result, { reads, encrypted: sent.url.startsWith('https:') }, now);

		let obstacle = whyNotAgain(last, request, attempt, policy);
		const wait = waitAfter(last, attempt, connection);
		if (obstacle === undefined && now + wait + least > endsAt) obstacle = 'time';
		const started = wentOut(last) ? attempt : attempt - 1;
		const note = { request, attempt, outcome: last, duration: now - startedAt };
		connection.onAttempt?.({ ...note, wait: obstacle === undefined ? wait : undefined });
		if (obstacle === 'final') return reportOf(last, started);
		if (obstacle !== undefined) return reportOf(last, started, obstacle);

		if (last.kind === 'busy' && last.status === 429) limiter.tooMany(last.retryAfter);
		// A response that got lost says nothing about Bento's load, so only this call waits for it.
		if (last.kind === 'unknown') await clock.sleep(wait, signal);
		else limiter.hold(wait);
	}
}

/**
 * Says why a path can't be used; undefined where it can. A segment that is `.` or `..`, or that encodes a dot, a slash,
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

type Obstacle = 'attempts' | 'final' | 'guarantee' | 'time';

/** What keeps a call from another attempt, if anything does. */
function whyNotAgain(
	outcome: Outcome,
	request: BentoRequest,
	attempts: number,
	policy: RetryPolicy,
): Obstacle | undefined {
	if (outcome.kind === 'accepted' || outcome.kind === 'refused' || outcome.kind === 'stopped') {
		return 'final';
	}
	if (outcome.kind === 'unknown' && outcome.reason === 'stopped') return 'final';
	if (!request.idempotent && mayBeDoubled(outcome)) return 'guarantee';
	return attempts >= policy.maxAttempts ? 'attempts' : undefined;
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

function waitAfter(outcome: Outcome, attempts: number, connection: BentoConnection): number {
	const retryAfter = outcome.kind === 'busy' ? outcome.retryAfter : undefined;
	return nextWait(attempts, connection.policy, connection.random, retryAfter);
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
		signal: connection.signal,
	};
}

function definedOnly(query: Readonly<Record<string, QueryValue | undefined>>) {
	const defined: Record<string, QueryValue> = {};
	for (const [name, value] of Object.entries(query)) if (value !== undefined) defined[name] = value;
	return defined;
}
