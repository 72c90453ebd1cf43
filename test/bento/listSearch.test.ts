import type { INode, INodeParameters, INodeType } from 'n8n-workflow';
import { startBentoServer, type BentoServer } from '../bentoServer';
import { credentialsHelper } from '../support/engine/credentials';
import { engineLine } from '../support/engine/lines';
import { coreFolder, LINE_NAMES, requireOf, type LineName } from '../support/engine/packages';

type Context = new (...args: unknown[]) => object;

let server: BentoServer;
// One for each test: all that call the same site share its rate limit.
beforeEach(async () => {
	server = await startBentoServer();
});
afterEach(() => server.close());

/** Asks a dropdown as the editor does. */
async function search(name: LineName, method: string, filter?: string) {
	const { type, context } = await editorContext(name, 'bento');
	return await ask(type, context, method, filter);
}

/** n8n's own context for what the editor asks a node before it has ever run. */
async function editorContext(
	name: LineName,
	className: 'bento' | 'bentoTrackEvent',
	currentNodeParameters?: INodeParameters,
	credentials: INode['credentials'] = { bentoApi: { id: '1', name: 'Bento' } },
) {
	const line = await engineLine(name);
	const type = line.loader.nodeTypes[className]?.type;
	if (!type) throw new Error(`There is no node ${className}`);
	const node: INode = {
		id: '1',
		name: 'Bento',
		type: `n8n-nodes-bentonow.${className}`,
		typeVersion: 1,
		position: [0, 0],
		parameters: {},
		credentials,
	};
	const nodeTypes = { getByName: () => type, getByNameAndVersion: () => type };
	const workflow = new line.Workflow({ nodes: [node], connections: {}, active: false, nodeTypes });
	const { LoadOptionsContext } = requireOf(name)(coreFolder(name)) as {
		LoadOptionsContext: Context;
	};
	const helper = credentialsHelper((one) => line.loader.credentialTypes[one]?.type, {
		bentoApi: server.credentials,
	});
	const additionalData = { credentialsHelper: helper, currentNodeParameters };
	const context = new LoadOptionsContext(workflow, node, additionalData, '');
	return { type, context };
}

async function ask(type: INodeType, context: object, method: string, filter?: string) {
	const found = type.methods?.listSearch?.[method];
	if (!found) throw new Error(`There is no ${method}`);
	const result: unknown = await Reflect.apply(found, context, [filter]);
	return result;
}

async function accountFields(
	name: LineName,
	className: 'bento' | 'bentoTrackEvent',
	parameters?: INodeParameters,
	credentials?: INode['credentials'],
) {
	const { type, context } = await editorContext(name, className, parameters, credentials);
	const method = type.methods?.resourceMapping?.getAccountFields;
	if (!method) throw new Error('There is no resource mapping');
	const result: unknown = await Reflect.apply(method, context, []);
	return result;
}

it('a long list is whole in a dropdown and in the mapping of fields', async () => {
	for (let index = 0; index < 450; index += 1) {
		const createdAt = '2026-01-01';
		const name = `Long ${index}`;
		server.state.tags.push({ id: `t${index}`, name, createdAt, discardedAt: null });
		server.state.fields.push({ id: `f${index}`, key: `long_${index}`, name, createdAt });
	}
	const list = (await search('2x', 'searchTags', 'long')) as { results: unknown[] };
	expect(list.results).toHaveLength(450);
	const mapping = (await accountFields('2x', 'bentoTrackEvent')) as { fields: unknown[] };
	expect(mapping.fields).toHaveLength(server.state.fields.length);
});

describe.each(LINE_NAMES)('The mapping of fields on engine %s', (line) => {
	it.each(['bento', 'bentoTrackEvent'] as const)(
		'of %s offers the account’s fields',
		async (node) => {
			expect(await accountFields(line, node)).toMatchObject({
				fields: expect.arrayContaining([
					expect.objectContaining({ id: 'first_name', displayName: 'First Name' }),
				]) as unknown,
			});
		},
	);

	it('names their keys for Map Automatically, and says so if there are none', async () => {
		expect(await accountFields(line, 'bento', {})).toMatchObject({
			emptyFieldsNotice: 'Fields of your Bento site: first_name, last_name, plan',
		});
		server.failWhen(() => ({ kind: 'wrongJson', body: { data: [] } }));
		expect(await accountFields(line, 'bento', {})).toEqual({
			fields: [],
			emptyFieldsNotice: expect.stringContaining('has no fields yet') as string,
		});
	});

	it('asks for a credential before it asks Bento', async () => {
		expect(await accountFields(line, 'bentoTrackEvent', {}, {})).toEqual({
			fields: [],
			emptyFieldsNotice:
				'To list the fields of your Bento site, select a Bento API credential above. Then close this node and open it again',
		});
		expect(server.requests).toEqual([]);
	});

	it('explains why they can’t load where n8n shows it', async () => {
		server.failWhen(() => ({ kind: 'status', status: 401 }));
		const customFieldsMap = { mappingMode: 'defineBelow', value: null, schema: [] };
		expect(await accountFields(line, 'bento', { customFieldsMap })).toEqual({
			fields: [],
			emptyFieldsNotice: expect.stringMatching(
				/^Bento rejected the credentials\. .*'Site UUID'.*\. Then close this node and open it again$/,
			) as string,
		});
	});

	it('keeps what is mapped while they can’t load', async () => {
		server.failWhen(() => ({ kind: 'status', status: 401 }));
		const schema = [{ id: 'plan', displayName: 'Plan' }];
		const customFieldsMap = { mappingMode: 'defineBelow', value: { plan: 'team' }, schema };
		await expect(accountFields(line, 'bento', { customFieldsMap })).rejects.toMatchObject({
			message: 'Bento rejected the credentials',
			description: expect.stringContaining("'Site UUID'") as string,
		});
	});
});

