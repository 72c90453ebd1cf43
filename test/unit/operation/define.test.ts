import { z } from 'zod';
import {
	defineBatch,
	defineCall,
	defineList,
	defineLongCall,
	defineSimplifiedCall,
	type Definition,
} from '../../../nodes/shared/operation/define';
import { items } from '../../../nodes/shared/operation/responses';
import { confirmed, text } from '../../../nodes/shared/operation/schemas';
import {
	ITEM,
	type CallOperation,
	type CallRequest,
	type InputValues,
	type PlanContext,
} from '../../../nodes/shared/operation/types';

/** What a definition makes of an item's values: issues by the labels of the panel, requests, and their results. */

const CONTEXT: PlanContext = { timeZone: 'UTC', now: '2026-11-20T08:00:00.000Z' };

const TEXT = { value: 'do', name: 'Do', action: 'Do it', description: 'Do it' };
const NAME = { displayName: 'Name of It', name: 'itsName', type: 'string', default: '' } as const;

const DEFINITION: Definition<{ itsName: string }> = {
	...TEXT,
	route: { method: 'POST', path: '/fetch/things' },
	properties: [
		NAME,
		{
			displayName: 'More Fields',
			name: 'more',
			type: 'collection',
			default: {},
			options: [
				{ displayName: 'Size', name: 'size', type: 'string', default: '' },
				{
					displayName: 'Cart',
					name: 'cart',
					type: 'fixedCollection',
					default: {},
					options: [
						{
							displayName: 'Row',
							name: 'row',
							values: [{ displayName: 'Amount', name: 'amount', type: 'number', default: 0 }],
						},
					],
				},
			],
		},
	],
	input: z.object({ itsName: text }),
};

/** Plans an item, and runs the plan against a Bento that gives these bodies in turn. */
async function run(operation: CallOperation, values: InputValues, ...bodies: unknown[]) {
	const planned = operation.plan(values, CONTEXT);
	if (!planned.ok) throw new Error(JSON.stringify(planned.issues));
	const requests: CallRequest[] = [];
	const result = await planned.plan((request) => {
		requests.push(request);
		const body = bodies[Math.min(requests.length, bodies.length) - 1];
		const outcome = { kind: 'accepted', status: 200, content: 'json', body } as const;
		return Promise.resolve({
			reads: false,
			outcome,
			attempts: 1,
			unanswered: 0,
			gaveUp: undefined,
			mayHaveArrived: true,
		});
	});
	return { requests, result, notes: planned.notes };
}

function issuesOf(operation: CallOperation, values: InputValues) {
	const planned = operation.plan(values, CONTEXT);
	return planned.ok ? [] : planned.issues;
}

const call = defineCall({
	...DEFINITION,
	request: ({ itsName }) => ({ json: { name: itsName } }),
	response: (body, { itsName }) => items({ body: JSON.stringify(body), itsName }),
});

describe('a call for each item', () => {
	it('makes its request and reads the response', async () => {
		expect(await run(call, { itsName: ' x ' }, { id: 1 })).toEqual({
			requests: [{ method: 'POST', path: '/fetch/things', idempotent: false, json: { name: 'x' } }],
			result: { kind: 'items', items: [{ body: '{"id":1}', itsName: 'x' }] },
			notes: undefined,
		});
	});

	it.each([
		['POST', undefined, false],
		['GET', undefined, true],
		['POST', true, true],
		['GET', false, false],
	] as const)('%s, idempotent %s, may be repeated: %s', (method, idempotent, expected) => {
		const route = { method, path: '/' };
		const made = defineLongCall(
			{ ...DEFINITION, route, idempotent, execute: () => Promise.resolve({ kind: 'none' }) },
			{ simplified: false },
		);
		expect(made.idempotent).toBe(expected);
	});

	it('has the switches that its definition asks for', () => {
		expect(call.properties.map(({ name }) => name)).toEqual(['itsName', 'more']);
		expect(call.options).toEqual([]);
		const execute = () => Promise.resolve({ kind: 'none' } as const);
		const long = { ...DEFINITION, dryRun: true, options: [NAME], execute } as const;
		const made = defineLongCall(long, { simplified: true });
		expect(made.properties.map(({ name }) => name)).toEqual(['itsName', 'more', 'simplify']);
		expect(made.options.map(({ name }) => name)).toEqual(['dryRun', 'itsName']);
	});

	it('has notes on the item', async () => {
		const noted = defineCall({
			...DEFINITION,
			notes: ({ itsName }) => [`Note on ${itsName}`],
			request: () => ({}),
			response: () => items({}),
		});
		expect((await run(noted, { itsName: 'x' }, {})).notes).toEqual(['Note on x']);
	});

	it('that is simplified gives its response as it is on demand', async () => {
		const made = defineSimplifiedCall({
			...DEFINITION,
			request: () => ({}),
			response: (_body, _input, simplify) => items({ simplify }),
		});
		const simplified = async (values: object) =>
			(await run(made, { itsName: 'x', ...values }, {})).result;
		expect(await simplified({})).toEqual(items({ simplify: true }));
		expect(await simplified({ simplify: true })).toEqual(items({ simplify: true }));
		expect(await simplified({ simplify: false })).toEqual(items({ simplify: false }));
	});
});

