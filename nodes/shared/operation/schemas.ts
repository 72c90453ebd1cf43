import { z } from 'zod';
import { NO_DATE, toIsoDate } from '../parameters/date';
import { emailProblem } from '../parameters/email';
import { isRecord, isScalar, readJsonObject, type Scalar } from '../parameters/json';

/** Numbers count as text: IDs come as either. Empty text and null count as missing. */
const anyText = z.preprocess(
	(value) => (typeof value === 'number' ? String(value) : (value ?? '')),
	z.string({ invalid_type_error: 'must be text' }).trim(),
);

/** Text that must be there. */
export const text = anyText.pipe(z.string().min(1, 'is missing'));

/** Text that may be missing, and is undefined then. */
export const optionalText = anyText.transform((value) => (value === '' ? undefined : value));

/** Text that must be there and keeps its blanks, such as the body of an email. */
export const body = z
	.string({ required_error: 'is missing', invalid_type_error: 'must be text' })
	.refine((value) => value.trim() !== '', 'is missing');

/** The same, where it may be missing. */
export const optionalBody = z
	.string({ invalid_type_error: 'must be text' })
	.nullish()
	.transform((value) =>
		value === undefined || value === null || value.trim() === '' ? undefined : value,
	);

/** One email address. */
export const email = anyText.superRefine((value, context) => {
	const message = emailProblem(value);
	if (message !== undefined) context.addIssue({ code: 'custom', message });
});

/** For look-ups: Bento keeps addresses in lower case. */
export const emailToFind = email.transform((value) => value.toLowerCase());

/** What a resource locator holds: the value that was picked or typed, or plain text from an expression. */
function located(value: unknown): unknown {
	return isRecord(value) && 'value' in value ? value.value : value;
}

export const locator = z.preprocess(located, text);

/** The same, where nothing may be chosen. */
export const optionalLocator = z.preprocess(located, optionalText);

/** One of a dropdown's values, which an expression may miss. */
export function oneOf<Value extends string>(...values: readonly [Value, ...Value[]]) {
	return z.custom<Value>((value) => values.some((one) => one === value), 'is none of the choices');
}

/** A switch; off unless it is on. */
export const flag = z.boolean().catch(false);

/** A Confirm switch: nothing happens while it is off. */
export const confirmed = z.literal(true, {
	errorMap: () => ({ message: 'is off. Nothing happens until you turn it on' }),
});

/** Names, as a list or separated by commas; undefined where there are none. */
export const names = z.preprocess(
	(value) => (Array.isArray(value) ? value.join(',') : value),
	optionalText.transform((value) => {
		const parts = (value ?? '').split(',').map((part) => part.trim());
		return parts.filter((part) => part !== '').join(',') || undefined;
	}),
);

/** A positive whole number that may be missing; 0 and empty text count as missing. */
export const optionalCount = z.preprocess(
	(value) => (value === '' || value === 0 || value === null ? undefined : value),
	z.coerce
		.number({ invalid_type_error: 'must be a number' })
		.int('must be a whole number')
		.positive('must be above 0')
		.optional(),
);

/** A date in any of the forms that n8n gives, as ISO 8601 in UTC; undefined where there is none. */
export function optionalDate(timeZone: string) {
	return z.unknown().transform((value, context) => {
		if (value === undefined || value === null || value === '') return undefined;
		const date = toIsoDate(value, timeZone);
		if (date === undefined) {
			context.addIssue({ code: 'custom', message: NO_DATE });
			return z.NEVER;
		}
		return date;
	});
}

/** An object, or JSON text that holds one; nothing counts as an empty one. */
export const jsonObject = z.unknown().transform((value, context) => {
	const read = readJsonObject(value);
	if (read.ok) return read.value;
	context.addIssue({
		code: 'custom',
		message: 'is no JSON object. Check its quotes, commas and braces',
	});
	return z.NEVER;
});

const NO_SCALAR = 'must be text, a number, true or false';

/** One flat value. */
export const scalar = z.custom<Scalar>(isScalar, NO_SCALAR);

/** An object that Bento wants flat. A plain loop: an import may have a hundred thousand of them. */
export const flatObject = jsonObject.transform((fields, context) => {
	const flat: Array<[string, Scalar]> = [];
	for (const [key, value] of Object.entries(fields)) {
		if (isScalar(value)) flat.push([key, value]);
		else context.addIssue({ code: 'custom', path: [key], message: NO_SCALAR });
	}
	// Unlike an assignment, this takes `__proto__` for a key like any other.
	return Object.fromEntries(flat);
});

/** A collection of optional parameters; a missing one counts as empty. */
export function collection<Shape extends z.ZodRawShape>(shape: Shape) {
	return z.preprocess((value) => (isRecord(value) ? value : {}), z.object(shape));
}

/**
 * The calendar day of a date in any of the forms that n8n gives, as YYYY-MM-DD; undefined where there is none.
 *
 * @param timeZone IANA name of the zone whose calendar counts; a day without a time is that day everywhere
 */
export function optionalDay(timeZone: string) {
	return z.unknown().transform((value, context) => {
		const read = optionalDate(timeZone).safeParse(value);
		if (!read.success) {
			read.error.issues.forEach((issue) => context.addIssue(issue));
			return z.NEVER;
		}
		if (read.data === undefined) return undefined;
		const isDay = typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value.trim());
		const format = new Intl.DateTimeFormat('en-CA', {
			timeZone: isDay ? 'UTC' : timeZone,
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
