import type { INodeParameters } from 'n8n-workflow';
import type { Operation } from '../../nodes/shared/operation/types';
import { RESOURCES } from '../../nodes/Bento/resources';
import type { RecordedRequest } from '../bentoServer';
import { LINE_NAMES } from '../support/engine/packages';
import { CASES, type OperationCase } from './cases';
import { descriptionOf, NODE, runBento } from './support';
import { useBento } from '../support/useBento';

interface Tried extends OperationCase {
	readonly title: string;
	readonly operation: Operation;
	readonly all: INodeParameters;
}

/** Every operation of the node with its case; one without a case fails right here. */
const TRIED = RESOURCES.flatMap(({ value: resource, operations }) =>
	operations.map((operation): Tried => {
		const title = `${resource}.${operation.value}`;
		const found = CASES[title];
		if (!found) throw new Error(`${title} has no case: add one to test/bento/cases.ts`);
		const all = { resource, operation: operation.value, ...found.parameters };
		return { ...found, title, operation, all };
	}),
);

const server = useBento({ enterprise: true });

/** Requests to the operation's own route; API calls go anywhere. */
function own({ route }: Operation, requests: readonly RecordedRequest[]): RecordedRequest[] {
	if (route.path === '/:path') return [...requests];
	const path = new RegExp(`^/api/v1${route.path.replace(/:\w+/g, '[^/]+')}$`);
	return requests.filter(({ method, path: asked }) => method === route.method && path.test(asked));
}

/** What differs between those that return a response and those that write. */
function isRead({ route }: Operation): boolean {
	return route.method === 'GET' && route.path !== '/:path';
}

it('has no case for what is no operation', () => {
	const titles = TRIED.map(({ title }) => title);
	expect(Object.keys(CASES).filter((title) => !titles.includes(title))).toEqual([]);
});

it('has a route for every operation in the stand-in', () => {
	const served = new Set(server.routes.map(({ method, path }) => `${method} ${path}`));
	const missing = TRIED.filter(({ operation: { route } }) => route.path !== '/:path')
		.filter(({ operation: { route } }) => !served.has(`${route.method} ${route.path}`))
		.map(({ title, operation: { route } }) => {
			return `${title}: add ${route.method} ${route.path} to a file in test/bentoServer/routes`;
		});
	expect(missing).toEqual([]);
});