describe('an issue', () => {
	const of = (path: Array<number | string>) => {
		const schema = z.unknown().superRefine((_value, context) => {
			context.addIssue({ code: 'custom', path, message: 'is wrong' });
		});
		const made = defineCall({
			...DEFINITION,
			input: schema as never,
			request: () => ({}),
			response: () => items({}),
		});
		return issuesOf(made, {})[0];
	};

	it.each<[Array<number | string>, object]>([
		[['itsName'], { field: 'Name of It' }],
		[['itsName', 'deep'], { field: 'Name of It', key: 'deep' }],
		[['more'], { field: 'More Fields' }],
		[['more', 'size'], { field: 'Size' }],
		[['more', 'cart', 'row', 0, 'amount'], { field: 'Cart > Amount' }],
		[['options'], { field: 'Options' }],
		[['options', 'timeout'], { field: 'Timeout' }],
		[['unknown'], { field: 'unknown' }],
		[['unknown', 'x'], { field: 'unknown' }],
		[[], { field: 'Input' }],
		[[ITEM], { field: 'Input Item', key: undefined }],
		[[ITEM, 'email'], { field: 'Input Item', key: 'email' }],
		[[ITEM, 3], { field: 'Input Item', key: '3' }],
	])('at %j names what the panel shows', (path, place) => {
		expect(of(path)).toEqual({ ...place, text: 'is wrong' });
	});

	it('has the advice of its schema, if there is one', () => {
		const made = defineCall({
			...DEFINITION,
			input: z.object({ itsName: text, confirm: confirmed }),
			request: () => ({}),
			response: () => items({}),
		});
		const [missing, off] = issuesOf(made, { confirm: false });
		expect(missing).toEqual({ field: 'Name of It', text: 'is missing' });
		expect(off).toMatchObject({ text: 'is off', advice: 'Turn it on in the panel' });
	});

	it('is that a value can’t be written as JSON, unless it is the item itself', () => {
		const itself: Record<string, unknown> = {};
		itself.self = itself;
		expect(issuesOf(call, { itsName: 'x', more: itself })).toEqual([
			{
				field: expect.any(String) as string,
				text: "can't be written as JSON, for example because a value refers to itself",
			},
		]);
		expect(issuesOf(call, { itsName: 'x', [ITEM]: itself })).toEqual([]);
	});
});

it('a schema that needs the time zone is made once for each run', () => {
	const seen: string[] = [];
	const made = defineCall({
		...DEFINITION,
		input: ({ timeZone }) => {
			seen.push(timeZone);
			return z.object({ itsName: text });
		},
		request: () => ({}),
		response: () => items({}),
	});
	made.plan({ itsName: 'x' }, CONTEXT);
	made.plan({ itsName: 'y' }, CONTEXT);
	made.plan({ itsName: 'y' }, { ...CONTEXT, timeZone: 'Europe/Berlin' });
	expect(seen).toEqual(['UTC', 'Europe/Berlin']);
});

describe('a dry run', () => {
	const dry = { itsName: 'x', options: { dryRun: true } };
	const made = defineLongCall(
		{
			...DEFINITION,
			dryRun: true,
			async execute({ itsName }, { call: send, own }) {
				const { outcome } = await send({ method: 'GET', path: '/fetch/list', idempotent: true });
				if (outcome.kind !== 'accepted' || outcome.body !== 'there') return { kind: 'none' };
				await send(own({ json: { name: itsName } }));
				await send(own({ form: { email: 'a@b.co' }, query: { a: 1, b: undefined } }));
				return items({ done: true });
			},
		},
		{ simplified: false },
	);

	it('reads, and shows what it would write', async () => {
		const { requests, result } = await run(made, dry, 'there');
		expect(requests.map(({ method }) => method)).toEqual(['GET']);
		expect(result).toEqual({
			kind: 'items',
			isPreview: true,
			items: [
				{
					status: 'dryRun',
					requests: [
						{ method: 'POST', path: '/fetch/things', body: { name: 'x' } },
						{ method: 'POST', path: '/fetch/things', query: { a: 1 }, body: { email: 'a@b.co' } },
					],
				},
			],
		});
	});

	it('is the result itself if there is nothing to write', async () => {
		expect((await run(made, dry, 'gone')).result).toEqual({ kind: 'none' });
	});

	it('sends if it is off, or if the operation has none', async () => {
		expect((await run(made, { itsName: 'x' }, 'there')).requests).toHaveLength(3);
		expect((await run(call, dry, {})).requests).toHaveLength(1);
	});
});