const RIGHT: ReadonlyArray<[string, string, string]> = [
	['searchAuthors', 'Example Shop <hello@example.com>', 'hello@example.com'],
	['searchEmailTemplates', 'Cart left > Still interested?', '54'],
	['searchFields', 'First Name', 'first_name'],
	['searchSegments', 'Active trials', '72'],
	['searchSequences', 'Trial ends', 'sequence_4d5e6f'],
	['searchTags', 'customer', 'customer'],
];

/** By what a dropdown names its entries, where it isn't the ID. */
const VALUES: Readonly<Record<string, string>> = {
	searchAuthors: 'e@example.com',
	searchFields: 'k',
	searchTags: 'N',
};

describe.each(LINE_NAMES)('Dropdowns on engine %s', (line) => {
	it.each(RIGHT)('%s lists the account', async (method, name, value) => {
		expect(await search(line, method)).toEqual({
			results: expect.arrayContaining([{ name, value }]) as unknown,
		});
	});

	it.each(RIGHT)('%s searches', async (method, name, value) => {
		const part = name.slice(-6).toUpperCase();
		expect(await search(line, method, part)).toMatchObject({
			results: expect.arrayContaining([{ name, value }]) as unknown,
		});
		expect(await search(line, method, 'no such thing')).toEqual({ results: [] });
	});

	it.each(RIGHT)('%s offers nothing to choose if the list is empty', async (method) => {
		server.failWhen(() => ({ kind: 'wrongJson', body: { data: [] } }));
		expect(await search(line, method)).toEqual({ results: [] });
	});

	it.each(RIGHT)(
		'%s reads every form of a list, and the ID of the record itself',
		async (method) => {
			const attributes = { id: 'prefix_9', name: 'N', key: 'k', email: 'e@example.com' };
			const row = {
				id: '9',
				attributes: { ...attributes, email_templates: [{ id: 9, subject: 'S' }] },
			};
			for (const body of [{ data: [row] }, [row], { data: row }, row]) {
				server.failWhen(() => ({ kind: 'wrongJson', body }));
				const { results } = (await search(line, method)) as { results: Array<{ value: string }> };
				expect(results.map(({ value }) => value)).toEqual([VALUES[method] ?? '9']);
			}
		},
	);

	it.each(RIGHT)('%s says what to do when Bento refuses', async (method) => {
		server.failWhen(() => ({ kind: 'status', status: 401, body: { error: 'Unauthorized' } }));
		await expect(search(line, method)).rejects.toMatchObject({
			message: 'Bento rejected the credentials',
			description: expect.stringContaining('Publishable Key') as unknown,
			httpCode: '401',
		});
	});

	it('reads the account once while someone types, and again when the list is opened', async () => {
		await search(line, 'searchEmailTemplates');
		const once = server.requests.length;
		for (const typed of ['s', 'st', 'still']) await search(line, 'searchEmailTemplates', typed);
		expect(server.requests.length).toBe(once);
		await search(line, 'searchEmailTemplates');
		expect(server.requests.length).toBe(2 * once);
	});

	it('offers tags to Bento Track Event, and several at once to Bento', async () => {
		const { type, context } = await editorContext(line, 'bentoTrackEvent');
		expect(await ask(type, context, 'searchTags')).toEqual(await search(line, 'searchTags'));
		const bento = await editorContext(line, 'bento');
		const getTags = bento.type.methods?.loadOptions?.getTags;
		expect(await Reflect.apply(getTags ?? (() => []), bento.context, [])).toEqual(
			expect.arrayContaining([{ name: 'customer', value: 'customer' }]),
		);
	});

	it('leaves deleted tags out', async () => {
		const [tag] = server.state.tags;
		if (tag) tag.discardedAt = '2026-11-20T00:00:00Z';
		expect(JSON.stringify(await search(line, 'searchTags'))).not.toContain('customer');
	});
});
