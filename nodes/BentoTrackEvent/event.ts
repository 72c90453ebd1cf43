import { z, type ZodIssue } from 'zod';
import { readDate } from '../shared/operation/dates';
import { NOT_FLAT } from '../shared/operation/schemas';
import type { InputIssue } from '../shared/operation/types';
import {
	cleanEmail,
	emailProblem,
	isMissing,
	isRecord,
	isScalar,
	readKey,
	readTag,
	type Reading,
	type Scalar,
} from '../shared/operation/values';
import { toCurrency, toMinorUnits } from './purchase';

/** An event as Bento's `POST /batch/events` takes it (bentonow.com/docs/events_api). */
export type BentoEvent = {
	readonly type: string;
	readonly email: string;
	/** Written to the subscriber's profile; flat. */
	readonly fields?: Readonly<Record<string, unknown>>;
	/** Kept with the event; may be nested. */
	readonly details?: Readonly<Record<string, unknown>>;
	/** ISO 8601 in UTC; Bento takes the time of receipt if it is missing. */
	readonly date?: string;
};

/** An event as read from an item, before anything is checked. */
export type EventDraft = { readonly [name in keyof BentoEvent]?: unknown };

/** The types that Bento itself gives a meaning (bento-node-sdk, batch enums). */
export const BENTO_TYPES = {
	addTag: '$tag',
	removeTag: '$remove_tag',
	subscribe: '$subscribe',
	trackPurchase: '$purchase',
	unsubscribe: '$unsubscribe',
	updateFields: '$update_fields',
} as const;

/** What the user calls the event's parts, for messages. */
export interface Labels extends Readonly<Record<keyof BentoEvent, string>> {
	/** The tag's label, if it has a field of its own. */
	readonly tag?: string;
}

export interface CheckOptions {
	readonly labels: Labels;
	/** IANA name, for dates without a zone. */
	readonly timeZone: string;
	/** Whether keys of custom fields are brought into the form that Bento advises. */
	readonly normalizeFieldKeys: boolean;
}

export type Checked =
	| { readonly ok: true; readonly event: BentoEvent }
	| { readonly ok: false; readonly issues: readonly InputIssue[] };

/**
 * Checks a draft against what Bento documents for an event and brings it into its final form. Names what is
 * missing or wrong by the user's own labels and quotes no value.
 */
export function checkEvent(draft: EventDraft, options: CheckOptions): Checked {
	const { labels } = options;
	const read = readShape(draft);
	const date: Reading<string | undefined> = isMissing(draft.date)
		? { ok: true, value: undefined }
		: readDate(draft.date, options.timeZone);
	const issues = read.ok ? [] : read.issues.map((issue) => eventIssue(issue, labels));
	if (!date.ok) issues.push({ field: labels.date, text: date.text });
	if (!read.ok) return { ok: false, issues };
	const { type, email } = read.shape;
	const meaning = readMeaning(type, read.shape.details, labels);
	for (const issue of meaning.issues) issues.push(issue);
	const fields = finishFields(read.shape.fields, options.normalizeFieldKeys);
	if (!fields.ok) issues.push({ field: labels.fields, text: SAME_KEYS });
	if (!date.ok || !fields.ok || issues.length > 0) return { ok: false, issues };
	const parts = { type, email, fields: fields.fields, details: meaning.details, date: date.value };
	return { ok: true, event: compact(parts) };
}

const SAME_KEYS = "has keys that become the same, or empty, with 'Normalize Field Keys'";

/** A draft whose parts have the right types; its meaning is another matter. */
interface EventShape {
	readonly type: string;
	readonly email: string;
	readonly fields?: Record<string, unknown>;
	readonly details?: Record<string, unknown>;
}

type ShapeRead =
	| { readonly ok: true; readonly shape: EventShape }
	| { readonly ok: false; readonly issues: readonly ZodIssue[] };

/** Records are checked in place, not copied: there may be a hundred thousand of them. */
const object = z.custom<Record<string, unknown>>(
	isRecord,
	'must be an object with keys and values',
);

