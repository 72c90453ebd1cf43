import type { INodeParameters } from 'n8n-workflow';

/**
 * The responses that Bento's public SDKs document in their tests and types, and its documentation in its samples:
 * what they look like, who shows it, and what a builder has to get. Values are our own.
 */

export interface Shown {
	/** Resource and operation. */
	readonly operation: string;
	/** What is special about the form. */
	readonly shows: string;
	/** Who shows it. */
	readonly by: string;
	readonly body: unknown;
	/** The items for the builder, with Simplify on where there is such a switch; or the error's text. */
	readonly gives: readonly unknown[] | RegExp;
	/** The items with Simplify off; default: the response as it is. A refusal is an error either way. */
	readonly raw?: readonly unknown[];
	/** Options of the operation without which it doesn't read the response. */
	readonly options?: INodeParameters;
	/** The response to its second request, by path. */
	readonly then?: { readonly path: string; readonly body: unknown };
}

function record(type: string, attributes: object, id: unknown = '7'): object {
	return { id, type, attributes };
}

const AT = '2026-03-01T10:00:00.000Z';

const NOBODY = /Bento has no subscriber with this email/;
const ODD = /Bento.* (another form than it documents|an unexpected response)/;

const PERSON = { uuid: 'u-7', email: 'mika@example.net' };
const TAG = { name: 'vip', created_at: AT, discarded_at: null };
const FIELD = { name: 'Account Manager', key: 'account_manager', whitelisted: null };
const SEGMENT = { name: 'Customers', description: null, visitor_event_query: 'tag:customer' };
const TEMPLATE = { name: 'Welcome', subject: 'Hi', html: '<p>Hi</p>', created_at: AT, stats: null };
const COUNTS = { user_count: 8, subscriber_count: 6, unsubscriber_count: 2 };
const REPORT = { data: [], chart_style: 'count', report_type: 'VisitorCount', report_name: 'New' };
const CLEAN = { just_registered: false, spamhaus: false, nordspam: false, spfbl: false };
const WHAT_LISTS_MEAN = 'True means that the list has it';
const MADE = {
	id: 42,
	template_id: 99,
	name: 'Spring news',
	dashboard_url: 'https://example.com/42',
};
const FORM = { id: 'r-1', type: 'form', date: AT, ip: '203.0.113.7', fields: { topic: 'Invoice' } };

/** A list in every form that a source shows: the rows, and what they are with Simplify on. */
export function lists(operation: string, attributes: object, simple: object = attributes): Shown[] {
	const row = record('things', attributes);
	const gives = [{ id: '7', ...simple }];
	return [
		{
			operation,
			shows: 'a list',
			by: 'documentation, all SDKs',
			body: { data: [row] },
			gives,
			raw: [row],
		},
		{
			operation,
			shows: 'a bare list',
			by: 'older samples of the documentation; Elixir',
			body: [row],
			gives,
			raw: [row],
		},
		{
			operation,
			shows: 'flat fields without an envelope',
			by: 'documentation of segments; reference',
			body: [{ id: '7', ...attributes }],
			gives,
			raw: [{ id: '7', ...attributes }],
		},
		{
			operation,
			shows: 'an empty list',
			by: 'Node, Laravel, Go',
			body: { data: [] },
			gives: [],
			raw: [],
		},
		{
			operation,
			shows: 'null for a list',
			by: 'Node, PHP',
			body: { data: null },
			gives: [],
			raw: [],
		},
		{ operation, shows: '[]', by: 'Laravel', body: [], gives: [], raw: [] },
		{ operation, shows: '{}', by: 'Node; a list without data', body: {}, gives: [], raw: [] },
		{
			operation,
			shows: 'an error in a 200',
			by: 'documentation of errors',
			body: { error: 'Site is locked' },
			gives: /Site is locked/,
		},
		{
			operation,
			shows: 'IDs that disagree',
			by: 'Node (identity), bento-skills',
			body: { data: [record('things', { ...attributes, id: 'prefix_7' }, '7')] },
			gives,
			raw: [record('things', { ...attributes, id: 'prefix_7' }, '7')],
		},
	];
}

