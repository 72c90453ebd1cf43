import {
	collectPairs,
	firstHeader,
	isDangerousKey,
	readHead,
	readSingleHeader,
	sentRequestId,
	type RequestStream,
} from '../../../nodes/shared/http/server/head';

const head = (request: Partial<RequestStream>) =>
	readHead({
		headers: {},
		on: () => undefined,
		off: () => undefined,
		resume: () => undefined,
		...request,
	});

describe('A head', () => {
	test.each<[Partial<RequestStream>, object]>([
		[{}, { method: 'GET', path: '/', query: {}, headers: {}, rawHeaders: [], address: '' }],
		[{ method: 'post' }, { method: 'POST' }],
		[{ url: '/a?b=1' }, { path: '/a', query: { b: '1' } }],
		[
			{ originalUrl: '/a/b', url: '/b' },
			{ path: '/a/b', query: {} },
		],
		[{ url: '/a?' }, { path: '/a', query: {} }],
		[{ url: '/a?b=?c&d' }, { path: '/a', query: { b: '?c', d: '' } }],
		[{ url: '?b=1' }, { path: '', query: { b: '1' } }],
		[
			{ headers: { a: '1' }, rawHeaders: ['A', '1'] },
			{ headers: { a: '1' }, rawHeaders: ['A', '1'] },
		],
		[{ ip: '10.0.0.1', socket: { remoteAddress: '10.0.0.2' } }, { address: '10.0.0.1' }],
		[{ socket: { remoteAddress: '10.0.0.2' } }, { address: '10.0.0.2' }],
		[{ socket: {} }, { address: '' }],
	])('of %j has %j', (request, expected) => {
		const read = head(request);
		expect({ ...read, ...expected }).toEqual(read);
	});

	test.each<[Partial<RequestStream>, object]>([
		[{}, { kind: 'missing' }],
		[{ headers: { 'x-s': ['a', 'b'] } }, { kind: 'repeated' }],
		[{ headers: { 'x-s': 'a' } }, { kind: 'once', value: 'a' }],
		[{ headers: { 'x-s': '' } }, { kind: 'once', value: '' }],
		[
			{ headers: { 'x-s': 'a' }, rawHeaders: ['X-S', 'a'] },
			{ kind: 'once', value: 'a' },
		],
		[
			{ headers: { 'x-s': 'a' }, rawHeaders: ['X-S', 'a', 'Y', 'x-s', 'x-t', 'x-s'] },
			{ kind: 'once', value: 'a' },
		],
		[{ headers: { 'x-s': 'a' }, rawHeaders: ['X-S', 'a', 'x-s', 'a'] }, { kind: 'repeated' }],
		[
			{ headers: { 'x-s': 'a, b' }, rawHeaders: ['X-S', 'a', 'y', 'z', 'x-S', 'b'] },
			{ kind: 'repeated' },
		],
	])('of %j has its header once or not: %j', (request, expected) => {
		expect(readSingleHeader(head(request), 'X-S')).toEqual(expected);
	});

	test.each([
		['a', 'a'],
		[['a', 'b'], 'a'],
		[[], undefined],
		[undefined, undefined],
	])('gives of the header %j the first value %j', (value, first) => {
		expect(firstHeader(head({ headers: { 'x-s': value } }), 'X-S')).toBe(first);
	});

	test.each([
		['abc-123', 'abc-123'],
		['A.b_c:d-9', 'A.b_c:d-9'],
		['x'.repeat(128), 'x'.repeat(128)],
		['x'.repeat(129), undefined],
		['with space', undefined],
		[' x', undefined],
		['x ', undefined],
		['line\nbreak', undefined],
		['ü', undefined],
		['', undefined],
		[undefined, undefined],
	])('has of the request ID %j what is safe: %j', (sent, expected) => {
		expect(sentRequestId(head({ headers: { 'x-request-id': sent } }))).toBe(expected);
	});
});

describe('Pairs of names and values', () => {
	test('have one shape everywhere', () => {
		const query = new URLSearchParams('a=1&a=2&a=3&b&constructor=x&c=%ZZ&toString=1&toString=2');
		expect(collectPairs(query)).toEqual({
			a: ['1', '2', '3'],
			b: '',
			c: '%ZZ',
			toString: ['1', '2'],
		});
	});

	test.each(['__proto__', 'constructor', 'prototype'])('have no name %s', (name) => {
		expect(isDangerousKey(name)).toBe(true);
		const pairs = collectPairs([
			[name, '1'],
			['a', '2'],
			[name, '3'],
		]);
		expect(Object.entries(pairs)).toEqual([['a', '2']]);
	});

	test('may have any other', () => {
		expect(['toString', 'proto', '__proto'].map(isDangerousKey)).toEqual([false, false, false]);
	});
});
