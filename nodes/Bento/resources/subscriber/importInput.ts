import { z } from 'zod';
import { isRecord } from '../../../shared/operation/schemas';
import type { Schema } from '../../../shared/operation/define';
import {
	collection,
	email,
	flatObject,
	names,
	optionalText,
	scalar,
} from '../../../shared/operation/schemas';
import { ITEM } from '../../../shared/operation/types';

/** A subscriber as `POST /batch/subscribers` takes it: flat, with custom fields beside the known ones. */
export interface ImportedSubscriber {
	readonly email: string;
	readonly [key: string]: unknown;
}

const known = collection({
	first_name: optionalText,
	last_name: optionalText,
	remove_tags: names,
	tags: names,
	utm_campaign: optionalText,
	utm_content: optionalText,
	utm_medium: optionalText,
	utm_source: optionalText,
	utm_term: optionalText,
});

const mapped: Schema<ImportedSubscriber> = z
	.object({
		email,
		additionalFields: known,
		customFields: flatObject,
		customFieldsJson: flatObject,
	})
	.transform(({ email: address, additionalFields, customFields, customFieldsJson }) => ({
		...customFields,
		...customFieldsJson,
		...filledOnly(additionalFields),
		email: address,
	}));

/** Everything in the item but its tags, which may be lists, has to be flat. */
const wholeItem: Schema<ImportedSubscriber> = z
	.object({ [ITEM]: z.object({ email, remove_tags: names, tags: names }).catchall(scalar) })
	.transform(({ [ITEM]: item }) => item);

/** Reads a subscriber out of the panel's fields, or takes the input item as one. */
export const importInput: Schema<ImportedSubscriber> = z.unknown().transform((values, context) => {
	const isWhole = isRecord(values) && values.inputMode === 'wholeItem';
	const read = (isWhole ? wholeItem : mapped).safeParse(values);
	if (read.success) return read.data;
	read.error.issues.forEach((issue) => context.addIssue(issue));
	return z.NEVER;
});

function filledOnly(fields: Readonly<Record<string, string | undefined>>) {
	return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
