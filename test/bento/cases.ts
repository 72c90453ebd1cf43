import { expect } from 'expect';
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import type { BentoServer } from '../bentoServer';
import type { Shown } from '../judges/answers';
import type { Documented } from '../judges/documented';
import { located } from './located';

/** How an operation is tried out: with values that work, and with values that can't be sent. */
export interface OperationCase {
	readonly parameters: INodeParameters;
	readonly item?: IDataObject;
	/** The output for the item. */
	readonly gives: unknown;
	/** What Bento got to see. */
	readonly sent?: { readonly query?: Record<string, string>; readonly body?: unknown };
	/** What became of it at Bento. */
	readonly leaves?: (state: BentoServer['state']) => void;
	/** Parameters that can't be sent, and the message that names them; undefined where there are none. */
	readonly wrong: { readonly parameters: INodeParameters; readonly message: RegExp } | undefined;
	/** The request as Bento shows it, and who does; needed unless test/judges has the operation. */
	readonly documented?: Pick<Documented, 'by' | 'request'>;
	/** The responses that Bento shows; needed unless test/judges has them. Its `lists` and `singles` make the usual ones. */
	readonly responses?: readonly Shown[];
}

/** An expression that finds nothing; n8n itself stops a workflow whose required fields are plainly empty. */
const NOTHING = '={{ $json.none }}';

