import type { Rejection, RejectionCode } from './response';
import { fieldsToObject, readMultipart, readUrlEncoded, type FormResult } from './form';
import { collectPairs, firstHeader, isDangerousKey, type RequestHead } from './head';
import { REMOVED, type Redact } from '../redact';

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
	/** What is wrong with the body, if anything. */
	readonly parseError: string | undefined;
	/** Whether the body was meant to be JSON and can't be read as such; then `value` is the text. */
	readonly isBroken: boolean;
}

export type PayloadResult =
	| { readonly ok: true; readonly payload: Payload }
	| { readonly ok: false; readonly rejection: Rejection };

export interface PayloadRules {
	readonly maxDepth: number;
	/** Whether what can't be read as JSON is passed on as text rather than rejected. */
	readonly acceptBrokenJson: boolean;
	readonly redact: Redact;
}

/** Formats that are not text, or that need a parser of their own. */
const UNSUPPORTED =
	/^(?:multipart|image|audio|video|font)\/|^application\/(?:zip|gzip|pdf|msgpack|x-protobuf|grpc)/;

/** Names that TextDecoder doesn't know, or gives another meaning. */
const CHARSETS = new Map([
	['', 'utf-8'],
	['binary', 'latin1'],
	['iso-8859-1', 'latin1'],
	['latin1', 'latin1'],
	['us-ascii', 'utf-8'],
	['utf8mb4', 'utf-8'],
]);

/**
 * Turns a body's bytes into a payload by its content type. JSON is recognized under a wrong content type
 * too, as senders differ; a form becomes an object; everything else stays text.
 */
export function readPayload(bytes: Buffer, head: RequestHead, rules: PayloadRules): PayloadResult {
	if (bytes.length === 0) return accepted({}, '');
	const contentType = firstHeader(head, 'content-type') ?? '';
	const { essence, charset } = readContentType(contentType);
	if (essence === 'multipart/form-data') {
		const form = readMultipart(bytes, contentType);
		return readForm(form, decode(bytes, 'utf-8') ?? '', rules.redact);
	}
	if (UNSUPPORTED.test(essence)) return rejected('media_type_not_supported');
	const text = decode(bytes, charset);
	if (text !== undefined) return readText(text, essence, rules);
	if (decoderOf(CHARSETS.get(charset) ?? charset) === undefined) {
		return rejected('encoding_not_supported');
	}
	const guess =
		rules.acceptBrokenJson && isUtf8(charset) ? decode(bytes, 'windows-1252') : undefined;
	if (guess === undefined || guess.includes('\u0000')) return rejected('text_not_utf8');
	return withNote(readText(guess, essence, rules), NOT_UTF8);
}

const NOT_UTF8 = 'The body is not valid UTF-8, so it was read as Windows-1252';

function withNote(result: PayloadResult, note: string): PayloadResult {
	if (!result.ok) return result;
	const { payload } = result;
	const parseError = payload.parseError === undefined ? note : `${payload.parseError}. ${note}`;
	return { ok: true, payload: { ...payload, parseError } };
}

function readText(text: string, essence: string, rules: PayloadRules): PayloadResult {
	const mayBeJson = looksLikeJson(text);
	if (essence === 'application/x-www-form-urlencoded' && !mayBeJson) {
		return readForm(readUrlEncoded(text), text, rules.redact);
	}
	if (isJsonType(essence) || mayBeJson) return readJson(text, essence, rules);
	return acceptedText(text, undefined, rules.redact);
}

function accepted(value: JsonValue, text: string): PayloadResult {
	return { ok: true, payload: { value, text, parseError: undefined, isBroken: false } };
}

function acceptedText(text: string, parseError: string | undefined, redact: Redact): PayloadResult {
	const shown = redact(text);
	const isBroken = parseError !== undefined;
	return { ok: true, payload: { value: shown, text: shown, parseError, isBroken } };
}

function rejected(code: RejectionCode, place?: string): PayloadResult {
	return { ok: false, rejection: { code, place } };
}

