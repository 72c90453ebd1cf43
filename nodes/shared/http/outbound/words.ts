const LONGEST = 500;

/**
 * Bento's own words in an answer, for an error's description. Bodies come as `{error}`, `{message}`,
 * `{errors: [{field, message}]}` or plain text (bentonow.com/docs/api/errors); a page of HTML says nothing
 * a builder could use and gives ''.
 */
export function bentosWords(text: string): string {
	const trimmed = text.trim();
	if (trimmed === '' || looksLikeHtml(trimmed)) return '';
	const words = fromJson(parseJson(trimmed)) ?? trimmed;
	return words.length > LONGEST ? `${words.slice(0, LONGEST)}…` : words;
}

/** Parses JSON; undefined where the text is none (JSON itself has no undefined). */
export function parseJson(text: string): unknown {
	try {
		const value: unknown = JSON.parse(text);
		return value;
	} catch {
		return undefined;
	}
}

/** Whether an answer is a web page: Bento's edge sends one when it blocks a request. */
export function looksLikeHtml(text: string): boolean {
	return /^\s*<(!doctype|html|head|body)/i.test(text);
}

function fromJson(body: unknown): string | undefined {
	if (typeof body !== 'object' || body === null) return undefined;
	if ('errors' in body && Array.isArray(body.errors)) {
		const lines = body.errors.map(oneError).filter((line) => line !== '');
		if (lines.length > 0) return lines.join('; ');
	}
	if ('error' in body && typeof body.error === 'string') return body.error;
	if ('message' in body && typeof body.message === 'string') return body.message;
	return undefined;
}

function oneError(entry: unknown): string {
	if (typeof entry === 'string') return entry;
	if (typeof entry !== 'object' || entry === null) return '';
	const field = 'field' in entry && typeof entry.field === 'string' ? entry.field : '';
	const message = 'message' in entry && typeof entry.message === 'string' ? entry.message : '';
	return [field, message].filter((part) => part !== '').join(' ');
}
