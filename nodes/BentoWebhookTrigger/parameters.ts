import type { INodeProperties } from 'n8n-workflow';
import { settings } from './options';
import { responseParameters } from './response';

/** Every variable is one that bentonow.com/docs/webhooks or wpfusion.com (Bento webhooks) names. */
const PAYLOAD_TEMPLATE = `{
  "event": "bento.workflow.step_reached",
  "workflow": "{{ workflow.name }}",
  "id": "{{ visitor.uuid }}",
  "email": "{{ visitor.email }}",
  "person": {
    "first_name": "{{ visitor.first_name }}",
    "tags": "{{ visitor.tags }}"
  },
  "source_event": {
    "type": "{{ event.type }}",
    "details": {{ event.details | json }}
  }
}`;

/** Bento offers no way to register a webhook, so the builder pastes. Of HTML, n8n's notices keep only lists. */
const STEPS = [
	'Make a secret and save it in the credential below.',
	"In Bento, open a workflow and add the action 'Send webhook'.",
	'Paste the Production URL of this node as its URL, and choose POST.',
	'Add a header with the name below and the secret as its value.',
	'Paste the payload below as its body, then activate both workflows.',
];
const STEPS_NOTICE = `<ul>${STEPS.map((step) => `<li>${step}</li>`).join('')}</ul>`;

/**
 * n8n itself looks at `options.binaryData` of a node of version 1 and leaves the body alone where it is true
 * (`parseRequestBody` in its webhook-helpers, on both lines). Without it, n8n answers broken JSON with 422 and
 * a stack trace before this node sees the request.
 */
const hostOptions: INodeProperties = {
	displayName: 'Host Options',
	name: 'options',
	type: 'hidden',
	default: { binaryData: true },
};

export const properties: INodeProperties[] = [
	{ displayName: STEPS_NOTICE, name: 'stepsNotice', type: 'notice', default: '' },
	{
		displayName: 'Authentication',
		name: 'authentication',
		type: 'options',
		noDataExpression: true,
		options: [
			{ name: 'API Key', value: 'apiKey', description: 'The secret in the header X-API-KEY' },
			{
				name: 'Basic',
				value: 'basic',
				description: 'A user name, and the secret as its password',
			},
			{
				name: 'Bearer Token',
				value: 'bearer',
				description: 'The secret as a token in the header Authorization',
			},
			{
				name: 'None',
				value: 'none',
				description: 'Anyone who knows the URL can start the workflow',
			},
			{
				name: 'Query Parameter',
				value: 'query',
				description: 'The secret in the URL, for senders without headers, such as WP Fusion setups',
			},
			{
				name: 'Secret Header',
				value: 'header',
				description: 'The secret in a header of your choice',
			},
		],
		default: 'header',
		description: 'How a sender shows that it may start this workflow',
	},
	// Puts the credentials here; n8n would show them far below, where Load Person is.
	{ displayName: 'Credentials', name: 'credentials', type: 'credentials', default: '' },
	{
		displayName:
			'Anyone can start this workflow who learns its URL, with any data. Choose another option of Authentication unless the sender has none and nothing depends on what it says.',
		name: 'noAuthenticationNotice',
		type: 'notice',
		displayOptions: { show: { authentication: ['none'] } },
		default: '',
	},
	{
		displayName: 'Header Name',
		name: 'headerName',
		type: 'string',
		required: true,
		displayOptions: { show: { authentication: ['header'] } },
		default: 'X-Bento-Secret',
		placeholder: 'e.g. X-Bento-Secret',
		description: 'The header that carries the secret',
	},
	{
		displayName: 'Parameter Name',
		name: 'queryName',
		type: 'string',
		required: true,
		displayOptions: { show: { authentication: ['query'] } },
		default: 'access_key',
		placeholder: 'e.g. access_key',
		description:
			"The query parameter that carries the secret. Proxies may log URLs, so prefer a header where the sender can set one. Write the secret percent-encoded in the sender's URL.",
	},
	{
		displayName: 'HTTP Method',
		name: 'httpMethod',
		type: 'options',
		noDataExpression: true,
		options: [
			{ name: 'DELETE', value: 'DELETE' },
			{ name: 'GET', value: 'GET' },
			{ name: 'PATCH', value: 'PATCH' },
			{ name: 'POST', value: 'POST' },
			{ name: 'PUT', value: 'PUT' },
		],
		default: 'POST',
		description: 'The method that senders use; Bento, WP Fusion setups and Bolten use POST',
	},
	{
		displayName: 'Path',
		name: 'path',
		type: 'string',
		default: '',
		placeholder: 'e.g. bento-lead-won',
		description:
			'The last part of the URL. Leave it empty for a random one, which is harder to guess.',
	},
	{
		displayName: 'Payload for Bento',
		name: 'payloadTemplate',
		type: 'string',
		typeOptions: { rows: 15 },
		noDataExpression: true,
		default: PAYLOAD_TEMPLATE,
		description:
			"To copy into Bento's 'Send webhook' action. n8n doesn't use it. The last line needs a workflow that an event started; without one, remove source_event.",
	},
	...responseParameters,
	{
		displayName: 'Load Person',
		name: 'loadPerson',
		type: 'boolean',
		default: false,
		description:
			"Whether to complete the webhook with the person's profile fields, tags and subscription from Bento, found by email or visitor UUID",
	},
	settings,
	hostOptions,
];
