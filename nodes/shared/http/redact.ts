/** Takes every secret out of a text; gives the text itself if there is none in it. */
export type Redact = (text: string) => string;

/** What stands in an incoming request in place of a secret. */
export const REMOVED = '[secret removed]';

/** A text to look for, and how its characters are compared. */
interface Pattern {
	readonly text: string;
	readonly isBase64: boolean;
	/** Of the state before its first character; each pattern has as many states as characters. */
	readonly firstState: number;
}

/** Characters that some spelling stands for, and the length of that spelling. */
interface Spelling {
	/** '' for what mail and base64 put between two characters. */
	readonly text: string;
	readonly length: number;
	/** Whether it counts inside base64 only. */
	readonly inBase64?: true;
}

/** How often one encoding may be put on top of itself. */
const MAX_LAYERS = 4;
const MAX_BACKSLASHES = 8;

/** How long a backslash gets that is escaped once, twice, three times. */
const ESCAPED_BACKSLASHES = [2, 4, 8];

/**
 * How many comparisons a text may cost, by its length. Ordinary ones need less than one a character; only a secret that
 * repeats itself, in a text that repeats it too, reaches this. The rest of the text is then taken out unread.
 */
const COMPARISONS_PER_CHARACTER = 8;
const COMPARISONS_PER_TEXT = 512;

const BASE64_CHARACTER = /[A-Za-z0-9+/_=-]/;
const PADDING = /(?:%3d|\\u003d){0,2}/iy;

/**
 * Makes a function that finds secrets in the spellings in which they travel, in any mix: as they are, in upper and
 * lower case, escaped for JSON, JavaScript, or a shell, percent-encoded (also `+` for a space), as HTML entities,
 * quoted-printable, hexadecimal, as UTF-8 that was read as Latin-1, and inside base64 at any offset, also in lines.
 *
 * Runs through a text once and keeps the states that a prefix of it can be in. The comparisons are limited, so that
 * time grows with the text's length, whatever text and secrets consist of.
 */
export function redactorOf(secrets: readonly string[], replacement: string = REMOVED): Redact {
	const patterns = patternsOf(secrets.filter((secret) => secret !== ''));
	if (patterns.length === 0) return (text) => text;
	const finder = new Finder(patterns);
	return (text) => replaced(text, finder.find(text), replacement);
}

function patternsOf(secrets: readonly string[]): Pattern[] {
	const plain = secrets.flatMap((secret) => {
		const bytes = Buffer.from(secret, 'utf8');
		return [secret, bytes.toString('latin1'), bytes.toString('hex')];
	});
	const base64 = secrets.flatMap(insideBase64).filter((inner) => inner.length > 4);
	let firstState = 0;
	return [...unique(plain, false), ...unique(base64, true)].map(({ text, isBase64 }) => {
		const pattern = { text, isBase64, firstState };
		firstState += text.length;
		return pattern;
	});
}

function unique(texts: readonly string[], isBase64: boolean) {
	const folded = texts.map((text) =>
		Array.from({ length: text.length }, (_, at) => fold(text.charAt(at), isBase64)).join(''),
	);
	return [...new Set(folded)].map((text) => ({ text, isBase64 }));
}

/** The part of a secret's base64 that doesn't depend on what surrounds it: one text for each of three offsets. */
function insideBase64(secret: string): string[] {
	const bytes = Buffer.from(secret, 'utf8');
	return [0, 1, 2].map((offset) => {
		const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
		const from = Math.ceil((offset * 8) / 6);
		const to = Math.floor(((offset + bytes.length) * 8) / 6);
		return encoded.slice(from, to);
	});
}

/** ASCII in lower case, and base64url as base64. */
function fold(character: string, isBase64: boolean): string {
	if (isBase64 && character === '-') return '+';
	if (isBase64 && character === '_') return '/';
	return character >= 'A' && character <= 'Z' ? character.toLowerCase() : character;
}

/** Where a secret stands, from its first character to the one after its last. */
interface Range {
	readonly from: number;
	readonly to: number;
	readonly isBase64: boolean;
}

/** What one run through a text has found so far. */
interface Search {
	/** By position: each state that is reached there, with the earliest start that leads to it. */
	readonly reached: Map<number, Map<number, number>>;
	readonly found: Range[];
	comparisons: number;
}

const SPECIAL_CHARACTERS = new Set(['\\', '%', '&', '=', '+', '\r', '\n']);

const MAY_BEGIN = 1;
const IS_SPECIAL = 2;

/** Looks for all patterns at once: a nondeterministic automaton, run with sets of states. */
class Finder {
	/** Patterns by what their first character may be written as. */
	private readonly starting = new Map<string, Pattern[]>();
	private readonly patternOf: Pattern[] = [];
	/** By code: whether something may begin at such a character. */
	private readonly interesting = new Uint8Array(65_536);
	/** The first two characters of every pattern, as one number: most texts are passed over by it. */
	private readonly beginnings = new Set<number>();