const schema = z.object({
	// A number is text, as a tag's is.
	type: z.preprocess(
		(type) => (typeof type === 'number' ? String(type) : type),
		z
			.string({ required_error: 'is missing', invalid_type_error: 'must be text' })
			.trim()
			.min(1, 'is missing'),
	),
	email: z
		.string({
			required_error: 'is missing',
			invalid_type_error: 'must be text with an email address',
		})
		.transform((value, context) => {
			const email = cleanEmail(value);
			const message = emailProblem(email);
			if (message === undefined) return email;
			context.addIssue({ code: 'custom', message });
			return z.NEVER;
		}),
	fields: object
		.superRefine((fields, context) => {
			for (const [key, value] of Object.entries(fields)) {
				if (!isScalar(value)) context.addIssue({ code: 'custom', path: [key], message: NOT_FLAT });
			}
		})
		.optional(),
	details: object.optional(),
	date: z.unknown(),
});

/**
 * Reads a draft's parts. Nearly all drafts of a bulk run are right as they are, and checking that costs a tenth of a
 * schema's work; everything else goes through the schema, which trims and names what is wrong.
 */
function readShape(draft: EventDraft): ShapeRead {
	const fields = draft.fields ?? undefined;
	const details = draft.details ?? undefined;
	const { type, email } = draft;
	if (isPlainText(type) && isPlainEmail(email) && isFlat(fields) && isRecordOrNothing(details)) {
		return { ok: true, shape: { type, email, fields, details } };
	}
	const parsed = schema.safeParse({
		type: type ?? undefined,
		email: email ?? undefined,
		fields,
		details,
	});
	return parsed.success
		? { ok: true, shape: parsed.data }
		: { ok: false, issues: parsed.error.issues };
}

function isPlainText(value: unknown): value is string {
	return typeof value === 'string' && value !== '' && value.trim() === value;
}

function isPlainEmail(value: unknown): value is string {
	return typeof value === 'string' && emailProblem(value) === undefined;
}

function isFlat(value: unknown): value is Record<string, Scalar> | undefined {
	return value === undefined || (isRecord(value) && Object.values(value).every(isScalar));
}

function isRecordOrNothing(value: unknown): value is Record<string, unknown> | undefined {
	return value === undefined || isRecord(value);
}

function eventIssue({ path, message }: ZodIssue, labels: Labels): InputIssue {
	const [part, key] = path;
	const isPart = part === 'type' || part === 'email' || part === 'fields' || part === 'details';
	const field = isPart ? labels[part] : String(part);
	return { field, text: message, ...(key !== undefined && { key: String(key) }) };
}

type Details = Readonly<Record<string, unknown>> | undefined;

interface ReadDetails {
	readonly details: Details;
	readonly issues: readonly InputIssue[];
}

/** Reads the details of the types that mean something to Bento, in the forms that Bento takes. */
function readMeaning(type: string, details: Details, labels: Labels): ReadDetails {
	const withCart = Array.isArray(details?.cart)
		? { ...details, cart: { items: details.cart } }
		: details;
	const field = labels.details;
	if (type === BENTO_TYPES.addTag || type === BENTO_TYPES.removeTag) {
		const read = readTag(withCart?.tag);
		if (read.ok) return { details: { ...withCart, tag: read.value }, issues: [] };
		const place = labels.tag === undefined ? { field, key: 'tag' } : { field: labels.tag };
		return { details: withCart, issues: [{ ...place, text: read.text }] };
	}
	if (type !== BENTO_TYPES.trackPurchase) return { details: withCart, issues: [] };
	const purchase = asPurchase(withCart);
	return { details: purchase, issues: purchaseIssues(purchase, field) };
}

/**
 * A purchase as Bento takes it: amounts as numbers and the currency in capitals, although a row of a spreadsheet has text. A
 * unique key of spaces only is none.
 */
function asPurchase(details: Details): Details {
	if (!isRecord(details?.value)) return details;
	const { amount, currency } = details.value;
	// A text with decimals is probably of major units, and 49.00 must not become 49 cents.
	const isWhole = typeof amount === 'string' && !amount.includes('.');
	const minor = isWhole ? toMinorUnits(amount, 'minor', '') : undefined;
	const value = {
		...details.value,
		...(minor?.ok && { amount: minor.minor }),
		currency: toCurrency(currency) ?? currency,
	};
	const { unique } = details;
	const key = isRecord(unique) ? readKey(unique.key) : undefined;
	return { ...details, value, ...(isRecord(unique) && { unique: { ...unique, key } }) };
}

