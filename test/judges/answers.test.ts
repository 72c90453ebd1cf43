import { RESOURCES } from '../../nodes/Bento/resources';
import type { Operation } from '../../nodes/shared/operation/types';
import { CASES } from '../bento/cases';
import { NODE, runBento } from '../bento/support';
import { SHOWN, type Shown } from './answers';
import { useBento } from '../support/useBento';

const server = useBento();

const OPERATIONS = new Map(
	RESOURCES.flatMap(({ value: resource, operations }) =>
		operations.map((operation): [string, Operation] => [
			`${resource}.${operation.value}`,
			operation,
		]),
	),
);

const RESPONSES = [...SHOWN, ...Object.values(CASES).flatMap(({ responses = [] }) => responses)];

/** Every response with both positions of the Simplify switch, where there is one. */
const TRIED = RESPONSES.flatMap((shown) => {
	const switches = OPERATIONS.get(shown.operation)?.properties.some(
		({ name }) => name === 'simplify',
	);
	return (switches ? [true, false] : [true]).map((simplify) => ({ ...shown, simplify }));
});

it('has responses for every operation', () => {
	const shown = new Set(RESPONSES.map(({ operation }) => operation));
	const alone = [...OPERATIONS.keys()].filter((operation) => !shown.has(operation));
	expect(
		alone.map((operation) => `${operation}: add \`responses\` to its case in test/bento/cases.ts`),
	).toEqual([]);
	expect([...shown].filter((operation) => !OPERATIONS.has(operation))).toEqual([]);
});

/** With Simplify off, a response stays as it is unless the table says otherwise. */
function expected({ gives, raw, body, simplify }: (typeof TRIED)[number]): Shown['gives'] {
	if (simplify || (gives instanceof RegExp && raw === undefined)) return gives;
	return raw ?? [Array.isArray(body) ? { data: body } : body];
}

/** One engine line is enough: what a response says is read without n8n. test/bento runs everything on both. */
it.each(TRIED)('$operation reads $shows ($by; Simplify $simplify)', async (tried) => {
	const [resource = '', operation = ''] = tried.operation.split('.');
	const found = CASES[tried.operation];
	server.state.enterprise = true;
	// Tag > Delete looks the tag up first; that response is the stand-in's own.
	server.failWhen(({ method, path }) => {
		if (tried.operation === 'tag.delete' && method === 'GET') return undefined;
		return { kind: 'wrongJson', body: path === tried.then?.path ? tried.then.body : tried.body };
	});
	const { options = {}, simplify } = tried;
	const parameters = { resource, operation, ...found?.parameters, options, simplify };
	const run = await runBento('2x', server, parameters, [found?.item ?? {}], {
		onError: 'continueErrorOutput',
	});
	const gives = expected(tried);
	const isError = gives instanceof RegExp;
	expect(run.json(NODE, 0)).toEqual(isError ? [] : gives);
	expect(JSON.stringify(run.json(NODE, 1))).toEqual(isError ? expect.stringMatching(gives) : '[]');
});
