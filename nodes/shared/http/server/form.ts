import { isDangerousKey } from './head';
import type { RejectionCode } from './response';

/** Reads forms: as URL-encoded text, and as multipart without files. */

const MAX_FIELDS = 1000;

/** The fields of a form, in order. */
export type FormResult =
	| { readonly ok: true; readonly pairs: ReadonlyArray<readonly [name: string, value: string]> }
	| {
			readonly ok: false;
			readonly code: Extract<
				RejectionCode,
				'form_too_large' | 'media_type_not_supported' | 'text_not_utf8'
			>;
	  };

type FormValue = FormObject | FormValue[] | string;

/** What the names of fields with brackets describe. */
export interface FormObject {
	[key: string]: FormValue;
}

/** Reads `application/x-www-form-urlencoded` (the URL standard). */
export function readUrlEncoded(text: string): FormResult {
	let fields = 1;
	for (let at = text.indexOf('&'); at !== -1; at = text.indexOf('&', at + 1)) fields += 1;
	if (fields > MAX_FIELDS) return { ok: false, code: 'form_too_large' };
	return { ok: true, pairs: [...new URLSearchParams(text)] };
}

/**
 * Reads a form without files (RFC 7578). It is taken apart as Latin-1, one character for each byte, so that a
 * file is told from text before anything is decoded. A file field that was left empty counts as no field.
 */
export function readMultipart(bytes: Buffer, contentType: string): FormResult {
	const boundary = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(contentType);
	const delimiter = `\r\n--${boundary?.[1] ?? boundary?.[2] ?? ''}`;
	const sections = `\r\n${bytes.toString('latin1')}`.split(delimiter, MAX_FIELDS + 3);
	if (sections.length > MAX_FIELDS + 2) return { ok: false, code: 'form_too_large' };
	const closing = sections.pop();
	if (!boundary || !closing?.startsWith('--')) {
		return { ok: false, code: 'media_type_not_supported' };
	}
	const pairs: Array<readonly [string, string]> = [];
	for (const section of sections.slice(1)) {
		const field = readField(section);
		if (field === 'unreadable') return { ok: false, code: 'media_type_not_supported' };
		if (field === 'empty file') continue;
		const [name, value] = field.map(decodeUtf8);
		if (name === undefined || value === undefined) return { ok: false, code: 'text_not_utf8' };
		pairs.push([name, value]);
	}
	return { ok: true, pairs };
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

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Without a byte order mark; undefined if the bytes, one for each character, aren't UTF-8. */
function decodeUtf8(bytes: string): string | undefined {
	try {
		return utf8.decode(Buffer.from(bytes, 'latin1'));
	} catch {
		return undefined;
	}
}

/** Names as PHP and jQuery write them: `data[email]`, `tags[]`, `items[0][id]`. */
const NESTED_NAME = /^([^[\]]+)((?:\[[^[\]]*\])+)$/;

/** Levels of a field's name. */
const MAX_NAME_DEPTH = 20;

/** Turns names with brackets into objects and lists. A name that doesn't fit what came before stays as it is. */
export function fieldsToObject(flat: Readonly<Record<string, string | string[]>>): FormObject {
	const value: FormObject = {};
	const entries = Object.entries(flat).map(([name, field]) => ({
		name,
		field,
		match: NESTED_NAME.exec(name),
	}));
	for (const { name, field, match } of entries) if (match === null) value[name] = field;
	for (const { name, field, match } of entries) {
		if (match === null) continue;
		const [, first = '', rest = ''] = match;
		const path = [first, ...rest.slice(1, -1).split('][')];
		const isSafe = path.length <= MAX_NAME_DEPTH && !path.some(isDangerousKey);
		if (!isSafe || !putField(value, path, field)) value[name] = field;
	}
	return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, withLists(one)]));
}

function putField(value: FormObject, path: readonly string[], field: string | string[]): boolean {
	let at = value;
	for (const key of path.slice(0, -1)) {
		const inner: FormValue = Object.hasOwn(at, key) ? (at[key] ?? '') : (at[key] = {});
		if (typeof inner === 'string' || Array.isArray(inner)) return false;
		at = inner;
	}
	const last = path[path.length - 1] ?? '';
	if (Object.hasOwn(at, last)) return false;
	at[last] = last === '' && typeof field === 'string' ? [field] : field;
	return true;
}

/** Objects whose keys count from 0, and `[]`, are lists. */
function withLists(value: FormValue): FormValue {
	if (typeof value === 'string' || Array.isArray(value)) return value;
	const keys = Object.keys(value);
	if (keys.length === 1 && keys[0] === '') return value[''] ?? [];
	const inner = keys.map((key) => withLists(value[key] ?? ''));
	if (keys.length > 0 && keys.every((key, index) => key === String(index))) return inner;
	return Object.fromEntries(keys.map((key, index) => [key, inner[index] ?? '']));
}
