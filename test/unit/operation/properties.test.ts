import fc from 'fast-check';
import type { INodeProperties } from 'n8n-workflow';
import {
	additionalFields,
	byLabel,
	confirmProperty,
	locatorProperty,
} from '../../../nodes/shared/operation/properties';

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

it('a switch to confirm is off, and neither data nor an agent can turn it on', () => {
	expect(confirmProperty('Confirm Deletion', 'Whether to delete it')).toMatchObject({
		type: 'boolean',
		noDataExpression: true,
		default: false,
	});
});

it.each([
	[[], 'Add Field'],
	[['Editor'], 'Add Editor'],
	[['CC', 'Editor'], 'Add Field'],
])('a collection of the fields %j says %p on its button', (names, placeholder) => {
	expect(additionalFields(names.map(field))).toMatchObject({ placeholder });
});

it('a locator is required, unless it can be left empty', () => {
	const by = { displayName: 'By Name', name: 'name', placeholder: 'e.g. vip' };
	const locator = { displayName: 'Tag', name: 'tag', description: 'x', search: 'searchTags', by };
	expect(locatorProperty(locator)).toHaveProperty('required', true);
	expect(locatorProperty({ ...locator, required: false })).not.toHaveProperty('required');
});
