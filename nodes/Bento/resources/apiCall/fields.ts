import type { INodeProperties } from 'n8n-workflow';

const WITH_BODY = ['DELETE', 'PATCH', 'POST', 'PUT'];

export const CALL_PROPERTIES: readonly INodeProperties[] = [
	{
		displayName: 'Method',
		name: 'method',
		type: 'options',
		default: 'GET',
		options: [
			{ name: 'DELETE', value: 'DELETE' },
			{ name: 'GET', value: 'GET' },
			{ name: 'PATCH', value: 'PATCH' },
			{ name: 'POST', value: 'POST' },
			{ name: 'PUT', value: 'PUT' },
		],
		description: 'HTTP method of the call',
	},
	{
		displayName: 'Path',
		name: 'path',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. /fetch/tags',
		description: "What comes after /api/v1 in Bento's documentation, with a slash at the front",
	},
	{
		displayName: 'Query Parameters',
		name: 'query',
		type: 'json',
		default: '',
		placeholder: 'e.g. {"page": 2}',
		description: 'A flat JSON object. The site is added to it.',
	},
	{
		displayName: 'Body',
		name: 'body',
		type: 'json',
		default: '',
		placeholder: 'e.g. {"tag": {"name": "customer"}}',
		displayOptions: { show: { method: WITH_BODY } },
		description: "A JSON object, with the wrapping key that Bento's documentation shows",
	},
	{
		displayName: 'Repeat Is Safe',
		name: 'repeatIsSafe',
		type: 'boolean',
		default: false,
		displayOptions: { show: { method: WITH_BODY } },
		description:
			"Whether the call may go out again when Bento's answer gets lost, because doing it twice changes nothing",
	},
];
