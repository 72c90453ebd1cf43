import type { Rejection, RejectionCode } from './response';
import { collectPairs, firstHeader, isDangerousKey, type RequestHead } from './head';
import { REMOVED, type Hide } from './secret';

/** What JSON can say. */
export type JsonValue = JsonObject | JsonValue[] | string | number | boolean | null;
export interface JsonObject {
	[key: string]: JsonValue;
}

/** A body in the form that the workflow gets it, without secrets. */
export interface Payload {
	/** An object, array, string, number, boolean or null; `{}` for an empty body. */
	readonly value: JsonValue;
	readonly text: string;
	/** Set when the body was meant to be JSON and can't be read as such; then `value` is the text. */
	readonly parseError: string | undefined;
}

export type PayloadResult =
	| { readonly ok: true; readonly payload: Payload }
	| { readonly ok: false; readonly rejection: Rejection };

export interface PayloadRules {
	readonly maxDepth: number;
	/** Whether what can't be read as JSON is passed on as text rather than rejected. */
	readonly acceptBrokenJson: boolean;
	/** Whether a request may come without a body. */
	readonly acceptEmpty: boolean;
	readonly hide: Hide;
}

const MAX_FORM_FIELDS = 1000;

/** Formats that are not text, or that need a parser of their own. */
const UNSUPPORTED =
	/^(?:multipart|image|audio|video|font)\/|^application\/(?:zip|gzip|pdf|msgpack|x-protobuf|grpc)/;

const ENCODINGS = new Map([
	['iso-8859-1', 'latin1'],
	['latin1', 'latin1'],
	['us-ascii', 'utf-8'],
	['utf-16le', 'utf-16le'],
	['utf-8', 'utf-8'],
	['utf8', 'utf-8'],
]);

/**
 * Turns a body's bytes into a payload by its content type. JSON is recognized under a wrong content type
 * too, as senders differ; a form becomes an object; everything else stays text.
 */
export function readPayload(bytes: Buffer, head: RequestHead, rules: PayloadRules): PayloadResult {
	if (bytes.length === 0) {
		return rules.acceptEmpty ? accepted({}, '') : rejected('body_missing');
	}
	const contentType = firstHeader(head, 'content-type') ?? '';
	const { essence, charset } = readContentType(contentType);
	if (essence === 'multipart/form-data') return readMultipart(bytes, contentType, rules.hide);
	if (UNSUPPORTED.test(essence)) return rejected('media_type_not_supported');
	const encoding = ENCODINGS.get(charset);
	if (encoding === undefined) return rejected('encoding_not_supported');
	const text = decode(bytes, encoding);
	if (text === undefined) return rejected('text_not_utf8');
	const mayBeJson = looksLikeJson(text);
	if (essence === 'application/x-www-form-urlencoded' && !mayBeJson) {
		return readForm(text, rules.hide);
	}
	if (isJsonType(essence) || mayBeJson) return readJson(text, essence, rules);
	return acceptedText(text, undefined, rules.hide);
}

function accepted(value: JsonValue, text: string): PayloadResult {
	return { ok: true, payload: { value, text, parseError: undefined } };
}

function acceptedText(text: string, parseError: string | undefined, hide: Hide): PayloadResult {
	const shown = hide(text);
	return { ok: true, payload: { value: shown, text: shown, parseError } };
}

function rejected(code: RejectionCode, place?: string): PayloadResult {
	return { ok: false, rejection: { code, place } };
}

function readJson(text: string, essence: string, rules: PayloadRules): PayloadResult {
	const read = parseUntrustedJson(text, rules.maxDepth, rules.hide);
	if (read.ok) return accepted(read.value, read.text);
	// Plain text may begin with a brace without being JSON.
	if (essence.startsWith('text/')) return acceptedText(text, undefined, rules.hide);
	const { code, place } = read;
	if (code === 'json_too_deep' || !rules.acceptBrokenJson) return rejected(code, place);
	const problem =
		code === 'json_broken'
			? 'The body is not valid JSON'
			: 'The body contains a number that is too large';
	return acceptedText(text, place === undefined ? problem : `${problem} (${place})`, rules.hide);
}

export type JsonResult =
	/** `text` is the text that was read, rebuilt where a secret was taken out. */
	| { readonly ok: true; readonly value: JsonValue; readonly text: string }
	| {
			readonly ok: false;
			readonly code: Extract<
				RejectionCode,
				'json_broken' | 'json_number_out_of_range' | 'json_too_deep'
			>;
			/** `line 1, column 2`, where JavaScript tells it; never a piece of the text. */
			readonly place: string | undefined;
	  };

