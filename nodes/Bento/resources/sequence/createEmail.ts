import type { INodeProperties } from 'n8n-workflow';
import { z } from 'zod';
import { created } from '../../../shared/operation/responses';
import { defineSimplifiedCall } from '../../../shared/operation/define';
import { additionalFields } from '../../../shared/operation/properties';
import {
	body,
	collection,
	locatedId,
	names,
	oneOf,
	optionalCount,
	optionalText,
	text,
} from '../../../shared/operation/schemas';
import { sequenceProperty } from '../../lists';
import { BCC, CC, contentProperty, subjectProperty } from '../../mail';

const DELAY_UNITS = ['days', 'hours', 'minutes', 'months'] as const;

/** A count and its unit are one parameter: one means nothing without the other. */
const DELAY: INodeProperties = {
	displayName: 'Delay',
	name: 'delay',
	type: 'fixedCollection',
	placeholder: 'Add Delay',
	default: {},
	description: 'Time to wait after the previous email',
	options: [
		{
			displayName: 'Delay',
			name: 'time',
			values: [
				{
					displayName: 'Amount',
					name: 'count',
					type: 'number',
					typeOptions: { minValue: 0 },
					default: 1,
					description: 'Number of units to wait',
				},
				{
					displayName: 'Unit',
					name: 'unit',
					type: 'options',
					default: 'days',
					options: [
						{ name: 'Days', value: 'days' },
						{ name: 'Hours', value: 'hours' },
						{ name: 'Minutes', value: 'minutes' },
						{ name: 'Months', value: 'months' },
					],
				},
			],
		},
	],
};

/** What an email of a sequence consists of (bentonow.com/docs/sequences_api). */
const PROPERTIES: readonly INodeProperties[] = [
	sequenceProperty('Sequence to add the email to'),
	subjectProperty('e.g. Your first week'),
	contentProperty({ displayName: 'HTML', name: 'html' }),
	additionalFields([
		BCC,
		CC,
		DELAY,
		{
			displayName: 'Editor',
			name: 'editor',
			type: 'string',
			default: '',
			placeholder: 'e.g. html',
			// "plain" and "html" in SDK tests, "classic" in Bento's n8n package; a free string in bento-node-sdk.
			description: 'Editor that Bento opens the email in: html, plain, or classic',
		},
		{
			displayName: 'Inbox Snippet',
			name: 'inboxSnippet',
			type: 'string',
			default: '',
			placeholder: 'e.g. Three things to try first',
			description: 'Preview text shown after the subject in the inbox',
		},
		{
			displayName: 'To',
			name: 'to',
			type: 'string',
			default: '',
			placeholder: 'e.g. {{ visitor.email }}',
			description: 'Recipient, if different from the subscriber in the sequence. Supports Liquid.',
		},
	]),
];

const delay = z
	.object({
		time: z
			.object({ count: optionalCount, unit: oneOf(...DELAY_UNITS).default('days') })
			.optional(),
	})
	.optional()
	.transform((given) => (given?.time?.count === undefined ? undefined : given.time));

export const createSequenceEmail = defineSimplifiedCall({
	value: 'createEmail',
	name: 'Create Email',
	action: 'Create email in sequence',
	description:
		'Add an email to the end of a sequence, which Bento sends to everyone who reaches it',
	route: { method: 'POST', path: '/fetch/sequences/:id/emails/templates' },
	// Every call appends another email.
	idempotent: false,
	dryRun: true,
	properties: PROPERTIES,
	notFound: { message: 'Bento has no sequence with this ID', otherwise: 'fail' },
	input: z.object({
		sequence: locatedId,
		subject: text,
		html: body,
		additionalFields: collection({
			bcc: names,
			cc: names,
			delay,
			editor: optionalText,
			inboxSnippet: optionalText,
			to: optionalText,
		}),
	}),
	request: ({ sequence, subject, html, additionalFields: more }) => ({
		ids: { id: sequence },
		json: {
			email_template: {
				subject,
				html,
				delay_interval: more.delay?.unit,
				delay_interval_count: more.delay?.count,
				inbox_snippet: more.inboxSnippet,
				editor_choice: more.editor,
				cc: more.cc,
				bcc: more.bcc,
				to: more.to,
			},
		},
	}),
	response: (answered, { subject }, simplify) => created(answered, simplify, { subject }),
});
