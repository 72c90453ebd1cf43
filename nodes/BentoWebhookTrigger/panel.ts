import type { INodeProperties, TriggerPanelDefinition } from 'n8n-workflow';
import { schemeOptions, schemeParameters, stepsNotices } from './schemes';

/** What the user sees. */

/** While the editor listens, and while it doesn't; `data-key` are the links that n8n's editor makes work. */
export const triggerPanel: TriggerPanelDefinition = {
	header: 'Listen for a webhook from Bento',
	executionsHelp: {
		inactive:
			"Webhooks have two modes: test and production. <br /><br /> <b>Use test mode while you build your workflow</b>. Click 'Execute step', then send a webhook to the Test URL: Bento's 'Send webhook' action does that when a test subscriber reaches the step. The executions will show up in the editor. <br /><br /> <b>Use production mode to run your workflow automatically</b>. <a data-key=\"activate\">Activate</a> the workflow, then set the Production URL in Bento. These executions will show up in the <a data-key=\"executions\">executions list</a>, but not in the editor.",
		active:
			'Webhooks have two modes: test and production. <br /><br /> <b>Use test mode while you build your workflow</b>. Click \'Execute step\', then send a webhook to the Test URL. The executions will show up in the editor. <br /><br /> <b>Use production mode to run your workflow automatically</b>. Since the workflow is active, webhooks to the Production URL start it. These executions will show up in the <a data-key="executions">executions list</a>, but not in the editor.',
	},
	activationHint:
		"Once you've finished building your workflow, run it without clicking this button by using the production webhook URL.",
};

/**
 * Every variable is one that bentonow.com/docs/webhooks or wpfusion.com (Bento webhooks) names. The filter `json`
 * writes the quotes and escapes what is inside; `default` gives a text if Bento has no value.
 */
const PAYLOAD_TEMPLATE = `{
  "event": "bento.workflow.step_reached",
  "workflow": {{ workflow.name | default: "" | json }},
  "id": {{ visitor.uuid | default: "" | json }},
  "email": {{ visitor.email | default: "" | json }},
  "external_id": "",
  "details": {},
  "person": {
    "first_name": {{ visitor.first_name | default: "" | json }},
    "tags": {{ visitor.tags | default: "" | json }}
  },
  "source_event": {
    "type": {{ event.type | default: "" | json }},
    "details": {{ event.details | default: "" | json }}
  }
}`;

const authenticationFields: INodeProperties[] = [
	{
		displayName: 'Authentication',
		name: 'authentication',
		type: 'options',
		noDataExpression: true,
		options: schemeOptions,
		default: 'header',
		description: 'How requests are authenticated',
	},
	// Puts the credentials here; n8n would show them far below, where Load Subscriber is.
	{ displayName: 'Credentials', name: 'credentials', type: 'credentials', default: '' },
	{
		displayName:
			"Anyone who knows this URL can trigger the workflow with any data. Only use this for testing or if the sender can't authenticate.",
		name: 'noAuthenticationNotice',
		type: 'notice',
		displayOptions: { show: { authentication: ['none'] } },
		default: '',
	},
	...schemeParameters,
];

/** What a shell sends in Bento's place, to try the node. */
const CURL = `curl -X POST "TEST-URL" -H "X-Bento-Secret: YOUR-SECRET" -H "Content-Type: application/json" -d '{"event":"bento.workflow.step_reached","workflow":"Test","id":"","email":"mika@example.net","external_id":"","details":{},"person":{"first_name":"Mika","tags":""}}'`;

const requestFields: INodeProperties[] = [
	{
		displayName: 'HTTP Method',
		name: 'httpMethod',
		type: 'options',
		noDataExpression: true,
		options: [
			{ name: 'DELETE', value: 'DELETE' },
			{ name: 'GET', value: 'GET' },
			{ name: 'HEAD', value: 'HEAD' },
			{ name: 'PATCH', value: 'PATCH' },
			{ name: 'POST', value: 'POST' },
			{ name: 'PUT', value: 'PUT' },
		],
		default: 'POST',
		description: 'The HTTP method to listen to. Bento uses POST.',
	},
	{
		displayName: 'Path',
		name: 'path',
		type: 'string',
		default: '',
		placeholder: 'e.g. bento-lead-won',
		description: 'The path to listen to. Leave empty to use a random, hard-to-guess path.',
	},
	{
		displayName: 'Payload for Bento',
		name: 'payloadTemplate',
		type: 'string',
		typeOptions: { editor: 'jsEditor', editorIsReadOnly: true, rows: 15 },
		noDataExpression: true,
		default: PAYLOAD_TEMPLATE,
		description:
			"Read-only: copy this into the body of Bento's 'Send webhook' action. Fill in external_id and details if you have them. Remove source_event if no event starts the Bento workflow.",
	},
	{
		displayName: 'Try It with Curl',
		name: 'curlTemplate',
		type: 'string',
		typeOptions: { editor: 'jsEditor', editorIsReadOnly: true, rows: 4 },
		noDataExpression: true,
		displayOptions: { show: { authentication: ['header'] } },
		default: CURL,
		description:
			"Read-only: copy this into a terminal, fill in the Test URL and your secret, click 'Execute step', and run it",
	},
];

