import type { INodeParameters } from 'n8n-workflow';
import { LINE_NAMES, type LineName } from '../support/engine/packages';
import { runWorkflow } from '../support/engine/run';
import { located } from './located';
import { NODE, runBento } from './support';
import { useBento } from '../support/useBento';

/** What the panel offers beside the operations themselves: dry runs, tags by name, IDs, and the input's own fields. */

const server = useBento();

const BROADCAST = {
	resource: 'broadcast',
	operation: 'schedule',
	broadcastName: 'Spring news',
	subject: 'What is new',
	from: located('hello@example.com'),
	content: '<p>Hi</p>',
	confirm: true,
};

const EMAIL = {
	resource: 'email',
	operation: 'send',
	toEmail: 'ada.byron@example.com',
	from: located('hello@example.com', 'email'),
	subject: 'Receipt',
	content: '<p>Hi</p>',
	confirm: true,
};

const UPSERT = {
	resource: 'subscriber',
	operation: 'createOrUpdate',
	email: 'ada.byron@example.com',
	customFieldsMode: 'rows',
};

function withOptions(parameters: INodeParameters, options: INodeParameters): INodeParameters {
	return { ...parameters, options };
}

/** Adds a tag with Bento Track Event. */
async function addTag(line: LineName, tag: INodeParameters['tag'], options: INodeParameters = {}) {
	const parameters = {
		resource: 'tag',
		operation: 'addTag',
		email: 'ada@example.com',
		tag,
		options,
	};
	return await runWorkflow(line, {
		nodes: [{ name: NODE, type: 'bentoTrackEvent', parameters }],
		items: [{ plan: 'team', error: '' }],
		credentials: { bentoApi: server.credentials },
	});
}

describe.each(LINE_NAMES)('On engine %s', (line) => {
	it.each([
		['an email', EMAIL, { email: expect.objectContaining({ subject: 'Receipt' }) as unknown }],
		['an import', UPSERT, { subscriber: { email: 'ada.byron@example.com' } }],
		[
			'a broadcast',
			{ ...BROADCAST, audience: 'everyone' },
			{ requests: [expect.objectContaining({ method: 'POST', path: '/batch/broadcasts' })] },
		],
		[
			'a deletion',
			{ resource: 'tag', operation: 'delete', tag: located('customer'), confirm: true },
			{
				requests: [
					{ method: 'DELETE', path: '/fetch/tags/1', body: { tag: { name: 'customer' } } },
				],
			},
		],
		[
			'two requests for one item',
			{
				resource: 'subscriber',
				operation: 'create',
				email: 'new@example.com',
				additionalFields: { first_name: 'New' },
			},
			{
				requests: [
					expect.objectContaining({ path: '/fetch/subscribers' }),
					expect.objectContaining({ path: '/batch/subscribers' }),
				],
			},
		],
	])('Dry Run shows %s and sends none', async (_what, parameters: INodeParameters, shown) => {
		const run = await runBento(line, server, withOptions(parameters, { dryRun: true }));
		expect(run.json(NODE)).toEqual([{ status: 'dryRun', ...(shown as object) }]);
		expect(server.requests.filter(({ method }) => method !== 'GET')).toEqual([]);
	});

	it('a Dry Run whose expression gives nothing deletes nothing', async () => {
		const tag = { resource: 'tag', operation: 'delete', tag: located('customer'), confirm: true };
		const run = await runBento(line, server, withOptions(tag, { dryRun: '={{ $json.none }}' }));
		expect(run.error?.message ?? run.json(NODE)[0]?.status).toMatch(/'Dry Run'|dryRun/);
		expect(server.state.tags[0]?.discardedAt).toBeNull();
	});

	it('takes tags from a list, as text, and from both', async () => {
		for (const [given, sent] of [
			[{ tagList: ['customer', 'vip'] }, 'customer,vip'],
			[{ tags: 'customer, vip' }, 'customer,vip'],
			[{ tagList: ['customer'], tags: 'vip, customer' }, 'customer,vip'],
		] as const) {
			server.reset();
			const additionalFields: INodeParameters = { ...structuredClone(given) } as INodeParameters;
			await runBento(line, server, { ...UPSERT, additionalFields });
			expect(server.requests[0]?.body).toMatchObject({ subscribers: [{ tags: sent }] });
		}
	});

	it.each(['includeTags', 'includeTagList', 'excludeTags'])(
		'sends no broadcast if the expression of %s gives no tags',
		async (name) => {
			const additionalFields = { [name]: '={{ $json.none }}' };
			const run = await runBento(line, server, { ...BROADCAST, additionalFields });
			expect(run.error?.message).toContain('gives no tags');
			expect(server.requests).toEqual([]);
		},
	);

	it.each(['customer', located('customer'), located('customer', 'name')])(
		'Track Event takes a tag as %j',
		async (tag) => {
			const run = await addTag(line, tag);
			expect(run.error).toBeUndefined();
			expect(server.events).toMatchObject([{ type: '$tag', details: { tag: 'customer' } }]);
		},
	);

	it.each([
		[
			{
				resource: 'form',
				operation: 'getResponses',
				formId: 'https://app.bentonow.com/forms/1/edit',
			},
			'Form ID',
		],
		[
			{
				resource: 'segment',
				operation: 'get',
				segment: '={{ "https://app.bentonow.com/segments/71" }}',
			},
			'Segment',
		],
		[{ resource: 'statistic', operation: 'getReport', reportId: 'my report' }, 'Report ID'],
	])('says what to enter in place of an address: %j', async (parameters, label) => {
		const run = await runBento(line, server, parameters);
		expect(run.error?.message).toContain(`'${label}' isn't an ID`);
		expect(String(Reflect.get(run.error ?? {}, 'description'))).toContain('Enter only the ID');
		expect(server.requests).toEqual([]);
	});

	it('keeps the input fields beside the result, but no error of an earlier node', async () => {
		const run = await addTag(line, 'customer', { includeInputFields: true });
		expect(run.json(NODE)).toEqual([
			{ plan: 'team', bento: expect.objectContaining({ status: 'accepted' }) as unknown },
		]);
		const dry = await addTag(line, 'customer', { includeInputFields: true, dryRun: true });
		expect(dry.json(NODE)).toMatchObject([{ plan: 'team', bento: { status: 'dryRun' } }]);
	});
});
