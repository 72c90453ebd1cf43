import { z } from 'zod';
import { plain } from '../../../shared/operation/answers';
import { defineCall } from '../../../shared/operation/define';
import { body } from '../../../shared/operation/schemas';

export const moderateContent = defineCall({
	value: 'moderateContent',
	name: 'Moderate Content',
	action: 'Moderate content',
	description:
		'Check text that users wrote for what should not be sent on. Answers valid, the reasons, and a safe form of the text.',
	route: { method: 'POST', path: '/experimental/content_moderation' },
	// Changes nothing in Bento.
	whenUnknown: 'resend',
	properties: [
		{
			displayName: 'Content',
			name: 'content',
			type: 'string',
			typeOptions: { rows: 4 },
			default: '',
			required: true,
			placeholder: 'e.g. Great product, thank you',
			description: 'The text to check',
		},
	],
	input: z.object({ content: body }),
	request: ({ content }) => ({ json: { content } }),
	answer: plain,
});
