import type { IDataObject } from 'n8n-workflow';
import { readPages } from '../../../nodes/shared/operation/requests';
import type { Call, CallRequest } from '../../../nodes/shared/operation/types';
import { classify } from '../../../nodes/shared/http/client/classify';
import type { HttpResult } from '../../../nodes/shared/http/client/types';
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
