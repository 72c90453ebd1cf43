import { z } from 'zod';
import { single } from '../../../shared/operation/responses';
import { defineSimplifiedCall } from '../../../shared/operation/define';
import {
	collection,
	locatedId,
	optionalBody,
	optionalText,
} from '../../../shared/operation/schemas';
import { templateProperty } from '../../lists';
import { contentProperty } from '../../mail';

export const updateTemplate = defineSimplifiedCall({
	value: 'update',
	name: 'Update',
	action: 'Update email template',
	description:
		'Update the subject or HTML of an email template. Applies to every email sent from now on.',
	route: { method: 'PATCH', path: '/fetch/emails/templates/:id' },
	// Writes the same content again.
	idempotent: true,
	dryRun: true,
	properties: [
		templateProperty('Email template to update'),
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
						'New HTML of the email, sent to Bento unchanged. Keep {{ visitor.unsubscribe_url }} in it.',
				}),
				{
					displayName: 'Subject',
					name: 'subject',
					type: 'string',
					default: '',
					placeholder: 'e.g. Your first week',
					description: 'New subject. Supports Liquid.',
				},
			],
		},
	],
	notFound: { message: 'Bento has no email template with this ID', otherwise: 'fail' },
	input: z.object({
		template: locatedId,
		updateFields: collection({ html: optionalBody, subject: optionalText }).refine(
			({ html, subject }) => html !== undefined || subject !== undefined,
			'is empty: add a subject, HTML, or both',
		),
	}),
	request: ({ template, updateFields }) => ({
		ids: { id: template },
		json: { email_template: updateFields },
	}),
	response: (body, _input, simplify) => single(body, simplify),
});
