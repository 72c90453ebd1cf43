import { sleep } from 'n8n-workflow';

/** Time as the helper sees it; tests pass one that they move by hand. */
export interface Clock {
	/** In ms since the epoch. */
	now(): number;
	/** Resolves after `ms`, or at once when the signal is aborted. Never rejects. */
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
