import { parseRetryAfter, serverTime } from './limitHeaders';
import type { HttpResult, Outcome, RefusalReason } from './types';

/** What `classify` has to know of the request that a result belongs to. */
export interface Asked {
	/** A 2xx completes a write regardless of its body; a read without JSON has read nothing. */
	readonly reads: boolean;
	/** Whether the request was encrypted, so that a proxy's own response means that nothing got through. */
	readonly encrypted: boolean;
}

/** 5xx that say "never", not "later" (RFC 9110, sections 15.6.2 and 15.6.6). */
const PERMANENT_SERVER_ERRORS = new Set([501, 505]);

/** Busy responses that also say that nothing was done: too many requests, unavailable, request not read in time. */
const NOTHING_DONE = new Set([408, 429, 503]);

/** The one 5xx that Bento documents for a wrong value: a sender that isn't an Author (POST /batch/emails). */
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
 * Returns what one request led to. Pure.
 *
 * @param now in ms since the epoch, for a Retry-After that is a date
 */
export function classify(result: HttpResult, asked: Asked, now: number): Outcome {
	if (result.kind === 'forbidden') {
		const { reason, code } = result;
		return { kind: 'refused', reason, status: undefined, words: '', code };
	}
	if (result.kind === 'unconfigured') {
		return { kind: 'refused', reason: 'unconfigured', status: undefined, words: result.problem };
	}
	if (result.kind === 'noResponse') return classifySilence(result.code, result.mayHaveArrived);
	const { status, headers, text } = result;
	if (status >= 200 && status < 300) return classifySuccess(status, text, asked.reads);
	const words = wordsOf(text);
	const byProxy = isFromProxy(status, headers);
	if (isBusy(status) && !(status === 500 && WRONG_AUTHOR.test(words))) {
		return {
			kind: 'busy',
			status,
			from: byProxy ? 'proxy' : 'bento',
			words,
			retryAfter: parseRetryAfter(headers['retry-after'], serverTime(headers, now)),
			mayHaveArrived: !NOTHING_DONE.has(status) && !(byProxy && asked.encrypted),
		};
	}
	return { kind: 'refused', reason: byProxy ? 'proxy' : refusalReason(status), status, words };
}

function classifySilence(code: string, mayHaveArrived: boolean): Outcome {
	if (!mayHaveArrived) return { kind: 'unreached', code };
	if (code === 'ERR_CANCELED') return { kind: 'unknown', reason: 'stopped', code };
	const timedOut = code === 'ECONNABORTED' || code === 'ETIMEDOUT';
	return { kind: 'unknown', reason: timedOut ? 'timeout' : 'lost', code };
}

function classifySuccess(status: number, text: string, reads: boolean): Outcome {
	// Bento's edge responds to a blocked request with a page, sometimes with status 200.
	if (looksLikeHtml(text)) return { kind: 'refused', reason: 'blocked', status, words: '' };
	const body = parseJson(text);
	if (body !== undefined) return { kind: 'accepted', status, content: 'json', body };
	const content = text.trim() === '' ? 'empty' : 'text';
	if (reads && !(status === 204 && content === 'empty')) {
		return { kind: 'unknown', reason: 'cutOff', code: 'INVALID_JSON' };
	}
	return { kind: 'accepted', status, content, body: text };
}

function isBusy(status: number): boolean {
	if (status === 408 || status === 429) return true;
	return status >= 500 && !PERMANENT_SERVER_ERRORS.has(status);
}

function refusalReason(status: number): RefusalReason {
	if (status >= 300 && status < 400) return 'redirected';
	return REASONS[status] ?? 'other';
}

/** Headers that proxies write into responses of their own (RFC 9209; Squid, Tinyproxy, Apache, Privoxy). */
const PROXY_HEADERS = ['proxy-agent', 'proxy-authenticate', 'proxy-connection', 'x-squid-error'];
const PROXY_SERVERS = /squid|tinyproxy|privoxy|mitmproxy|zscaler|bluecoat|forcepoint/i;

/**
 * Whether an error comes from a proxy in between rather than from Bento. A refused CONNECT reaches us as if it were the
 * response (measured on both engine lines). 407 is a proxy's alone (RFC 9110, section 15.5.8), and a web server dates
 * its responses (section 6.6.1), which hand-written refusals of a tunnel leave out.
 */
function isFromProxy(status: number, headers: Readonly<Record<string, string>>): boolean {
	if (status === 407) return true;
	if (PROXY_HEADERS.some((name) => headers[name] !== undefined)) return true;
	return PROXY_SERVERS.test(headers.server ?? '') || headers.date === undefined;
}

/** Longest quotation in an error's description, in characters. */
const MAX_WORDS = 500;

/**
 * What an error response says, for an error's description. Bento writes `{error}`, `{message}`, `{errors: [{field,
 * message}]}` or plain text (bentonow.com/docs/api/errors). A page of HTML, `{}`, and `""` say nothing that a user
 * could use and become ''.
 */
export function wordsOf(text: string): string {
	const trimmed = text.trim();
	if (looksLikeHtml(trimmed)) return '';
	const words = fromJson(parseJson(trimmed)) ?? trimmed;
	return words.length > MAX_WORDS ? `${words.slice(0, MAX_WORDS)}…` : words;
}

/** Undefined where the text isn't JSON. */
function fromJson(body: unknown): string | undefined {
	if (body === '' || body === null) return '';
	if (typeof body !== 'object') return undefined;
	if ('errors' in body && Array.isArray(body.errors)) {
		const lines = body.errors.map(oneError).filter((line) => line !== '');
		if (lines.length > 0) return lines.join('; ');
	}
	if ('error' in body && typeof body.error === 'string') return body.error;
	if ('message' in body && typeof body.message === 'string') return body.message;
	return Object.keys(body).length === 0 ? '' : undefined;
}

function oneError(entry: unknown): string {
	if (typeof entry === 'string') return entry;
	if (typeof entry !== 'object' || entry === null) return '';
	const field = 'field' in entry && typeof entry.field === 'string' ? entry.field : '';
	const message = 'message' in entry && typeof entry.message === 'string' ? entry.message : '';
	return [field, message].filter((part) => part !== '').join(' ');
}

/** Parses JSON; undefined where the text isn't JSON (JSON itself has no undefined). */
export function parseJson(text: string): unknown {
	try {
		const value: unknown = JSON.parse(text);
		return value;
	} catch {
		return undefined;
	}
}

/** Whether a response is a web page: Bento's edge sends one when it blocks a request. */
function looksLikeHtml(text: string): boolean {
	return /^\s*<(!doctype|html|head|body)/i.test(text);
}
