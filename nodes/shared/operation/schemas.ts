import { z } from 'zod';
import { parseJson } from '../http/client/classify';
import { readDate } from './dates';
import type { InputIssue } from './types';
import {
	asWritten,
	cleanEmail,
	emailProblem,
	isMissing,
	isRecord,
	isScalar,
	readAddresses,
	readNames,
	readTag,
	type Reading,
	type Scalar,
} from './values';

/**
 * What the values of parameters may be: plain checks for the many items of a bulk run, and the pieces of zod
 * schemas that operations are made of. Messages follow the name of their field.
 */

export { emailProblem, isRecord, isScalar, readKey, readTag, type Scalar } from './values';

/** One filled-in row of n8n's assignment collection. */
export interface Row {
	readonly name: string;
	readonly value: unknown;
}

/** The rows of an assignment collection for one item. n8n names a dragged row by its path, such as `person.first_name`. */
export class Rows {
	constructor(private readonly rows: readonly Row[]) {}

	/** A flat set of fields: each is named by the last step of its path. */
	flat(): PlacedRows {
		return place(this.rows, (name) => name.split('.').slice(-1));
	}

	/** A nested object: a dot nests, and what was dragged out of an object of that name keeps the path below it. */
	nested(under: string): PlacedRows {
		return place(this.rows, (name) => {
			const path = name.split('.');
			const start = path.indexOf(under) + 1;
			return start < path.length ? path.slice(start) : path;
		});
	}
}

/** The issue of an object or a list in place of rows: whoever writes a workflow's JSON by hand may do that. */
export function noRows(label: string): InputIssue {
	return {
		field: label,
		text: 'must be rows',
		advice: `Add rows in the panel; in a workflow's JSON, they are {"assignments": [{"id", "name", "value", "type"}]}. For an object, set 'Specify ${label}' to Using JSON`,
	};
}

/** An object made of rows, and the names that couldn't be placed in it. */
export interface PlacedRows {
	readonly record: Record<string, unknown>;
	readonly clashes: readonly string[];
}

/** Names that would reach into an object's prototype. */
const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);

export const CLASH = "can't be used: another row has the same name, or the name isn't allowed";

function place(rows: readonly Row[], pathOf: (name: string) => readonly string[]): PlacedRows {
	const record: Record<string, unknown> = {};
	const clashes = rows
		.filter(({ name, value }) => !put(record, pathOf(name), value))
		.map(({ name }) => name);
	return { record, clashes };
}

/** Puts a value under a path; false if the path is taken or isn't usable. */
export function put(
	record: Record<string, unknown>,
	path: readonly string[],
	value: unknown,
): boolean {
	let target = record;
	for (const [depth, step] of path.entries()) {
		if (step === '' || FORBIDDEN.has(step)) return false;
		if (depth === path.length - 1) {
			if (Object.hasOwn(target, step)) return false;
			target[step] = value;
			return true;
		}
		const next = Object.hasOwn(target, step) ? target[step] : (target[step] = {});
		if (!isRecord(next)) return false;
		target = next;
	}
	return false;
}

/** Numbers count as text: IDs come as either. Empty text and null count as missing. */
const anyText = z.preprocess(
	(value) => (typeof value === 'number' ? String(value) : (value ?? '')),
	z.string({ invalid_type_error: 'must be text' }).trim(),
);

/** Text that must be there. */
export const text = anyText.pipe(z.string().min(1, 'is missing'));

/** Text that may be missing, and is undefined then. */
export const optionalText = anyText.transform((value) => (value === '' ? undefined : value));

/** Text that must be there and keeps its spaces, such as the body of an email. */
export const body = z
	.string({ required_error: 'is missing', invalid_type_error: 'must be text' })
	.refine((value) => value.trim() !== '', 'is missing');

/** Text that may be missing and keeps its spaces. */
export const optionalBody = z
	.string({ invalid_type_error: 'must be text' })
	.nullish()
	.transform((value) =>
		value === undefined || value === null || value.trim() === '' ? undefined : value,
	);

/** One email address. */
export const emailAddress = anyText.transform((value, context) => {
	const address = cleanEmail(value);
	const message = emailProblem(address);
	if (message === undefined) return address;
	context.addIssue({ code: 'custom', message });
	return z.NEVER;
});

/** For look-ups: Bento keeps addresses in lower case. */
export const emailToFind = emailAddress.transform((value) => value.toLowerCase());

/** What a resource locator contains: the value that was picked or typed, or plain text from an expression. */
export function located(value: unknown): unknown {
	return isRecord(value) && 'value' in value ? value.value : value;
}

