import { parseRetryAfter } from './retryAfter';
import type { HttpResult, Outcome, RefusalReason } from './types';
import { bentosWords, looksLikeHtml, parseJson } from './words';

/** 5xx that say "never", not "later" (RFC 9110, sections 15.6.2 and 15.6.6). */
const PERMANENT_SERVER_ERRORS = new Set([501, 505]);

/** Busy answers that also say that nothing was done: too many requests, unavailable, request not read in time. */
const NOTHING_DONE = new Set([408, 429, 503]);

/** The one 5xx that Bento documents for a wrong value: a sender that is no Author (POST /batch/emails). */
const WRONG_AUTHOR = /not authorized/i;

const REASONS: Readonly<Record<number, RefusalReason>> = {
	400: 'invalid',
	401: 'credentials',
	403: 'blocked',
	404: 'notFound',
	413: 'tooLarge',
	422: 'invalid',
};

/**
 * Tells what one request came to. Pure.
 *
 * @param answer `json` when a 2xx must carry JSON, `any` when its body doesn't matter
 * @param now in ms since the epoch, for a Retry-After that is a date
 */
export function classify(result: HttpResult, answer: 'any' | 'json', now: number): Outcome {
	if (result.kind === 'forbidden') {
		return { kind: 'refused', reason: 'forbidden', status: undefined, words: result.code };
	}
	if (result.kind === 'unconfigured') {
		return { kind: 'refused', reason: 'unconfigured', status: undefined, words: result.problem };
	}
	if (result.kind === 'noAnswer') return classifySilence(result.code, result.mayHaveArrived);
	const { status, text } = result;
	if (status >= 200 && status < 300) return classifySuccess(status, text, answer);
	const words = bentosWords(text);
	if (isBusy(status) && !(status === 500 && WRONG_AUTHOR.test(words))) {
		return {
			kind: 'busy',
			status,
			words,
			retryAfter: parseRetryAfter(result.headers['retry-after'], now),
			mayHaveArrived: !NOTHING_DONE.has(status),
		};
	}
	return { kind: 'refused', reason: refusalReason(status), status, words };
}

function classifySilence(code: string, mayHaveArrived: boolean): Outcome {
	if (!mayHaveArrived) return { kind: 'unreached', code };
	if (code === 'ERR_CANCELED') return { kind: 'unknown', reason: 'stopped', code };
	const timedOut = code === 'ECONNABORTED' || code === 'ETIMEDOUT';
	return { kind: 'unknown', reason: timedOut ? 'timeout' : 'lost', code };
}

function classifySuccess(status: number, text: string, answer: 'any' | 'json'): Outcome {
	// Bento's edge answers a blocked request with a page, at times with status 200.
	if (looksLikeHtml(text)) return { kind: 'refused', reason: 'blocked', status, words: '' };
	const body = parseJson(text);
	if (body !== undefined) return { kind: 'accepted', status, body };
	if (answer === 'any' || status === 204) return { kind: 'accepted', status, body: text };
	return { kind: 'unknown', reason: 'cutOff', code: 'INVALID_JSON' };
}

function isBusy(status: number): boolean {
	if (status === 408 || status === 429) return true;
	return status >= 500 && !PERMANENT_SERVER_ERRORS.has(status);
}

function refusalReason(status: number): RefusalReason {
	if (status >= 300 && status < 400) return 'redirected';
	return REASONS[status] ?? 'other';
}
