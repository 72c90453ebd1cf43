import { z } from 'zod';
import { email, locator } from '../../../shared/operation/schemas';
import { emailProperty } from '../../../shared/operation/parameters';
import { fieldProperty } from '../field/locator';
import { defineCommand } from './command';

export const removeField = defineCommand({
	value: 'removeField',
	name: 'Remove Field',
	action: 'Remove field from subscriber',
	description:
		'Empty one field of a subscriber without starting workflows. Up to 100 items a request.',
	command: 'remove_field',
	// What is gone stays gone.
	whenUnknown: 'resend',
	properties: [
		emailProperty('The person whose field is emptied'),
		fieldProperty('Key of the field to empty'),
	],
	input: z.object({ email, field: locator }),
	query: ({ field }) => field,
});
