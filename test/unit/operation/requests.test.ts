import type { IDataObject } from 'n8n-workflow';
import { readPages } from '../../../nodes/shared/operation/requests';
import type { Call, CallRequest } from '../../../nodes/shared/operation/types';
import { callBento } from '../../../nodes/shared/http/client/call';
import type { HttpResult, Transport } from '../../../nodes/shared/http/client/types';
import { connectionOf } from '../../support/connection';
import { answer } from '../../support/fakeTransport';
import { VirtualClock } from '../../support/virtualClock';

const LIST: CallRequest = { method: 'GET', path: '/fetch/tags', idempotent: true };

/** A call to a Bento that gives these rows for a page. */
function bento(page: (number: number) => HttpResult): Call {
	const clock = new VirtualClock();
	const transport: Transport = ({ query }) => Promise.resolve(page(Number(query.page)));
	return async (request) => await callBento(connectionOf({ clock, transport }), request);
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
