import type { INodeProperties } from 'n8n-workflow';
import { z } from 'zod';
import { defineBatch } from '../../shared/operation/define';
import {
	additionalFields,
	confirmProperty,
	emailProperty,
} from '../../shared/operation/properties';
import {
	addresses,
	body,
	collection,
	confirmed,
	emailAddress,
	flag,
	locator,
	scalar,
	text,
} from '../../shared/operation/schemas';
import { authorProperty } from '../lists';
import { BCC, CC, contentProperty, subjectProperty } from '../mail';
import type { Resource } from '../../shared/operation/types';

/** What a transactional email takes (bentonow.com/docs/emails_api). Optional fields take no space in the panel. */
const PROPERTIES: readonly INodeProperties[] = [
	emailProperty('Email address of the recipient', { displayName: 'To', name: 'toEmail' }),
	authorProperty(),
	subjectProperty('e.g. Your receipt'),
	contentProperty({ placeholder: 'e.g. <p>Thank you for order {{ order }}</p>' }),
	confirmProperty(
		'Confirm Sending',
		"Whether to send the emails. The node doesn't run while this is off.",
	),
	additionalFields([
		undocumented(BCC),
		undocumented(CC),
		{
			displayName: 'Email Format',
			name: 'emailFormat',
			type: 'options',
			noDataExpression: true,
			default: 'html',
			options: [
				{ name: 'HTML', value: 'html' },
				{ name: 'Text', value: 'text', description: 'May not be supported by Bento' },
			],
		},
		{
			displayName: 'Personalizations',
			name: 'personalizations',
			type: 'fixedCollection',
			typeOptions: { multipleValues: true },
			placeholder: 'Add Personalization',
			default: {},
			description:
				'Values for Liquid variables. For example, a row named order replaces {{ order }}.',
			builderHint: {
				propertyHint:
					'Rows, not an object: { personalization: [{ name: "order", value: expr("{{ $json.order }}") }] }.',
			},
			options: [
				{
					displayName: 'Personalization',
					name: 'personalization',
					values: [
						{
							displayName: 'Name',
							name: 'name',
							type: 'string',
							default: '',
							placeholder: 'e.g. order',
							description: 'Name of the variable, without braces',
						},
						{
							displayName: 'Value',
							name: 'value',
							type: 'string',
							default: '',
							placeholder: 'e.g. 1042',
							description: 'Text, or a number or boolean from an expression',
						},
					],
				},
			],
		},
		{
			displayName: 'Reply To',
			name: 'replyTo',
			type: 'string',
			default: '',
			placeholder: 'e.g. support@example.com',
			description: 'Address that replies are sent to. May not be supported by Bento.',
		},
		{
			displayName: 'Transactional',
			name: 'transactional',
			type: 'boolean',
			// Only the user may decide to email those who have unsubscribed, not data or an agent.
			noDataExpression: true,
			default: false,
			description:
				'Whether to also send to subscribers who have unsubscribed. Only use for essential emails, such as receipts.',
		},
	]),
];

/** Bento's SDKs send it, but Bento doesn't document it. */
function undocumented(property: INodeProperties): INodeProperties {
	return {
		...property,
		description: `${property.description ?? ''}. May not be supported by Bento.`,
	};
}

/** Rows of names and values, as the object that Bento takes; undefined if there are none. */
const personalizations = z
	.object({
		personalization: z
			.array(z.object({ name: text, value: scalar.default('') }))
			.default([])
			.transform((rows) => Object.fromEntries(rows.map(({ name, value }) => [name, value]))),
	})
	.optional()
	.transform((given) => {
		const values = given?.personalization ?? {};
		return Object.keys(values).length > 0 ? values : undefined;
	});

export const sendEmail = defineBatch({
	value: 'send',
	name: 'Send',
	action: 'Send transactional email',
	description:
		'Send a transactional email, such as a receipt or a password reset, to one recipient per item',
	route: { method: 'POST', path: '/batch/emails' },
	// A repeat would send the email twice.
	idempotent: false,
	noun: { one: 'email', many: 'emails' },
	wrapper: 'emails',
	// 60 by the documentation, 100 by bento-node-sdk: the lower one unless the user chooses.
	most: 100,
	usual: 60,
	perMinute: 60,
	properties: PROPERTIES,
	input: z.object({
		toEmail: emailAddress,
		from: locator,
		subject: text,
		content: body,
		confirm: confirmed,
		additionalFields: collection({
			bcc: addresses,
			cc: addresses,
			emailFormat: z.enum(['html', 'text']).catch('html'),
			personalizations,
			replyTo: addresses,
			transactional: flag,
		}),
	}),
	record: ({ toEmail, from, subject, content, additionalFields: more }) => ({
		to: toEmail,
		from,
		subject,
		[more.emailFormat === 'html' ? 'html_body' : 'text_body']: content,
		transactional: more.transactional,
		personalizations: more.personalizations,
		cc: more.cc,
		bcc: more.bcc,
		reply_to: more.replyTo,
	}),
	about: ({ toEmail, subject }) => ({ to: toEmail, subject }),
});

export const email: Resource = {
	value: 'email',
	name: 'Email',
	description: 'A transactional email to a single recipient',
	operations: [sendEmail],
};
