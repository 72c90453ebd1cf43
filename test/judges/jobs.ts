import type { INodeParameters } from 'n8n-workflow';
import type { bentoSdk } from './sdk';

/** Every job that Bento's own client does, and the same job as our nodes do it. */

type Sdk = ReturnType<typeof bentoSdk>;

/** The node that does the job, with its parameters. */
export interface NodeJob {
	readonly type: 'bento' | 'bentoTrackEvent';
	readonly parameters: INodeParameters;
}

export interface Job {
	/** The SDK's method, with values that the stand-in's site knows. */
	readonly run: (sdk: Sdk) => Promise<unknown>;
	/** What the SDK's own types promise for it. */
	readonly promises: unknown;
	/** Undefined where our nodes don't do it, with the reason beside it. */
	readonly node: NodeJob | undefined;
	/** How the requests differ beside what always does: what, and why ours is as it is. */
	readonly differs?: Readonly<Record<string, string>>;
}

/** Differences that every request has. */
export const ALWAYS: Readonly<Record<string, string>> = {
	'header.accept': "fetch's own default there; ours says that it reads JSON",
	'header.user-agent': 'each client has a name of its own',
};

/** The same for requests with a body. */
export const WITH_BODY: Readonly<Record<string, string>> = {
	'query.site_uuid':
		'the documentation puts the site into the query of every request, as do Laravel, Ruby, Go, .NET and Elixir',
	'body.site_uuid': 'only the Node SDK puts it into the body of writes',
};

const COMMAND_LIST =
	'ours sends a list of commands, as the documentation, Laravel, Go, Ruby and Elixir do, so that 100 travel together; one object there';
const COMMAND_DIFFERS = { 'body.command': COMMAND_LIST };

const ada = 'ada.byron@example.com';

export function bento(
	resource: string,
	operation: string,
	parameters: INodeParameters = {},
): NodeJob {
	return { type: 'bento', parameters: { resource, operation, ...parameters } };
}

export function track(operation: string, parameters: INodeParameters): NodeJob {
	return { type: 'bentoTrackEvent', parameters: { operation, ...parameters } };
}

export function pick(value: string): INodeParameters {
	return { __rl: true, mode: 'list', value };
}

const text = expect.any(String) as string;
const number = expect.any(Number) as number;
const yes = expect.any(Boolean) as boolean;

function record(type: string, attributes: object) {
	return expect.objectContaining({
		id: text,
		type,
		attributes: expect.objectContaining(attributes) as object,
	}) as object;
}

function listOf(row: unknown) {
	return expect.arrayContaining([row]) as unknown[];
}

const SUBSCRIBER = record('visitors', {
	uuid: text,
	email: ada,
	fields: expect.any(Object) as object,
	cached_tag_ids: listOf(text),
	unsubscribed_at: null,
});
const TAG = record('tags', { name: text, created_at: text, discarded_at: null, site_id: number });
const FIELD = record('visitors-fields', {
	key: text,
	name: text,
	created_at: text,
	whitelisted: null,
});
const TEMPLATE = record('email_templates', {
	name: text,
	subject: text,
	html: text,
	created_at: text,
});
const MAILS = listOf(expect.objectContaining({ id: number, subject: text }));
const COUNTS = { user_count: number, subscriber_count: number, unsubscriber_count: number };
const BLACKLIST = { query: text, description: text, results: expect.any(Object) as object };

const BROADCAST = {
	name: 'Spring news',
	subject: 'What is new',
	content: '<p>Hi</p>',
	type: 'plain' as const,
	from: { email: 'hello@example.com', name: 'Nathan' },
	inclusive_tags: 'customer,vip',
	exclusive_tags: 'trial',
	segment_id: '71',
	batch_size_per_hour: 500,
};

const EMAIL = {
	to: ada,
	from: 'hello@example.com',
	subject: 'Receipt',
	html_body: '<p>{{ order }}</p>',
	transactional: true,
	personalizations: { order: 17 },
};

