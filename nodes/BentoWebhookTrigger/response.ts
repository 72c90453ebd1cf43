import type { INodeProperties } from 'n8n-workflow';

/** What the sender gets as an answer. The names are those that the webhook description reads: see webhooks.ts. */
export const responseParameters: INodeProperties[] = [
	{
		displayName: 'Respond',
		name: 'responseMode',
		type: 'options',
		noDataExpression: true,
		options: [
			{
				name: 'Immediately',
				value: 'onReceived',
				description: 'As soon as the request is accepted. Senders that try again need it quick.',
			},
			{
				name: "Using 'Respond to Webhook' Node",
				value: 'responseNode',
				description: 'What that node of this workflow says',
			},
			{
				name: 'When Last Node Finishes',
				value: 'lastNode',
				description: "With the last node's data",
			},
		],
		default: 'onReceived',
		description: 'When and how to answer a request that starts the workflow',
	},
	{
		// n8n's node looks for a trigger of n8n's own before it, or a Wait node: measured on 1.123 and 2.41.
		displayName:
			"Put a Wait node with an amount of 0 between this trigger and the Respond to Webhook node. Without it, n8n's node doesn't see that a webhook started the workflow.",
		name: 'responseNodeNotice',
		type: 'notice',
		displayOptions: { show: { responseMode: ['responseNode'] } },
		default: '',
	},
	{
		displayName: 'Response Code',
		name: 'responseCode',
		type: 'number',
		typeOptions: { minValue: 200, maxValue: 299 },
		displayOptions: { show: { responseMode: ['onReceived', 'lastNode'] } },
		default: 200,
		description: 'Senders take anything but 200 to 299 for a failure and try again',
	},
	{
		displayName: 'Response Code',
		name: 'responseCode',
		type: 'hidden',
		displayOptions: { show: { responseMode: ['responseNode'] } },
		default: 200,
	},
	{
		displayName: 'Response Body',
		name: 'responseData',
		type: 'string',
		displayOptions: { show: { responseMode: ['onReceived'] } },
		default: '{"received":true}',
		description: 'JSON or text to answer with',
	},
	{
		displayName: 'Response Data',
		name: 'responseData',
		type: 'options',
		displayOptions: { show: { responseMode: ['lastNode'] } },
		options: [
			{
				name: 'All Entries',
				value: 'allEntries',
				description: 'All items of the last node, as an array',
			},
			{
				name: 'First Entry JSON',
				value: 'firstEntryJson',
				description: 'The first item of the last node, as an object',
			},
			{ name: 'No Response Body', value: 'noData', description: 'Only the response code' },
		],
		default: 'firstEntryJson',
		description: "Which of the last node's items to answer with",
	},
];
