import { readRows, single } from '../../nodes/shared/operation/answers';
import { checkPath } from '../../nodes/Bento/resources/apiCall/path';
import { inParallel } from '../../nodes/shared/operation/calls';

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
	it('starts in order, keeps to the bound and gives results by position', async () => {
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

	it('has nothing to do for nothing', async () => {
		expect(await inParallel([], 4, () => Promise.reject(new Error('never')))).toEqual([]);
	});
});

describe('single', () => {
	const data = { id: '7', type: 'tags', attributes: { name: 'vip' } };

	it.each([
		[{ data }, true, { kind: 'items', items: [{ id: '7', name: 'vip' }] }],
		[{ data: [data] }, true, { kind: 'items', items: [{ id: '7', name: 'vip' }] }],
		[{ data }, false, { kind: 'items', items: [{ data }] }],
		[{}, true, { kind: 'none' }],
		[{ data: null }, true, { kind: 'none' }],
		[{ data: [] }, true, { kind: 'none' }],
		[{ data: {} }, false, { kind: 'none' }],
		[{ data: 'x' }, true, { kind: 'unexpected' }],
		[[], true, { kind: 'unexpected' }],
		['x', true, { kind: 'unexpected' }],
		[null, true, { kind: 'unexpected' }],
	])('reads %j (simplified: %s)', (body, simplify, expected) => {
		expect(single(body, simplify)).toEqual(expected);
	});
});

describe('readRows', () => {
	it.each([
		[{ data: [] }, { ok: true, rows: [] }],
		[{ data: null }, { ok: true, rows: [] }],
		[{ data: [{ id: 1 }] }, { ok: true, rows: [{ id: 1 }] }],
		[{ data: [1] }, { ok: false }],
		[{ data: {} }, { ok: false }],
		[{}, { ok: false }],
		[[], { ok: false }],
	])('reads %j', (body, expected) => {
		expect(readRows(body)).toEqual(expected);
	});
});
