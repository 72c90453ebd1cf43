/**
 * Plain readings of single values, for the many items of a bulk run: what a value may be, and what it says. Texts
 * follow the name of their field.
 */

export type Scalar = string | number | boolean | null;

/** Whether a value is one that JSON writes without brackets. */
export function isScalar(value: unknown): value is Scalar {
	if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
	return typeof value === 'number' && Number.isFinite(value);
}

/** Whether a stored value is an expression: n8n begins those with an equals sign. */
export function isExpression(raw: unknown): raw is string {
	return typeof raw === 'string' && raw.startsWith('=');
}

/** Whether a value is an object with keys: no array, no null. */
export function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether nothing was given: what an empty cell or a missing key leaves. */
export function isMissing(value: unknown): value is '' | null | undefined {
	return value === undefined || value === null || value === '';
}

/** A value that was read, or what is wrong with it, to follow the name of its field. */
export type Reading<Value> =
	{ readonly ok: true; readonly value: Value } | { readonly ok: false; readonly text: string };

const ON: ReadonlySet<unknown> = new Set([true, 1, 'true', '1', 'yes', 'on']);
const OFF: ReadonlySet<unknown> = new Set([false, 0, 'false', '0', 'no', 'off']);

/**
 * Reads a switch. `$env`, `$vars`, spreadsheets, and models give text in place of true and false. Anything else is
 * refused and never taken for off: Dry Run protects.
 */
export function readSwitch(value: unknown): Reading<boolean> {
	const given = typeof value === 'string' ? value.trim().toLowerCase() : value;
	if (ON.has(given)) return { ok: true, value: true };
	if (OFF.has(given)) return { ok: true, value: false };
	return { ok: false, text: 'must be true or false' };
}

/**
 * Characters without a width (Unicode's format characters): soft hyphen, zero width space and joiners, direction marks,
 * word joiner, byte order mark. They come along when an address is copied from a page or a chat, and belong to none.
 */
const INVISIBLE = /\p{Cf}/gu;

/** Something before one @ and a dot behind it, without spaces and separators; Bento itself decides what it takes. */
const ADDRESS = /^[^\s@<>(),;:"\p{Cc}\p{Cf}]+@[^\s@<>(),;:"'?/\\\p{Cc}\p{Cf}]+$/u;

/** RFC 5321, section 4.5.3.1.3, less the angle brackets of a path. */
const MAX_EMAIL_LENGTH = 254;

/** Brings an address into the form that was meant: without spaces and quotes around it, and invisible characters. */
export function cleanEmail(value: string): string {
	const bare = value.replace(INVISIBLE, '').trim();
	const [first] = bare;
	const isQuoted = (first === "'" || first === '"') && bare.length > 1 && bare.endsWith(first);
	return isQuoted ? bare.slice(1, -1).trim() : bare;
}

/**
 * Returns what is wrong with an email address, to follow the name of its field; undefined if nothing is.
 *
 * @param email as `cleanEmail` gives it
 */
export function emailProblem(email: string): string | undefined {
	if (email === '') return 'is missing';
	if (email.length > MAX_EMAIL_LENGTH) return 'is longer than an email address can be';
	return ADDRESS.test(email) && !email.includes('..') && hasDomain(email)
		? undefined
		: "isn't a valid email address. Example: nathan@example.com";
}

/** Whether the part after the @ has a dot and only labels that may be in a name (RFC 1123, section 2.1). */
function hasDomain(email: string): boolean {
	const domain = email.slice(email.lastIndexOf('@') + 1);
	return domain.includes('.') && !BROKEN_LABEL.test(domain);
}

/** A label that is empty, or that begins or ends with a hyphen. */
const BROKEN_LABEL = /^[-.]|[-.]$|[-.]\.|\.-/;

/** Reads a unique key, which is text or a number; undefined if there is none. */
export function readKey(value: unknown): string | number | undefined {
	if (typeof value === 'number' && Number.isFinite(value)) return value;
	if (typeof value !== 'string' || value.trim() === '') return undefined;
	return value.trim();
}

/** Whether a number has more digits than JavaScript keeps: its last ones are already others. */
export function hasLostDigits(value: unknown): boolean {
	return typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value);
}

/**
 * Reads a list of names, such as tags: an array, JSON text with one, or text separated by commas, semicolons, or line
 * breaks, as spreadsheets and the checkboxes of forms give it.
 */
export function readNames(value: unknown): Reading<readonly string[]> {
	if (isMissing(value)) return { ok: true, value: [] };
	const list = Array.isArray(value) ? value : listIn(value);
	const found: string[] = [];
	for (const one of list) {
		if (typeof one === 'number') found.push(String(one));
		else if (typeof one !== 'string') return { ok: false, text: 'must be text' };
		else found.push(...(list === value ? one.split(',') : [one]));
	}
	return { ok: true, value: found.map((name) => name.trim()).filter((name) => name !== '') };
}

