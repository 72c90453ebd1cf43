import type { ZodIssue } from 'zod';
import { NO_DATE, toIsoDate } from '../../shared/parameters/date';
import { isRecord } from '../../shared/parameters/json';
import { normalizeKeys } from './fieldKeys';
import { toCurrency, toMinorUnits } from './money';
import { readShape } from './shape';
import { BENTO_TYPES, type BentoEvent, type EventDraft, type EventIssue } from './types';

/** What the builder calls the event's parts, for messages. */
export type Labels = Readonly<Record<keyof BentoEvent, string>>;

export interface CheckOptions {
	readonly labels: Labels;
	/** IANA name, for dates without a zone. */
	readonly timeZone: string;
	readonly normalizeFieldKeys: boolean;
}

export type Checked =
	| { readonly ok: true; readonly event: BentoEvent }
	| { readonly ok: false; readonly issues: readonly EventIssue[] };

/**
 * Checks a draft against what Bento documents for an event and brings it into its final form. Names what is
 * missing or wrong by the builder's own labels and quotes no value.
 */
export function checkEvent(draft: EventDraft, options: CheckOptions): Checked {
	const read = readShape(draft);
	const date = readDate(draft.date, options.timeZone);
	const issues = read.ok ? [] : read.issues.map((issue) => toIssue(issue, options.labels));
	if (!date.ok) {
		issues.push({ field: options.labels.date, text: NO_DATE });
	}
	if (!read.ok || !date.ok) return { ok: false, issues };
	const { type, email, details } = read.shape;
	issues.push(...checkMeaning(type, details, options.labels));
	const fields = finishFields(read.shape.fields, options.normalizeFieldKeys);
	if (fields === 'ambiguous') {
		const twice = "has keys that become the same, or nothing, under 'Normalize Field Keys'";
		issues.push({ field: options.labels.fields, text: twice });
	}
	if (fields === 'ambiguous' || issues.length > 0) return { ok: false, issues };
	return { ok: true, event: compact({ type, email, fields, details, date: date.date }) };
}

/** What Bento's own types can't do without. */
function checkMeaning(
	type: string,
	details: Readonly<Record<string, unknown>> | undefined,
	labels: Labels,
): EventIssue[] {
	const name = (path: string) => `${labels.details} > ${path}`;
	if (type === BENTO_TYPES.addTag || type === BENTO_TYPES.removeTag) {
		const tag = details?.tag;
		const filled = typeof tag === 'string' && tag.trim() !== '';
		return filled ? [] : [{ field: name('tag'), text: `is missing: ${type} needs a tag` }];
	}
	if (type !== BENTO_TYPES.trackPurchase) return [];
	const issues: EventIssue[] = [];
	const unique = isRecord(details?.unique) ? details.unique : {};
	const value = isRecord(details?.value) ? details.value : {};
	const keyType = typeof unique.key;
	if (unique.key === '' || (keyType !== 'string' && keyType !== 'number')) {
		issues.push({ field: name('unique.key'), text: 'is missing: a purchase needs a unique key' });
	}
	if (!toCurrency(value.currency)) {
		issues.push({ field: name('value.currency'), text: 'must be a currency code, such as USD' });
	}
	if (typeof value.amount !== 'number' || !toMinorUnits(value.amount, 'minor', '').ok) {
		issues.push({
			field: name('value.amount'),
			text: 'must be a whole number of minor units, such as cents',
		});
	}
	return issues;
}

function toIssue({ path, message }: ZodIssue, labels: Labels): EventIssue {
	const [part, key] = path;
	const isPart = part === 'type' || part === 'email' || part === 'fields' || part === 'details';
	const label = isPart ? labels[part] : String(part);
	return { field: key === undefined ? label : `${label} > ${key}`, text: message };
}

function readDate(value: unknown, zone: string): ReadDate {
	if (value === undefined || value === null || value === '') return { ok: true, date: undefined };
	const date = toIsoDate(value, zone);
	return date === undefined ? { ok: false } : { ok: true, date };
}

type ReadDate = { readonly ok: true; readonly date: string | undefined } | { readonly ok: false };

function finishFields(fields: Record<string, unknown> | undefined, normalize: boolean) {
	if (!fields || !normalize) return fields;
	const normalized = normalizeKeys(fields);
	return normalized.ok ? normalized.fields : 'ambiguous';
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
