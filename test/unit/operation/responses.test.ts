import {
	asIs,
	created,
	flatten,
	pickFields,
	plain,
	readRows,
	single,
	withoutHtml,
} from '../../../nodes/shared/operation/responses';

describe('a response about one thing', () => {
	const data = { id: '7', type: 'tags', attributes: { name: 'vip' } };
	const flat = { kind: 'items', items: [{ id: '7', name: 'vip' }] };

	it.each([
		[{ data }, true, flat],
		[{ data: [data] }, true, flat],
		[[data], true, flat],
		[data, true, flat],
		[{ id: 7, name: 'vip' }, true, { kind: 'items', items: [{ id: 7, name: 'vip' }] }],
		[{ data }, false, { kind: 'items', items: [{ data }] }],
		[[data], false, { kind: 'items', items: [{ data: [data] }] }],
		[{}, true, { kind: 'none' }],
		[[], true, { kind: 'none' }],
		[{ data: null }, true, { kind: 'none' }],
		[{ data: [] }, true, { kind: 'none' }],
		[{ data: {} }, false, { kind: 'none' }],
		[{ error: 'Nope' }, true, { kind: 'refused', words: 'Nope' }],
		[{ success: false, message: 'Nope' }, false, { kind: 'refused', words: 'Nope' }],
		[{ data: 'x' }, true, { kind: 'unexpected' }],
		[{ status: 'fine' }, true, { kind: 'unexpected' }],
		[['x'], true, { kind: 'unexpected' }],
		['x', true, { kind: 'unexpected' }],
		[null, true, { kind: 'unexpected' }],
	])('%j (simplified: %s)', (body, simplify, expected) => {
		expect(single(body, simplify)).toEqual(expected);
	});
});

describe('a response with a list', () => {
	const rows = [{ id: 1 }, { id: 2 }];

	it.each([
		[{ data: rows }, rows],
		[rows, rows],
		[{ data: rows, meta: { page: 1 } }, rows],
		[{ data: rows[0] }, [rows[0]]],
		[{ data: [] }, []],
		[{ data: {} }, []],
		[{ data: null }, []],
		[{ meta: { page: 1 } }, []],
		[{}, []],
		[[], []],
	])('%j', (body, expected) => {
		expect(readRows(body)).toEqual({ ok: true, rows: expected });
	});

	it.each([[{ data: [1] }], [{ data: 'x' }], [[1]], [{ tags: rows }], ['x'], [null], [7]])(
		'%j is none',
		(body) => expect(readRows(body)).toEqual({ ok: false, answer: { kind: 'unexpected' } }),
	);
});

it.each([
	[{ id: '1', attributes: { id: '2', prefix_id: 'seq_2', n: 3 } }, '1'],
	[{ id: '', attributes: { id: '2', prefix_id: 'seq_2', n: 3 } }, '2'],
	[{ attributes: { prefix_id: 'seq_2', n: 3 } }, 'seq_2'],
	[{ id: 0, attributes: { n: 3 } }, 0],
])("takes a record's own ID before any other: %j", (record, id) => {
	expect(flatten(record)).toMatchObject({ id, n: 3 });
});

const refusal = { kind: 'refused', words: 'Nope' };
const unexpected = { kind: 'unexpected' };
const itemsOf = (...items: object[]) => ({ kind: 'items', items });

describe('a response that stays as it is', () => {
	it.each([
		[{ a: 1 }, itemsOf({ a: 1 })],
		[[{ a: 1 }, { a: 2 }], itemsOf({ data: [{ a: 1 }, { a: 2 }] })],
		[[{ a: 1 }, 2], unexpected],
		['text', unexpected],
		[7, unexpected],
		[{ error: 'Nope' }, refusal],
	])('%j', (body, expected) => {
		expect(asIs(body)).toEqual(expected);
	});
});

describe('a response that is one object', () => {
	it.each([
		[{ users: 7 }, itemsOf({ users: 7 })],
		[{ data: { users: 7 } }, itemsOf({ users: 7 })],
		[{ data: [{ users: 7 }], meta: {} }, itemsOf({ users: 7 })],
		[{ data: { id: '1', attributes: { users: 7 } } }, itemsOf({ id: '1', users: 7 })],
		[{ data: { users: 7 }, users: 8 }, itemsOf({ data: { users: 7 }, users: 8 })],
		[{ meta: { page: 1 } }, itemsOf({ meta: { page: 1 } })],
		[[{ users: 7 }, { users: 8 }], unexpected],
		[{}, unexpected],
		[{ data: {} }, unexpected],
		[{ data: 'x' }, unexpected],
		['x', unexpected],
		[null, unexpected],
		[{ error: 'Nope' }, refusal],
		[{ data: { error: 'Nope' } }, refusal],
	])('%j', (body, expected) => {
		expect(plain(body)).toEqual(expected);
	});
});

describe('a response to creating something', () => {
	const asked = { name: 'Vip' };
	const row = (id: string, name: string) => ({ id, type: 'tags', attributes: { name } });

	it.each<[unknown, boolean, object]>([
		[null, true, itemsOf(asked)],
		[null, false, itemsOf(asked)],
		[{}, true, itemsOf(asked)],
		[{ data: [] }, false, itemsOf(asked)],
		[{ data: row('7', 'vip') }, true, itemsOf({ id: '7', name: 'vip' })],
		[{ data: row('7', 'other') }, true, itemsOf({ id: '7', name: 'other' })],
		[{ data: row('7', 'vip') }, false, itemsOf({ data: row('7', 'vip') })],
		[{ data: [row('6', 'x'), row('7', 'VIP')] }, true, itemsOf({ id: '7', name: 'VIP' })],
		[{ data: [row('6', 'x'), row('7', 'y')] }, true, itemsOf(asked)],
		[
			{ data: [row('6', 'x'), { id: '7', attributes: { key: 'vip' } }] },
			true,
			itemsOf({ id: '7', key: 'vip' }),
		],
		[{ error: 'Nope' }, true, refusal],
		['x', true, unexpected],
	])('%j (simplified: %s)', (body, simplify, expected) => {
		expect(created(body, simplify, asked)).toEqual(expected);
	});
});

it('a row of a list has no HTML of emails, however deep', () => {
	const row = {
		id: '1',
		attributes: {
			html: 'kept: it is the row’s own',
			emails: [{ subject: 'Hi', html: '<p>', stats: { html: '<p>', open_rate: 1 } }, 'text'],
			settings: { html: '<p>', name: 'x' },
		},
	};
	expect(withoutHtml(row)).toEqual({
		id: '1',
		html: 'kept: it is the row’s own',
		emails: [{ subject: 'Hi', stats: { open_rate: 1 } }, 'text'],
		settings: { name: 'x' },
	});
});

it.each([
	[['id'], { id: 1 }],
	[['id', 'missing'], { id: 1 }],
	[['stats.open', 'stats.click'], { stats: { open: 2, click: 3 } }],
	[['stats', 'stats.open'], { stats: { open: 2, click: 3, more: 4 } }],
	[['emails.subject'], { emails: [{ subject: 'a' }, {}] }],
	[['id.x'], { id: 1 }],
	[['toString'], {}],
])('of the fields %j, a row has what it has', (paths, picked) => {
	const row = {
		id: 1,
		stats: { open: 2, click: 3, more: 4 },
		emails: [{ subject: 'a', html: 'b' }, { html: 'c' }, 'text'],
	};
	expect(pickFields(row, paths)).toEqual(picked);
});
