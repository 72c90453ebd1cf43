import type { Reading } from './values';

const BAD_DATE =
	"isn't a date. Example: 2026-11-20T08:30:00Z. For text in another form, use DateTime.fromFormat(), such as {{ DateTime.fromFormat($json.date, 'dd/MM/yyyy') }}";

const NUMBER =
	"is a number, which can stand for different dates. For seconds since 1970, use DateTime.fromSeconds() or .toDateTime('s'); for milliseconds, DateTime.fromMillis() or .toDateTime(); for a day number of Excel, .toDateTime('excel')";

const NO_ZONE =
	"can't be read, because the workflow's time zone doesn't exist. Choose another one under Workflow Settings > Timezone, or ask the operator of n8n to correct GENERIC_TIMEZONE";

/**
 * Reads a date as `toIsoDate` does, or says what to do about it, to follow the name of its field.
 *
 * @param zone IANA name of the time zone for text without one
 */
export function readDate(value: unknown, zone: string): Reading<string> {
	if (!isTimeZone(zone) && !isFinal(value)) return { ok: false, text: NO_ZONE };
	const date = toIsoDate(value, zone);
	if (date !== undefined) return { ok: true, value: date };
	const isNumber =
		typeof value === 'number' || (typeof value === 'string' && /^\s*-?\d+(\.\d+)?\s*$/.test(value));
	return { ok: false, text: isNumber ? NUMBER : BAD_DATE };
}

function isFinal(value: unknown): boolean {
	return typeof value === 'string' && FINAL.test(value);
}

const zones = new Map<string, boolean>();

/** Whether a time zone exists. n8n stores and starts with others, such as DEFAULT or Pacific (measured). */
export function isTimeZone(zone: string): boolean {
	let known = zones.get(zone);
	if (known === undefined) {
		known = canFormat(zone);
		zones.set(zone, known);
	}
	return known;
}

function canFormat(timeZone: string): boolean {
	try {
		return new Intl.DateTimeFormat('en-US', { timeZone }).resolvedOptions().timeZone !== '';
	} catch {
		return false;
	}
}

/**
 * What to say about a date that was probably converted by the wrong unit; undefined for any other. Both dates are as
 * `toIsoDate` gives them, and so in the order of their text.
 */
export function dateNote(date: string, now: string): string | undefined {
	const isOld = date < '2000';
	if (!isOld && (date <= now || Date.parse(date) <= Date.parse(now) + YEAR)) return undefined;
	return 'The date is before 2000 or more than a year ahead. If it was a number of seconds, convert it with DateTime.fromSeconds()';
}

const YEAR = 366 * 24 * 60 * 60 * 1000;

const ISO =
	/^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*(Z|[+-]\d{2}(?::?\d{2})?)?)?$/i;

/**
 * What JavaScript itself writes, with or without milliseconds, and so the form of most dates in a large back-fill. The
 * last days of a month are named with the months that have them; February 29 takes the longer way.
 */
const FINAL =
	/^[1-9]\d{3}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{3})?Z$/;

/**
 * Brings a date into ISO 8601 in UTC, the form that Bento documents. Takes ISO text, JavaScript dates and the
 * dates of n8n's expressions (luxon), which know their own ISO form.
 *
 * @param zone IANA name of the time zone for text without one, such as the picker's; a date without a time is the
 * beginning of that day there
 * @returns undefined if the value isn't a date
 */
export function toIsoDate(value: unknown, zone: string): string | undefined {
	if (typeof value === 'string' && FINAL.test(value)) {
		return value.includes('.') ? value : value.replace('Z', '.000Z');
	}
	if (value instanceof Date) return isoOf(value.getTime());
	if (typeof value === 'object' && value !== null && 'toISO' in value) {
		const known: unknown = JSON.parse(JSON.stringify(value) ?? 'null');
		return typeof known === 'string' ? toIsoDate(known, zone) : undefined;
	}
	if (typeof value !== 'string') return undefined;
	const match = ISO.exec(value.trim());
	if (!match) return undefined;
	const [, year, month, day, hour, minute, second, fraction, offset] = match;
	const parts = [year, month, day, hour, minute, second].map((part) => Number(part ?? 0));
	const local = utcOf(parts, Number(`0.${fraction ?? 0}`));
	if (local === undefined) return undefined;
	return isoOf(local - (offset === undefined ? zoneOffset(local, zone) : offsetOf(offset)));
}

/** ms since the epoch as if the parts were UTC; undefined for a day or time that doesn't exist. */
function utcOf(parts: readonly number[], fraction: number): number | undefined {
	const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts;
	const time = Date.UTC(year, month - 1, day, hour, minute, second, Math.floor(fraction * 1000));
	const date = new Date(time);
	const same =
		// Date.UTC takes the years 0 to 99 for 1900 to 1999.
		date.getUTCFullYear() === year &&
		date.getUTCMonth() === month - 1 &&
		date.getUTCHours() === hour &&
		date.getUTCMinutes() === minute;
	return same ? time : undefined;
}

/** `+05:30` in ms; `Z` has no digits, and is 0. */
function offsetOf(text: string): number {
	const sign = text.startsWith('-') ? -1 : 1;
	const digits = text.slice(1).replace(':', '');
	const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2));
	return sign * minutes * 60_000;
}

/**
 * How far a zone is ahead of UTC at a local time, in ms; read twice, since the first reading is for the wrong instant
 * around a change of clocks.
 */
function zoneOffset(local: number, zone: string): number {
	const first = offsetAt(local, zone);
	return offsetAt(local - first, zone);
}

const formats = new Map<string, Intl.DateTimeFormat>();

function offsetAt(time: number, zone: string): number {
	let format = formats.get(zone);
	if (!format) {
		format = new Intl.DateTimeFormat('en-US', {
			timeZone: zone,
			hourCycle: 'h23',
			year: 'numeric',
			month: 'numeric',
			day: 'numeric',
			hour: 'numeric',
			minute: 'numeric',
			second: 'numeric',
		});
		formats.set(zone, format);
	}
	const seen: Record<string, number> = {};
	for (const { type, value } of format.formatToParts(time)) seen[type] = Number(value);
	const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0 } = seen;
	const asUtc = Date.UTC(year, month - 1, day, hour, minute, second);
	return asUtc - Math.floor(time / 1000) * 1000;
}

function isoOf(time: number): string | undefined {
	const date = new Date(time);
	return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}
