import { z } from 'zod';
import { plain } from '../../../shared/operation/responses';
import { defineCall } from '../../../shared/operation/define';
import { additionalFields, emailProperty } from '../../../shared/operation/properties';
import { collection, optionalText, text } from '../../../shared/operation/schemas';

export const validateEmail = defineCall({
	value: 'validateEmail',
	name: 'Validate Email',
	action: 'Validate email',
	description: 'Check whether an email address looks valid',
	route: { method: 'POST', path: '/experimental/validation' },
	// Changes nothing in Bento.
	idempotent: true,
	properties: [
		emailProperty('Email address to check'),
		additionalFields([
			{
				displayName: 'Name',
				name: 'personName',
				type: 'string',
				default: '',
				placeholder: 'e.g. Nathan Smith',
				description: 'Full name of the person. Makes the check more accurate.',
			},
		]),
	],
	// The field's value is sent as it is: checking it is the point.
	input: z.object({ email: text, additionalFields: collection({ personName: optionalText }) }),
	request: ({ email, additionalFields }) => ({
		json: { email, name: additionalFields.personName },
	}),
	response: plain,
});