function listIn(value: unknown): unknown[] {
	if (typeof value !== 'string') return [value];
	const text = value.trim();
	if (text.startsWith('[')) {
		const parsed = parseList(text);
		if (parsed) return parsed;
	}
	return text.split(/[,;\n]/);
}

function parseList(text: string): unknown[] | undefined {
	try {
		const parsed: unknown = JSON.parse(text);
		return Array.isArray(parsed) ? parsed : undefined;
	} catch {
		return undefined;
	}
}

/**
 * Reads a list of email addresses, each cleaned and checked as `cleanEmail` and `emailProblem` do. One with a name before
 * it, such as `Ann <ann@example.com>`, and Liquid are left to Bento.
 */
export function readAddresses(value: unknown): Reading<readonly string[]> {
	const read = readNames(value);
	if (!read.ok) return read;
	const addresses = read.value.map(cleanEmail);
	const isWrong = addresses.some((one) => !/>$|\{\{/.test(one) && emailProblem(one) !== undefined);
	return isWrong
		? {
				ok: false,
				text: "has an entry that isn't a valid email address. Example: nathan@example.com",
			}
		: { ok: true, value: addresses };
}

/** Reads one tag, of which Bento takes one for each record. Several are never one tag with a comma in its name. */
export function readTag(value: unknown): Reading<string> {
	const read = readNames(value);
	if (!read.ok) return read;
	const [tag, ...more] = read.value;
	if (tag === undefined) return { ok: false, text: 'is missing' };
	return more.length > 0 ? { ok: false, text: SEVERAL_TAGS } : { ok: true, value: tag };
}

const SEVERAL_TAGS =
	"contains several tags, and this operation takes one per item. Use 'Create or Update' in the Bento node, which takes several, or make an item of each: turn text into a list with .split(',') in an Edit Fields node, and add a Split Out node";

/**
 * Brings a date of n8n's expressions or of JavaScript, which only looks like an object, into the text that JSON has for
 * it. Everything else stays as it is, and so does a date that is none: its JSON is null, which would empty a field.
 */
export function dateAsText(value: unknown): unknown {
	if (typeof value !== 'object' || value === null) return value;
	if (!('toISO' in value) && !('toISOString' in value)) return value;
	const text: unknown = JSON.parse(JSON.stringify(value) ?? 'null');
	return text ?? value;
}

/** A record as JSON would have it, one level deep: dates are text, and what is undefined isn't there. */
export function asWritten(
	record: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
	const entries = Object.entries(record);
	if (!entries.some(([, value]) => value === undefined || typeof value === 'object')) return record;
	// Unlike an assignment, this takes `__proto__` for a key like any other.
	return Object.fromEntries(
		entries
			.filter(([, value]) => value !== undefined)
			.map(([key, value]) => [key, dateAsText(value)] as const),
	);
}

/** A name as people write the same thing in different ways: `First Name`, `first-name`, and ` first_name ` are one. */
export function plainName(name: string): string {
	return name
		.toLowerCase()
		.split(/[^\p{L}\p{N}]+/u)
		.filter((word) => word !== '')
		.join('_');
}

/** An item whose columns have the expected names instead of a spreadsheet's titles: `Email` becomes `email`. */
export function withExpectedNames(
	item: Readonly<Record<string, unknown>>,
	expected: ReadonlySet<string>,
): Readonly<Record<string, unknown>> {
	const others = Object.keys(item).filter((key) => !expected.has(key));
	if (others.length === 0) return item;
	const renamed = new Map<string, string>();
	for (const key of others) {
		const name = plainName(key);
		if (!expected.has(name) || Object.hasOwn(item, name)) continue;
		// Of two such columns, neither is certain.
		if ([...renamed.values()].includes(name)) return item;
		renamed.set(key, name);
	}
	if (renamed.size === 0) return item;
	return Object.fromEntries(
		Object.entries(item).map(([key, value]) => [renamed.get(key) ?? key, value]),
	);
}

/** Keys that make fields hardly anyone wants: a spreadsheet's titles and row numbers, and the address once more. */
export function unusualKeys(record: Readonly<Record<string, unknown>>): string[] {
	return Object.keys(record).filter(
		(key) => key === 'row_number' || key === 'email' || plainName(key) !== key,
	);
}

/** What to say about fields of such keys. */
export function newFieldsNotes(keys: readonly string[]): string[] {
	if (keys.length === 0) return [];
	const list = keys.map((key) => JSON.stringify(key)).join(', ');
	return [
		`Written as fields, which creates them if your Bento site doesn't have them: ${list}. To rename or remove some, add an Edit Fields node before this node`,
	];
}
