import { parseRetryAfter, serverTime } from './limitHeaders';
import type { HttpResult, Outcome, RefusalReason } from './types';

/** What `classify` has to know of the request that a result belongs to. */
export interface Asked {
	/** A 2xx completes a write regardless of its body; a read without JSON has read nothing. */
	readonly reads: boolean;
	/** Whether the request was encrypted, so that a proxy's own response means that nothing got through. */
	readonly encrypted: boolean;
}

type Response = Extract<HttpResult, { kind: 'response' }>;

/** 5xx that say "never", not "later" (RFC 9110, sections 15.6.2 and 15.6.6). */
const PERMANENT_SERVER_ERRORS = new Set([501, 505]);

/**
 * Busy responses that also say that nothing was done: too many requests, unavailable, request not read in
 * time, too early (RFC 8470). */
const NOTHING_DONE = new Set([408, 425, 429, 503]);

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
	return withRequestId(classifyResponse(result, asked, now), result.headers);
}

/** Of Bento's servers, or of the edge in front of them. */
const REQUEST_ID_HEADERS = ['x-request-id', 'cf-ray'];

function withRequestId(outcome: Outcome, headers: Readonly<Record<string, string>>): Outcome {
	const found = REQUEST_ID_HEADERS.map((name) => headers[name]);
	const requestId = found.find((value) => value !== undefined && /^[\w.:-]{1,100}$/.test(value));
	if (requestId === undefined) return outcome;
	switch (outcome.kind) {
		case 'accepted':
		case 'busy':
		case 'refused':
			return { ...outcome, requestId };
		default:
			return outcome;
	}
}

function classifyResponse(result: Response, asked: Asked, now: number): Outcome {
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
	const reason = byProxy ? 'proxy' : refusalReason(status, parseJson(text) !== undefined);
	return { kind: 'refused', reason, status, words };
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
	if (NOTHING_DONE.has(status)) return true;
	return status >= 500 && !PERMANENT_SERVER_ERRORS.has(status);
}

function refusalReason(status: number, json: boolean): RefusalReason {
	if (status === 403 && json) return 'forbidden';
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
	const words = wordsInJson(parseJson(trimmed)) ?? trimmed;
	return words.length > MAX_WORDS ? `${words.slice(0, MAX_WORDS)}…` : words;
}

/** Returns undefined if the text isn't JSON, or is JSON that names no reason. */
function wordsInJson(body: unknown): string | undefined {
	if (body === '' || body === null) return '';
	if (typeof body !== 'object') return undefined;
	if ('errors' in body) {
		const words = allErrors(body.errors);
		if (words !== '') return words;
	}
	return reasonIn(body) ?? (Object.keys(body).length === 0 ? '' : undefined);
}

/** A list, an object with the fields as its keys, or text. */
function allErrors(errors: unknown): string {
	if (typeof errors === 'string') return errors;
	if (typeof errors !== 'object' || errors === null) return '';
	const lines = Array.isArray(errors)
		? errors.map(oneError)
		: Object.entries(errors).map(([field, entry]) => fieldError(field, entry));
	return lines.filter((line) => line !== '').join('; ');
}

/** The keys that Bento writes a reason under (bento-actionmailer), the most telling one first. */
const REASON_KEYS = ['error', 'message', 'detail', 'title'] as const;

function reasonIn(body: object): string | undefined {
	for (const key of REASON_KEYS) {
		const value: unknown = Reflect.get(body, key);
		if (typeof value === 'string' && value.trim() !== '') return value;
	}
	return undefined;
}

function oneError(entry: unknown): string {
	if (typeof entry === 'string') return entry;
	if (typeof entry !== 'object' || entry === null) return '';
	const field = 'field' in entry && typeof entry.field === 'string' ? entry.field : '';
	return [field, reasonIn(entry) ?? ''].filter((part) => part !== '').join(' ');
}

function fieldError(field: string, entry: unknown): string {
	const said = Array.isArray(entry) ? entry.map(oneError).join(', ') : oneError(entry);
	return said === '' ? '' : `${field} ${said}`;
}

/**
 * What Bento says in a 2xx response that is still a refusal; undefined for any other. '' if it gives no reason.
 *
 * @param body parsed JSON
 */
export function refusalWords(body: unknown): string | undefined {
	if (typeof body !== 'object' || body === null || Array.isArray(body)) return undefined;
	const refused =
		('error' in body && saysSomething(body.error)) ||
		('errors' in body && saysSomething(body.errors)) ||
		('success' in body && body.success === false);
	return refused ? wordsOf(JSON.stringify(body)) : undefined;
}

function saysSomething(value: unknown): boolean {
	if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0;
	return value !== undefined && value !== null && value !== false && value !== '';
}

/** Parses JSON; undefined if the text isn't JSON (JSON itself has no undefined). */
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
