import type { IDataObject } from 'n8n-workflow';
import { meetsAll, readConditions } from '../../../nodes/BentoWebhookTrigger/conditions';

/** What Only Run If makes of a webhook. */

const ITEM: IDataObject = {
	event: 'order.paid',
	email: null,
	details: { plan: 'team', seats: 5, trial: false, empty: ' ', deep: { a: 'x' } },
	body: { tags: ['vip', 'trial'], lines: [{ sku: 'A' }, { sku: 'B', amount: 2 }] },
	headers: { 'x-topic': 'orders' },
};

function meets(field: string, condition: string | undefined, value?: unknown): boolean {
	const read = readConditions({ condition: [{ field, condition, value }] });
	if (typeof read === 'string') throw new Error(read);
	return meetsAll(ITEM, read);
}

it.each<[string, string | undefined, unknown, boolean]>([
	['event', 'equals', 'order.paid', true],
	['event', undefined, 'order.paid', true],
	['event', 'equals', ' order.paid ', true],
	['event', 'equals', 'Order.paid', false],
	['event', 'notEquals', 'order.paid', false],
	['event', 'notEquals', 'other', true],
	['event', 'contains', 'paid', true],
	['event', 'contains', 'Paid', false],
	['event', 'exists', undefined, true],
	['details.seats', 'equals', '5', true],
	['details.seats', 'equals', 5, true],
	['details.trial', 'equals', 'false', true],
	['details.trial', 'exists', undefined, true],
	['details.empty', 'exists', undefined, false],
	['email', 'exists', undefined, false],
	['email', 'equals', '', true],
	['missing', 'equals', '', true],
	['missing', 'equals', 'x', false],
	['missing', 'notEquals', 'x', true],
	['missing', 'contains', 'x', false],
	['missing', 'exists', undefined, false],
	['details.deep', 'exists', undefined, true],
	['details.deep', 'equals', '[object Object]', false],
	['details.deep.a', 'equals', 'x', true],
	['event.length', 'exists', undefined, false],
	['details.toString', 'exists', undefined, false],
	['body.tags', 'equals', 'trial', true],
	['body.tags', 'notEquals', 'trial', false],
	['body.tags', 'contains', 'tri', true],
	['body.lines.sku', 'equals', 'B', true],
	['body.lines.amount', 'exists', undefined, true],
	['body.lines.other', 'exists', undefined, false],
	['headers.x-topic', 'equals', 'orders', true],
])('%s %s %p: %s', (field, condition, value, expected) => {
	expect(meets(field, condition, value)).toBe(expected);
});

it('all conditions have to be met', () => {
	const read = (...values: string[]) =>
		readConditions({ condition: values.map((value) => ({ field: 'body.tags', value })) });
	const both = read('vip', 'trial');
	const one = read('vip', 'other');
	if (typeof both === 'string' || typeof one === 'string') throw new Error('They are readable');
	expect([meetsAll(ITEM, both), meetsAll(ITEM, one), meetsAll(ITEM, [])]).toEqual([
		true,
		false,
		true,
	]);
});

it.each<[unknown, RegExp]>([
	[undefined, /one by one/],
	['x', /one by one/],
	[{}, /without conditions/],
	[{ condition: [] }, /without conditions/],
	[{ condition: 'x' }, /one by one/],
	[{ condition: ['x'] }, /one by one/],
	[{ condition: [{ field: 'event' }, {}] }, /without a field/],
	[{ condition: [{ field: 'a..b' }] }, /without a field/],
	[{ condition: [{ field: 7 }] }, /without a field/],
	[{ condition: [{ field: 'event', condition: 'like' }] }, /doesn't exist/],
	[{ condition: [{ field: 'profile.found' }] }, /can't use profile.*Filter node/],
	[{ condition: [{ field: 'event', value: {} }] }, /isn't text/],
	[{ condition: [{ field: 'event', value: '={{ 1 }}' }] }, /can't have an expression/],
	[{ condition: [{ field: '={{ 1 }}' }] }, /can't have an expression/],
	[{ condition: [{ field: 'event', condition: 'contains' }] }, /without a value/],
])('%j can’t be read', (value, words) => {
	expect(readConditions(value)).toMatch(words);
});