/**
 * Parses JSON from outside. Gives what `JSON.parse` gives, the last of two equal keys included, but for nesting
 * beyond `maxDepth` and numbers that would become infinite, which it refuses, and for keys that reach into an
 * object's prototype and secrets, which it takes out. Never throws.
 */
export function parseUntrustedJson(text: string, maxDepth: number, hide: Hide): JsonResult {
	const scan = scanJson(text, maxDepth);
	if (scan.tooDeepAt !== undefined) {
		return { ok: false, code: 'json_too_deep', place: placeOf(text, scan.tooDeepAt) };
	}
	let value: JsonValue;
	try {
		value = JSON.parse(text) as JsonValue;
	} catch (error) {
		return { ok: false, code: 'json_broken', place: placeOfError(text, error) };
	}
	if (scan.hugeNumberAt !== undefined) {
		const place = placeOf(text, scan.hugeNumberAt);
		return { ok: false, code: 'json_number_out_of_range', place };
	}
	const hasSecret = hide(text) !== text;
	// Without a backslash, what stands in the values stands in the text as well.
	if (!hasSecret && !text.includes('\\') && !DANGEROUS_WORD.test(text)) {
		return { ok: true, value, text };
	}
	const cleaner = new Cleaner(hide);
	const clean = cleaner.clean(value);
	const rebuild = hasSecret || cleaner.foundSecret;
	return { ok: true, value: clean, text: rebuild ? JSON.stringify(clean) : text };
}

const DANGEROUS_WORD = /__proto__|constructor|prototype/;

/** Copies a parsed value without dangerous keys and without secrets. */
class Cleaner {
	foundSecret = false;

	constructor(private readonly hide: Hide) {}

	clean(value: JsonValue): JsonValue {
		if (typeof value === 'string') return this.text(value);
		// A secret of digits may come as a number.
		if (typeof value === 'number') {
			const digits = String(value);
			const shown = this.text(digits);
			return shown === digits ? value : shown;
		}
		if (typeof value !== 'object' || value === null) return value;
		if (Array.isArray(value)) return value.map((entry) => this.clean(entry));
		const copy: JsonObject = {};
		for (const [key, inner] of Object.entries(value)) {
			if (!isDangerousKey(key)) copy[this.text(key)] = this.clean(inner);
		}
		return copy;
	}