/** The response to the sender. The names are those that the webhook description reads. */
const responseFields: INodeProperties[] = [
	{
		displayName: 'Respond',
		name: 'responseMode',
		type: 'options',
		noDataExpression: true,
		options: [
			{ name: 'Immediately', value: 'onReceived', description: 'As soon as this node executes' },
			{
				name: "Using 'Respond to Webhook' Node",
				value: 'responseNode',
				description: 'Response defined in that node',
			},
			{
				name: 'When Last Node Finishes',
				value: 'lastNode',
				description: 'Returns data of the last-executed node',
			},
		],
		default: 'onReceived',
		description: 'When and how to respond to the webhook',
	},
	{
		// n8n's node looks for a trigger of n8n's own before it, or a Wait node: measured on 1.123 and 2.41.
		displayName:
			"Add a Wait node (0 seconds) between this trigger and 'Respond to Webhook'. Otherwise n8n doesn't recognize the trigger.",
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
		description: 'HTTP response code. Senders usually retry on anything outside 200–299.',
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
		description: 'JSON or text to return',
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
				description: 'Returns all items of the last node, as an array',
			},
			{
				name: 'First Entry JSON',
				value: 'firstEntryJson',
				description: 'Returns the first item of the last node, as an object',
			},
			{ name: 'No Response Body', value: 'noData', description: 'Returns only the response code' },
		],
		default: 'firstEntryJson',
		description: 'What data should be returned',
	},
];

/**
 * The optional settings. The collection is called `settings`, as n8n looks into a parameter called `options`
 * itself: see `hostOptions`.
 */
