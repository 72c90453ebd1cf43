import {
	NodeHelpers,
	type ICredentialDataDecryptedObject,
	type IDataObject,
	type INodeParameters,
} from 'n8n-workflow';
import { Bento } from '../../nodes/Bento/Bento.node';
import { BentoTrackEvent } from '../../nodes/BentoTrackEvent/BentoTrackEvent.node';
import { startBentoServer, type BentoServer } from '../bentoServer';
import { LINE_NAMES } from '../support/engine/packages';
import { runWorkflow } from '../support/engine/run';

/** What happens to columns that the account has no field for, on the engines of both lines. */

const NODE = 'Bento';
const SITE_OF_ITEM = {
	publishableKey: '={{ $json.keys.publishableKey }}',
	secretKey: '={{ $json.keys.secretKey }}',
	siteUuid: '={{ $json.keys.siteUuid }}',
	baseUrl: '={{ $json.keys.baseUrl }}',
};

let server: BentoServer;
let other: BentoServer;
beforeAll(async () => {
	server = await startBentoServer();
	other = await startBentoServer({ siteUuid: '0d9f1c1e-0000-4000-8000-00000000abcd' });
});
afterEach(() => {
	server.reset();
	other.reset();
});
afterAll(async () => {
	await server.close();
	await other.close();
});

type Type = 'bento' | 'bentoTrackEvent';

async function run(
	line: (typeof LINE_NAMES)[number],
	type: Type,
	parameters: object,
	items: readonly IDataObject[],
	credentials: ICredentialDataDecryptedObject = server.credentials,
) {
	const own = { ...parameters } as INodeParameters;
	const node = { name: NODE, type, parameters: own, typeVersion: 1.1 };
	const result = await runWorkflow(line, {
		nodes: [{ ...node, onError: 'continueErrorOutput' }],
		items,
		credentials: { bentoApi: credentials },
	});
	const hints = (result.of(NODE)[0]?.hints ?? []).map(({ message }) => message).join('\n');
	return { passed: result.json(NODE), failed: result.json(NODE, 1), hints };
}

const ROW = {
	email: 'ann@example.com',
	'First Name': 'Ann',
	plan: 'pro',
	row_number: 2,
	Zip: '1',
	empty: '',
	address: { city: 'Rome' },
};

const FLAT = { email: 'ann@example.com', 'First Name': 'Ann', plan: 'pro', Zip: '1' };

const MAPPING = {
	mappingMode: 'autoMapInputData',
	value: null,
	schema: [{ id: 'first_name', displayName: 'First Name' }, { id: 'plan' }],
};

const event = { operation: 'trackEvent', email: '={{ $json.email }}', eventType: 'x' };
const upsert = { resource: 'subscriber', operation: 'createOrUpdate' };

const MAPPED: Array<[Type, object]> = [
	['bento', { ...upsert, email: '={{ $json.email }}', customFieldsMap: MAPPING }],
	['bentoTrackEvent', { ...event, fieldsMap: MAPPING }],
];
const WHOLE: Array<[Type, object]> = [
	['bento', { ...upsert, inputMode: 'wholeItem' }],
	['bentoTrackEvent', { ...event, fieldsMode: 'wholeItem' }],
];

/** The fields that a stand-in was sent, one set for each record. */
function sent(stand = server): unknown[] {
	return stand.requests
		.filter(({ method }) => method === 'POST')
		.flatMap(({ body }) => {
			const { events, subscribers } = body as { events?: unknown[]; subscribers?: unknown[] };
			return (events ?? subscribers ?? []) as Array<{ fields?: IDataObject; email: string }>;
		})
		.map(
			({ fields, ...flat }) =>
				fields ?? Object.fromEntries(Object.entries(flat).filter(([key]) => key !== 'email')),
		);
}

const reads = (stand = server) => stand.requests.filter(({ method }) => method === 'GET');

