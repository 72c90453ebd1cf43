/** One shape for what went wrong, and the words that counts are told in. */

/**
 * What went wrong, for a workflow to branch on: listed in docs/troubleshooting.md, and stored in workflows, so a code
 * never changes its meaning.
 */
export const CODES = [
	'CREDENTIALS',
	'FORBIDDEN',
	'INVALID_INPUT',
	'NOT_FOUND',
	'NOT_SENT',
	'RATE_LIMITED',
	'REJECTED',
	'TOO_LARGE',
	'UNAVAILABLE',
	'UNCONFIRMED',
	'UNEXPECTED',
	'UNKNOWN',
	'UNREACHABLE',
] as const;

export type Code = (typeof CODES)[number];

/** An error's own words, which may quote data and so belong into a detail. */
export function messageOf(error: unknown): string {
	return error instanceof Error ? error.message : '';
}

/** What went wrong, and what to do about it. */
export interface Problem {
	readonly code: Code;
	/** Whether Bento may have it; if not said, it certainly doesn't. */
	readonly mayHaveArrived?: boolean;
	/** What happened, without user data: n8n rewrites messages by substring. No period at the end. */
	readonly message: string;
	/** Words that may quote data, such as Bento's. */
	readonly detail?: string;
	/** What to do next; sentences, or empty. */
	readonly advice: string;
	/** The status of a response. */
	readonly httpCode?: string;
	/** By which Bento's support finds the request. */
	readonly requestId?: string;
}

/** All that is wrong with an item; the first gives the headline. */
export type Problems = readonly [Problem, ...Problem[]];

/** Returns everything about a problem but its headline. */
export function aftermath({ detail = '', advice, requestId }: Problem): string {
	return sentences([detail, advice, requestId === undefined ? '' : `Request ID: ${requestId}`]);
}

/** Returns the end of what a failed item says, by which a workflow branches: `Code: RATE_LIMITED, HTTP 429, not received`. */
export function codeOf({ code, httpCode, mayHaveArrived = false }: Problem): string {
	const status = httpCode === undefined ? [] : [`HTTP ${httpCode}`];
	const arrived = mayHaveArrived ? 'may have been received' : 'not received';
	return `Code: ${[code, ...status, arrived].join(', ')}`;
}

/** What a node calls the things that it sends. */
export interface Noun {
	readonly one: string;
	readonly many: string;
}

export const REQUESTS: Noun = { one: 'request', many: 'requests' };

let digits: Intl.NumberFormat | undefined;

/** A number as n8n's interface writes it: 1,000. */
export function inDigits(value: number): string {
	digits ??= new Intl.NumberFormat('en-US');
	return digits.format(value);
}

/** `1 event`, `2,500 events`. */
export function counted(value: number, noun: Noun): string {
	return `${inDigits(value)} ${value === 1 ? noun.one : noun.many}`;
}

/** `[Item 3]`, or the first few of many: `[Items 3, 17, 20 and 5 more]`. Counted from 0, as n8n counts items. */
export function itemList(items: readonly number[], most = 5): string {
	const shown = items.slice(0, most).join(', ');
	const more = items.length > most ? ` and ${inDigits(items.length - most)} more` : '';
	return `[${items.length === 1 ? 'Item' : 'Items'} ${shown}${more}]`;
}

/** n8n's editor drops line breaks, so these are sentences in a row; each is said once. */
export function sentences(parts: readonly string[]): string {
	const told = new Set(parts.map((part) => part.trim().replace(/\.$/, '')));
	return [...told].filter((part) => part !== '').reduce(withSentence, '');
}

function withSentence(before: string, sentence: string): string {
	if (before === '') return sentence;
	return `${before}${/[!?\u2026]$/.test(before) ? '' : '.'} ${sentence}`;
}
