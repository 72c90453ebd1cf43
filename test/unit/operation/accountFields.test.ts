import type { ILoadOptionsFunctions, INodeProperties } from 'n8n-workflow';
import {
	columnsAsFields,
	extraFieldsIn,
	extraFieldsOption,
	FIELD_LIST,
	FieldNames,
	fieldsChoice,
	fieldsHint,
	fieldsMapper,
	mappedFields,
	namesOf,
	needsAccountFields,
	readAccountList,
	resourceMapping,
	unreadList,
} from '../../../nodes/shared/operation/accountFields';
import { ACCOUNT_FIELDS } from '../../../nodes/shared/operation/types';

const SCHEMA = [
	{ id: 'plan', removed: false },
	{ id: 'city', removed: true },
	{ id: 'zip', removed: true },
];

describe('a mapping onto the account’s fields', () => {
	it.each([
		['the parameter’s default', { mappingMode: 'defineBelow', value: null }],
		['a list that was loaded', { mappingMode: 'defineBelow', value: {}, schema: SCHEMA }],
		[
			'a field that was left empty',
			{ mappingMode: 'defineBelow', value: { plan: '', city: null } },
		],
		['an expression without a value', { mappingMode: 'defineBelow', value: { plan: undefined } }],
		['Map Automatically without a list', { mappingMode: 'autoMapInputData', value: null }],
		['a list that is none', { mappingMode: 'autoMapInputData', value: null, schema: 'x' }],
		['a list of other things', { mappingMode: 'autoMapInputData', schema: [null, {}, { id: 1 }] }],
		['nothing', undefined],
		['null', null],
		['something else', 'plan'],
		['a value that is none', { mappingMode: 'defineBelow', value: ['plan'] }],
	])('gives no fields for %s', (_what, mapping) => {
		expect(mappedFields(mapping, { plan: 'team', city: 'Rome' }).record).toEqual({});
	});

	it('gives what was filled in, also 0 and false', () => {
		const value = { plan: 'team', seats: 0, trial: false, city: '', zip: null };
		const mapping = { mappingMode: 'defineBelow', value, schema: SCHEMA };
		expect(mappedFields(mapping, { city: 'Rome' }).record).toEqual({
			plan: 'team',
			seats: 0,
			trial: false,
		});
	});

	it('gives dates as text', () => {
		const value = { on: new Date('2026-11-20T08:30:00Z'), at: { toISO: 1, toJSON: () => 'then' } };
		expect(mappedFields({ mappingMode: 'defineBelow', value }, {}).record).toEqual({
			on: '2026-11-20T08:30:00.000Z',
			at: 'then',
		});
	});

	// n8n marks every field as removed that wasn't added by hand, and shows none of them with Map Automatically.
	it('gives all that the item has of the account with Map Automatically', () => {
		const mapping = { mappingMode: 'autoMapInputData', value: {}, schema: SCHEMA };
		const item = { plan: 'team', city: 'Rome', zip: '', other: 1 };
		expect(mappedFields(mapping, item).record).toEqual({ plan: 'team', city: 'Rome' });
		expect(mappedFields(mapping, Object.create(item)).record).toEqual({});
		expect(mappedFields(mapping, 'plan').record).toEqual({});
	});
});

describe('the names of the account’s fields', () => {
	const names = namesOf([
		{ id: '1', attributes: { key: 'first_name', name: 'First Name' } },
		{ id: '2', attributes: { key: 'plan', name: 'Tariff' } },
		{ id: '3', attributes: { key: 7, name: 'Number' } },
		{ id: '4', attributes: { key: 'city' } },
	]);

	it.each([
		['first_name', 'first_name'],
		['First Name', 'first_name'],
		['first-name', 'first_name'],
		['Tariff', 'plan'],
		['PLAN', 'plan'],
		['City', 'city'],
		['Number', undefined],
		['other', undefined],
	])('%s is the field %s', (column, field) => {
		expect(names.find(column)).toBe(field);
	});

	it('prefer a key to the title of another field', () => {
		const two = new FieldNames([
			{ id: 'plan', displayName: 'x' },
			{ id: 'other', displayName: 'Plan' },
			{ id: 'z', displayName: 7 },
			'none',
		]);
		expect([two.find('plan'), two.find('Plan'), two.find('z')]).toEqual(['plan', 'plan', 'z']);
	});
});

