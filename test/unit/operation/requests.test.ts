import type { IDataObject } from 'n8n-workflow';
import { ask, fill, readPages, sharedReads } from '../../../nodes/shared/operation/requests';
import type { Call, CallRequest } from '../../../nodes/shared/operation/types';
import { classify } from '../../../nodes/shared/http/client/classify';
import { systemClock } from '../../../nodes/shared/http/client/rateLimiter';
import type { HttpRequest, HttpResult } from '../../../nodes/shared/http/client/types';
import { connectionOf } from '../../support/connection';
import { answer } from '../../support/fakeTransport';

const LIST: CallRequest = { method: 'GET', path: '/fetch/tags', idempotent: true };

/** A call to a Bento that gives these rows for a page. */
function bento(page: (number: number) => HttpResult): Call {
	const report = { reads: true, attempts: 1, unanswered: 0, mayHaveArrived: false } as const;
	return ({ query }) => {
		const result = page(Number(query?.page));
		const outcome = classify(result, { reads: true, encrypted: false }, 0);
		return Promise.resolve({ ...report, outcome, gaveUp: undefined });
	};
}

const rows = (...ids: number[]) => answer(200, { data: ids.map((id) => ({ id })) });
const idsOf = (items: readonly IDataObject[]) => items.map(({ id }) => id);

describe('the pages of a list', () => {
	it('are followed to the end, beyond a thousand of them', async () => {
		const call = bento((page) => (page <= 1_200 ? rows(page) : rows()));
		const read = await readPages(call, LIST, true, Infinity);
		expect(read.kind === 'items' && idsOf(read.items)).toHaveLength(1_200);
	});

	it('that never end are an error, not a part of the list', async () => {
		const read = await readPages(bento(rows), LIST, true, Infinity);
		expect(read).toEqual({ kind: 'endless', pages: 10_000 });
	});

	it('that never end are fine as far as the limit', async () => {
		const read = await readPages(bento(rows), LIST, true, 3);
		expect(read.kind === 'items' && idsOf(read.items)).toEqual([1, 2, 3]);
	});

	it('end where Bento says so without a body', async () => {
		const read = await readPages(
			bento((page) => (page === 1 ? rows(7) : answer(204))),
			LIST,
			true,
			Infinity,
		);
		expect(read.kind === 'items' && idsOf(read.items)).toEqual([7]);
	});

	it('are an error if one of them can’t be read', async () => {
		const call = bento((page) => (page === 1 ? rows(7) : answer(400)));
		expect((await readPages(call, LIST, true, Infinity)).kind).toBe('failed');
	});
});

describe('the requests for a list', () => {
	const asked: unknown[] = [];
	const call: Call = async (request) => {
		asked.push(request.query);
		return await bento((page) => rows(page))(request);
	};
	beforeEach(() => asked.splice(0));

	it('are one, without a page, if the list has no pages', async () => {
		await readPages(call, { ...LIST, query: { id: '7' } }, false, Infinity);
		expect(asked).toEqual([{ id: '7' }]);
	});

	it('are for each page from 1 on, beside the query, until there is enough', async () => {
		await readPages(call, { ...LIST, query: { id: '7' } }, true, 2);
		expect(asked).toEqual([
			{ id: '7', page: 1 },
			{ id: '7', page: 2 },
		]);
	});

	it('give each row once, and end with one that brings nothing new', async () => {
		const pages = [rows(1, 2), rows(2, 3), rows(3, 1), rows(4)];
		const read = await readPages(
			bento((page) => pages[page - 1] ?? rows()),
			LIST,
			true,
			Infinity,
		);
		expect(read.kind === 'items' && idsOf(read.items)).toEqual([1, 2, 3]);
	});

	it('tell rows without an ID apart by what they have', async () => {
		const pages = [answer(200, [{ a: 1 }, { a: 2 }]), answer(200, [{ a: 2 }, { a: 3 }])];
		const read = await readPages(
			bento((page) => pages[page - 1] ?? rows()),
			LIST,
			true,
			Infinity,
		);
		expect(read).toEqual({ kind: 'items', items: [{ a: 1 }, { a: 2 }, { a: 3 }] });
	});

	it('are what their response says, if it says no', async () => {
		const read = await readPages(
			bento(() => answer(200, { error: 'No' })),
			LIST,
			true,
			Infinity,
		);
		expect(read).toEqual({ kind: 'refused', words: 'No' });
	});
});

describe('a request', () => {
	const route = { method: 'GET', path: '/fetch/:kind/:id' } as const;

	it('has its IDs in the path, each as one segment', () => {
		expect(fill(route, true, { ids: { kind: 'tags', id: 'a/b' }, query: { page: 2 } })).toEqual({
			method: 'GET',
			path: '/fetch/tags/a%2Fb',
			idempotent: true,
			query: { page: 2 },
		});
		expect(fill(route, false, {}).path).toBe('/fetch//');
	});

	const read = () => ({ kind: 'items', items: [{ read: true }] }) as const;
	const of = (result: HttpResult) => bento(() => result);
	const write: CallRequest = { ...LIST, method: 'POST' };

	it.each<[string, HttpResult, CallRequest, object]>([
		['JSON', answer(200, {}), LIST, { kind: 'items', items: [{ read: true }] }],
		['nothing, to a read', answer(204), LIST, { kind: 'none' }],
		[
			'nothing, to a write',
			answer(204),
			write,
			{
				kind: 'items',
				items: [{ status: 'unconfirmed', note: 'Bento took the request with an empty response' }],
			},
		],
		['404', answer(404, {}), LIST, { kind: 'none' }],
		['422', answer(422, {}), LIST, { kind: 'failed' }],
		['503', answer(503, {}), LIST, { kind: 'failed' }],
	])('with the response %s', async (_name, result, request, expected) => {
		expect(await ask(of(result), request, read)).toMatchObject(expected);
	});
});

describe('the calls of a run', () => {
	const sent: HttpRequest[] = [];
	const connection = connectionOf({
		clock: systemClock,
		transport: (request) => {
			sent.push(request);
			return Promise.resolve(answer(200, { data: [] }));
		},
	});
	beforeEach(() => sent.splice(0));

	it('share equal reads, and nothing else', async () => {
		const call = sharedReads(connection);
		const other = { ...LIST, query: { page: 2 } };
		const write: CallRequest = { ...LIST, method: 'POST' };
		await Promise.all([LIST, { ...LIST }, other, write, write].map(async (one) => await call(one)));
		expect(sent.map(({ method }) => method).sort()).toEqual(['GET', 'GET', 'POST', 'POST']);
		await sharedReads(connection)(LIST);
		expect(sent).toHaveLength(5);
	});

	it('are JSON, a form with the site, or have no body', async () => {
		const call = sharedReads(connection);
		const write: CallRequest = { ...LIST, method: 'POST' };
		await call({ ...write, json: { a: 'ü' } });
		await call({ ...write, form: { email: 'a@b.co' } });
		await call(write);
		expect(
			sent.map(({ body, headers }) => [body?.toString('utf8'), headers['Content-Type']]),
		).toEqual([
			['{"a":"ü"}', 'application/json'],
			['email=a%40b.co&site_uuid=the-site', 'application/x-www-form-urlencoded'],
			[undefined, undefined],
		]);
	});
});
