import { classify } from './classify';
import type { Clock } from './clock';
import type { Pace } from './pace';
import type {
	BentoRequest,
	CallReport,
	HttpRequest,
	Outcome,
	QueryValue,
	Transport,
} from './types';
import { USER_AGENT } from './version';
import { nextWait, type WaitingPolicy } from './waiting';

/** Everything a call needs beside the request itself; one for all calls of a run. */
export interface BentoConnection {
	readonly transport: Transport;
	/** Checked and without a trailing slash: see `readBaseUrl`. */
	readonly baseUrl: string;
	readonly siteUuid: string;
	readonly policy: WaitingPolicy;
	readonly clock: Clock;
	/** From 0 up to, but not including, 1. */
	readonly random: () => number;
	/** Shared by all calls of a run, so that one told to wait holds the others. */
	readonly pace: Pace;
	readonly signal?: AbortSignal;
}

/**
 * The one door to Bento: sends a request, reads the answer and tries again where that can help, until it is
 * accepted, refused, out of patience or stopped. It never throws; the report says what came of it.
 *
 * Every request carries `site_uuid` in the query and a real User-Agent (bentonow.com/docs/api/conventions).
 */
export async function callBento(
	connection: BentoConnection,
	request: BentoRequest,
): Promise<CallReport> {
	const { clock, policy, pace, signal } = connection;
	let attempts = 0;
	let unanswered = 0;
	let startedAt = 0;
	for (;;) {
		if (!(await pace.turn(signal))) return report({ kind: 'stopped' }, undefined);
		if (attempts === 0) startedAt = clock.now();
		attempts += 1;
		const left = startedAt + policy.totalTimeLimit - clock.now();
		const timeout = Math.max(1, Math.min(policy.timeout, left));
		const result = await connection.transport(httpRequest(connection, request, timeout));
		const outcome = classify(result, request.answer ?? 'json', clock.now());

		const obstacle = whyNotAgain(outcome, request, attempts, policy);
		if (obstacle !== 'none') return report(outcome, obstacle === 'final' ? undefined : obstacle);
		const wait = waitAfter(outcome, attempts, connection);
		if (clock.now() + wait - startedAt >= policy.totalTimeLimit) return report(outcome, 'time');
		if (mayBeDoubled(outcome)) unanswered += 1;
		if (outcome.kind === 'busy' && outcome.status === 429) pace.tooMany(outcome.retryAfter);
		// An answer that got lost says nothing about Bento's load, so only this call waits for it.
		if (outcome.kind === 'unknown') await clock.sleep(wait, signal);
		else pace.hold(wait);
	}

	function report(outcome: Outcome, gaveUp: CallReport['gaveUp']): CallReport {
		if (outcome.kind === 'stopped' && unanswered > 0) {
			return report({ kind: 'unknown', reason: 'stopped', code: 'ERR_CANCELED' }, gaveUp);
		}
		return { outcome, attempts, unanswered, gaveUp };
	}
}

type Obstacle = 'attempts' | 'final' | 'guarantee' | 'none';

/** What keeps a call from another attempt, if anything does. */
function whyNotAgain(
	outcome: Outcome,
	request: BentoRequest,
	attempts: number,
	policy: WaitingPolicy,
): Obstacle {
	if (outcome.kind === 'accepted' || outcome.kind === 'refused' || outcome.kind === 'stopped') {
		return 'final';
	}
	if (outcome.kind === 'unknown' && outcome.reason === 'stopped') return 'final';
	if (request.whenUnknown === 'never' && mayBeDoubled(outcome)) return 'guarantee';
	return attempts >= policy.maxAttempts ? 'attempts' : 'none';
}

/** Whether Bento may have done what it was asked although its answer doesn't say so. */
function mayBeDoubled(outcome: Outcome): boolean {
	return outcome.kind === 'unknown' || (outcome.kind === 'busy' && outcome.mayHaveArrived);
}

function waitAfter(outcome: Outcome, attempts: number, connection: BentoConnection): number {
	const retryAfter = outcome.kind === 'busy' ? outcome.retryAfter : undefined;
	return nextWait(attempts, connection.policy, connection.random, retryAfter);
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