describe('columns that the account has no field for', () => {
	const names = new FieldNames([{ id: 'plan', displayName: 'Plan' }]);
	const item = { Plan: 'team', city: 'Rome', email: 'a@b.co', row_number: 2, empty: '', tags: 'x' };
	const columns = (extraFields?: string, known?: ReadonlySet<string>) =>
		columnsAsFields(item, { [ACCOUNT_FIELDS]: names, options: { extraFields } }, known);

	it('are all sent if the fields aren’t known', () => {
		expect(columnsAsFields(item, {})).toEqual({ record: item, issues: [], notes: [] });
	});

	it('are left out with a note', () => {
		const note = 'Not sent, because no field of your Bento site has the name: "city", "tags"';
		const told = { record: { plan: 'team' }, issues: [], notes: [note] };
		expect(columns('ignore')).toEqual(told);
		expect(columns()).toEqual(told);
	});

	it('fail the item, or are created', () => {
		expect(columns('fail')).toEqual({
			record: { plan: 'team' },
			notes: [],
			issues: [
				{
					field: 'Input Item',
					text: 'has columns that your Bento site has no fields for',
					advice:
						'The columns are "city", "tags". Rename or remove them, or change \'Extra Fields\'',
				},
			],
		});
		const { record, issues, notes } = columns('create');
		expect(record).toEqual({ plan: 'team', city: 'Rome', tags: 'x' });
		expect(issues).toEqual([]);
		expect(notes).toHaveLength(1);
	});

	it('aren’t those that Bento takes without a field', () => {
		const { record, notes } = columns('ignore', new Set(['tags', 'city']));
		expect(record).toEqual({ plan: 'team', city: 'Rome', tags: 'x' });
		expect(notes).toEqual([]);
	});

	it('are those of a title, if the key has a column too', () => {
		const both = { Plan: 'from title', plan: 'from key' };
		const told = columnsAsFields(both, { [ACCOUNT_FIELDS]: names, options: {} });
		expect(told.record).toEqual({ plan: 'from key' });
		expect(told.notes).toHaveLength(1);
	});

	it('of a mapping say how a new field is found', () => {
		const mapping = { mappingMode: 'autoMapInputData', schema: [{ id: 'plan' }] };
		const { notes } = mappedFields(mapping, { city: 'Rome' });
		expect(notes).toEqual([
			'Not sent, because no field of your Bento site has the name: "city". If a field is new in Bento, refresh the field list in the panel',
		]);
		const [issue] = mappedFields(mapping, { city: 'Rome' }, 'fail').issues;
		expect(issue?.advice).toMatch(/'Extra Fields'\. If a field is new in Bento, refresh/);
	});
});

describe('the account’s fields are read', () => {
	const reads = (values: Record<string, unknown>) => needsAccountFields((name) => values[name]);

	it.each([
		[{}, false],
		[{ inputMode: 'wholeItem' }, false],
		[{ inputMode: 'wholeItem', options: { extraFields: 'create' } }, false],
		[{ inputMode: 'wholeItem', options: { extraFields: 'fail' } }, true],
		[{ fieldsMode: 'wholeItem', options: { extraFields: 'ignore' } }, true],
		[{ fieldsMode: 'wholeItem', options: '={{ x }}' }, true],
		[{ fieldsMode: 'account', options: { extraFields: 'fail' } }, false],
		[{ options: { extraFields: 'fail' } }, false],
	])('for %j: %s', (values, expected) => {
		expect(reads(values)).toBe(expected);
	});

	it('as Extra Fields says', () => {
		expect(extraFieldsIn({ extraFields: 'fail' })).toBe('fail');
		expect(extraFieldsIn('x')).toBeUndefined();
	});
});

