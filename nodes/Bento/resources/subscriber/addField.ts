import { z } from 'zod';
import { emailAddress, locator, scalar } from '../../../shared/operation/schemas';
import { emailProperty } from '../../../shared/operation/properties';
import { dateAsText, isMissing } from '../../../shared/operation/values';
import { fieldProperty } from '../../lists';
import { defineCommand } from './command';

/** An empty value would empty the field: that is for Clear Field to do. */
const given = z
	.preprocess((value) => dateAsText(value) ?? '', scalar)
	.superRefine((value, context) => {
		if (!isMissing(value)) return;
		const params = {
			advice: "Check the expression that gives it. To empty a field, use 'Clear Field'",
		};
		context.addIssue({ code: 'custom', message: 'is missing', params });
	});

export const addField = defineCommand({
	value: 'addField',
	name: 'Set Field',
	action: 'Set subscriber field',
	description:
		"Set a custom field without starting Bento workflows. To set several, use 'Create or Update'.",
	command: 'add_field',
	// Writes the same value again.
	idempotent: true,
	properties: [
		emailProperty("Email of the subscriber to update. Created if it doesn't exist."),
		fieldProperty("Field to set. Created if it doesn't exist."),
		{
			displayName: 'Field Value',
			name: 'fieldValue',
			type: 'string',
			default: '',
			placeholder: 'e.g. team',
			description: 'Value to set. Use an expression for numbers and booleans.',
		},
	],
	input: z.object({ email: emailAddress, field: locator, fieldValue: given }),
	query: ({ field, fieldValue }) => ({ key: field, value: fieldValue }),
});
