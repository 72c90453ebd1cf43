import { z, type ZodIssue } from 'zod';
import { emailProblem } from '../../shared/parameters/email';
import { isRecord, isScalar } from '../../shared/parameters/json';
import type { EventDraft } from './types';

/** A draft whose parts have the right types; its meaning is another matter. */
export interface EventShape {
	readonly type: string;
	readonly email: string;
	readonly fields?: Record<string, unknown>;
	readonly details?: Record<string, unknown>;
}

export type ShapeRead =
	| { readonly ok: true; readonly shape: EventShape }
	| { readonly ok: false; readonly issues: readonly ZodIssue[] };

/** Records are checked in place, not copied: there may be a hundred thousand of them. */
const object = z.custom<Record<string, unknown>>(
	isRecord,
	'must be an object with keys and values',
);

const schema = z.object({
	type: z
		.string({ required_error: 'is missing', invalid_type_error: 'must be text' })
		.trim()
		.min(1, 'is missing'),
	email: z
		.string({
			required_error: 'is missing',
			invalid_type_error: 'must be an email address as text',
		})
		.trim()
		.superRefine((email, context) => {
			const message = emailProblem(email);
			if (message !== undefined) context.addIssue({ code: 'custom', message });
		}),
	fields: object
		.superRefine((fields, context) => {
			for (const [key, value] of Object.entries(fields)) {
				if (isScalar(value)) continue;
				context.addIssue({
					code: 'custom',
					path: [key],
					message: 'must be text, a number, true or false: Bento keeps profile fields flat',
				});
			}
		})
		.optional(),
	details: object.optional(),
	date: z.unknown(),
});

/**
 * Reads a draft's parts. Nearly all drafts of a bulk run are right as they are, and a look at them costs a tenth of
 * a schema's work; whatever isn't plainly right goes through the schema, which trims and names what is wrong.
 */
export function readShape(draft: EventDraft): ShapeRead {
	const fields = presentOrUndefined(draft.fields);
	const details = presentOrUndefined(draft.details);
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

function isFlat(value: unknown): value is Record<string, unknown> | undefined {
	if (value === undefined) return true;
	return isRecord(value) && Object.values(value).every(isScalar);
}

function isRecordOrNothing(value: unknown): value is Record<string, unknown> | undefined {
	return value === undefined || isRecord(value);
}

function presentOrUndefined(value: unknown): unknown {
	return value === null || value === '' ? undefined : value;
}
