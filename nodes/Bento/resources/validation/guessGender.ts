import { z } from 'zod';
import { plain } from '../../../shared/operation/answers';
import { defineCall } from '../../../shared/operation/define';
import { text } from '../../../shared/operation/schemas';

export const guessGender = defineCall({
	value: 'guessGender',
	name: 'Guess Gender',
	action: 'Guess gender',
	description:
		'Guess a gender from a first name by the US census. Answers gender and confidence, both empty where unsure.',
	route: { method: 'POST', path: '/experimental/gender' },
	// Changes nothing in Bento.
	whenUnknown: 'resend',
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
	],
	input: z.object({ personName: text }),
	request: ({ personName }) => ({ json: { name: personName } }),
	answer: plain,
});
