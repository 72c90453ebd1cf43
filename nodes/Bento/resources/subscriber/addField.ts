import { z } from 'zod';
import { email, locator, scalar } from '../../../shared/operation/schemas';
import { emailProperty } from '../../../shared/operation/parameters';
import { fieldProperty } from '../field/locator';
import { defineCommand } from './command';

export const addField = defineCommand({
	value: 'addField',
	name: 'Add Field',
	action: 'Add field to subscriber',
	description:
		'Write one field of a subscriber without starting workflows. To write several, use Create or Update. Up to 100 items a request.',
	command: 'add_field',
	// Writes the same value again.
	whenUnknown: 'resend',
	properties: [
		emailProperty('The person whose field is written, who is created in Bento if new'),
		fieldProperty('Key of the field, which is created in Bento if new'),
		{
			displayName: 'Value',
			name: 'fieldValue',
			type: 'string',
			default: '',
			placeholder: 'e.g. team',
			description: 'What to write: text, a number, or true or false by an expression',
		},
	],
	input: z.object({ email, field: locator, fieldValue: scalar.default('') }),
	query: ({ field, fieldValue }) => ({ key: field, value: fieldValue }),
});