const settings: INodeProperties = {
	displayName: 'Options',
	name: 'settings',
	type: 'collection',
	placeholder: 'Add option',
	default: {},
	options: [
		{
			displayName: 'Accept Invalid JSON',
			name: 'acceptBrokenJson',
			type: 'boolean',
			default: true,
			description:
				"Whether to start the workflow even if the body isn't valid JSON. The text is in rawBody, the problem in parseError. If off, the trigger responds with 400, and Bento may stop the subscriber's workflow.",
		},
		{
			displayName: 'Delivery ID Header',
			name: 'deliveryHeader',
			type: 'string',
			default: '',
			placeholder: 'e.g. X-Delivery-ID',
			description:
				'Header with an ID that is unique for each delivery and stays the same on retries. Leave empty to use common ones, e.g. Idempotency-Key.',
		},
		{
			displayName: 'Duplicate Window with ID (Minutes)',
			name: 'idWindow',
			type: 'number',
			typeOptions: { minValue: 1, maxValue: 43_200 },
			default: 1440,
			description:
				'How long a request with an external_id in its body or with a delivery ID counts as a duplicate',
		},
		{
			displayName: 'Duplicate Window Without ID (Minutes)',
			name: 'bodyWindow',
			type: 'number',
			typeOptions: { minValue: 0, maxValue: 1440 },
			default: 10,
			description:
				'How long an identical request without an ID counts as a duplicate. Keep it short, as the same event can happen again. 0 accepts every repeat.',
		},
		{
			displayName: 'Events',
			name: 'events',
			type: 'string',
			default: '',
			placeholder: 'e.g. opportunity.won, bento.*',
			description:
				'Comma-separated list of events that start the workflow. Use * as a wildcard. Other events get a 200 response. Leave empty for all.',
		},
		{
			displayName: 'If Loading Fails',
			name: 'whenNotLoaded',
			type: 'options',
			displayOptions: { show: { '/loadPerson': [true] } },
			options: [
				{
					name: 'Respond with 503',
					value: 'refuse',
					description: "Doesn't start the workflow. The sender can retry.",
				},
				{
					name: 'Start Without Subscriber',
					value: 'start',
					description: 'Starts the workflow. The reason is in profile.problem.',
				},
			],
			default: 'start',
			description: "What to do if Bento can't be reached",
		},
		{
			displayName: 'Ignore Duplicates',
			name: 'ignoreDuplicates',
			type: 'boolean',
			default: true,
			description:
				'Whether to respond with 200 to repeated requests without starting the workflow again',
		},
		{
			displayName: 'IP(s) Allowlist',
			name: 'allowedAddresses',
			type: 'string',
			default: '',
			placeholder: 'e.g. 203.0.113.7, 10.0.0.0/8, 2001:db8::/32',
			description:
				'Comma-separated list of allowed IP addresses and ranges. Leave empty to allow all. Behind a proxy, set N8N_PROXY_HOPS.',
		},
		{
			displayName: 'Max Body Size (KB)',
			name: 'maxKilobytes',
			type: 'number',
			typeOptions: { minValue: 1, maxValue: 16_384 },
			default: 1024,
			description: 'Maximum size of the body. Larger requests get a 413 response.',
		},
		{
			displayName: 'Only Run If',
			name: 'onlyRunIf',
			type: 'fixedCollection',
			typeOptions: { multipleValues: true },
			default: {},
			placeholder: 'Add Condition',
			description:
				'What a webhook has to contain to start the workflow, all of it. Other webhooks get a 200 response.',
			options: [
				{
					displayName: 'Condition',
					name: 'condition',
					values: [
						{
							displayName: 'Field',
							name: 'field',
							type: 'string',
							noDataExpression: true,
							default: '',
							placeholder: 'e.g. details.plan',
							description: 'Field of the output. A dot reaches into objects and lists.',
						},
						{
							displayName: 'Condition',
							name: 'condition',
							type: 'options',
							noDataExpression: true,
							default: 'equals',
							options: [
								{ name: 'Contains', value: 'contains' },
								{ name: 'Exists', value: 'exists' },
								{ name: 'Is', value: 'equals' },
								{ name: 'Is Not', value: 'notEquals' },
							],
						},
						{
							displayName: 'Value',
							name: 'value',
							type: 'string',
							noDataExpression: true,
							default: '',
							placeholder: 'e.g. team',
							displayOptions: { hide: { condition: ['exists'] } },
						},
					],
				},
			],
		},
		{
			displayName: 'Raw Body',
			name: 'rawBody',
			type: 'options',
			options: [
				{ name: 'Always', value: 'always', description: 'Doubles the size of large items' },
				{
					name: 'If Small',
					value: 'auto',
					description: "Up to 64 KB, and whenever the body isn't valid JSON",
				},
				{ name: 'Never', value: 'never' },
			],
			default: 'auto',
			description: 'When rawBody contains the text of the body. It is null otherwise.',
		},
		{
			displayName: 'Recognize Repeats By',
			name: 'recognizeRepeatsBy',
			type: 'options',
			options: [
				{
					name: 'External ID',
					value: 'externalId',
					description:
						"The external_id in the body alone. Use the ID of an event, e.g. order-1042-paid, not of a subscriber: later webhooks with the same ID don't start the workflow.",
				},
				{
					name: 'Whole Request',
					value: 'request',
					description:
						'Method, path, query, topic headers, and body. An external_id only makes the window longer.',
				},
			],
			default: 'request',
			description: 'What makes two requests the same. A delivery ID header always counts.',
		},
	],
};

/**
 * n8n itself looks at `options.binaryData` of a node of version 1 and leaves the body alone if it is true
 * (`parseRequestBody` in its webhook-helpers, on both lines). Without it, n8n responds to broken JSON with 422 and a
 * stack trace before this node sees the request.
 */
const hostOptions: INodeProperties = {
	displayName: 'Host Options',
	name: 'options',
	type: 'hidden',
	default: { binaryData: true },
};

export const properties: INodeProperties[] = [
	...stepsNotices,
	...authenticationFields,
	...requestFields,
	...responseFields,
	{
		displayName: 'Load Subscriber',
		name: 'loadPerson',
		type: 'boolean',
		noDataExpression: true,
		default: false,
		description:
			"Whether to add the subscriber's fields, tags, and subscription status from Bento. Looked up by email or UUID.",
	},
	settings,
	hostOptions,
];