	constructor(patterns: readonly Pattern[]) {
		for (const pattern of patterns) {
			for (let at = 0; at < pattern.text.length; at += 1) this.patternOf.push(pattern);
			for (const first of waysToWrite(pattern)) {
				this.starting.set(first, [...(this.starting.get(first) ?? []), pattern]);
				this.interesting[first.charCodeAt(0)] = MAY_BEGIN;
				for (const second of waysToWrite(pattern, 1)) {
					this.beginnings.add(first.charCodeAt(0) * 65_536 + second.charCodeAt(0));
				}
			}
		}
		for (const character of SPECIAL_CHARACTERS)
			this.interesting[character.charCodeAt(0)] = IS_SPECIAL;
	}

	find(text: string): Range[] {
		const search: Search = { reached: new Map(), found: [], comparisons: 0 };
		const { reached, found } = search;
		const most = COMPARISONS_PER_TEXT + COMPARISONS_PER_CHARACTER * text.length;
		for (let at = 0; at < text.length; at += 1) {
			const states = reached.size === 0 ? undefined : reached.get(at);
			if (states === undefined && !this.mayBegin(text, at)) continue;
			if (search.comparisons > most) return [...found, restOf(text, at, reached)];
			reached.delete(at);
			const character = text.charAt(at);
			this.step({ text: character, length: 1 }, at, states, search);
			if (!SPECIAL_CHARACTERS.has(character)) continue;
			for (const spelling of spellingsAt(text, at)) this.step(spelling, at, states, search);
		}
		return found;
	}

	private mayBegin(text: string, at: number): boolean {
		const code = text.charCodeAt(at);
		const kind = this.interesting[code];
		if (kind !== MAY_BEGIN) return kind === IS_SPECIAL;
		if (at + 1 === text.length) return true;
		const next = text.charCodeAt(at + 1);
		return this.interesting[next] === IS_SPECIAL || this.beginnings.has(code * 65_536 + next);
	}

	private step(
		spelling: Spelling,
		at: number,
		states: ReadonlyMap<number, number> | undefined,
		search: Search,
	): void {
		if (states !== undefined) {
			search.comparisons += states.size;
			for (const [state, from] of states) {
				const pattern = this.patternOf[state];
				if (pattern) advance(pattern, state - pattern.firstState, from, spelling, at, search);
			}
		}
		if (spelling.text === '') return;
		const starting = this.starting.get(spelling.text.charAt(0));
		if (starting === undefined) return;
		search.comparisons += starting.length;
		for (const pattern of starting) advance(pattern, 0, at, spelling, at, search);
	}
}

/** From the earliest start of what may be a secret to the end of a text, as if all of it were one. */
function restOf(text: string, at: number, reached: Search['reached']): Range {
	let from = at;
	for (const states of reached.values()) {
		for (const start of states.values()) from = Math.min(from, start);
	}
	return { from, to: text.length, isBase64: true };
}

/** Takes one state over a spelling that fits it: to the next state, or to the end of its pattern. */
function advance(
	pattern: Pattern,
	index: number,
	from: number,
	spelling: Spelling,
	at: number,
	{ reached, found }: Search,
): void {
	if (spelling.inBase64 && !pattern.isBase64) return;
	if (!continues(pattern, index, spelling.text)) return;
	const next = index + spelling.text.length;
	const to = at + spelling.length;
	if (next === pattern.text.length) {
		found.push({ from, to, isBase64: pattern.isBase64 });
		return;
	}
	let there = reached.get(to);
	if (there === undefined) {
		there = new Map<number, number>();
		reached.set(to, there);
	}
	const state = pattern.firstState + next;
	const known = there.get(state);
	if (known === undefined || from < known) there.set(state, from);
}

/** Every character that counts as the one at a place in a pattern. */
function waysToWrite({ text, isBase64 }: Pattern, at = 0): string[] {
	const wanted = text.charAt(at);
	const candidates = [wanted, wanted.toUpperCase(), ...(isBase64 ? ['-', '_'] : [])];
	return [...new Set(candidates)].filter((one) => fold(one, isBase64) === wanted);
}

function continues(pattern: Pattern, index: number, text: string): boolean {
	for (let at = 0; at < text.length; at += 1) {
		if (pattern.text.charAt(index + at) !== fold(text.charAt(at), pattern.isBase64)) return false;
	}
	return index + text.length <= pattern.text.length;
}

/** What the text at a special character may stand for, beside itself. */
function spellingsAt(text: string, at: number): Spelling[] {
	switch (text.charAt(at)) {
		case '+':
			return [{ text: ' ', length: 1 }];
		case '%':
			return percentEncoded(text, at);
		case '=':
			return quotedPrintable(text, at);
		case '&':
			return entity(text, at);
		case '\\':
			return escaped(text, at);
		default:
			return [{ text: '', length: 1, inBase64: true }];
	}
}

const HEX_BYTE = /^[0-9a-f]{2}$/i;

