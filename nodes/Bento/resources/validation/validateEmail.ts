import { z } from 'zod';
import { plain } from '../../../shared/operation/answers';
import { defineCall } from '../../../shared/operation/define';
import { collection, optionalText, text } from '../../../shared/operation/schemas';
import { additionalFields, emailProperty } from '../../../shared/operation/parameters';

export const validateEmail = defineCall({
	value: 'validateEmail',
	name: 'Validate Email',
	action: 'Validate email',
	description: 'Check whether an email address looks valid. Answers valid with true or false.',
	route: { method: 'POST', path: '/experimental/validation' },
	// Changes nothing in Bento.
	whenUnknown: 'resend',
	properties: [
		emailProperty('The address to check'),
		additionalFields([
			{
				displayName: 'Name',
				name: 'personName',
				type: 'string',
				default: '',
				placeholder: 'e.g. Nathan Drake',
				description: 'Full name of the person, which makes the check more precise',
			},
		]),
	],
	// Whatever is in the field is what is to be checked.
	input: z.object({ email: text, additionalFields: collection({ personName: optionalText }) }),
	request: ({ email, additionalFields }) => ({
		json: { email, name: additionalFields.personName },
	}),
	answer: plain,
});