describe('in the panel', () => {
	it('a choice means the account’s fields since version 1.1, and rows before', () => {
		const property: INodeProperties = {
			displayName: 'Mode',
			name: 'mode',
			type: 'options',
			default: '',
			displayOptions: { show: { operation: ['x'] } },
		};
		expect(fieldsChoice(property)).toEqual([
			{
				...property,
				default: 'account',
				displayOptions: { show: { operation: ['x'], '@version': [{ _cnd: { gte: 1.1 } }] } },
			},
			{
				...property,
				default: 'rows',
				displayOptions: { show: { operation: ['x'], '@version': [1] } },
			},
		]);
		expect(fieldsChoice({ ...property, displayOptions: undefined })[1]?.displayOptions).toEqual({
			show: { '@version': [1] },
		});
	});

	it('Extra Fields has a form for each way to take a whole item', () => {
		const [mapped, whole] = extraFieldsOption({ a: [1] }, { b: [2] });
		expect(mapped).toMatchObject({
			name: 'extraFields',
			type: 'options',
			default: 'ignore',
			displayOptions: { show: { b: [2] } },
			description:
				'With Map Automatically: what to do with columns that your Bento site has no field for',
		});
		expect(whole).toMatchObject({
			default: 'create',
			displayOptions: { show: { a: [1] } },
			description:
				'With whole items: what to do with columns that your Bento site has no field for',
		});
		expect(whole?.options?.map((one) => 'value' in one && one.value)).toEqual([
			'create',
			'fail',
			'ignore',
		]);
	});

	it('the mapper begins calm and empty, and models are told which parameter counts', () => {
		expect(fieldsMapper('Custom Fields', 'fieldsMap')).toMatchObject({
			displayName: 'Custom Fields',
			name: 'fieldsMap',
			type: 'resourceMapper',
			default: { mappingMode: 'defineBelow', value: null },
			noDataExpression: true,
			typeOptions: {
				resourceMapper: {
					resourceMapperMethod: 'getAccountFields',
					mode: 'add',
					valuesLabel: 'Custom Fields',
					addAllFields: false,
					hideNoDataError: true,
					multiKeyMatch: false,
					supportAutoMap: true,
				},
			},
		});
		expect(fieldsHint('fields').propertyHint).toMatch(/'json' reads fieldsJson.*reads fieldsMap/);
	});
});

