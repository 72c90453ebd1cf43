import { z } from 'zod';
import { single } from '../../../shared/operation/answers';
import { defineSimplifiedCall } from '../../../shared/operation/define';
import { collection, locator, optionalBody, optionalText } from '../../../shared/operation/schemas';
import { contentProperty } from '../../mail';
import { templateProperty } from './locator';

export const updateTemplate = defineSimplifiedCall({
	value: 'update',
	name: 'Update',
	action: 'Update email template',
	description:
		'Replace the subject or the HTML of an email template. Emails sent from now on have the new content.',
	route: { method: 'PATCH', path: '/fetch/emails/templates/:id' },
	// Writes the same content again.
	whenUnknown: 'resend',
	properties: [
		templateProperty(
			'Which template to change, from those of sequences and workflows or by its ID',
		),
		{
			displayName: 'Update Fields',
			name: 'updateFields',
			type: 'collection',
			placeholder: 'Add Field',
			default: {},
			options: [
				contentProperty({
					displayName: 'HTML',
					name: 'html',
					required: false,
					description:
						'New content, which goes to Bento exactly as written. Keep {{ visitor.unsubscribe_url }} in it.',
				}),
				{
					displayName: 'Subject',
					name: 'subject',
					type: 'string',
					default: '',
					placeholder: 'e.g. Your first week',
					description: 'New subject, which may hold Liquid',
				},
			],
		},
	],
	notFound: { message: 'Bento has no email template with this ID', otherwise: 'fail' },
	input: z.object({
		template: locator,
		updateFields: collection({ html: optionalBody, subject: optionalText }).refine(
			({ html, subject }) => html !== undefined || subject !== undefined,
			'is empty: give a subject, HTML or both',
		),
	}),
	request: ({ template, updateFields }) => ({
		ids: { id: template },
		json: { email_template: updateFields },
	}),
	answer: (body, _input, simplify) => single(body, simplify),
});
