import { z } from 'zod';
import { plain } from '../../../shared/operation/responses';
import { defineCall } from '../../../shared/operation/define';
import { body } from '../../../shared/operation/schemas';

export const moderateContent = defineCall({
	value: 'moderateContent',
	name: 'Moderate Content',
	action: 'Moderate content',
	description:
		"Check text for unsafe content. Returns whether it's valid, the reasons, and a sanitized version.",
	route: { method: 'POST', path: '/experimental/content_moderation' },
	// Changes nothing in Bento.
	idempotent: true,
	properties: [
		{
			displayName: 'Content',
			name: 'content',
			type: 'string',
			typeOptions: { rows: 4 },
			default: '',
			required: true,
			placeholder: 'e.g. Great product, thank you',
			description: 'Text to check',
		},
	],
	input: z.object({ content: body }),
	request: ({ content }) => ({ json: { content } }),
	response: plain,
});