const SEND_EMAIL = bento('email', 'send', {
	confirm: true,
	toEmail: ada,
	from: pick('hello@example.com'),
	subject: 'Receipt',
	content: '<p>{{ order }}</p>',
	additionalFields: {
		transactional: true,
		personalizations: { personalization: [{ name: 'order', value: '={{ 17 }}' }] },
	},
});

const PURCHASE = {
	unique: { key: 'INV-77' },
	value: { currency: 'EUR', amount: 4900 },
	cart: { items: [{ product_sku: 'T-1', product_name: 'Team plan', quantity: 1 }] },
};

/** One job for each method, by module and method. A test fails when one is missing. */
export const JOBS: Readonly<Record<string, Job>> = {
	'V1.addSubscriber': {
		run: (sdk) => sdk.addSubscriber({ email: ada, fields: { plan: 'team' } }),
		promises: true,
		node: track('subscribe', { email: ada, fieldsMode: 'json', fieldsJson: '{"plan":"team"}' }),
	},
	'V1.removeSubscriber': {
		run: (sdk) => sdk.removeSubscriber({ email: ada }),
		promises: true,
		node: track('unsubscribe', { email: ada }),
	},
	'V1.tagSubscriber': {
		run: (sdk) => sdk.tagSubscriber({ email: ada, tagName: 'vip' }),
		promises: true,
		node: track('addTag', { email: ada, tag: 'vip' }),
	},
	'V1.track': {
		run: (sdk) => sdk.track({ email: ada, type: 'signed_up', fields: { plan: 'team' } }),
		promises: true,
		node: track('trackEvent', {
			email: ada,
			eventType: 'signed_up',
			fieldsMode: 'json',
			fieldsJson: '{"plan":"team"}',
		}),
	},
	'V1.trackPurchase': {
		run: (sdk) => sdk.trackPurchase({ email: ada, purchaseDetails: PURCHASE }),
		promises: true,
		node: track('trackPurchase', {
			email: ada,
			uniqueKey: 'INV-77',
			currency: 'EUR',
			amount: 4900,
			amountUnit: 'minor',
			additionalFields: { cartItemsJson: JSON.stringify(PURCHASE.cart.items) },
		}),
	},
	'V1.updateFields': {
		run: (sdk) => sdk.updateFields({ email: ada, fields: { plan: 'team' } }),
		promises: true,
		node: track('updateFields', { email: ada, fieldsMode: 'json', fieldsJson: '{"plan":"team"}' }),
	},
	'V1.upsertSubscriber': {
		run: (sdk) => sdk.upsertSubscriber({ email: ada, fields: { plan: 'team' }, tags: 'vip' }),
		promises: SUBSCRIBER,
		node: bento('subscriber', 'createOrUpdate', {
			email: ada,
			customFieldsMode: 'json',
			customFieldsJson: '{"plan":"team"}',
			additionalFields: { tags: 'vip' },
		}),
	},
	'Batch.importEvents': {
		run: (sdk) =>
			sdk.Batch.importEvents({
				events: [{ email: ada, type: 'signed_up', date: new Date('2026-11-19T08:30:00Z') }],
			}),
		promises: 1,
		node: track('trackEvent', {
			email: ada,
			eventType: 'signed_up',
			date: '2026-11-19T08:30:00Z',
		}),
	},
	'Batch.importSubscribers': {
		run: (sdk) =>
			sdk.Batch.importSubscribers({
				subscribers: [{ email: 'lee@example.net', first_name: 'Lee', seats: 5 }],
			}),
		promises: 1,
		node: bento('subscriber', 'createOrUpdate', {
			email: 'lee@example.net',
			customFieldsMode: 'json',
			customFieldsJson: '{"seats":5}',
			additionalFields: { first_name: 'Lee' },
		}),
	},
	'Batch.sendTransactionalEmails': {
		run: (sdk) => sdk.Batch.sendTransactionalEmails({ emails: [EMAIL] }),
		promises: 1,
		node: SEND_EMAIL,
	},
	'Broadcasts.createEmails': {
		run: (sdk) => sdk.Broadcasts.createEmails([EMAIL]),
		promises: 1,
		node: SEND_EMAIL,
	},
	'Broadcasts.createBroadcast': {
		run: (sdk) => sdk.Broadcasts.createBroadcast([BROADCAST]),
		promises: {
			results: 1,
			failed: 0,
			broadcasts: [{ id: number, template_id: number, name: 'Spring news', dashboard_url: text }],
			failures: [],
		},
		node: bento('broadcast', 'create', {
			broadcastName: BROADCAST.name,
			subject: BROADCAST.subject,
			content: BROADCAST.content,
			contentType: BROADCAST.type,
			from: pick(BROADCAST.from.email),
			segment: pick(BROADCAST.segment_id),
			additionalFields: {
				fromName: BROADCAST.from.name,
				includeTags: BROADCAST.inclusive_tags,
				excludeTags: BROADCAST.exclusive_tags,
				perHour: BROADCAST.batch_size_per_hour,
			},
		}),
	},
	'Broadcasts.getBroadcasts': {
		run: (sdk) => sdk.Broadcasts.getBroadcasts(),
		// The type mirrors the input of a new broadcast (subject, content, from); documentation, Laravel, .NET and
		// the stand-in show share_url, template, dates and stats. The stand-in stays with the four.
		promises: listOf(record('broadcasts', { name: text, created_at: text })),
		node: bento('broadcast', 'getAll'),
		differs: {
			'query.status': 'without a status Bento lists what is sent (bento-skills): ours says so',
			'query.page': 'ours reads page by page (documentation)',
			'query.per_page': "ours asks for big pages, as Bento's CLI does",
		},
	},
	'Commands.addField': {
		run: (sdk) => sdk.Commands.addField({ email: ada, field: { key: 'plan', value: 'pro' } }),
		promises: 1,
		node: bento('subscriber', 'addField', { email: ada, field: pick('plan'), fieldValue: 'pro' }),
		differs: COMMAND_DIFFERS,
	},
	'Commands.addTag': {
		run: (sdk) => sdk.Commands.addTag({ email: ada, tagName: 'vip' }),
		promises: 1,
		node: bento('subscriber', 'addTag', { email: ada, tag: pick('vip') }),
		differs: COMMAND_DIFFERS,
	},
	'Commands.changeEmail': {
		run: (sdk) => sdk.Commands.changeEmail({ oldEmail: ada, newEmail: 'new@example.net' }),
		promises: 1,
		node: bento('subscriber', 'changeEmail', { email: ada, newEmail: 'new@example.net' }),
		differs: COMMAND_DIFFERS,
	},
	'Commands.removeField': {
		run: (sdk) => sdk.Commands.removeField({ email: ada, fieldName: 'plan' }),
		promises: 1,
		node: bento('subscriber', 'removeField', { email: ada, field: pick('plan') }),
		differs: COMMAND_DIFFERS,
	},
	'Commands.removeTag': {
		run: (sdk) => sdk.Commands.removeTag({ email: ada, tagName: 'customer' }),
		promises: 1,
		node: bento('subscriber', 'removeTag', { email: ada, tag: pick('customer') }),
		differs: COMMAND_DIFFERS,
	},
	'Commands.subscribe': {
		run: (sdk) => sdk.Commands.subscribe({ email: ada }),
		promises: 1,
		node: bento('subscriber', 'subscribe', { email: ada }),
		differs: COMMAND_DIFFERS,
	},
	'Commands.unsubscribe': {
		run: (sdk) => sdk.Commands.unsubscribe({ email: ada }),
		promises: 1,
		node: bento('subscriber', 'unsubscribe', { email: ada }),
		differs: COMMAND_DIFFERS,
	},
	'EmailTemplates.getEmailTemplate': {
		run: (sdk) => sdk.EmailTemplates.getEmailTemplate({ id: 51 }),
		promises: TEMPLATE,
		node: bento('emailTemplate', 'get', { template: pick('51') }),
	},
	'EmailTemplates.updateEmailTemplate': {
		run: (sdk) => sdk.EmailTemplates.updateEmailTemplate({ id: 51, subject: 'Hi', html: '<p/>' }),
		promises: TEMPLATE,
		node: bento('emailTemplate', 'update', {
			template: pick('51'),
			updateFields: { subject: 'Hi', html: '<p/>' },
		}),
	},
	'Experimental.checkBlacklist': {
		run: (sdk) => sdk.Experimental.checkBlacklist({ domain: 'spam.example' }),
		promises: BLACKLIST,
		node: bento('validation', 'checkBlacklist', {
			whatToCheck: 'domain',
			domain: 'spam.example',
		}),
	},
	'Experimental.getBlacklistStatus': {
		run: (sdk) =>
			sdk.Experimental.getBlacklistStatus({ domain: 'spam.example', ipAddress: '203.0.113.7' }),
		promises: BLACKLIST,
		node: bento('validation', 'checkBlacklist', {
			whatToCheck: 'both',
			domain: 'spam.example',
			ip: '203.0.113.7',
		}),
	},
	'Experimental.getContentModeration': {
		run: (sdk) => sdk.Experimental.getContentModeration('a casino'),
		promises: { valid: false, reasons: listOf(text), safe_original_content: text },
		node: bento('validation', 'moderateContent', { content: 'a casino' }),
	},
	'Experimental.geolocate': {
		run: (sdk) => sdk.Experimental.geolocate({ ip: '203.0.113.7' }),
		// Bento has switched it off and responds with {} (bento-skills), which the SDK returns as null.
		promises: null,
		node: undefined,
	},
	'Experimental.geoLocateIP': {
		run: (sdk) => sdk.Experimental.geoLocateIP('203.0.113.7'),
		promises: {},
		node: undefined,
	},
	'Experimental.guessGender': {
		run: (sdk) => sdk.Experimental.guessGender({ name: 'Nathan' }),
		promises: { gender: text, confidence: number },
		node: bento('validation', 'guessGender', { personName: 'Nathan' }),
	},
	'Experimental.validateEmail': {
		run: (sdk) => sdk.Experimental.validateEmail({ email: ada, name: 'Ada' }),
		promises: yes,
		node: bento('validation', 'validateEmail', {
			email: ada,
			additionalFields: { personName: 'Ada' },
		}),
	},
	'Fields.createField': {
		run: (sdk) => sdk.Fields.createField({ key: 'account_manager' }),
		promises: FIELD,
		node: bento('field', 'create', { key: 'account_manager' }),
	},
	'Fields.getFields': {
		run: (sdk) => sdk.Fields.getFields(),
		promises: listOf(FIELD),
		node: bento('field', 'getAll'),
	},
	'Forms.getResponses': {
		run: (sdk) => sdk.Forms.getResponses('form_contact'),
		promises: listOf(
			record('form_responses', {
				uuid: text,
				data: expect.objectContaining({
					id: text,
					type: text,
					date: text,
					ip: text,
					site: text,
					visit: text,
					visitor: text,
					fields: expect.any(Object) as object,
					details: expect.any(Object) as object,
					identity: expect.any(Object) as object,
					browser: expect.any(Object) as object,
					location: expect.any(Object) as object,
					page: expect.any(Object) as object,
				}) as object,
			}),
		),
		node: bento('form', 'getResponses', { formId: 'form_contact' }),
	},
	'Sequences.createSequenceEmail': {
		run: (sdk) =>
			sdk.Sequences.createSequenceEmail('sequence_1a2b3c', {
				subject: 'Week two',
				html: '<p>Hi</p>',
				inbox_snippet: 'Look',
				delay_interval: 'days',
				delay_interval_count: 3,
				editor_choice: 'classic',
				cc: 'a@example.com',
				bcc: 'b@example.com',
				to: '{{ visitor.email }}',
			}),
		promises: TEMPLATE,
		node: bento('sequence', 'createEmail', {
			sequence: pick('sequence_1a2b3c'),
			subject: 'Week two',
			html: '<p>Hi</p>',
			additionalFields: {
				inboxSnippet: 'Look',
				delay: { time: { count: 3, unit: 'days' } },
				editor: 'classic',
				cc: 'a@example.com',
				bcc: 'b@example.com',
				to: '{{ visitor.email }}',
			},
		}),
	},
	'Sequences.getSequences': {
		run: (sdk) => sdk.Sequences.getSequences({ page: 1 }),
		promises: listOf(record('sequences', { name: text, created_at: text, email_templates: MAILS })),
		node: bento('sequence', 'getAll'),
	},
	'Stats.getAdsStats': {
		run: (sdk) =>
			sdk.Stats.getAdsStats({
				dimension: 'campaign',
				value: 'newsletter',
				startDate: '2026-11-01',
				endDate: '2026-11-20',
				revenueMode: 'all_revenue',
			}),
		promises: expect.objectContaining({
			dimension: 'campaign',
			dimensionLabel: text,
			totals: expect.objectContaining({ signups: number, revenueCents: number }) as object,
			chartData: listOf({ x: number, signups: number, customers: number, revenue: number }),
			breakdown: listOf(expect.objectContaining({ key: text, revenueCents: number })),
			revenueTruncated: false,
		}),
		node: bento('statistic', 'getAds', {
			filters: {
				dimension: 'campaign',
				value: 'newsletter',
				start: '2026-11-01T00:00:00',
				end: '2026-11-20T00:00:00',
				revenueMode: 'all_revenue',
			},
		}),
	},
	'Stats.getReportStats': {
		run: (sdk) => sdk.Stats.getReportStats('91'),
		// Report 92 of the stand-in is wrapped in report_data, as Laravel and .NET have it; there the SDK's type is wrong.
		promises: { data: 42, chart_style: text, report_type: text, report_name: text },
		node: bento('statistic', 'getReport', { reportId: '91' }),
	},
	'Stats.getSegmentStats': {
		run: (sdk) => sdk.Stats.getSegmentStats('71'),
		promises: COUNTS,
		node: bento('statistic', 'getSegment', { segment: pick('71') }),
	},
	'Stats.getSiteStats': {
		run: (sdk) => sdk.Stats.getSiteStats(),
		promises: COUNTS,
		node: bento('statistic', 'getSite'),
	},
	'Subscribers.createSubscriber': {
		run: (sdk) => sdk.Subscribers.createSubscriber({ email: ada }),
		promises: SUBSCRIBER,
		node: bento('subscriber', 'create', { email: ada }),
	},
	'Subscribers.getSubscribers': {
		run: (sdk) => sdk.Subscribers.getSubscribers({ email: ada }),
		promises: SUBSCRIBER,
		node: bento('subscriber', 'get', { email: ada }),
	},
	'Tags.createTag': {
		run: (sdk) => sdk.Tags.createTag({ name: 'vip' }),
		promises: TAG,
		node: bento('tag', 'create', { tagName: 'vip' }),
	},
	'Tags.deleteTag': {
		run: (sdk) => sdk.Tags.deleteTag('3', { name: 'trial' }),
		promises: { message: 'Tag (trial) deleted successfully' },
		node: bento('tag', 'delete', { tag: pick('trial'), confirm: true }),
	},
	'Tags.getTags': {
		run: (sdk) => sdk.Tags.getTags(),
		promises: listOf(TAG),
		node: bento('tag', 'getAll'),
	},
	'Workflows.getWorkflows': {
		run: (sdk) => sdk.Workflows.getWorkflows({ page: 1 }),
		promises: listOf(
			record('workflows', {
				name: text,
				status: expect.stringMatching(/^(draft|live)$/) as string,
				created_at: text,
				email_templates: MAILS,
			}),
		),
		node: bento('workflow', 'getAll'),
	},
};
