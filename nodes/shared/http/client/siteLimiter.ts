import { createHash } from 'crypto';
import type { IAllExecuteFunctions } from 'n8n-workflow';
import type { CallKind } from './call';
import type { SigningKeys } from './transport';
import { Caller, RateLimiter, systemClock } from './rateLimiter';

/** What all executions, workflows and nodes of this process share. */

/** A digest of a credential's values: what has an equal one may share requests. */
export function accountKey({ publishableKey, secretKey, siteUuid, baseUrl }: SigningKeys): string {
	const values = JSON.stringify([publishableKey, secretKey, siteUuid, baseUrl]);
	return createHash('sha256').update(values).digest('base64');
}

/** By origin, site and kind of call. */
const limiters = new Map<string, RateLimiter>();

/** A limiter that wasn't used for so long, in ms, is forgotten. */
const FORGET_AFTER = 300_000;

/** The limiter that all calls of a kind to a site share. */
export function siteLimiter(
	{ baseUrl, siteUuid }: Pick<SigningKeys, 'baseUrl' | 'siteUuid'>,
	kind: CallKind,
	requestsPerMinute?: number,
): RateLimiter {
	const key = JSON.stringify([new URL(baseUrl).origin, siteUuid, kind]);
	let limiter = limiters.get(key);
	if (!limiter || limiter.isIdle(FORGET_AFTER)) {
		for (const [other, known] of limiters) if (known.isIdle(FORGET_AFTER)) limiters.delete(other);
		limiter = new RateLimiter(systemClock);
		limiters.set(key, limiter);
	}
	if (requestsPerMinute !== undefined) limiter.documented = requestsPerMinute;
	return limiter;
}

/**
 * By n8n's node context, which all runs of a node in an execution share, and all tries of Retry On Fail (measured on
 * both engine lines): a loop would otherwise begin each round as if nothing had been sent before.
 */
const callers = new WeakMap<object, Caller>();

/** Who calls: the node of an execution, or a webhook or dropdown, of which each call is one by itself. */
export function callerOf(context: IAllExecuteFunctions, interval = 0): Caller {
	if (!('getContext' in context)) return new Caller({}, interval);
	const key = context.getContext('node');
	const execution: string | undefined = context.getExecutionId();
	const caller = callers.get(key) ?? new Caller(execution ?? key);
	caller.interval = interval;
	callers.set(key, caller);
	return caller;
}
