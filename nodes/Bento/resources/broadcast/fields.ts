import type { INodeProperties } from 'n8n-workflow';
import { z } from 'zod';
import {
	body,
	collection,
	locator,
	names,
	optionalCount,
	optionalLocator,
	optionalText,
	text,
} from '../../../shared/operation/schemas';
import { contentProperty, subjectProperty } from '../../mail';
import { additionalFields } from '../../../shared/operation/parameters';
import { authorProperty } from '../email/author';
import { segmentProperty } from '../segment/locator';

/** What a broadcast takes (bentonow.com/docs/broadcasts). */
export const BROADCAST_PROPERTIES: readonly INodeProperties[] = [
	{
		displayName: 'Name',
		name: 'broadcastName',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. Spring news',
		description: 'What the broadcast is called in Bento; recipients never see it',
	},
	subjectProperty('e.g. What is new this spring'),
	authorProperty(),
	{
		displayName: 'Content Type',
		name: 'contentType',
		type: 'options',
		noDataExpression: true,
		default: 'plain',
		options: [
			{ name: 'Plain', value: 'plain', description: "Set in the site's own email layout" },
			{ name: 'Raw', value: 'raw', description: 'Whole HTML of your own' },
		],
	},
	contentProperty(),
	segmentProperty('Only people in this segment get it. If empty, tags decide alone.', false),
	additionalFields([
		{
			displayName: 'Batch Size per Hour',
			name: 'perHour',
			type: 'number',
			typeOptions: { minValue: 0 },
			default: 1000,
			description: 'How many people get the broadcast within an hour',
		},
		{
			displayName: 'Exclude Tags',
			name: 'excludeTags',
			type: 'string',
			default: '',
			placeholder: 'e.g. trial',
			description: 'Comma-separated tags; who has one of them gets nothing',
		},
		{
			displayName: 'From Name',
			name: 'fromName',
			type: 'string',
			default: '',
			placeholder: 'e.g. Nathan at Example',
			description: "Name beside the sender's address",
		},
		{
			displayName: 'Include Tags',
			name: 'includeTags',
			type: 'string',
			default: '',
			placeholder: 'e.g. customer, vip',
			description: 'Comma-separated tags; only who has one of them gets it',
		},
	]),
];

export const broadcastInput = z.object({
	broadcastName: text,
	subject: text,
	from: locator,
	contentType: z.enum(['plain', 'raw']).catch('plain'),
	content: body,
	segment: optionalLocator,
	additionalFields: collection({
		excludeTags: names,
		fromName: optionalText,
		includeTags: names,
		perHour: optionalCount,
	}),
});

/** A broadcast as Bento takes it. Keys without a value vanish when it is written as JSON. */
export function toBroadcast({ additionalFields: more, ...input }: z.output<typeof broadcastInput>) {
	return {
		name: input.broadcastName,
		subject: input.subject,
		content: input.content,
		type: input.contentType,
		from: { email: input.from, name: more.fromName },
		inclusive_tags: more.includeTags,
		exclusive_tags: more.excludeTags,
		segment_id: input.segment,
		batch_size_per_hour: more.perHour,
	};
}
