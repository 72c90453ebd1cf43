import { mappedFields } from '../../../nodes/shared/operation/accountFields';

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