/** One record in every form that a source shows. */
export function singles(
	operation: string,
	attributes: object,
	nothing: RegExp | object,
	simple = attributes,
): Shown[] {
	const row = record('things', attributes);
	const gives = [{ id: '7', ...simple }];
	const empty = nothing instanceof RegExp ? nothing : [nothing];
	return [
		{ operation, shows: 'a record', by: 'Node, Laravel, Go, .NET', body: { data: row }, gives },
		{
			operation,
			shows: 'a record in a list',
			by: 'OpenAPI; older samples',
			body: { data: [row] },
			gives,
		},
		{ operation, shows: 'a bare record', by: 'Elixir', body: row, gives },
		{
			operation,
			shows: 'flat fields without an envelope',
			by: 'documentation',
			body: { id: '7', ...attributes },
			gives,
		},
		{
			operation,
			shows: 'IDs that disagree',
			by: 'Node (identity)',
			body: { data: record('things', { ...attributes, id: 'x_7' }, '7') },
			gives,
		},
		{
			operation,
			shows: '{}',
			by: 'Node, Elixir, Go, Ruby',
			body: {},
			gives: empty,
			raw: rawOf(nothing),
		},
		{ operation, shows: '[]', by: 'Laravel', body: [], gives: empty, raw: rawOf(nothing) },
		{
			operation,
			shows: 'no data',
			by: 'Node, PHP',
			body: { data: null },
			gives: empty,
			raw: rawOf(nothing),
		},
		{
			operation,
			shows: 'an error in a 200',
			by: 'documentation of errors',
			body: { error: 'Site is locked' },
			gives: /Site is locked/,
		},
	];
}

function rawOf(nothing: RegExp | object): readonly unknown[] | undefined {
	return nothing instanceof RegExp ? undefined : [nothing];
}

/** Counts in every form that a source shows. */
function batches(operation: string): Shown[] {
	const accepted = [expect.objectContaining({ status: 'accepted' })];
	return [
		{
			operation,
			shows: 'a count',
			by: 'Node, documentation',
			body: { results: 1 },
			gives: accepted,
		},
		{
			operation,
			shows: 'both counts',
			by: 'Go, Ruby, Rust, PHP, .NET, Laravel',
			body: { results: 1, failed: 0 },
			gives: accepted,
		},
		{
			operation,
			shows: 'counts under data',
			by: 'Laravel',
			body: { data: { results: 1 } },
			gives: accepted,
		},
		{
			operation,
			shows: 'result for results',
			by: '.NET, OpenAPI',
			body: { result: 1 },
			gives: accepted,
		},
		{
			operation,
			shows: 'a failure in a 200',
			by: 'Laravel, Go',
			body: { results: 0, failed: 1 },
			gives: /as failed/,
		},
		{
			operation,
			shows: 'the subscriber in place of counts',
			by: 'OpenAPI of 2024, .NET, Node before 2.0',
			body: { data: record('visitors', PERSON) },
			gives: [expect.objectContaining({ status: 'unconfirmed' })],
		},
		{
			operation,
			shows: 'success without counts',
			by: 'Elixir',
			body: { success: true },
			gives: [expect.objectContaining({ status: 'unconfirmed' })],
		},
	];
}

/** An object without an ID, bare or under data. */
function plains(operation: string, body: object): Shown[] {
	return [
		{ operation, shows: 'the bare object', by: 'Node, PHP, Elixir, .NET', body, gives: [body] },
		{
			operation,
			shows: 'the object under data',
			by: 'Laravel',
			body: { data: body },
			gives: [body],
		},
		{
			operation,
			shows: 'an error in a 200',
			by: 'documentation of errors',
			body: { error: 'Not today' },
			gives: /Not today/,
		},
		{
			operation,
			shows: 'an error under data',
			by: 'Laravel (envelope of all its tests)',
			body: { data: { error: 'Not today' } },
			gives: /Not today/,
		},
		{ operation, shows: 'nothing', by: 'Laravel (with 500)', body: {}, gives: ODD },
	];
}

/** What became of a new broadcast. */
/** What Send or Schedule adds to what Bento created. */
const SCHEDULED = {
	approved: true,
	audience: 'selected',
	send_at: '2026-12-01T09:00:00.000Z',
};

function broadcasts(operation: string, asked = {}): Shown[] {
	const made = { results: 1, failed: 0, broadcasts: [MADE], failures: [] };
	const failures = [{ index: 0, name: null, error: 'Author not found' }];
	return [
		{
			operation,
			shows: 'what was made',
			by: 'Node 2.0',
			body: made,
			gives: [{ ...MADE, ...asked }],
		},
		{
			operation,
			shows: 'a count',
			by: '.NET, OpenAPI',
			body: { results: 1 },
			gives: [{ name: 'Spring news', ...asked }],
		},
		{
			operation,
			shows: 'a count under data',
			by: 'Laravel (commands)',
			body: { data: { results: 1 } },
			gives: [{ name: 'Spring news', ...asked }],
		},
		{
			operation,
			shows: 'why there is none',
			by: 'Node 2.0',
			body: { results: 0, failed: 1, broadcasts: [], failures },
			gives: /Author not found/,
		},
		{ operation, shows: 'nothing', by: 'Laravel', body: [], gives: ODD },
	];
}