export const locator = z.preprocess(located, text);

/** No ID of Bento's has a slash or a space; an address that is pasted in its place does. */
export const ID_PATTERN = String.raw`^[^\s/]+$`;

export const ONLY_THE_ID = 'Enter only the ID, not the URL of the page';

const IS_ID = new RegExp(ID_PATTERN);

/** The ID of something in Bento. */
export const id = text.refine((value) => IS_ID.test(value), {
	message: "isn't an ID",
	params: { advice: ONLY_THE_ID },
});

/** An ID that was picked or typed. */
export const locatedId = z.preprocess(located, id);

/** An ID from a list that may be empty. */
export const optionalLocatedId = z.preprocess(located, optionalText.pipe(id.optional()));

/** One tag by its name, for operations of which Bento takes one tag for each record. */
export const oneTag = reading((value) => readTag(located(value)));

/** A schema of a value that is read by hand. */
function reading<Value>(read: (value: unknown) => Reading<Value>) {
	return z.unknown().transform((value, context) => {
		const found = read(value);
		if (found.ok) return found.value;
		context.addIssue({ code: 'custom', message: found.text });
		return z.NEVER;
	});
}

/** One of a dropdown's values, which an expression may miss. */
export function oneOf<Value extends string>(...values: readonly [Value, ...Value[]]) {
	return z.custom<Value>(
		(value) => values.some((one) => one === value),
		"isn't one of the choices",
	);
}

/** A switch as the panel or `readSwitch` gives it; off if it isn't there. */
export const flag = z.boolean({ invalid_type_error: 'must be true or false' }).default(false);

/** A Confirm switch: nothing happens while it is off. Nothing but the panel's own `true` turns it on. */
export const confirmed = z.unknown().superRefine((value, context) => {
	if (value === true) return;
	const params = { advice: 'Turn it on in the panel' };
	context.addIssue({ code: 'custom', message: 'is off', params });
});

/** Names in any form that `readNames` takes, as the comma-separated text that Bento wants; undefined if there are none. */
export const names = reading(readNames).transform((found) => found.join(',') || undefined);

/** Email addresses, as the comma-separated text that Bento wants; undefined if there are none. */
export const addresses = reading(readAddresses).transform((found) => found.join(',') || undefined);

/** Names from a list and as text, each once; undefined if there are none. */
export function allNames(...lists: ReadonlyArray<string | undefined>): string | undefined {
	const all = lists.flatMap((list) => list?.split(',') ?? []);
	return all.length === 0 ? undefined : [...new Set(all)].join(',');
}

/** A positive whole number that may be missing; 0 and empty text count as missing. */
export const optionalCount = z.preprocess(
	(value) => (value === '' || value === 0 || value === null ? undefined : value),
	z.coerce
		.number({ invalid_type_error: 'must be a number' })
		.int('must be a whole number')
		.positive('must be above 0')
		.optional(),
);

/** A date in any of the forms that n8n gives, as ISO 8601 in UTC; undefined if there is none. */
export function optionalDate(timeZone: string) {
	return z.unknown().transform((value, context) => {
		if (isMissing(value)) return undefined;
		const date = readDate(value, timeZone);
		if (date.ok) return date.value;
		context.addIssue({ code: 'custom', message: date.text });
		return z.NEVER;
	});
}

export type JsonObjectResult =
	{ readonly ok: true; readonly value: Record<string, unknown> } | { readonly ok: false };

export const BAD_JSON = "isn't a valid JSON object. Check its quotes, commas, and braces";

/** A JSON parameter's value: an object, or text that contains one. Empty text counts as an empty object. */
export function readJsonObject(value: unknown): JsonObjectResult {
	if (isMissing(value)) return { ok: true, value: {} };
	const parsed = typeof value === 'string' ? parseJson(unfenced(value)) : value;
	return isRecord(parsed) ? { ok: true, value: parsed } : { ok: false };
}

