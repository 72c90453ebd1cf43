import { z } from 'zod';
import { plain } from '../../../shared/operation/responses';
import { defineCall } from '../../../shared/operation/define';
import { additionalFields } from '../../../shared/operation/properties';
import { collection, optionalText, text } from '../../../shared/operation/schemas';

export const guessGender = defineCall({
	value: 'guessGender',
	name: 'Guess Gender',
	action: 'Guess gender',
	description:
		'Guess the gender for a first name from US census data. Returns a gender and a confidence score.',
	route: { method: 'POST', path: '/experimental/gender' },
	// Changes nothing in Bento.
	idempotent: true,
	properties: [
		{
			displayName: 'Name',
			name: 'personName',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. Nathan',
			description: 'First name or full name',
		},
		additionalFields([
			{
				displayName: 'Email',
				name: 'email',
				type: 'string',
				default: '',
				placeholder: 'e.g. nathan@example.com',
				description: 'Email address to improve the guess with. May not be supported by Bento.',
			},
		]),
	],
	input: z.object({ personName: text, additionalFields: collection({ email: optionalText }) }),
	request: ({ personName, additionalFields: { email } }) => ({ json: { name: personName, email } }),
	response: plain,
});