function blacklist(
	shows: string,
	by: string,
	body: unknown,
	gives: Shown['gives'],
	raw?: Shown['raw'],
): Shown {
	return { operation: 'validation.checkBlacklist', shows, by, body, gives, raw };
}

const clean = { query: 'spam.example', listed: false, listed_by: [] };
const listed = { query: 'spam.example', listed: true, listed_by: ['spamhaus'] };
const checked = { query: 'spam.example', description: WHAT_LISTS_MEAN };
const unchecked = {
	query: null,
	description: WHAT_LISTS_MEAN,
	results: { result: 'Please provide an IP or clean domain' },
};
const hit = { ...checked, results: { ...CLEAN, spamhaus: true } };
const deleted = { id: '3', name: 'trial' };

export const SHOWN: readonly Shown[] = [
	{
		operation: 'apiCall.make',
		shows: 'any object as it is',
		by: 'all',
		body: { data: [record('tags', TAG)], meta: { page: 1 } },
		gives: [{ data: [record('tags', TAG)], meta: { page: 1 } }],
	},
	{
		operation: 'apiCall.make',
		shows: 'an error in a 200',
		by: 'documentation of errors',
		body: { success: false, message: 'No such list' },
		gives: /No such list/,
	},
	...lists('author.getAll', { email: 'hello@example.com', name: 'Shop' }),
	...lists('broadcast.getAll', {
		name: 'News',
		share_url: 'https://example.com/7',
		template: { subject: 'Hi', to: 'x@example.com' },
		created_at: AT,
		stats: { open_rate: 0 },
	}),
	...broadcasts('broadcast.create'),
	...broadcasts('broadcast.schedule', SCHEDULED),
	...batches('email.send'),
	...singles('emailTemplate.get', TEMPLATE, /Bento has no email template/),
	...singles('emailTemplate.update', TEMPLATE, /Bento has no email template/),
	...singles('field.create', FIELD, { key: 'account_manager' }),
	{
		operation: 'field.create',
		shows: 'all fields of the site',
		by: 'newer README of bento-n8n-sdk; older samples',
		body: {
			data: [
				record('visitors-fields', { name: 'Plan', key: 'plan' }, '1'),
				record('visitors-fields', FIELD),
			],
		},
		gives: [{ id: '7', ...FIELD }],
	},
	...lists('field.getAll', FIELD),
	...lists('form.getResponses', { uuid: 'u-1', data: FORM }, { ...FORM, id: '7', uuid: 'u-1' }),
	...singles('segment.get', SEGMENT, /Bento has no segment/),
	...lists('segment.getAll', SEGMENT),
	...singles('sequence.createEmail', TEMPLATE, { subject: 'Week two' }),
	...lists('sequence.getAll', {
		name: 'Welcome',
		created_at: AT,
		email_templates: [{ id: 1, subject: 'Hi' }],
	}),
	...plains('statistic.getAds', { dimension: 'source', totals: { signups: 42 }, breakdown: [] }),
	{
		operation: 'statistic.getReport',
		shows: 'the report',
		by: 'Node 2.0, Go',
		body: REPORT,
		gives: [REPORT],
	},
	{
		operation: 'statistic.getReport',
		shows: 'the report in report_data',
		by: 'Laravel, .NET',
		body: { report_data: REPORT },
		gives: [REPORT],
	},
	{
		operation: 'statistic.getReport',
		shows: 'the report under data',
		by: 'Laravel (other statistics)',
		body: { data: REPORT },
		gives: [REPORT],
	},
	{
		operation: 'statistic.getReport',
		shows: 'an error in a 200',
		by: 'Node (with 404)',
		body: { error: 'Report not found' },
		gives: /Report not found/,
	},
	...plains('statistic.getSegment', COUNTS),
	...plains('statistic.getSite', COUNTS),
	...['addField', 'addTag', 'addTagViaEvent', 'changeEmail'].flatMap((name) =>
		batches(`subscriber.${name}`),
	),
	...['removeField', 'removeTag', 'subscribe', 'unsubscribe'].flatMap((name) =>
		batches(`subscriber.${name}`),
	),
	...batches('subscriber.createOrUpdate'),
	...singles('subscriber.create', PERSON, ODD, { ...PERSON, fields: {} }),
	{
		operation: 'subscriber.deleteData',
		shows: 'that it was accepted',
		by: 'documentation (202)',
		body: { status: 'queued_for_anonymization' },
		gives: [{ accepted: true, email: 'ada.byron@example.com', status: 'queued_for_anonymization' }],
	},
	{
		operation: 'subscriber.deleteData',
		shows: 'an error in a 200',
		by: 'documentation (404)',
		body: { error: 'visitor_not_found' },
		gives: /visitor_not_found/,
	},
	...singles('subscriber.get', PERSON, NOBODY, { ...PERSON, fields: {} }),
	{
		operation: 'subscriber.get',
		shows: '[] for no fields',
		by: 'Laravel, PHP',
		body: { data: record('visitors', { ...PERSON, fields: [], cached_tag_ids: [] }) },
		gives: [{ id: '7', ...PERSON, fields: {}, cached_tag_ids: [] }],
	},
	{
		operation: 'subscriber.get',
		shows: 'null for no fields',
		by: 'Node',
		body: { data: record('visitors', { ...PERSON, fields: null }) },
		gives: [{ id: '7', ...PERSON, fields: {} }],
	},
	{
		operation: 'subscriber.get',
		shows: 'the IDs of its tags',
		by: 'documentation, Node',
		body: { data: record('visitors', { ...PERSON, cached_tag_ids: ['7'] }) },
		options: { includeTagNames: true },
		then: {
			path: '/api/v1/fetch/tags',
			body: { data: [record('tags', TAG), record('tags', { ...TAG, name: 'old' }, '8')] },
		},
		gives: [{ id: '7', ...PERSON, fields: {}, cached_tag_ids: ['7'], tags: ['vip'] }],
	},
	...lists('subscriber.getAll', PERSON, { ...PERSON, fields: {} }),
	...singles('tag.create', TAG, { name: 'vip' }),
	{
		operation: 'tag.create',
		shows: 'all tags of the site',
		by: 'newer README of bento-n8n-sdk; older samples',
		body: [record('tags', { ...TAG, name: 'old' }, '1'), record('tags', TAG)],
		gives: [{ id: '7', ...TAG }],
		raw: [{ data: [record('tags', { ...TAG, name: 'old' }, '1'), record('tags', TAG)] }],
	},
	{
		operation: 'tag.delete',
		shows: 'that it was deleted',
		by: 'Node',
		body: { message: 'Tag (trial) deleted successfully' },
		gives: [{ deleted: true, ...deleted, message: 'Tag (trial) deleted successfully' }],
	},
	{
		operation: 'tag.delete',
		shows: 'that it was restored',
		by: 'Node ("deletes or restores")',
		body: { message: 'Tag (trial) restored successfully' },
		gives: [
			{ deleted: false, restored: true, ...deleted, message: 'Tag (trial) restored successfully' },
		],
	},
	{
		operation: 'tag.delete',
		shows: 'the deleted tag',
		by: 'documentation',
		body: { data: record('tags', { name: 'trial', discarded_at: AT }, '3') },
		gives: [{ deleted: true, ...deleted }],
	},
	{
		operation: 'tag.delete',
		shows: 'an error in a 200',
		by: 'documentation of errors',
		body: { error: 'Tag is in use' },
		gives: /Tag is in use/,
	},
	...lists('tag.getAll', TAG),
	blacklist('a clean domain', 'Node, Elixir, .NET', { ...checked, results: CLEAN }, [clean]),
	blacklist('a listed domain', 'documentation', hit, [listed]),
	blacklist('a listed domain under data', 'Laravel', { data: hit }, [listed]),
	blacklist('a listed domain in a list under data', 'Laravel (geolocation)', { data: [hit] }, [
		listed,
	]),
	blacklist(
		'a listed domain in a bare list',
		'Laravel (geolocation)',
		[hit],
		[listed],
		[{ data: [hit] }],
	),
	blacklist('false for none', 'Laravel', { data: { ...checked, results: false } }, [clean]),
	blacklist('null for none', 'documentation', { ...checked, results: null }, [clean]),
	blacklist('that nothing was checked', 'Laravel', { data: unchecked }, /Please provide an IP/),
	blacklist('the same without an envelope', 'documentation', unchecked, /Please provide an IP/),
	blacklist(
		'null for what was asked',
		'Laravel',
		{ query: null, results: null },
		/Nothing was checked/,
	),
	blacklist('an error in a 200', 'documentation of errors', { error: 'Not today' }, /Not today/),
	// One fixture shows it; no client reads a verdict out of it.
	blacklist('a word', 'Go', { status: 'clean' }, ODD, [{ status: 'clean' }]),
	blacklist('nothing', 'Node', {}, ODD, [{}]),
	...plains('validation.checkStrictly', { valid: false, reasons: ['Free email provider'] }),
	...plains('validation.guessGender', { gender: 'unknown', confidence: null }),
	...plains('validation.moderateContent', {
		valid: true,
		reasons: [],
		safe_original_content: 'Hi',
	}),
	...plains('validation.validateEmail', { valid: false }),
	...lists('workflow.getAll', {
		name: 'Cart left',
		status: 'live',
		email_templates: [{ id: 1, subject: 'Hi', stats: null }],
	}),
];
