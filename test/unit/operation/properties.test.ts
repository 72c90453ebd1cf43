import fc from 'fast-check';
import type { INodeProperties } from 'n8n-workflow';
import {
	additionalFields,
	byLabel,
	confirmProperty,
	emailProperty,
	filtersProperty,
	locatorProperty,
	notice,
} from '../../../nodes/shared/operation/properties';

/** What n8n shows of a parameter, and whether it takes an expression, hangs on each of its keys: so all are compared. */

const field = (displayName: string): INodeProperties => ({
	displayName,
	name: displayName.toLowerCase(),
	type: 'string',
	default: '',
});

describe('labels', () => {
	it.each([
		['CC', 'BCC', 1],
		['bcc', 'CC', -1],
		['Delay', 'delay', 0],
		['Tag', 'Tags', -1],
	])('%s and %s are in the order %d, whatever their case', (one, other, order) => {
		expect(byLabel(one, other)).toBe(order);
	});

	it('are sorted as n8n’s own rules for panels want them', () => {
		const label = fc.stringMatching(/^[A-Za-z]{1,4}$/);
		fc.assert(
			fc.property(fc.array(label), (labels) => {
				const small = (list: readonly string[]) => list.map((one) => one.toLowerCase());
				expect(small([...labels].sort(byLabel))).toEqual(small(labels).sort());
			}),
		);
	});
});

describe('an email parameter', () => {
	const usual = {
		displayName: 'Email',
		name: 'email',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. nathan@example.com',
		description: 'Of whom',
	};

	it('is required text', () => {
		expect(emailProperty('Of whom')).toEqual(usual);
	});

	it('takes another name, or a condition', () => {
		const more = { name: 'newEmail', displayOptions: { show: { lookUpBy: ['email'] } } };
		expect(emailProperty('Of whom', more)).toEqual({ ...usual, ...more });
	});
});

it('a switch to confirm is off, and takes no expression', () => {
	expect(confirmProperty('Confirm Deletion', 'Whether to delete it')).toEqual({
		displayName: 'Confirm Deletion',
		name: 'confirm',
		type: 'boolean',
		noDataExpression: true,
		default: false,
		description: 'Whether to delete it',
	});
});

describe('a collection', () => {
	it.each([
		[[], 'Add Field'],
		[['Editor'], 'Add Editor'],
		[['CC', 'Editor'], 'Add Field'],
	])('of the fields %j says %p on its button', (names, placeholder) => {
		const options = names.map(field);
		expect(additionalFields(options)).toEqual({
			displayName: 'Additional Fields',
			name: 'additionalFields',
			type: 'collection',
			placeholder,
			default: {},
			options,
		});
	});

	it('can have a condition', () => {
		const displayOptions = { show: { inputMode: ['mapFields'] } };
		expect(additionalFields([], { displayOptions })).toMatchObject({ displayOptions });
	});

	it('can be filters', () => {
		const options = [field('Tags')];
		expect(filtersProperty(options)).toEqual({
			displayName: 'Filters',
			name: 'filters',
			type: 'collection',
			placeholder: 'Add Filter',
			default: {},
			options,
		});
	});
});

describe('a locator', () => {
	const locator = {
		displayName: 'Tag',
		name: 'tag',
		description: 'Tag to add',
		search: 'searchTags',
		by: { displayName: 'By Name', name: 'name', placeholder: 'e.g. vip' },
	};
	const shown = {
		displayName: 'Tag',
		name: 'tag',
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		description: 'Tag to add',
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				typeOptions: { searchListMethod: 'searchTags', searchable: true },
			},
			{ displayName: 'By Name', name: 'name', type: 'string', placeholder: 'e.g. vip' },
		],
	};

	it('is required, and picked from the account at first', () => {
		expect(locatorProperty(locator)).toEqual({ ...shown, required: true });
	});

	it('can be left empty where it says so', () => {
		expect(locatorProperty({ ...locator, required: false })).toStrictEqual(shown);
	});
});

it('a notice is text alone', () => {
	expect(notice('searchNotice', 'Only for some')).toEqual({
		displayName: 'Only for some',
		name: 'searchNotice',
		type: 'notice',
		default: '',
	});
});