const MISSING_EMAIL = { parameters: { email: NOTHING }, message: /^'Email' is (missing|required)/ };
const NO_EMAIL = {
	parameters: { email: 'nobody' },
	message: /^'Email' is(n't a valid| not an) email address/,
};
const QUEUED = { status: 'accepted', batch: 1, attempts: 1, info: expect.any(String) as unknown };

function command(name: string, query: unknown, parameters: INodeParameters): OperationCase {
	const email = 'ada.byron@example.com';
	const sent = query === undefined ? { command: name, email } : { command: name, email, query };
	return {
		parameters: { email, ...parameters },
		gives: { ...QUEUED, command: name, email },
		sent: { body: { command: [sent] } },
		wrong: NO_EMAIL,
	};
}

const BROADCAST: INodeParameters = {
	broadcastName: 'Spring news',
	subject: 'What is new',
	from: located('hello@example.com'),
	contentType: 'raw',
	content: '<style>p{}</style><p>Hi</p>',
	segment: located('71'),
	additionalFields: {
		includeTags: 'customer, vip',
		excludeTags: 'trial',
		perHour: 500,
		fromName: 'Nathan',
	},
};

const BROADCAST_SENT = {
	name: 'Spring news',
	subject: 'What is new',
	content: '<style>p{}</style><p>Hi</p>',
	type: 'raw',
	from: { email: 'hello@example.com', name: 'Nathan' },
	inclusive_tags: 'customer,vip',
	exclusive_tags: 'trial',
	segment_id: '71',
	batch_size_per_hour: 500,
};

const PERSON = {
	id: '101',
	uuid: '00000000-0000-4000-9000-000000000101',
	email: 'ada.byron@example.com',
	fields: { first_name: 'Ada', plan: 'team' },
	cached_tag_ids: ['1', '2'],
	unsubscribed_at: null,
	navigation_url: expect.any(String) as unknown,
};

/** One case for each operation, by resource and operation. A test fails when one is missing. */
export const CASES: Readonly<Record<string, OperationCase>> = {
	'apiCall.make': {
		parameters: {
			method: 'POST',
			path: '/fetch/tags',
			confirm: true,
			query: '{"page": 2}',
			body: '{"tag":{"name":"x"}}',
		},
		gives: { data: expect.objectContaining({ type: 'tags' }) as unknown },
		sent: { query: { page: '2' }, body: { tag: { name: 'x' } } },
		wrong: { parameters: { confirm: false }, message: /^'Confirm Call' / },
	},
	'author.getAll': {
		parameters: { limit: 1 },
		gives: { id: '21', email: 'hello@example.com', name: 'Example Shop' },
		wrong: undefined,
		documented: {
			by: "Bento's WordPress plug-in",
			request: { method: 'GET', path: '/fetch/authors' },
		},
	},
	'broadcast.create': {
		parameters: BROADCAST,
		gives: expect.objectContaining({
			name: 'Spring news',
			dashboard_url: expect.any(String) as unknown,
		}),
		sent: { body: { broadcasts: [BROADCAST_SENT] } },
		leaves: ({ broadcasts }) => expect(broadcasts.at(-1)?.status).toBe('draft'),
		wrong: { parameters: { subject: ' ' }, message: /^'Subject' is (missing|required)/ },
	},
	'broadcast.getAll': {
		parameters: {
			status: 'draft',
			limit: 1,
			filters: { createdAfter: '2026-01-01T00:00:00', tagIds: '12, 34' },
		},
		gives: expect.objectContaining({ id: '42', name: 'Winter sale', stats: { open_rate: 0 } }),
		sent: {
			query: {
				status: 'draft',
				page: '1',
				per_page: '100',
				created_after: '2026-01-01',
				tag_ids: '12,34',
			},
		},
		wrong: { parameters: { status: 'lost' }, message: /^'Status' / },
	},
	'broadcast.schedule': {
		parameters: { ...BROADCAST, confirm: true, sendAt: '2026-12-01T09:00:00' },
		gives: expect.objectContaining({ name: 'Spring news' }),
		sent: {
			body: {
				broadcasts: [{ ...BROADCAST_SENT, approved: true, send_at: '2026-12-01T09:00:00.000Z' }],
			},
		},
		leaves: ({ broadcasts }) => expect(broadcasts.at(-1)?.input).toMatchObject({ approved: true }),
		wrong: { parameters: { confirm: false }, message: /^'Confirm Sending' / },
	},
	'email.send': {
		parameters: {
			toEmail: 'ada.byron@example.com',
			from: located('hello@example.com', 'email'),
			subject: 'Receipt',
			content: '<style>p{}</style><form><p>{{ order }}</p></form>',
			confirm: true,
			additionalFields: {
				personalizations: { personalization: [{ name: 'order', value: '={{ $json.order }}' }] },
				replyTo: 'support@example.com',
				transactional: true,
			},
		},
		item: { order: 17 },
		gives: { ...QUEUED, to: 'ada.byron@example.com', subject: 'Receipt' },
		sent: {
			body: {
				emails: [
					{
						to: 'ada.byron@example.com',
						from: 'hello@example.com',
						subject: 'Receipt',
						html_body: '<style>p{}</style><form><p>{{ order }}</p></form>',
						transactional: true,
						personalizations: { order: 17 },
						reply_to: 'support@example.com',
					},
				],
			},
		},
		leaves: ({ emails }) => expect(emails).toHaveLength(1),
		wrong: { parameters: { confirm: false }, message: /^'Confirm Sending' / },
	},
	'emailTemplate.get': {
		parameters: { template: located('51') },
		gives: expect.objectContaining({ id: '51', subject: 'Nice to meet you' }),
		wrong: {
			parameters: { template: located(NOTHING) },
			message: /^'Email Template' is (missing|required)/,
		},
	},
	'emailTemplate.update': {
		parameters: { template: located('51', 'id'), updateFields: { subject: 'Hello' } },
		gives: expect.objectContaining({ id: '51', subject: 'Hello' }),
		sent: { body: { email_template: { subject: 'Hello' } } },
		wrong: { parameters: { updateFields: {} }, message: /^'Update Fields' is empty/ },
	},
	'field.create': {
		parameters: { key: 'account_manager' },
		gives: expect.objectContaining({ key: 'account_manager', name: 'Account Manager' }),
		sent: { body: { field: { key: 'account_manager' } } },
		wrong: { parameters: { key: NOTHING }, message: /^'Key' is (missing|required)/ },
	},
	'field.getAll': {
		parameters: { limit: 1 },
		gives: expect.objectContaining({ id: '11', key: 'first_name', name: 'First Name' }),
		wrong: undefined,
	},
	'form.getResponses': {
		parameters: { formId: 'form_contact', limit: 1 },
		gives: expect.objectContaining({
			fields: { topic: 'Invoice', message: 'Where is it?' },
			identity: { email: 'ada.byron@example.com' },
		}),
		sent: { query: { id: 'form_contact' } },
		wrong: { parameters: { formId: NOTHING }, message: /^'Form ID' is (missing|required)/ },
	},
	'segment.get': {
		parameters: { segment: located('71') },
		gives: expect.objectContaining({ id: '71', name: 'Customers' }),
		wrong: {
			parameters: { segment: located(NOTHING) },
			message: /^'Segment' is (missing|required)/,
		},
		documented: { by: 'documentation', request: { method: 'GET', path: '/fetch/segments/71' } },
	},
	'segment.getAll': {
		parameters: { limit: 1 },
		gives: expect.objectContaining({ id: '72', name: 'Active trials' }),
		wrong: undefined,
		documented: { by: 'documentation', request: { method: 'GET', path: '/fetch/segments' } },
	},
	'sequence.createEmail': {
		parameters: {
			sequence: located('sequence_1a2b3c'),
			subject: 'Week two',
			html: '<p>Hi {{ visitor.first_name }}</p>',
			additionalFields: {
				delay: { time: { count: 3, unit: 'days' } },
				editor: 'classic',
				inboxSnippet: 'Look',
			},
		},
		gives: expect.objectContaining({ subject: 'Week two' }),
		sent: {
			body: {
				email_template: {
					subject: 'Week two',
					html: '<p>Hi {{ visitor.first_name }}</p>',
					delay_interval: 'days',
					delay_interval_count: 3,
					inbox_snippet: 'Look',
					editor_choice: 'classic',
				},
			},
		},
		leaves: ({ sequences }) => expect(sequences[0]?.templateIds).toHaveLength(3),
		wrong: {
			parameters: { additionalFields: { delay: { time: { count: 1.5 } } } },
			message: /^'Delay > Amount' must be a whole number/,
		},
	},
	'sequence.getAll': {
		parameters: { limit: 1 },
		gives: expect.objectContaining({ id: 'sequence_1a2b3c', name: 'Welcome' }),
		wrong: undefined,
	},
	'statistic.getAds': {
		parameters: {
			filters: { dimension: 'campaign', start: 'last week', end: '2026-11-20T00:00:00' },
		},
		gives: expect.objectContaining({ dimension: 'campaign' }),
		sent: {
			query: { dimension: 'campaign', start_date: 'last week', end_date: '2026-11-20' },
		},
		wrong: undefined,
	},
	'statistic.getReport': {
		parameters: { reportId: '92' },
		gives: expect.objectContaining({ report_name: 'Orders by day' }),
		sent: { query: { report_id: '92' } },
		wrong: { parameters: { reportId: NOTHING }, message: /^'Report ID' is (missing|required)/ },
	},
	'statistic.getSegment': {
		parameters: { segment: located('71') },
		gives: { user_count: 2, subscriber_count: 1, unsubscriber_count: 1 },
		sent: { query: { segment_id: '71' } },
		wrong: {
			parameters: { segment: located(NOTHING) },
			message: /^'Segment' is (missing|required)/,
		},
	},
	'statistic.getSite': {
		parameters: {},
		gives: { user_count: 4, subscriber_count: 3, unsubscriber_count: 1 },
		wrong: undefined,
	},
	'subscriber.addField': command(
		'add_field',
		{ key: 'plan', value: 'pro' },
		{ field: located('plan'), fieldValue: 'pro' },
	),
	'subscriber.addTag': command('add_tag', 'vip', { tag: located('vip', 'name') }),
	'subscriber.addTagViaEvent': command('add_tag_via_event', 'vip', { tag: located('vip', 'name') }),
	'subscriber.changeEmail': {
		...command('change_email', 'new@example.net', { newEmail: 'new@example.net' }),
		wrong: {
			parameters: { newEmail: 'nobody' },
			message: /^'New Email' is(n't a valid| not an) email address/,
		},
	},
	'subscriber.create': {
		parameters: { email: 'lee@example.net' },
		gives: expect.objectContaining({ email: 'lee@example.net', fields: {} }),
		sent: { body: { subscriber: { email: 'lee@example.net' } } },
		wrong: NO_EMAIL,
	},
	'subscriber.createOrUpdate': {
		parameters: {
			email: 'lee@example.net',
			customFields: {
				assignments: [{ id: '1', name: 'seats', value: '={{ $json.seats }}', type: 'number' }],
			},
			additionalFields: { first_name: 'Lee', tags: 'vip, customer', utm_source: 'google' },
		},
		item: { seats: 5 },
		gives: { ...QUEUED, email: 'lee@example.net' },
		sent: {
			body: {
				subscribers: [
					{
						seats: 5,
						first_name: 'Lee',
						tags: 'vip,customer',
						utm_source: 'google',
						email: 'lee@example.net',
					},
				],
			},
		},
		leaves: ({ people }) =>
			expect(Object.fromEntries(people.get('lee@example.net')?.fields ?? [])).toMatchObject({
				seats: 5,
				first_name: 'Lee',
			}),
		wrong: MISSING_EMAIL,
	},
	'subscriber.deleteData': {
		parameters: { email: 'ada.byron@example.com', confirm: true },
		gives: { accepted: true, email: 'ada.byron@example.com', status: 'queued_for_anonymization' },
		documented: {
			by: 'documentation',
			request: {
				method: 'POST',
				path: '/data_deletion_requests',
				body: {
					site_uuid: '00000000-0000-4000-8000-000000000001',
					data_deletion_request: { email: 'ada.byron@example.com' },
				},
				type: 'application/x-www-form-urlencoded',
			},
		},
		leaves: ({ deletions }) => expect(deletions).toEqual(['ada.byron@example.com']),
		wrong: { parameters: { confirm: false }, message: /^'Confirm Deletion' / },
	},
	'subscriber.get': {
		parameters: { lookUpBy: 'email', email: ' Ada.Byron@Example.com ' },
		gives: PERSON,
		sent: { query: { email: 'ada.byron@example.com' } },
		wrong: NO_EMAIL,
	},
	'subscriber.removeField': command('remove_field', 'plan', { field: located('plan') }),
	'subscriber.removeTag': command('remove_tag', 'customer', { tag: located('customer') }),
	'subscriber.getAll': {
		parameters: {
			limit: 1,
			filters: { tags: 'customer', created_at_gt: '2026-01-01T00:00:00Z' },
		},
		gives: PERSON,
		sent: {
			query: { page: '1', tags: 'customer', 'created_at[gt]': '2026-01-01T00:00:00.000Z' },
		},
		wrong: {
			parameters: { filters: { updated_at_lt: 'soon' } },
			message: /^'Updated Before' /,
		},
	},
	'subscriber.subscribe': command('subscribe', undefined, {}),
	'subscriber.unsubscribe': command('unsubscribe', undefined, {}),
	'tag.create': {
		parameters: { tagName: 'vip' },
		gives: expect.objectContaining({ id: expect.any(String) as unknown, name: 'vip' }),
		sent: { body: { tag: { name: 'vip' } } },
		wrong: { parameters: { tagName: NOTHING }, message: /^'Name' is (missing|required)/ },
	},
	'tag.delete': {
		parameters: { tag: located('trial'), confirm: true },
		gives: {
			deleted: true,
			id: '3',
			name: 'trial',
			message: 'Tag (trial) deleted successfully',
		},
		sent: { body: { tag: { name: 'trial' } } },
		leaves: ({ tags }) => expect(tags[2]?.discardedAt).toEqual(expect.any(String)),
		wrong: { parameters: { confirm: false }, message: /^'Confirm Deletion' / },
	},
	'tag.getAll': {
		parameters: { limit: 1 },
		gives: expect.objectContaining({ id: '1', name: 'customer' }),
		wrong: undefined,
	},
	'validation.checkBlacklist': {
		parameters: { whatToCheck: 'domain', domain: 'https://Spam.example/offers?x=1' },
		gives: { query: 'spam.example', listed: true, listed_by: ['spamhaus'] },
		sent: { query: { domain: 'spam.example' } },
		wrong: {
			parameters: { domain: 'ada@spam.example' },
			message: /^'Domain' isn't a valid domain/,
		},
	},
	'validation.checkStrictly': {
		parameters: { email: 'ada@gmail.com', additionalFields: { blockFreeProviders: true } },
		gives: { valid: false, reasons: ['Free email provider'] },
		documented: {
			by: 'documentation',
			request: {
				method: 'POST',
				path: '/experimental/jesses_ruleset',
				body: { email: 'ada@gmail.com', block_free_providers: true, wiggleroom: false },
			},
		},
		wrong: MISSING_EMAIL,
	},
	'validation.guessGender': {
		parameters: { personName: 'Nathan', additionalFields: { email: 'nathan@example.com' } },
		gives: { gender: 'male', confidence: 0.98 },
		sent: { body: { name: 'Nathan', email: 'nathan@example.com' } },
		wrong: { parameters: { personName: NOTHING }, message: /^'Name' is (missing|required)/ },
	},
	'validation.moderateContent': {
		parameters: { content: 'a casino' },
		gives: { valid: false, reasons: ['spam'], safe_original_content: 'a ******' },
		sent: { body: { content: 'a casino' } },
		wrong: { parameters: { content: ' ' }, message: /^'Content' is (missing|required)/ },
	},
	'validation.validateEmail': {
		parameters: { email: 'ada.byron@example.com', additionalFields: { personName: 'Ada' } },
		gives: { valid: true },
		sent: { body: { email: 'ada.byron@example.com', name: 'Ada' } },
		wrong: MISSING_EMAIL,
	},
	'workflow.getAll': {
		parameters: { limit: 1 },
		gives: expect.objectContaining({ id: '61', name: 'Cart left' }),
		wrong: undefined,
	},
};
