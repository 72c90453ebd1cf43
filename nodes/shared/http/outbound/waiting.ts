/** How patient a call is. All times in ms. */
export interface WaitingPolicy {
	/** Requests a call may start, the first included. */
	readonly maxAttempts: number;
	/** The upper bound of the first wait; each later one doubles. */
	readonly firstWait: number;
	/** No single wait is longer, whatever Retry-After says. */
	readonly longestWait: number;
	/** For one request. */
	readonly timeout: number;
	/** For one call, from its first request on, waits included. */
	readonly totalTimeLimit: number;
}

export const DEFAULT_WAITING: WaitingPolicy = {
	maxAttempts: 5,
	firstWait: 1_000,
	longestWait: 60_000,
	timeout: 30_000,
	totalTimeLimit: 600_000,
};

/**
 * How long to wait before the next attempt, in ms: exponential with factor 2 and full jitter (any time
 * between nothing and the bound), so that many senders don't come back at once. A Retry-After is a
 * minimum without jitter; `longestWait` caps both.
 *
 * @param attempt attempts made so far, at least 1
 * @param random a number from 0 up to, but not including, 1
 */
export function nextWait(
	attempt: number,
	policy: WaitingPolicy,
	random: () => number,
	retryAfter?: number,
): number {
	const bound = Math.min(policy.longestWait, policy.firstWait * 2 ** (attempt - 1));
	const wait = Math.max(Math.round(random() * bound), retryAfter ?? 0);
	return Math.min(wait, policy.longestWait);
}
