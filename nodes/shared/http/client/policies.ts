/** How long, and how often, each kind of caller tries. Complete and beside each other; all times in ms. */

export interface RetryPolicy {
	/** Requests a call may start, the first included. Those that Bento refused with 429 don't count. */
	readonly maxAttempts: number;
	/** As long as this, a call goes on beyond `maxAttempts` if nothing was done: nobody there, or 503. */
	readonly patience: number;
	/** The upper bound of the first wait; each later one doubles. */
	readonly firstWait: number;
	/** No single wait is longer, regardless of Retry-After. */
	readonly longestWait: number;
	/** For one request, from its start to the end of its response. */
	readonly timeout: number;
	/** For a call with all its attempts and waits; what the caller itself holds back isn't counted. */
	readonly totalTimeLimit: number;
	/** Whether the time limit holds for each call, or for all calls of a connection together. */
	readonly limits: 'call' | 'connection';
}

/** A node that runs, unless its Options say otherwise. */
export const DEFAULT_RETRY_POLICY: RetryPolicy = {
	maxAttempts: 5,
	patience: 75_000,
	firstWait: 1_000,
	longestWait: 60_000,
	timeout: 30_000,
	totalTimeLimit: 600_000,
	limits: 'call',
};

/** Lists in the editor: someone is waiting. */
export const EDITOR_POLICY: RetryPolicy = {
	maxAttempts: 2,
	patience: 0,
	firstWait: 1_000,
	longestWait: 3_000,
	timeout: 15_000,
	totalTimeLimit: 20_000,
	limits: 'connection',
};

/** The credential's Test button: one request. */
export const CREDENTIAL_TEST_POLICY: RetryPolicy = {
	maxAttempts: 1,
	patience: 0,
	firstWait: 1_000,
	longestWait: 1_000,
	timeout: 15_000,
	totalTimeLimit: 15_000,
	limits: 'connection',
};

/** Load Subscriber: the sender of the webhook waits for its response meanwhile. */
export const TRIGGER_POLICY: RetryPolicy = {
	maxAttempts: 3,
	patience: 0,
	firstWait: 250,
	longestWait: 2_000,
	timeout: 5_000,
	totalTimeLimit: 8_000,
	limits: 'connection',
};
