import { setTimeout as sleep } from 'timers/promises';

export interface UntilOptions {
	/** When to give up, in milliseconds; 30 seconds if not given. */
	readonly within?: number;
	/** Time between two looks, in milliseconds; 100 if not given. */
	readonly every?: number;
}

/**
 * Calls `look` repeatedly until it returns something other than undefined, and returns that. Rejects after `within`
 * milliseconds, naming what was waited for and the last thing that went wrong.
 */
export async function until<T>(
	what: string,
	look: () => T | undefined | Promise<T | undefined>,
	{ within = 30_000, every = 100 }: UntilOptions = {},
): Promise<T> {
	const end = Date.now() + within;
	let last: unknown;
	while (Date.now() < end) {
		try {
			const found = await look();
			if (found !== undefined) return found;
			last = undefined;
		} catch (error) {
			last = error;
		}
		await sleep(every);
	}
	const reason = last instanceof Error ? `: ${last.message}` : '';
	throw new Error(`Waited ${within / 1000} s in vain for ${what}${reason}`);
}