describe('a list', () => {
	const list = defineList({
		...DEFINITION,
		route: { method: 'GET', path: '/fetch/things' },
		paged: true,
		request: ({ itsName }) => ({ query: { name: itsName } }),
	});
	const row = (id: string) => ({ id, attributes: { size: 1, name: `n${id}` } });
	const pages = [{ data: [row('1'), row('2')] }, { data: [row('3')] }, { data: [] }];

	it('has Return All, Limit, Simplify, and Fields', () => {
		expect(list.properties.map(({ name }) => name)).toEqual([
			'itsName',
			'more',
			'returnAll',
			'limit',
			'simplify',
		]);
		expect(list.options.map(({ name }) => name)).toEqual(['outputFields']);
		expect(list.idempotent).toBe(true);
	});

	it('gives a row as an item, up to the limit', async () => {
		const { requests, result } = await run(list, { itsName: 'x', limit: 1 }, ...pages);
		expect(requests.map(({ query }) => query)).toEqual([{ name: 'x', page: 1 }]);
		expect(result).toEqual(items({ id: '1', size: 1, name: 'n1' }));
	});

	it('gives all on demand, as they are or with the fields that are named', async () => {
		const all = async (values: object) =>
			(await run(list, { itsName: 'x', returnAll: true, ...values }, ...pages)).result;
		expect(await all({ limit: 1 })).toMatchObject({
			items: [{ id: '1' }, { id: '2' }, { id: '3' }],
		});
		expect(await all({ simplify: false })).toMatchObject({ items: [row('1'), row('2'), row('3')] });
		expect(await all({ options: { outputFields: 'id, name' } })).toEqual(
			items({ id: '1', name: 'n1' }, { id: '2', name: 'n2' }, { id: '3', name: 'n3' }),
		);
	});

	it.each([
		[undefined, 50],
		['2', 2],
		[0, 50],
		['many', 50],
	])('with the limit %p, asks for %d', async (limit, most) => {
		const many = { data: Array.from({ length: 60 }, (_, index) => row(String(index + 1))) };
		const { result } = await run(list, { itsName: 'x', limit }, many);
		expect(result.kind === 'items' && result.items).toHaveLength(most);
	});

	it('says no, and names what is missing, as any call', async () => {
		expect((await run(list, { itsName: 'x' }, { error: 'No' })).result).toEqual({
			kind: 'refused',
			words: 'No',
		});
		expect(issuesOf(list, {})).toEqual([{ field: 'Name of It', text: 'is missing' }]);
	});

	it('may simplify in its own way', async () => {
		const own = defineList({
			...DEFINITION,
			input: ({ timeZone }) => z.object({ itsName: text }).transform(() => ({ itsName: timeZone })),
			route: { method: 'GET', path: '/fetch/things' },
			paged: false,
			request: ({ itsName }) => ({ query: { name: itsName } }),
			simplify: ({ id }) => ({ only: id }),
		});
		const { requests, result } = await run(own, { itsName: 'x' }, { data: [row('1')] });
		expect(requests[0]?.query).toEqual({ name: 'UTC' });
		expect(result).toEqual(items({ only: '1' }));
	});
});

describe('a batch', () => {
	const { route, properties, input } = DEFINITION;
	const things = {
		...TEXT,
		route,
		properties,
		input,
		noun: { one: 'thing', many: 'things' },
		idempotent: true,
		wrapper: 'things',
		most: 100,
		record: ({ itsName }: { itsName: string }) => ({ name: itsName, nothing: undefined }),
		about: ({ itsName }: { itsName: string }) => ({ itsName }),
	};
	const batch = defineBatch({
		...things,
		notes: (values) => [`Note on ${String(values.itsName)}`],
	});

	it('makes a record of each item', () => {
		expect(batch.plan({ itsName: 'x' }, CONTEXT)).toEqual({
			ok: true,
			plan: { record: { name: 'x' }, about: { itsName: 'x' } },
			notes: ['Note on x'],
		});
		expect(batch.plan({}, CONTEXT)).toEqual({
			ok: false,
			issues: [{ field: 'Name of It', text: 'is missing' }],
		});
	});

	it('has as many records in a request as fit, unless it says otherwise', () => {
		expect(batch).toMatchObject({
			usual: 100,
			most: 100,
			perMinute: undefined,
			repeatsMatter: false,
		});
		expect(batch.info).toMatch(/^Queued in Bento/);
		expect(batch.options.map(({ name }) => name)).toEqual(['dryRun']);
		expect(defineBatch({ ...things, usual: 7, options: [NAME] })).toMatchObject({
			usual: 7,
			options: [{ name: 'dryRun' }, { name: 'itsName' }],
		});
	});
});
