import type { INodeParameters } from 'n8n-workflow';
import { CASES } from '../bento/cases';
import { bento, pick, track, type NodeJob } from './jobs';

/**
 * What Bento's own client can't judge, since it has no method or no values for it: the requests that Bento's
 * documentation and its other clients show. Those for the very values of test/bento/cases.ts are there.
 */

export interface Documented {
	/** Node, resource (none in Bento Track Event), and operation. */
	readonly operation: string;
	/** What the client has no values for, where it has the operation. */
	readonly shows: string;
	/** Who shows the request. */
	readonly by: string;
	readonly node: NodeJob;
	/** The whole request, with the path after the API's base, and without the site that every query names. */
	readonly request: {
		readonly method: string;
		readonly path: string;
		readonly query?: Readonly<Record<string, string>>;
		readonly body?: unknown;
		/** Default: JSON, where there is a body. */
		readonly type?: string;
	};
}

type Request = Documented['request'];

const ada = 'ada.byron@example.com';
const DOCUMENTATION = 'documentation';

function ofBento(
	resource: string,
	operation: string,
	parameters: INodeParameters,
	request: Request,
	{ shows = 'all of it', by = DOCUMENTATION } = {},
): Documented {
	const node = bento(resource, operation, parameters);
	return { operation: `bento.${resource}.${operation}`, shows, by, node, request };
}

function ofTrack(
	operation: string,
	parameters: INodeParameters,
	event: object,
	{ shows = 'all of it', by = DOCUMENTATION },
): Documented {
	return {
		operation: `bentoTrackEvent.${operation}`,
		shows,
		by,
		node: track(operation, { email: ada, ...parameters }),
		request: { method: 'POST', path: '/batch/events', body: { events: [event] } },
	};
}

const BROADCAST = {
	name: 'Spring news',
	subject: 'What is new',
	content: '<p>Hi</p>',
	type: 'raw',
	from: { email: 'hello@example.com' },
	approved: true,
	send_at: '2026-12-01T09:00:00.000Z',
};

export const DOCUMENTED: readonly Documented[] = [
	...Object.entries(CASES).flatMap(([title, { parameters, documented }]) => {
		const [resource = '', operation = ''] = title.split('.');
		if (documented === undefined) return [];
		return ofBento(resource, operation, parameters, documented.request, { by: documented.by });
	}),
	ofBento(
		'apiCall',
		'make',
		{
			method: 'PATCH',
			path: '/fetch/emails/templates/51',
			confirm: true,
			body: '{"email_template":{"subject":"Hi"}}',
		},
		{
			method: 'PATCH',
			path: '/fetch/emails/templates/51',
			body: { email_template: { subject: 'Hi' } },
		},
		{ by: 'conventions of the documentation' },
	),
	ofBento(
		'broadcast',
		'getAll',
		{ status: 'draft', filters: { createdAfter: '2026-01-01T00:00:00', tagIds: '12, 34' } },
		{
			method: 'GET',
			path: '/fetch/broadcasts',
			query: {
				status: 'draft',
				page: '1',
				per_page: '100',
				created_after: '2026-01-01',
				tag_ids: '12,34',
			},
		},
		{ shows: 'filters', by: 'bento-n8n-sdk' },
	),
	ofBento(
		'broadcast',
		'schedule',
		{
			audience: 'everyone',
			confirm: true,
			sendAt: '2026-12-01T09:00:00',
			broadcastName: BROADCAST.name,
			subject: BROADCAST.subject,
			content: BROADCAST.content,
			contentType: BROADCAST.type,
			from: pick(BROADCAST.from.email),
		},
		{ method: 'POST', path: '/batch/broadcasts', body: { broadcasts: [BROADCAST] } },
		{ by: 'documentation; Laravel' },
	),
	ofBento(
		'subscriber',
		'addTagViaEvent',
		{ email: ada, tag: pick('vip') },
		{
			method: 'POST',
			path: '/fetch/commands',
			body: { command: [{ command: 'add_tag_via_event', email: ada, query: 'vip' }] },
		},
	),
	ofBento(
		'subscriber',
		'createOrUpdate',
		{
			email: ada,
			customFieldsMode: 'json',
			customFieldsJson: '{"seats":5,"trial":false,"zip":"01069"}',
			additionalFields: { tags: 'vip, customer', remove_tags: 'trial, old' },
		},
		{
			method: 'POST',
			path: '/batch/subscribers',
			body: {
				subscribers: [
					{
						email: ada,
						tags: 'vip,customer',
						remove_tags: 'trial,old',
						seats: 5,
						trial: false,
						zip: '01069',
					},
				],
			},
		},
		{ shows: 'tags to remove, and every type of field' },
	),
	ofBento(
		'subscriber',
		'get',
		{ lookUpBy: 'uuid', uuid: '00000000-0000-4000-9000-000000000101' },
		{
			method: 'GET',
			path: '/fetch/subscribers',
			query: { uuid: '00000000-0000-4000-9000-000000000101' },
		},
		{ shows: 'a UUID' },
	),
	ofBento(
		'subscriber',
		'getAll',
		{
			filters: {
				tags: 'customer, vip',
				created_at_gt: '2026-01-01T00:00:00Z',
				updated_at_lt: '2026-11-20T08:30:00+01:00',
			},
		},
		{
			method: 'GET',
			path: '/fetch/search',
			query: {
				page: '1',
				tags: 'customer,vip',
				'created_at[gt]': '2026-01-01T00:00:00.000Z',
				'updated_at[lt]': '2026-11-20T07:30:00.000Z',
			},
		},
	),
	ofTrack(
		'removeTag',
		{ tag: 'trial' },
		{ type: '$remove_tag', email: ada, details: { tag: 'trial' } },
		{ by: "Node's types" },
	),
	ofTrack(
		'trackEvent',
		{
			eventType: 'booked',
			detailsMode: 'json',
			detailsJson: '{"room":{"beds":2,"quiet":true}}',
			date: '2026-11-19T08:30:00+01:00',
		},
		{
			type: 'booked',
			email: ada,
			details: { room: { beds: 2, quiet: true } },
			date: '2026-11-19T07:30:00.000Z',
		},
		{ shows: 'nested details, and the date in UTC' },
	),
	ofTrack(
		'trackPurchase',
		{
			uniqueKey: 'INV-78',
			currency: 'usd',
			amount: 49.5,
			amountUnit: 'major',
			additionalFields: {
				cartItems: { item: [{ product_sku: 'T-1', product_price: 24.75, quantity: 2 }] },
			},
		},
		{
			type: '$purchase',
			email: ada,
			details: {
				unique: { key: 'INV-78' },
				value: { currency: 'USD', amount: 4950 },
				cart: { items: [{ product_sku: 'T-1', product_price: 2475, quantity: 2 }] },
			},
		},
		{ shows: 'major units, and rows of a cart' },
	),
];