/** Reads the bytes of one character, each with a prefix: as Latin-1, and as UTF-8 if they are that. */
function bytesAt(text: string, at: number, prefix: string): Spelling[] {
	const width = prefix.length + 2;
	const byteAt = (position: number) => {
		const digits = text.slice(position + prefix.length, position + width);
		const isByte = text.startsWith(prefix, position) && HEX_BYTE.test(digits);
		return isByte ? Number.parseInt(digits, 16) : undefined;
	};
	const first = byteAt(at);
	if (first === undefined) return [];
	const spellings = [{ text: String.fromCharCode(first), length: width }];
	const count = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 1;
	if (count === 1) return spellings;
	const bytes = Array.from({ length: count }, (_, index) => byteAt(at + index * width) ?? 0);
	const decoded = Buffer.from(bytes).toString('utf8');
	return decoded.includes('\ufffd')
		? spellings
		: [...spellings, { text: decoded, length: count * width }];
}

function percentEncoded(text: string, at: number): Spelling[] {
	const spellings: Spelling[] = [];
	let prefix = '%';
	for (let layer = 0; layer <= MAX_LAYERS; layer += 1) {
		spellings.push(...bytesAt(text, at, prefix));
		prefix += '25';
		if (!text.startsWith(prefix, at)) break;
	}
	return spellings;
}

function quotedPrintable(text: string, at: number): Spelling[] {
	const lineBreak = ['\r\n', '\n', '\\r\\n', '\\n'].find((one) => text.startsWith(one, at + 1));
	if (lineBreak !== undefined) return [{ text: '', length: 1 + lineBreak.length }];
	return bytesAt(text, at, '=');
}

const ENTITY = /&(?:amp;){0,4}(?:#x0{0,4}([0-9a-f]{1,6})|#0{0,4}([0-9]{1,7})|([a-z]{2,6}));/iy;
const NAMED = new Map([
	['amp', '&'],
	['apos', "'"],
	['gt', '>'],
	['lt', '<'],
	['nbsp', '\u00a0'],
	['quot', '"'],
]);

function entity(text: string, at: number): Spelling[] {
	const spellings: Spelling[] = [];
	// `&amp;` is an ampersand, and may also be the beginning of an entity that was escaped again.
	if (text.startsWith('&amp;', at)) spellings.push({ text: '&', length: 5 });
	ENTITY.lastIndex = at;
	const match = ENTITY.exec(text);
	if (match === null) return spellings;
	const [whole, hex, decimal, name] = match;
	const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
	const meant =
		name === undefined
			? code <= 0x10ffff
				? String.fromCodePoint(code)
				: undefined
			: NAMED.get(name.toLowerCase());
	if (meant !== undefined) spellings.push({ text: meant, length: whole.length });
	return spellings;
}

function escaped(text: string, at: number): Spelling[] {
	let run = 1;
	while (run <= MAX_BACKSLASHES && text.charAt(at + run) === '\\') run += 1;
	const spellings: Spelling[] = [];
	for (const length of ESCAPED_BACKSLASHES) {
		if (length <= run) spellings.push({ text: '\\', length });
	}
	if (run > MAX_BACKSLASHES) return spellings;
	const next = text.charAt(at + run);
	if (next === 'u') {
		const digits = text.slice(at + run + 1, at + run + 5);
		if (/^[0-9a-f]{4}$/i.test(digits)) {
			spellings.push({
				text: String.fromCharCode(Number.parseInt(digits, 16)),
				length: run + 5,
			});
		}
	} else if (next === 'x') {
		spellings.push(...bytesAt(text, at, `${'\\'.repeat(run)}x`));
	} else if (next === 't') {
		spellings.push({ text: '\t', length: run + 1 });
	} else if (next === 'n' || next === 'r') {
		spellings.push({ text: '', length: run + 1, inBase64: true });
	} else if (next !== '' && !/[a-z0-9]/i.test(next)) {
		spellings.push({ text: next, length: run + 1 });
	}
	return spellings;
}

/** Replaces what was found. A run of base64 goes whole, as its first and last characters tell something too. */
function replaced(text: string, found: readonly Range[], replacement: string): string {
	if (found.length === 0) return text;
	const ranges = [...found].sort((one, other) => one.from - other.from);
	let shown = '';
	let from = 0;
	for (const range of ranges) {
		let start = Math.max(range.from, from);
		let end = range.to;
		if (end <= from) continue;
		if (range.isBase64) {
			while (start > from && BASE64_CHARACTER.test(text.charAt(start - 1))) start -= 1;
			while (end < text.length && BASE64_CHARACTER.test(text.charAt(end))) end += 1;
			PADDING.lastIndex = end;
			end += PADDING.exec(text)?.[0].length ?? 0;
		}
		const overlaps = range.from < from;
		shown += text.slice(from, start) + (overlaps ? '' : replacement);
		from = end;
	}
	return shown + text.slice(from);
}