describe.each(LINE_NAMES)('on engine %s', (line) => {
	describe.each(TRIED)('$title', (tried) => {
		const { operation, all, item = {}, gives, sent, leaves, wrong } = tried;

		it('does what it says and is paired with its item', async () => {
			const run = await runBento(line, server, all, [item]);
			expect(run.error).toBeUndefined();
			expect(run.items(NODE)).toEqual([
				expect.objectContaining({ json: gives, pairedItem: { item: 0 } }),
			]);
			const [request] = own(operation, server.requests);
			expect(request?.status).toBeLessThan(300);
			expect(request?.headers['user-agent']).toMatch(/^n8n-nodes-bentonow\//);
			if (sent?.query) {
				expect(request?.query).toEqual({
					...sent.query,
					site_uuid: server.credentials.siteUuid,
				});
			}
			if (sent?.body !== undefined) expect(request?.body).toEqual(sent.body);
			leaves?.(server.state);
		});

		it('keeps one output for each input, in order', async () => {
			// Two broadcasts with the same content are refused.
			const own = tried.title === 'broadcast.schedule' ? { content: '={{ $json.news }}' } : {};
			const items = ['One', 'Two'].map((news) => ({ ...item, news }));
			const run = await runBento(line, server, { ...all, ...own }, items);
			expect(run.error).toBeUndefined();
			expect(run.items(NODE).map(({ pairedItem }) => pairedItem)).toEqual([
				{ item: 0 },
				{ item: 1 },
			]);
		});

		if (wrong) {
			const bad = { ...all, ...wrong.parameters };

			it('doesn’t send a wrong value, and names the parameter', async () => {
				const run = await runBento(line, server, bad, [item]);
				expect(run.error?.message).toMatch(wrong.message);
				expect(run.error).toMatchObject({ context: { itemIndex: 0 } });
				expect(server.requests).toEqual([]);
			});

			it('hands a wrong item to the error branch with its input', async () => {
				const run = await runBento(line, server, bad, [{ ...item, own: 1 }], {
					onError: 'continueErrorOutput',
				});
				expect(run.json(NODE, 0)).toEqual([]);
				expect(run.json(NODE, 1)).toEqual([
					{
						...item,
						own: 1,
						error: expect.stringMatching(wrong.message) as string,
						message: expect.any(String) as string,
					},
				]);
			});
		}

		it('hands a refusal to the error branch with the input', async () => {
			const refusal = { errors: [{ field: 'email', message: 'is invalid' }] };
			server.failWhen(() => ({ kind: 'status', status: 422, body: refusal }));
			const run = await runBento(line, server, all, [{ ...item, own: 1 }], {
				onError: 'continueErrorOutput',
			});
			expect(run.error).toBeUndefined();
			expect(run.json(NODE, 0)).toEqual([]);
			expect(run.json(NODE, 1)).toEqual([
				{
					...item,
					own: 1,
					error: expect.stringMatching(/^Bento rejected the/) as string,
					message: expect.stringContaining('email is invalid') as string,
				},
			]);
		});
	});
});

/** What a failure means is ours; how an engine's transport tells of it has tests on both lines. */
describe.each(TRIED)('when Bento fails, $title', (tried) => {
	const { operation, all, item = {} } = tried;
	const line = '2x';

	it('stops with the reason when Bento refuses the credentials', async () => {
		server.failWhen(() => ({ kind: 'status', status: 401, body: { error: 'Unauthorized' } }));
		const run = await runBento(line, server, all, [item]);
		expect(run.error?.message).toContain('Bento rejected the credentials');
		expect(descriptionOf(run.error)).toContain('Unauthorized');
		expect(run.error).toMatchObject({ httpCode: '401' });
		expect(server.requests).toHaveLength(1);
	});

	it('retries when Bento is busy', async () => {
		server.failNext({ kind: 'status', status: 503 });
		const run = await runBento(line, server, all, [item]);
		expect(run.error).toBeUndefined();
		expect(run.json(NODE)).toHaveLength(1);
	});

	it('after a lost response, repeats only what a repeat does not change', async () => {
		let asked = 0;
		server.failWhen((request) => {
			if (own(operation, [request]).length === 0) return undefined;
			asked += 1;
			return asked === 1 ? { kind: 'resetAfter' } : undefined;
		});
		const run = await runBento(line, server, all, [item]);
		const requests = own(operation, server.requests);
		if (operation.idempotent) {
			expect(run.error).toBeUndefined();
			expect(requests.length).toBe(2);
		} else {
			expect(requests.length).toBe(1);
			expect(descriptionOf(run.error)).toContain('Not retried to avoid duplicates');
		}
	});

	it('doesn’t take a page or foreign JSON for a success', async () => {
		server.failNext({ kind: 'html' });
		const page = await runBento(line, server, all, [item]);
		expect(page.error?.message).toContain('Bento blocked the request');
		server.reset();
		server.state.enterprise = true;
		server.failNext({ kind: 'wrongJson', body: ['surprise'] });
		const foreign = await runBento(line, server, all, [item]);
		const accepts =
			['apiCall.make', 'tag.delete'].includes(tried.title) || operation.kind === 'batch';
		if (!accepts) expect(foreign.error?.message).toContain('Bento sent an unexpected response');
		if (operation.kind === 'batch') {
			expect(foreign.json(NODE)).toEqual([expect.objectContaining({ status: 'unconfirmed' })]);
		}
	});

	if (isRead(operation)) {
		it('repeats a read however the response was lost', () => {
			expect(operation.idempotent).toBe(true);
		});
	}
});