describe.each(LINE_NAMES)('on n8n %s', (line) => {
	describe.each(MAPPED)('%s, Map Automatically', (type, parameters) => {
		it('sends columns without a field if they are to create one, and says so', async () => {
			const options = { extraFields: 'create' };
			const { failed, hints } = await run(line, type, { ...parameters, options }, [FLAT]);
			expect(failed).toEqual([]);
			expect(sent()).toEqual([{ first_name: 'Ann', plan: 'pro', Zip: '1' }]);
			expect(hints).toContain('creates them if your Bento site doesn\'t have them: "Zip".');
		});

		it('fails an item that has such columns, names them, and sends the others', async () => {
			const options = { extraFields: 'fail' };
			const items = [FLAT, { email: 'bo@example.com', plan: 'free', row_number: 3 }];
			const { failed } = await run(line, type, { ...parameters, options }, items);
			expect(failed).toMatchObject([
				{
					email: 'ann@example.com',
					error: "'Input Item' has columns that your Bento site has no fields for",
					message: expect.stringMatching(
						/^The columns are "Zip"\. .* refresh the field list in the panel\. Code: INVALID_INPUT, /,
					) as unknown,
				},
			]);
			expect(sent()).toEqual([{ plan: 'free' }]);
		});

		it('leaves them out otherwise, and asks Bento for nothing', async () => {
			await run(line, type, parameters, [FLAT]);
			await run(line, type, { ...parameters, options: { extraFields: 'ignore' } }, [FLAT]);
			expect(sent()).toEqual(Array(2).fill({ first_name: 'Ann', plan: 'pro' }));
			expect(reads()).toEqual([]);
		});
	});

	describe.each(WHOLE)('%s, whole items', (type, parameters) => {
		it('sends only what has a field, after one look at the account', async () => {
			const options = { extraFields: 'ignore' };
			const items = [ROW, { email: 'bo@example.com', last_name: 'Bo' }];
			const { failed, hints } = await run(line, type, { ...parameters, options }, items);
			expect(failed).toEqual([]);
			expect(sent()).toEqual([{ first_name: 'Ann', plan: 'pro' }, { last_name: 'Bo' }]);
			expect(reads().map(({ path }) => path)).toEqual(['/api/v1/fetch/fields']);
			expect(hints).toContain(
				'no field of your Bento site has the name: "Zip", "address" [Item 0]',
			);
			expect(hints).not.toContain('creates them');
		});

		it('fails an item that has more', async () => {
			const options = { extraFields: 'fail' };
			const items = [ROW, { email: 'bo@example.com', plan: 'free' }];
			const { failed } = await run(line, type, { ...parameters, options }, items);
			expect(failed).toMatchObject([
				{ error: "'Input Item' has columns that your Bento site has no fields for" },
			]);
			expect(JSON.stringify(failed)).toContain('"Zip\\", \\"address\\". Rename or remove them');
			expect(sent()).toEqual([{ plan: 'free' }]);
		});

		it.each([{}, { extraFields: 'create' }])('sends all of it otherwise: %j', async (options) => {
			await run(line, type, { ...parameters, options }, [FLAT]);
			const [fields] = sent();
			expect(fields).toMatchObject({ 'First Name': 'Ann', plan: 'pro', Zip: '1' });
			expect(reads()).toEqual([]);
		});

		it('shows in a dry run what would be sent', async () => {
			const options = { extraFields: 'ignore', dryRun: true };
			const { passed } = await run(line, type, { ...parameters, options }, [ROW]);
			expect(passed).toHaveLength(1);
			expect(JSON.stringify(passed)).toContain('"first_name":"Ann"');
			expect(JSON.stringify(passed)).not.toContain('Zip');
			expect(sent()).toEqual([]);
		});

		it('sends nothing while the fields of the account can’t be read', async () => {
			server.failWhen(({ method }) =>
				method === 'GET' ? { kind: 'status', status: 503 } : undefined,
			);
			const options = { extraFields: 'ignore', maxAttempts: 1 };
			const { failed } = await run(line, type, { ...parameters, options }, [ROW]);
			expect(failed).toHaveLength(1);
			expect(JSON.stringify(failed)).toContain('Code: UNAVAILABLE, HTTP 503, not received');
			expect(sent()).toEqual([]);
		});

		it('goes by the fields of each item’s own site', async () => {
			other.state.fields.push({ id: '99', key: 'zip', name: 'Zip', createdAt: '' });
			const sites = [server, other].map(({ credentials }) => ({ ...ROW, keys: credentials }));
			const options = { extraFields: 'ignore' };
			const { failed } = await run(line, type, { ...parameters, options }, sites, SITE_OF_ITEM);
			expect(failed).toEqual([]);
			expect(sent()).toEqual([{ first_name: 'Ann', plan: 'pro' }]);
			expect(sent(other)).toEqual([{ first_name: 'Ann', plan: 'pro', zip: '1' }]);
		});
	});

	it('an import keeps tags and what Bento knows without a field', async () => {
		const row = { Email: 'ann@example.com', Tags: 'a, b', 'UTM Source': 'ad', Zip: '1' };
		const options = { extraFields: 'ignore' };
		const whole = { ...upsert, inputMode: 'wholeItem', options };
		const { failed } = await run(line, 'bento', whole, [row]);
		expect(failed).toEqual([]);
		expect(sent()).toEqual([{ tags: 'a,b', utm_source: 'ad' }]);
	});
});

it.each([
	[new Bento(), { ...upsert, inputMode: 'wholeItem' }, 'create'],
	[new Bento(), { ...upsert, customFieldsMode: 'account' }, 'ignore'],
	[new Bento(), { ...upsert, customFieldsMode: 'rows' }, undefined],
	[new BentoTrackEvent(), { operation: 'subscribe', fieldsMode: 'wholeItem' }, 'create'],
	[new BentoTrackEvent(), { operation: 'subscribe', fieldsMode: 'account' }, 'ignore'],
	[new BentoTrackEvent(), { operation: 'unsubscribe' }, undefined],
])('the panel of %# begins with what holds without the option', ({ description }, given, usual) => {
	const node = { typeVersion: 1.1 };
	const values: INodeParameters = { resource: 'subscriber', ...given };
	const all = NodeHelpers.getNodeParameters(
		description.properties,
		values,
		true,
		false,
		node,
		description,
	);
	if (!all) throw new Error('n8n reads no parameters');
	const forms = description.properties
		.filter(({ name }) => name === 'options')
		.filter((property) => NodeHelpers.displayParameter(all, property, node, description))
		.flatMap(({ options = [] }) => options)
		.filter((option) => 'type' in option && option.name === 'extraFields')
		.filter(
			(option) =>
				'type' in option && NodeHelpers.displayParameter({}, option, node, description, all),
		);
	expect(forms.map((form) => 'default' in form && form.default)).toEqual(
		usual === undefined ? [] : [usual],
	);
});
