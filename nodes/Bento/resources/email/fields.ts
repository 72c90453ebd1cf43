import type { INodeProperties } from 'n8n-workflow';
import { confirmProperty, emailProperty } from '../../panel/shared';
import { authorProperty } from './author';

/** What a transactional email takes (bentonow.com/docs/emails_api). */
export const EMAIL_PROPERTIES: readonly INodeProperties[] = [
	confirmProperty('Confirm Sending', 'Whether the emails may really be sent'),
	emailProperty('Who gets the email, one address', { displayName: 'To', name: 'toEmail' }),
	authorProperty(),
	{
		displayName: 'Subject',
		name: 'subject',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. Your receipt',
		description: 'May hold Liquid, such as {{ visitor.first_name }}',
	},
	{
		displayName: 'Email Format',
		name: 'emailFormat',
		type: 'options',
		noDataExpression: true,
		default: 'html',
		options: [
			{ name: 'HTML', value: 'html' },
			{ name: 'Text', value: 'text', description: 'Not in the current documentation of Bento' },
		],
	},
	{
		displayName: 'Content',
		name: 'content',
		type: 'string',
		typeOptions: { rows: 6 },
		default: '',
		required: true,
		placeholder: 'e.g. <p>Thank you for order {{ order }}</p>',
		description:
			'Content of the email, which may hold Liquid. It is sent to Bento exactly as written.',
	},
	{
		displayName: 'Transactional',
		name: 'transactional',
		type: 'boolean',
		default: false,
		description:
			'Whether to send even to people who have unsubscribed. Turn it on only for what they need, such as receipts.',
	},
	{
		displayName: 'Personalizations',
		name: 'personalizations',
		type: 'assignmentCollection',
		default: {},
		description:
			'Values for the Liquid in subject and content: a row named order fills {{ order }}. Text, numbers and true or false only.',
	},
	{
		displayName: 'Additional Fields',
		name: 'additionalFields',
		type: 'collection',
		placeholder: 'Add Field',
		default: {},
		options: [
			{
				displayName: 'BCC',
				name: 'bcc',
				type: 'string',
				default: '',
				placeholder: 'e.g. archive@example.com',
				description:
					'Comma-separated addresses that get a blind copy. Not in the current documentation of Bento.',
			},
			{
				displayName: 'CC',
				name: 'cc',
				type: 'string',
				default: '',
				placeholder: 'e.g. sales@example.com',
				description:
					'Comma-separated addresses that get a copy. Not in the current documentation of Bento.',
			},
			{
				displayName: 'Reply To',
				name: 'replyTo',
				type: 'string',
				default: '',
				placeholder: 'e.g. support@example.com',
				description: 'Where answers go. Not in the current documentation of Bento.',
			},
		],
	},
];
