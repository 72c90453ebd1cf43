import type { INodeProperties } from 'n8n-workflow';
import { BCC, CC, contentProperty, subjectProperty } from '../../mail';
import { additionalFields } from '../../../shared/operation/parameters';

/** What an email of a sequence consists of (bentonow.com/docs/sequences_api). */
export const CONTENT_FIELDS: readonly INodeProperties[] = [
	subjectProperty('e.g. Your first week'),
	contentProperty({ displayName: 'HTML', name: 'html' }),
	additionalFields([
		BCC,
		CC,
		{
			displayName: 'Delay',
			name: 'delayCount',
			type: 'number',
			typeOptions: { minValue: 0 },
			default: 1,
			description: "How long after the email before, in the unit of 'Delay Unit'",
		},
		{
			displayName: 'Delay Unit',
			name: 'delayInterval',
			type: 'options',
			default: 'days',
			options: [
				{ name: 'Days', value: 'days' },
				{ name: 'Hours', value: 'hours' },
				{ name: 'Minutes', value: 'minutes' },
				{ name: 'Months', value: 'months' },
			],
		},
		{
			displayName: 'Editor',
			name: 'editor',
			type: 'options',
			default: 'html',
			options: [
				{ name: 'HTML', value: 'html' },
				{ name: 'Plain', value: 'plain' },
			],
			description: "Which of Bento's editors opens the email",
		},
		{
			displayName: 'Inbox Snippet',
			name: 'inboxSnippet',
			type: 'string',
			default: '',
			placeholder: 'e.g. Three things to try first',
			description: 'Preview text beside the subject in the inbox',
		},
		{
			displayName: 'To',
			name: 'to',
			type: 'string',
			default: '',
			placeholder: 'e.g. {{ visitor.email }}',
			description: 'Who gets it, if not the person in the sequence',
		},
	]),
];
