/** What is wrong with a date that `toIsoDate` can't read, to follow the name of its field. */
export const BAD_DATE =
	"isn't a date. Example: 2026-11-20T08:30:00Z. Turn a number of milliseconds into a date with DateTime.fromMillis(), and other text with .toDateTime()";

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
 * @returns undefined where the value isn't a date
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

/** How far a zone is ahead of UTC at a local time, in ms; asked twice, since the first answer is for the wrong instant around a change of clocks. */
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
