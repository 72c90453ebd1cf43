import { checkPath } from '../../nodes/Bento/resources/apiCall';
import { inParallel } from '../../nodes/shared/run/calls';
import { flatten, readRows, single } from '../../nodes/shared/operation/responses';
import { domain, optionalDay } from '../../nodes/shared/operation/schemas';

describe('checkPath', () => {
	it.each(['/fetch/tags', '/fetch/tags/12', '/batch/events', '/a.b/c..d'])(
		'lets %s pass',
		(path) => {
			expect(checkPath(path)).toBeUndefined();
		},
	);

	it.each([
		'fetch/tags',
		'//evil.example/x',
		'https://evil.example',
		'/fetch/../../admin',
		'/fetch/%2e%2E/admin',
		'/.',
		'/\\evil.example',
		'/fetch/tags?page=2',
		'/fetch#x',
		'/fetch/ta gs',
		'/fetch\n/tags',
	])('stops %j', (path) => {
		expect(checkPath(path)).toEqual(expect.any(String));
	});
});

describe('inParallel', () => {
	it('starts in order, keeps to the bound, and returns results by position', async () => {
		const started: number[] = [];
		let running = 0;
		let most = 0;
		const results = await inParallel([5, 1, 3, 1, 2], 2, async (ms) => {
			started.push(ms);
			running += 1;
			most = Math.max(most, running);
			await new Promise((resolve) => setTimeout(resolve, ms * 4));
			running -= 1;
			return ms * 10;
		});
		expect(results).toEqual([50, 10, 30, 10, 20]);
		expect(started).toEqual([5, 1, 3, 1, 2]);
		expect(most).toBe(2);
	});

	it('does nothing for an empty list', async () => {
		expect(await inParallel([], 4, () => Promise.reject(new Error('never')))).toEqual([]);
	});
});

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

describe('a domain', () => {
	it.each([
		['example.com', 'example.com'],
		[' Example.COM. ', 'example.com'],
		['https://shop.example.com:8443/a?b#c', 'shop.example.com'],
		['//example.com/x', 'example.com'],
		['example.com/path', 'example.com'],
		['bücher.example', 'xn--bcher-kva.example'],
		['_dmarc.example.com', '_dmarc.example.com'],
	])('%j is sent as %s', (value, sent) => {
		expect(domain.parse(value)).toBe(sent);
	});

	it.each([
		'ada@example.com',
		'203.0.113.7',
		'[::1]',
		'localhost',
		'a b.com',
		'https://',
		'.com',
		'2130706433',
	])('%j is none', (value) => expect(domain.safeParse(value).success).toBe(false));
});

it.each([
	['2026-11-01', '2026-11-01'],
	['2026-11-01T00:00:00', '2026-11-01'],
	['2026-11-01T23:30:00Z', '2026-11-02'],
	['2026-11-02T00:15:00.000+01:00', '2026-11-02'],
	[new Date('2026-11-01T23:30:00Z'), '2026-11-02'],
	['', undefined],
	[undefined, undefined],
])('%j is the day %s in Berlin', (value, day) => {
	expect(optionalDay('Europe/Berlin').parse(value)).toBe(day);
});
