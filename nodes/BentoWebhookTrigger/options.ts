import type { INodeProperties } from 'n8n-workflow';

/**
 * The optional settings. The collection is called `settings`, as n8n looks into a parameter called `options`
 * itself: see `hostOptions` in parameters.ts.
 */
export const settings: INodeProperties = {
	displayName: 'Options',
	name: 'settings',
	type: 'collection',
	placeholder: 'Add option',
	default: {},
	options: [
		{
			displayName: 'Accept Broken JSON',
			name: 'acceptBrokenJson',
			type: 'boolean',
			default: true,
			description:
				"Whether a body with broken JSON, for example after a quote in a person's name, starts the workflow with its text under rawBody and the place under parseError. Otherwise it is answered with 400, and Bento stops the person's workflow after a few of those.",
		},
		{
			displayName: 'Allowed Addresses',
			name: 'allowedAddresses',
			type: 'string',
			default: '',
			placeholder: 'e.g. 203.0.113.7, 10.0.0.0/8, 2001:db8::/32',
			description:
				'IP addresses and networks that may send, separated by commas. Behind a proxy, set N8N_PROXY_HOPS so that n8n sees the sender. Empty allows all.',
		},
		{
			displayName: 'Delivery ID Header',
			name: 'deliveryHeader',
			type: 'string',
			default: '',
			placeholder: 'e.g. X-Delivery-ID',
			description:
				'The header with an ID that stays the same when the sender tries again. Empty looks for the usual names, such as Idempotency-Key.',
		},
		{
			displayName: 'Ignore Duplicates',
			name: 'ignoreDuplicates',
			type: 'boolean',
			default: true,
			description:
				'Whether a request that was received already is answered with 200 without starting the workflow again',
		},
		{
			displayName: 'Max Body Size (KB)',
			name: 'maxKilobytes',
			type: 'number',
			typeOptions: { minValue: 1, maxValue: 16_384 },
			default: 1024,
			description: 'Larger requests are answered with 413',
		},
		{
			displayName: 'Max Nesting',
			name: 'maxDepth',
			type: 'number',
			typeOptions: { minValue: 1, maxValue: 100 },
			default: 32,
			description: 'How many levels of objects and arrays a JSON body may have',
		},
		{
			displayName: 'Max Remembered Requests',
			name: 'maxKeys',
			type: 'number',
			typeOptions: { minValue: 1, maxValue: 100_000 },
			default: 10_000,
			description: 'How many requests to remember for recognizing duplicates',
		},
		{
			displayName: 'Only These Events',
			name: 'events',
			type: 'string',
			default: '',
			placeholder: 'e.g. opportunity.won, bento.*',
			description:
				'Names of events that start the workflow, separated by commas; * stands for any characters. Others are answered with 200. Empty means all.',
		},
		{
			displayName: 'Remember Bodies For (Minutes)',
			name: 'bodyWindow',
			type: 'number',
			typeOptions: { minValue: 0, maxValue: 1440 },
			default: 10,
			description:
				'How long the same request without any ID counts as a duplicate. Keep it short: the same thing may happen to a person again.',
		},
		{
			displayName: 'Remember IDs For (Minutes)',
			name: 'idWindow',
			type: 'number',
			typeOptions: { minValue: 1, maxValue: 43_200 },
			default: 1440,
			description:
				'How long a request with the same external ID or delivery ID counts as a duplicate',
		},
		{
			displayName: 'When the Person Cannot Be Loaded',
			name: 'whenNotLoaded',
			type: 'options',
			displayOptions: { show: { '/loadPerson': [true] } },
			options: [
				{
					name: 'Answer 503',
					value: 'refuse',
					description: 'The sender tries again, and the workflow does not start',
				},
				{
					name: 'Start Without the Person',
					value: 'start',
					description: 'The workflow starts, and profile says what went wrong',
				},
			],
			default: 'start',
			description: "What to do when Bento can't answer",
		},
	],
};