describe('in the editor', () => {
	interface Asked {
		readonly body?: string;
		readonly status?: number;
		/** Undefined, as where the editor doesn't say. */
		readonly parameters?: object | undefined;
		readonly credentials?: object;
		readonly siteUuid?: string;
	}
	let sites = 0;
	/** What an open panel asks n8n for, at a site of its own unless it is given one. */
	function panel(given: Asked) {
		const { body = '{"data":[]}', status = 200, credentials = { bentoApi: {} } } = given;
		const parameters = 'parameters' in given ? given.parameters : {};
		const siteUuid = given.siteUuid ?? `site-${(sites += 1)}`;
		const requests: unknown[] = [];
		const respond = (request: unknown) => {
			requests.push(request);
			return Promise.resolve({ statusCode: status, headers: { date: 'x' }, body });
		};
		const part = {
			getNode: () => ({ name: 'Bento', type: 'x.bento', parameters: {}, credentials }),
			getCurrentNodeParameters: () => parameters,
			getCredentials: () =>
				Promise.resolve({ publishableKey: 'pk_123456', secretKey: 'sk_123456', siteUuid }),
			getWorkflow: () => ({ id: '1' }),
			getExecutionId: () => undefined,
			logger: { debug: () => undefined, info: () => undefined },
			helpers: { httpRequest: respond, httpRequestWithAuthentication: respond },
		};
		const context = part as unknown as ILoadOptionsFunctions;
		return { context, requests, siteUuid };
	}
	const fields = (...attributes: object[]) =>
		JSON.stringify({ data: attributes.map((one, id) => ({ id: String(id), attributes: one })) });
	const offered = async (given: Asked) =>
		await resourceMapping.getAccountFields.call(panel(given).context);

	it('the account’s fields are offered by their titles, in order', async () => {
		const body = fields({ key: 'plan', name: 'Tariff' }, { key: 'city' }, { name: 'No key' });
		const field = { required: false, defaultMatch: false, canBeUsedToMatch: false, display: true };
		expect(await offered({ body })).toEqual({
			fields: [
				{ id: 'city', displayName: 'city', ...field },
				{ id: 'plan', displayName: 'Tariff', ...field },
			],
			emptyFieldsNotice: 'Fields of your Bento site: city, plan',
		});
	});

	it('without fields, the notice says what to do', async () => {
		expect(await offered({})).toEqual({
			fields: [],
			emptyFieldsNotice:
				'Your Bento site has no fields yet. To write the first one, choose Using Fields Below or Using JSON.',
		});
		expect((await offered({ credentials: {} })).emptyFieldsNotice).toBe(
			'To list the fields of your Bento site, select a Bento API credential above. Then close this node and open it again',
		);
	});

	it('an error is the notice, unless fields are mapped already', async () => {
		const { fields: none, emptyFieldsNotice } = await offered({ status: 401, body: '{}' });
		expect(none).toEqual([]);
		expect(emptyFieldsNotice).toMatch(
			/^Bento rejected the credentials\. Check .*Then close this node and open it again$/,
		);
		const mapped = { fieldsMap: { schema: [{ id: 'plan' }] } };
		for (const parameters of [mapped, undefined]) {
			await expect(offered({ status: 401, body: '{}', parameters })).rejects.toThrow(
				'Bento rejected the credentials',
			);
		}
		for (const parameters of [
			{ fieldsMap: { schema: [] } },
			{ fieldsMap: { schema: 'x' } },
			{ x: 1 },
		]) {
			expect((await offered({ status: 401, body: '{}', parameters })).fields).toEqual([]);
		}
	});

	it('a list is kept for half a minute, for those who take one that is known', async () => {
		const clock = jest.spyOn(Date, 'now').mockReturnValue(1_000_000);
		const body = fields({ key: 'plan' });
		const list = { request: FIELD_LIST };
		const first = panel({ body });
		const again = panel({ body, siteUuid: first.siteUuid });
		await readAccountList(first.context, list, true);
		expect(await readAccountList(again.context, list, true)).toHaveLength(1);
		expect([first.requests.length, again.requests.length]).toEqual([1, 0]);
		await readAccountList(again.context, list);
		expect(again.requests).toHaveLength(1);
		await readAccountList(panel({ body }).context, list, true);
		clock.mockReturnValue(1_000_000 + 29_999);
		await readAccountList(again.context, list, true);
		expect(again.requests).toHaveLength(1);
		clock.mockReturnValue(1_000_000 + 30_000);
		await readAccountList(again.context, list, true);
		expect(again.requests).toHaveLength(2);
		clock.mockRestore();
	});

	it('no more lists are kept than a hundred, the newest', async () => {
		const list = { request: FIELD_LIST };
		const [first, second, ...others] = Array.from({ length: 101 }, () => panel({}));
		for (const one of [first, second, ...others])
			if (one) await readAccountList(one.context, list, true);
		if (!first || !second) throw new Error('There are none');
		await readAccountList(second.context, list, true);
		await readAccountList(first.context, list, true);
		expect([second.requests.length, first.requests.length]).toEqual([1, 2]);
	});

	it('a list that can’t be read has the problem of its call, or of its response', async () => {
		expect(unreadList({ kind: 'unexpected' })).toMatchObject({
			code: 'UNEXPECTED',
			message: 'Bento sent an unexpected response',
		});
		await expect(
			readAccountList(panel({ body: '"x"' }).context, { request: FIELD_LIST }),
		).rejects.toMatchObject({
			message: 'Bento sent an unexpected response',
			description: "Check 'API Base URL' in the Bento API credential",
		});
		await expect(
			readAccountList(panel({ status: 403, body: '{"error":"No"}' }).context, {
				request: FIELD_LIST,
			}),
		).rejects.toMatchObject({ message: "Bento doesn't allow the request", httpCode: '403' });
	});
});
