import { firstHeader, parsePairs } from './head';
import { parseUntrustedJson, type JsonValue } from './json';
import type { Rejection } from './rejections';
import type { RequestHead } from './types';

/** A body in the form that the workflow gets it. */
export interface Payload {
	readonly form: 'empty' | 'form' | 'json' | 'text';
	/** An object, array, string, number, boolean or null; `{}` for an empty body. */
	readonly value: JsonValue;
	readonly text: string;
	/** Set when the body was meant to be JSON and is broken; then `value` is the text. */
	readonly parseError: { readonly line: number; readonly column: number } | undefined;
}

export type PayloadResult =
	| { readonly ok: true; readonly payload: Payload }
	| { readonly ok: false; readonly rejection: Rejection };

export interface PayloadRules {
	readonly maxDepth: number;
	/** Whether JSON with a syntax error is passed on as text rather than refused. */
	readonly acceptBrokenJson: boolean;
	/** Whether a request may come without a body. */
	readonly acceptEmpty: boolean;
	/** Runs over the text before it is parsed: where the caller takes secrets out. */
	readonly clean: (text: string) => string;
}

const MAX_FORM_FIELDS = 1000;

/** Formats that are not text, or that need a parser of their own. */
const UNSUPPORTED =
	/^(?:multipart|image|audio|video|font)\/|^application\/(?:zip|gzip|pdf|msgpack|x-protobuf|grpc)/;

const DECODERS = new Map([
	['iso-8859-1', 'latin1'],
	['latin1', 'latin1'],
	['us-ascii', 'utf-8'],
	['utf-16le', 'utf-16le'],
	['utf-8', 'utf-8'],
	['utf8', 'utf-8'],
]);

/**
 * Turns a body's bytes into a payload by its content type. JSON is recognized under a wrong content type
 * too, as senders differ; a URL-encoded form becomes an object; everything else stays text.
 */
export function readPayload(bytes: Buffer, head: RequestHead, rules: PayloadRules): PayloadResult {
	if (bytes.length === 0) {
		if (!rules.acceptEmpty) return refused('body_missing');
		return { ok: true, payload: { form: 'empty', value: {}, text: '', parseError: undefined } };
	}
	const type = readContentType(firstHeader(head, 'content-type') ?? '');
	if (UNSUPPORTED.test(type.essence)) return refused('media_type_not_supported');
	const encoding = DECODERS.get(type.charset);
	if (encoding === undefined) return refused('encoding_not_supported');
	const decoded = decode(bytes, encoding);
	if (decoded === undefined) return refused('text_not_utf8');
	const text = rules.clean(decoded);
	if (type.essence === 'application/x-www-form-urlencoded' && !looksLikeJson(text)) {
		return readForm(text);
	}
	if (isJsonType(type.essence) || looksLikeJson(text)) return readJson(text, type.essence, rules);
	return { ok: true, payload: { form: 'text', value: text, text, parseError: undefined } };
}

function refused(code: Rejection['code'], place?: string): PayloadResult {
	return { ok: false, rejection: { code, place } };
}

function readJson(text: string, essence: string, rules: PayloadRules): PayloadResult {
	const read = parseUntrustedJson(text, rules.maxDepth);
	if (read.ok) {
		return { ok: true, payload: { form: 'json', value: read.value, text, parseError: undefined } };
	}
	const { code, line, column } = read;
	// Plain text may begin with a brace and still be no JSON.
	const meantAsJson = !essence.startsWith('text/');
	if (code === 'json_broken' && (rules.acceptBrokenJson || !meantAsJson)) {
		const parseError = meantAsJson ? { line, column } : undefined;
		return { ok: true, payload: { form: 'text', value: text, text, parseError } };
	}
	return refused(code, `line ${line}, column ${column}`);
}

function readForm(text: string): PayloadResult {
	let fields = 1;
	for (let at = text.indexOf('&'); at !== -1; at = text.indexOf('&', at + 1)) fields += 1;
	if (fields > MAX_FORM_FIELDS) return refused('form_too_large');
	return {
		ok: true,
		payload: { form: 'form', value: parsePairs(text), text, parseError: undefined },
	};
}

function isJsonType(essence: string): boolean {
	return essence === 'application/json' || essence === 'text/json' || essence.endsWith('+json');
}

function looksLikeJson(text: string): boolean {
	return /^\ufeff?\s*[[{]/.test(text);
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

function decode(bytes: Buffer, encoding: string): string | undefined {
	if (encoding === 'latin1') return bytes.toString('latin1');
	try {
		return new TextDecoder(encoding, { fatal: true }).decode(bytes);
	} catch {
		return undefined;
	}
}
