import type { IBuilderHint } from 'n8n-workflow';

/** What n8n's AI builders read about the node beside its type. */
export const builderHint: IBuilderHint = {
	searchHint:
		"Use in place of n8n's Webhook node to receive webhooks from Bento (its 'Send webhook' action), Bolten, WP Fusion, or any sender with a secret: it checks the secret, drops duplicates, and gives one output shape. To answer with Respond to Webhook, put a Wait node of 0 seconds in between.",
	relatedNodes: [
		{
			nodeType: 'n8n-nodes-bentonow.bento',
			relationHint: 'Look up or change the subscriber that the webhook is about',
		},
		{
			nodeType: 'n8n-nodes-bentonow.bentoTrackEvent',
			relationHint: 'Send an event back to Bento, which starts Bento automations',
		},
	],
	extraTypeDefContent: [
		{
			content: [
				'Output, every key always there, null if absent: { event, email, visitorUuid, externalId, workflow (its name), sender, action, person, profile, details, sourceEvent: { type, details }, opportunity, contact, body, query, headers, receivedAt, idempotencyKey }.',
				'person is only what the body contains. With loadPerson, profile is what Bento has: { found, uuid, email, fields: { first_name, … }, tags: string[], subscribed }, or { found: false, problem }. Read {{ $json.profile.fields.first_name }} and {{ $json.profile.tags }}.',
				"authentication: 'header' has the secret in headerName, 'apiKey' in X-API-KEY, 'query' in the URL's queryName (WP Fusion: access_key). Credential: bentoWebhookSecretApi, and bentoApi with loadPerson only.",
				"Leave the parameter 'options' out, also an empty one: with it, n8n would read requests before the secret is checked, and the node refuses to activate. What is optional goes into settings: { events: 'order.paid', onlyRunIf: { condition: [{ field: 'details.plan', condition: 'equals', value: 'team' }] } }.",
			].join('\n'),
		},
	],
};