function readJson(text: string, essence: string, rules: PayloadRules): PayloadResult {
	const read = parseUntrustedJson(text, rules.maxDepth, rules.redact);
	if (read.ok) return accepted(unwrapped(read.value, rules), read.text);
	// Plain text may begin with a brace without being JSON.
	if (essence.startsWith('text/')) return acceptedText(text, undefined, rules.redact);
	const { code, place } = read;
	if (code === 'json_too_deep' || !rules.acceptBrokenJson) return rejected(code, place);
	const problem =
		code === 'json_broken'
			? 'The body is not valid JSON'
			: 'The body contains a number that is too large';
	return acceptedText(text, place === undefined ? problem : `${problem} (${place})`, rules.redact);
}

/** JSON that was encoded twice is a text that contains JSON. */
function unwrapped(value: JsonValue, rules: PayloadRules): JsonValue {
	if (typeof value !== 'string' || !looksLikeJson(value)) return value;
	const inner = parseUntrustedJson(value, rules.maxDepth, rules.redact);
	return inner.ok ? inner.value : value;
}

export type JsonResult =
	/** `text` is the text that was read, rebuilt if a secret was taken out of it. */
	| { readonly ok: true; readonly value: JsonValue; readonly text: string }
	| {
			readonly ok: false;
			readonly code: Extract<
				RejectionCode,
				'json_broken' | 'json_number_out_of_range' | 'json_too_deep'
			>;
			/** `line 1, column 2`, if JavaScript tells it; never a piece of the text. */
			readonly place: string | undefined;
	  };

/**
 * Parses JSON from outside. Gives what `JSON.parse` gives, the last of two equal keys included, except that it refuses
 * nesting beyond `maxDepth` and numbers that would become infinite, takes out secrets and keys that reach into an
 * object's prototype, and gives integers that would lose digits as text. Never throws.
 */
export function parseUntrustedJson(text: string, maxDepth: number, redact: Redact): JsonResult {
	const scan = scanJson(text, maxDepth);
	if (scan.tooDeepAt !== undefined) {
		return { ok: false, code: 'json_too_deep', place: lineAndColumn(text, scan.tooDeepAt) };
	}
	let value: JsonValue;
	try {
		value = JSON.parse(text) as JsonValue;
	} catch (error) {
		return { ok: false, code: 'json_broken', place: placeOfError(text, error) };
	}
	if (scan.hugeNumberAt !== undefined) {
		const place = lineAndColumn(text, scan.hugeNumberAt);
		return { ok: false, code: 'json_number_out_of_range', place };
	}
	if (scan.longIntegers.length > 0)
		value = JSON.parse(inQuotes(text, scan.longIntegers)) as JsonValue;
	const hasSecret = redact(text) !== text;
	// Without a backslash, what stands in the values stands in the text as well.
	if (!hasSecret && !text.includes('\\') && !DANGEROUS_WORD.test(text)) {
		return { ok: true, value, text };
	}
	const cleaner = new Cleaner(redact);
	const clean = cleaner.clean(value);
	const rebuild = hasSecret || cleaner.foundSecret;
	return { ok: true, value: clean, text: rebuild ? JSON.stringify(clean) : text };
}

const DANGEROUS_WORD = /__proto__|constructor|prototype/;

/** Copies a parsed value without dangerous keys and without secrets. */
class Cleaner {
	foundSecret = false;

	constructor(private readonly redact: Redact) {}

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
		const shown = this.redact(value);
		if (shown !== value) this.foundSecret = true;
		return shown;
	}
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

interface Span {
	readonly from: number;
	readonly to: number;
}

const MINUS = 0x2d;

/** Whether JavaScript would make another integer of it: IDs beyond 2^53 (IEEE 754 double precision). */
function losesDigits(digits: string): boolean {
	return digits.length > 15 && /^\d+$/.test(digits) && BigInt(digits) !== BigInt(Number(digits));
}

function inQuotes(text: string, spans: readonly Span[]): string {
	const parts: string[] = [];
	let from = 0;
	for (const span of spans) {
		parts.push(text.slice(from, span.from), `"${text.slice(span.from, span.to)}"`);
		from = span.to;
	}
	return parts.join('') + text.slice(from);
}

