import type { HookRequest } from '../support/hooks';
import { webhookSecret } from '../support/world';

export interface Sender {
	readonly name: string;
	readonly parameters: Record<string, unknown>;
	readonly request: HookRequest;
	/** What must come out of the trigger, among other things. */
	readonly output: Record<string, unknown>;
}

const uuid = '0f5d1c7a-3b8e-4a52-9c40-7d1e2f3a4b5c';
const json = { 'content-type': 'application/json' };
const basic = `Basic ${Buffer.from(`bolten:${webhookSecret}`).toString('base64')}`;

/** Every sender in docs/webhook-trigger.md, in the shapes that their documentation shows. */
export const senders: readonly Sender[] = [
	{
		name: 'Bento, Send webhook action',
		parameters: { authentication: 'header' },
		request: {
			headers: { ...json, 'X-Bento-Secret': webhookSecret },
			body: {
				event: 'bento.workflow.step_reached',
				workflow: 'Welcome',
				email: 'ada@example.com',
				external_id: 'order-1042-paid',
				person: { first_name: 'Ada', tags: 'customer' },
				details: { plan: 'team' },
				source_event: { type: 'purchase', details: { total: 4900 } },
			},
		},
		output: {
			sender: 'bento',
			event: 'bento.workflow.step_reached',
			workflow: 'Welcome',
			email: 'ada@example.com',
			externalId: 'order-1042-paid',
			person: { first_name: 'Ada', tags: 'customer' },
			details: { plan: 'team' },
			sourceEvent: { type: 'purchase', details: { total: 4900 } },
		},
	},
	...(['update_tags', 'update', 'add'] as const).map((action) => ({
		name: `Bento as WP Fusion users set it up, ${action}`,
		parameters: { authentication: 'query' },
		request: {
			query: `wpf_action=${action}&access_key=${webhookSecret}&send_notification=true&role=customer`,
			headers: json,
			body: { id: uuid, email: 'wp@example.com' },
		},
		output: {
			sender: 'wpFusion',
			action,
			actionOptions: { role: 'customer', sendNotification: true },
			visitorUuid: uuid,
			email: 'wp@example.com',
			query: { wpf_action: action, send_notification: 'true', role: 'customer' },
		},
	})),
	bolten('won', 'apiKey', { 'X-API-KEY': webhookSecret }),
	bolten('lost', 'basic', { Authorization: basic }),
	bolten('transitioned', 'bearer', { Authorization: `Bearer ${webhookSecret}` }),
	bolten('created', 'none', {}),
	{
		name: 'Any other, a form',
		parameters: { authentication: 'header', headerName: 'X-My-Secret' },
		request: {
			headers: {
				'X-My-Secret': webhookSecret,
				'content-type': 'application/x-www-form-urlencoded',
			},
			body: 'email=form%40example.com&plan=team',
		},
		output: { sender: 'other', body: { email: 'form@example.com', plan: 'team' } },
	},
	{
		name: 'Any other, a multipart form',
		parameters: { authentication: 'apiKey' },
		request: {
			headers: { 'X-API-KEY': webhookSecret, 'content-type': 'multipart/form-data; boundary=b' },
			body: '--b\r\nContent-Disposition: form-data; name="email"\r\n\r\nform@example.com\r\n--b--\r\n',
		},
		output: { sender: 'other', body: { email: 'form@example.com' } },
	},
	{
		name: 'Any other, text',
		parameters: { authentication: 'bearer' },
		request: {
			headers: { Authorization: `Bearer ${webhookSecret}`, 'content-type': 'text/plain' },
			body: 'hello there',
		},
		output: { sender: 'other', rawBody: 'hello there' },
	},
];

function bolten(move: string, authentication: string, headers: Record<string, string>): Sender {
	const opportunity = { id: 17, name: 'Big deal' };
	const contact = { name: 'Cy', email: 'cy@example.com' };
	const event = `opportunity.${move}`;
	return {
		name: `Bolten, ${event} with ${authentication}`,
		parameters: { authentication },
		request: { headers: { ...json, ...headers }, body: { event, opportunity, contact } },
		output: { sender: 'bolten', event, opportunity, contact, email: 'cy@example.com' },
	};
}
