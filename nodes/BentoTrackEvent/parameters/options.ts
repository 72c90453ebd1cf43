import type { INodeProperties } from 'n8n-workflow';
import {
	INCLUDE_RESPONSE,
	optionsProperty,
	PACE_OPTIONS,
	WAITING_OPTIONS,
} from '../../shared/batchRun/options';

const ownOptions: INodeProperties[] = [
	{
		displayName: 'Batch Size',
		name: 'batchSize',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 1000 },
		default: 1000,
		description: 'How many events go out in one request, at most 1000',
	},
	{
		displayName: 'Deliver Through',
		name: 'deliverThrough',
		type: 'options',
		default: 'eventsApi',
		options: [
			{
				name: 'Events API',
				value: 'eventsApi',
				description: 'Authenticated, and Bento says how many events it accepted',
			},
			{
				name: 'Tracking Webhook',
				value: 'trackingWebhook',
				description:
					'Not authenticated: anyone who knows the Site UUID can post there, and Bento does not say how many events it accepted',
			},
		],
		description: "Which of Bento's two doors the events go through",
	},
	{
		displayName: 'Delivery Guarantee',
		name: 'deliveryGuarantee',
		type: 'options',
		default: 'atLeastOnce',
		options: [
			{
				name: 'At Least Once',
				value: 'atLeastOnce',
				description: 'Sent again when an answer got lost. An event may arrive twice.',
			},
			{
				name: 'At Most Once',
				value: 'atMostOnce',
				description:
					'Never sent again once Bento may have it. An event may get lost, and you are told.',
			},
		],
		description: 'What to do when it is not known whether Bento has received a batch',
	},
	{
		displayName: 'Dry Run',
		name: 'dryRun',
		type: 'boolean',
		default: false,
		description:
			'Whether to check the events and show exactly what would be sent, without sending it',
	},
	{
		displayName: 'Normalize Field Keys',
		name: 'normalizeFieldKeys',
		type: 'boolean',
		default: false,
		description:
			'Whether to write the keys of profile fields in lower case with underscores, as Bento advises. firstName becomes first_name.',
	},
	{
		displayName: 'Source',
		name: 'source',
		type: 'string',
		default: 'generic',
		placeholder: 'e.g. billing',
		displayOptions: { show: { deliverThrough: ['trackingWebhook'] } },
		description:
			"Last part but one of the tracking webhook's address, by which Bento tells sources apart",
	},
];

export const options = optionsProperty([
	...ownOptions,
	...PACE_OPTIONS,
	INCLUDE_RESPONSE,
	...WAITING_OPTIONS,
]);