/** Walks over what stands outside strings: how deep it nests, and numbers that JavaScript can't hold. */
function scanJson(text: string, maxDepth: number) {
	let depth = 0;
	let hugeNumberAt: number | undefined;
	const longIntegers: Span[] = [];
	for (let at = 0; at < text.length; at += 1) {
		const code = text.charCodeAt(at);
		if (code === QUOTE) {
			at = endOfString(text, at);
		} else if (code === 0x7b || code === 0x5b) {
			depth += 1;
			if (depth > maxDepth) return { tooDeepAt: at, hugeNumberAt, longIntegers };
		} else if (code === 0x7d || code === 0x5d) {
			depth -= 1;
		} else if (code >= 0x30 && code <= 0x39) {
			const end = endOfNumber(text, at);
			const digits = text.slice(at, end);
			const isHuge = !Number.isFinite(Number(digits));
			if (isHuge) hugeNumberAt ??= at;
			else if (losesDigits(digits)) {
				longIntegers.push({ from: text.charCodeAt(at - 1) === MINUS ? at - 1 : at, to: end });
			}
			at = end - 1;
		}
	}
	return { tooDeepAt: undefined, hugeNumberAt, longIntegers };
}

/** The position of the closing quote; the text's end if it is missing. */
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
	return position === undefined ? undefined : lineAndColumn(text, Number(position));
}

/** Both counted from 1, in characters. */
function lineAndColumn(text: string, at: number): string {
	const before = text.slice(0, at);
	const line = before.split('\n').length;
	return `line ${line}, column ${at - before.lastIndexOf('\n')}`;
}

/** A form's text is dropped if a secret stands in it in a way that only decoding shows. */
function readForm(form: FormResult, text: string, redact: Redact): PayloadResult {
	if (!form.ok) return rejected(form.code);
	const cleaner = new Cleaner(redact);
	const flat = collectPairs(
		form.pairs.map(([name, field]) => [cleaner.text(name), cleaner.text(field)] as const),
	);
	const value: JsonObject = fieldsToObject(flat);
	for (const name of JSON_FIELDS) {
		const field = Object.hasOwn(value, name) ? value[name] : undefined;
		if (typeof field !== 'string' || !looksLikeJson(field)) continue;
		const inner = parseUntrustedJson(field, MAX_FIELD_DEPTH, redact);
		if (inner.ok) value[name] = inner.value;
	}
	const shown = redact(text);
	return accepted(value, cleaner.foundSecret && shown === text ? REMOVED : shown);
}

/** Fields in which GitHub, Slack, and Mandrill send JSON. */
const JSON_FIELDS = ['payload', 'mandrill_events'];

/** Levels of JSON in a field. */
const MAX_FIELD_DEPTH = 20;

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
		charset:
			charset
				?.slice('charset='.length)
				.replace(/^["']|["']$/g, '')
				.trim() ?? 'utf-8',
	};
}

type Decoder = InstanceType<typeof TextDecoder>;
const decoders = new Map<string, Decoder>();

/** Senders choose the names, so only some are kept. */
const MAX_DECODERS = 50;

/** The decoder of a charset that TextDecoder knows (the Encoding standard); undefined for others. */
function decoderOf(charset: string): Decoder | undefined {
	const known = decoders.get(charset);
	if (known) return known;
	try {
		const decoder = new TextDecoder(charset, { fatal: true });
		if (decoders.size < MAX_DECODERS) decoders.set(charset, decoder);
		return decoder;
	} catch {
		return undefined;
	}
}

function isUtf8(charset: string): boolean {
	return decoderOf(CHARSETS.get(charset) ?? charset)?.encoding === 'utf-8';
}

/** Without a byte order mark; undefined if the bytes aren't text, or the charset is unknown. */
function decode(bytes: Buffer, charset: string): string | undefined {
	const name = CHARSETS.get(charset) ?? charset;
	if (name === 'latin1') return bytes.toString('latin1');
	try {
		return decoderOf(name)?.decode(bytes);
	} catch {
		return undefined;
	}
}
