import type { INodeProperties } from 'n8n-workflow';
import { BCC, CC, contentProperty, subjectProperty } from '../../mail';
import {
	additionalFields,
	confirmProperty,
	emailProperty,
} from '../../../shared/operation/parameters';
import { authorProperty } from './author';

/** What a transactional email takes (bentonow.com/docs/emails_api). */
export const EMAIL_PROPERTIES: readonly INodeProperties[] = [
	confirmProperty('Confirm Sending', 'Whether the emails may really be sent'),
	emailProperty('Who gets the email, one address', { displayName: 'To', name: 'toEmail' }),
	authorProperty(),
	subjectProperty('e.g. Your receipt'),
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
	contentProperty({ placeholder: 'e.g. <p>Thank you for order {{ order }}</p>' }),
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
	additionalFields([
		undocumented(BCC),
		undocumented(CC),
		{
			displayName: 'Reply To',
			name: 'replyTo',
			type: 'string',
			default: '',
			placeholder: 'e.g. support@example.com',
			description: 'Where answers go. Not in the current documentation of Bento.',
		},
	]),
];

/** Bento's SDKs send it, and no page of Bento knows it. */
function undocumented(property: INodeProperties): INodeProperties {
	return {
		...property,
		description: `${property.description ?? ''}. Not in the current documentation of Bento.`,
	};
}