/** What a purchase requires (bentonow.com/docs/concepts/unique-events). */
function purchaseIssues(details: Details, field: string): InputIssue[] {
	const issues: InputIssue[] = [];
	const unique = isRecord(details?.unique) ? details.unique : {};
	const value = isRecord(details?.value) ? details.value : {};
	if (readKey(unique.key) === undefined) {
		issues.push({
			field,
			key: 'unique.key',
			text: 'is missing, and a purchase needs a unique key',
		});
	}
	if (!toCurrency(value.currency)) {
		issues.push({ field, key: 'value.currency', text: 'must be a currency code. Example: USD' });
	}
	if (typeof value.amount !== 'number' || !toMinorUnits(value.amount, 'minor', '').ok) {
		const text = 'must be a whole number of minor units, such as cents';
		issues.push({ field, key: 'value.amount', text });
	}
	return issues;
}

type FinishedFields =
	| { readonly ok: true; readonly fields: Readonly<Record<string, unknown>> | undefined }
	| { readonly ok: false };

/** With normalized keys: not ok if two of them become the same or one becomes empty. */
function finishFields(
	fields: Readonly<Record<string, unknown>> | undefined,
	normalize: boolean,
): FinishedFields {
	if (!fields || !normalize) return { ok: true, fields };
	const entries = Object.entries(fields).map(([key, value]) => [normalizeKey(key), value] as const);
	const keys = new Set(entries.map(([key]) => key));
	if (keys.size !== entries.length || keys.has('')) return { ok: false };
	return { ok: true, fields: Object.fromEntries(entries) };
}

/**
 * A key as Bento advises for custom fields: lower case with underscores (bentonow.com/docs/api/conventions,
 * Request Shape). `firstName`, `First name` and `first-name` all become `first_name`.
 */
export function normalizeKey(key: string): string {
	return key
		.replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1_$2')
		.replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1_$2')
		.toLowerCase()
		.replace(/[^\p{L}\p{N}]+/gu, '_')
		.replace(/^_|_$/g, '');
}

/** The event without its empty parts. */
function compact({ type, email, fields, details, date }: BentoEvent): BentoEvent {
	const event: { -readonly [name in keyof BentoEvent]: BentoEvent[name] } = { type, email };
	if (hasKeys(fields)) event.fields = fields;
	if (hasKeys(details)) event.details = details;
	if (date !== undefined) event.date = date;
	return event;
}

function hasKeys(record: Readonly<Record<string, unknown>> | undefined): boolean {
	for (const key in record) if (Object.hasOwn(record, key)) return true;
	return false;
}

const TELLING_KEY =
	/(?:^|[_-])(?:pass(?:word|wd|phrase)|secret|api[_-]?key|access[_-]?token|private[_-]?key|card[_-]?number|cvv|cvc)$/i;
/** This also ends the search in details that contain themselves. */
const DEEPEST = 10;
const DIGITS = /\b\d(?:[ -]?\d){13,18}\b/;
/** What is shorter, or smaller, has too few digits, and needs no search. */
const LEAST_DIGITS = 14;
const LEAST_NUMBER = 10 ** (LEAST_DIGITS - 1);

/**
 * Whether details look like they contain a password, a key, or a card number, which Bento advises to keep out of events
 * (bentonow.com/docs/api/conventions). A guess: good for a hint, never for a refusal.
 */
export function looksSecret(details: unknown, depth = 0): boolean {
	if (depth > DEEPEST) return false;
	if (typeof details === 'string') {
		const found = details.length < LEAST_DIGITS ? null : DIGITS.exec(details);
		return found !== null && isCardNumber(found[0].replace(/\D/g, ''));
	}
	if (typeof details === 'number') return details >= LEAST_NUMBER && isCardNumber(String(details));
	if (Array.isArray(details)) return details.some((one) => looksSecret(one, depth + 1));
	if (!isRecord(details)) return false;
	for (const key in details) {
		const value = details[key];
		if ((TELLING_KEY.test(key) && isFilled(value)) || looksSecret(value, depth + 1)) return true;
	}
	return false;
}

function isFilled(value: unknown): boolean {
	return value !== null && value !== '' && typeof value !== 'boolean';
}

/** The check digit of card numbers (ISO/IEC 7812-1, Luhn), for numbers that begin as cards do. */
function isCardNumber(digits: string): boolean {
	if (!/^[3-6]\d{13,18}$/.test(digits)) return false;
	let sum = 0;
	for (let place = 0; place < digits.length; place += 1) {
		const digit = Number(digits[digits.length - 1 - place]);
		const doubled = place % 2 === 1 ? digit * 2 : digit;
		sum += doubled > 9 ? doubled - 9 : doubled;
	}
	return sum % 10 === 0;
}
