import { readShared } from '../../../nodes/BentoWebhookTrigger/subscriber';
import type { BentoRequest } from '../../../nodes/shared/http/client/types';
import { connectionOf } from '../../support/connection';
import { answer, scripted } from '../../support/fakeTransport';
import { VirtualClock } from '../../support/virtualClock';

const TAGS: BentoRequest = { method: 'GET', path: '/fetch/tags', idempotent: true };

function setUp(...results: Parameters<typeof scripted>) {
	const clock = new VirtualClock();
	const { transport, requests } = scripted(...results);
	const account = `account ${(accounts += 1)}`;
	const read = async (by = account, request = TAGS) =>
		(await readShared(connectionOf({ transport, clock, account: by }), request)).outcome.kind;
	return { clock, requests, read };
}

let accounts = 0;

it('equal reads of different executions share a request for a few seconds', async () => {
	const { clock, requests, read } = setUp(answer(200, { data: [] }));
	expect(await Promise.all([read(), read()])).toEqual(['accepted', 'accepted']);
	await read();
	expect(requests).toHaveLength(1);
	clock.advance(3_001);
	await read();
	expect(requests).toHaveLength(2);
});

it('other credentials and other lists have their own', async () => {
	const { requests, read } = setUp(answer(200, { data: [] }));
	await Promise.all([read(), read('other'), read(undefined, { ...TAGS, path: '/fetch/fields' })]);
	expect(requests).toHaveLength(3);
});

it('a failure is told to those that waited, and asked again by the next', async () => {
	const { requests, read } = setUp(answer(404), answer(200, { data: [] }));
	expect(await Promise.all([read(), read()])).toEqual(['refused', 'refused']);
	expect(await read()).toBe('accepted');
	expect(requests).toHaveLength(2);
});