/** A model's answer may stand between lines of three backticks. */
function unfenced(text: string): string {
	return /^\s*```/.test(text) ? text.replace(/^\s*```\w*/, '').replace(/```\s*$/, '') : text;
}

/** An object, or JSON text that contains one; nothing counts as an empty object. */
export const jsonObject = z.unknown().transform((value, context) => {
	const read = readJsonObject(value);
	if (read.ok) return read.value;
	context.addIssue({ code: 'custom', message: BAD_JSON });
	return z.NEVER;
});

export const NOT_FLAT = 'must be text, a number, or true or false. Bento keeps fields flat';

/** One flat value. */
export const scalar = z.custom<Scalar>(isScalar, NOT_FLAT);

/**
 * An object that Bento wants flat: rows of the panel, an object, or JSON text. A plain loop: an import may have a
 * hundred thousand of them.
 */
export const flatObject = z.unknown().transform((value, context) => {
	const placed = value instanceof Rows ? value.flat() : undefined;
	for (const name of placed?.clashes ?? []) {
		context.addIssue({ code: 'custom', path: [name], message: CLASH });
	}
	const read = placed ? { ok: true as const, value: placed.record } : readJsonObject(value);
	if (!read.ok) {
		context.addIssue({ code: 'custom', message: BAD_JSON });
		return z.NEVER;
	}
	const flat: Array<[string, Scalar]> = [];
	for (const [key, one] of Object.entries(asWritten(read.value))) {
		if (isScalar(one)) flat.push([key, one]);
		else context.addIssue({ code: 'custom', path: [key], message: NOT_FLAT });
	}
	// Unlike an assignment, this takes `__proto__` for a key like any other.
	return Object.fromEntries(flat);
});

interface JoinedFields {
	readonly record: Readonly<Record<string, unknown>>;
	/** For a hint, if lists were joined. */
	readonly note: string | undefined;
}

/** Bento keeps fields flat, and a form's multi-select gives a list: its values are joined, and the user is told. */
export function joinLists(given: Readonly<Record<string, unknown>>): JoinedFields {
	const fields = asWritten(given);
	const lists = Object.entries(fields).filter(isListOfScalars);
	if (lists.length === 0) return { record: fields, note: undefined };
	const joined = lists.map(([key, list]) => [key, list.join(', ')] as const);
	const keys = lists.map(([key]) => key).join(', ');
	return {
		record: { ...fields, ...Object.fromEntries(joined) },
		note: `Bento keeps fields flat, so lists were joined with commas: ${keys}`,
	};
}

function isListOfScalars(entry: readonly [string, unknown]): entry is [string, unknown[]] {
	return Array.isArray(entry[1]) && entry[1].every(isScalar);
}

/** A collection of optional parameters; a missing one counts as empty, which is read once for all items. */
export function collection<Shape extends z.ZodRawShape>(shape: Shape) {
	const schema = z.object(shape);
	let empty: z.output<typeof schema> | undefined;
	return z.unknown().transform((value, context): z.output<typeof schema> => {
		const record = isRecord(value) ? value : {};
		const isEmpty = Object.keys(record).length === 0;
		if (isEmpty && empty) return empty;
		const read = schema.safeParse(record);
		if (!read.success) {
			read.error.issues.forEach((issue) => context.addIssue(issue));
			return z.NEVER;
		}
		if (isEmpty) empty = read.data;
		return read.data;
	});
}

/**
 * The calendar day of a date in any of the forms that n8n gives, as YYYY-MM-DD; undefined if there is none.
 *
 * @param timeZone IANA name of the zone whose calendar counts
 */
export function optionalDay(timeZone: string) {
	return z.unknown().transform((value, context) => {
		const read = optionalDate(timeZone).safeParse(value);
		if (!read.success) {
			read.error.issues.forEach((issue) => context.addIssue(issue));
			return z.NEVER;
		}
		if (read.data === undefined) return undefined;
		const format = new Intl.DateTimeFormat('en-CA', {
			timeZone,
			year: 'numeric',
			month: '2-digit',
			day: '2-digit',
		});
		return format.format(new Date(read.data));
	});
}

const DOMAIN = /^(?=.{1,253}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z0-9-]*[a-z][a-z0-9-]*$/;

/** A domain in lower case. A web address is cut to its host; an IP or email address isn't a domain. */
export const domain = text.transform((value, context) => {
	const host = hostIn(value);
	if (host !== undefined && DOMAIN.test(host)) return host;
	context.addIssue({
		code: 'custom',
		message: "isn't a valid domain. Example: example.com",
	});
	return z.NEVER;
});

function hostIn(value: string): string | undefined {
	try {
		const { hostname, username } = new URL(
			`http://${value.replace(/^[a-z][a-z0-9+.-]*:\/\//i, '')}`,
		);
		return username === '' ? hostname.replace(/\.$/, '') : undefined;
	} catch {
		return undefined;
	}
}

/** An IPv4 or IPv6 address. */
export const ipAddress = text.pipe(z.string().ip("isn't a valid IP address. Example: 203.0.113.7"));

/** Return All and Limit, for operations that list in their own way. */
export const returnAllAndLimit = {
	returnAll: flag,
	limit: z.coerce.number().int().min(1).catch(50),
};