	text(value: string): string {
		const shown = this.hide(value);
		if (shown !== value) this.foundSecret = true;
		return shown;
	}
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Walks over what stands outside strings: how deep it nests, and the first number that would be infinite. */
function scanJson(text: string, maxDepth: number) {
	let depth = 0;
	let hugeNumberAt: number | undefined;
	for (let at = 0; at < text.length; at += 1) {
		const code = text.charCodeAt(at);
		if (code === QUOTE) {
			at = endOfString(text, at);
		} else if (code === 0x7b || code === 0x5b) {
			depth += 1;
			if (depth > maxDepth) return { tooDeepAt: at, hugeNumberAt };
		} else if (code === 0x7d || code === 0x5d) {
			depth -= 1;
		} else if (code >= 0x30 && code <= 0x39) {
			const end = endOfNumber(text, at);
			if (hugeNumberAt === undefined && !Number.isFinite(Number(text.slice(at, end)))) {
				hugeNumberAt = at;
			}
			at = end - 1;
		}
	}
	return { tooDeepAt: undefined, hugeNumberAt };
}

/** Where the closing quote is; the text's end where it is missing. */
function endOfString(text: string, start: number): number {
	for (let at = text.indexOf('"', start + 1); at !== -1; at = text.indexOf('"', at + 1)) {
		let backslashes = 0;
		while (text.charCodeAt(at - 1 - backslashes) === BACKSLASH) backslashes += 1;
		if (backslashes % 2 === 0) return at;
	}
	return text.length;
}

/** Digits, point, exponent and its sign, in any order: `JSON.parse` sees to the order. */
function endOfNumber(text: string, start: number): number {
	let at = start;
	for (; at < text.length; at += 1) {
		const code = text.charCodeAt(at);
		const isDigit = code >= 0x30 && code <= 0x39;
		// + - . E e
		if (!isDigit && ![0x2b, 0x2d, 0x2e, 0x45, 0x65].includes(code)) break;
	}
	return at;
}

/** V8 tells the position of most problems, at the end of a message that may quote the text before. */
function placeOfError(text: string, error: unknown): string | undefined {
	if (!(error instanceof SyntaxError)) return undefined;
	const position = / at position (\d+)(?: \(line \d+ column \d+\))?$/.exec(error.message)?.[1];
	return position === undefined ? undefined : placeOf(text, Number(position));
}

/** Both counted from 1, in characters. */
function placeOf(text: string, at: number): string {
	const before = text.slice(0, at);
	const line = before.split('\n').length;
	return `line ${line}, column ${at - before.lastIndexOf('\n')}`;
}

function readForm(text: string, hide: Hide): PayloadResult {
	let fields = 1;
	for (let at = text.indexOf('&'); at !== -1; at = text.indexOf('&', at + 1)) fields += 1;
	if (fields > MAX_FORM_FIELDS) return rejected('form_too_large');
	return acceptedForm(new URLSearchParams(text), text, hide);
}

/** The text is dropped where a secret stands in it in a way that only decoding shows. */
function acceptedForm(
	pairs: Iterable<readonly [string, string]>,
	text: string,
	hide: Hide,
): PayloadResult {
	const cleaner = new Cleaner(hide);
	const value = collectPairs(
		Array.from(pairs, ([name, one]) => [cleaner.text(name), cleaner.text(one)] as const),
	);
	const shown = hide(text);
	return accepted(value, cleaner.foundSecret && shown === text ? REMOVED : shown);
}

/**
 * Reads a form without files (RFC 7578). It is taken apart as Latin-1, one character for each byte, so that a
 * file is told from text before anything is decoded. A file field that was left empty counts as no field.
 */
function readMultipart(bytes: Buffer, contentType: string, hide: Hide): PayloadResult {
	const boundary = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(contentType);
	const delimiter = `\r\n--${boundary?.[1] ?? boundary?.[2] ?? ''}`;
	const sections = `\r\n${bytes.toString('latin1')}`.split(delimiter, MAX_FORM_FIELDS + 3);
	if (sections.length > MAX_FORM_FIELDS + 2) return rejected('form_too_large');
	const closing = sections.pop();
	if (!boundary || !closing?.startsWith('--')) {
		return rejected('media_type_not_supported');
	}
	const pairs: Array<readonly [string, string]> = [];
	for (const section of sections.slice(1)) {
		const field = readField(section);
		if (field === 'unreadable') return rejected('media_type_not_supported');
		if (field === 'empty file') continue;
		const [name, value] = field.map((part) => decode(Buffer.from(part, 'latin1'), 'utf-8'));
		if (name === undefined || value === undefined) return rejected('text_not_utf8');
		pairs.push([name, value]);
	}
	return acceptedForm(pairs, decode(bytes, 'utf-8') ?? '', hide);
}

/** Far more than a name needs, in bytes. */
const MAX_FIELD_HEAD = 4096;

function readField(section: string): readonly [string, string] | 'empty file' | 'unreadable' {
	const end = section.indexOf('\r\n\r\n');
	if (end === -1 || end > MAX_FIELD_HEAD) return 'unreadable';
	const head = section.slice(0, end);
	const value = section.slice(end + 4);
	const disposition = /\r\ncontent-disposition:\s*form-data([^\r]*)/i.exec(head)?.[1];
	const name = /;\s*name=(?:"([^"]*)"|([^\s;"]+))/i.exec(disposition ?? '');
	if (disposition === undefined || name === null) return 'unreadable';
	if (/;\s*filename\*?=/i.test(disposition)) return value === '' ? 'empty file' : 'unreadable';
	// Browsers write a quote in a name as %22 (the HTML standard, multipart/form-data encoding).
	const written = name[1] ?? name[2] ?? '';
	return [written.replaceAll('%22', '"'), value];
}

function isJsonType(essence: string): boolean {
	return essence === 'application/json' || essence === 'text/json' || essence.endsWith('+json');
}

function looksLikeJson(text: string): boolean {
	return /^\s*[[{]/.test(text);
}

/** The parts of a Content-Type that matter here (RFC 9110, section 8.3), in lower case. */
function readContentType(value: string): { essence: string; charset: string } {
	const [essence = '', ...parameters] = value.toLowerCase().split(';');
	const charset = parameters
		.map((parameter) => parameter.trim())
		.find((parameter) => parameter.startsWith('charset='));
	return {
		essence: essence.trim(),
		charset: charset?.slice('charset='.length).replace(/^"|"$/g, '') ?? 'utf-8',
	};
}

const DECODERS = new Map(
	['utf-8', 'utf-16le'].map((name) => [name, new TextDecoder(name, { fatal: true })]),
);

/** Without a byte order mark; undefined where the bytes aren't text. */
function decode(bytes: Buffer, encoding: string): string | undefined {
	try {
		return DECODERS.get(encoding)?.decode(bytes) ?? bytes.toString('latin1');
	} catch {
		return undefined;
	}
}
