import fc from 'fast-check';
import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeType } from 'n8n-workflow';
import {
	compileValue,
	followPath,
	parsePlainPath,
	readerContext,
	type ValueReader,
} from '../../nodes/shared/run/read';
import type { InputIssue } from '../../nodes/shared/operation/types';
import { describe as description } from '../support/engine/helperNodes';
import { LINE_NAMES, type LineName } from '../support/engine/packages';
import { runWorkflow } from '../support/engine/run';

type Check = (context: IExecuteFunctions) => void;

/** Runs a check inside an execution on a real engine, with these items as the node's input. */
async function inside(
	line: LineName,
	items: readonly INodeExecutionData[],
	check: Check,
): Promise<void> {
	const node: INodeType = {
		description: description('check', {}),
		execute(this: IExecuteFunctions) {
			check(this);
			return Promise.resolve([[]]);
		},
	};
	const run = await runWorkflow(line, {
		items,
		nodes: [{ name: 'Check', type: 'test.check', parameters: {} }],
		extraTypes: { 'test.check': node },
	});
	if (run.error) throw new Error(`${run.error.message}\n${String(run.error.stack)}`);
}

/** What each way gives, or that it throws. */
function outcome(read: () => unknown): { value: unknown } | 'throws' {
	try {
		return { value: read() };
	} catch {
		return 'throws';
	}
}

/** What our reading gives; an expression that throws is an issue there. */
function reading(read: ValueReader, item: number): { value: unknown } | 'throws' {
	const issues: InputIssue[] = [];
	const value = read(item, issues);
	return issues.length > 0 ? 'throws' : { value };
}

/** Fast and slow must agree for every expression and item; gives how many were read without n8n. */
function compare(context: IExecuteFunctions, expressions: readonly string[]): number {
	let fast = 0;
	const reader = readerContext(context);
	for (const expression of expressions) {
		const path = parsePlainPath(expression);
		const read = compileValue(expression, 'Value', reader);
		for (let item = 0; item < context.getInputData().length; item += 1) {
			const ours = reading(read, item);
			const theirs = outcome(() => context.evaluateExpression(expression.slice(1), item));
			try {
				expect(ours).toStrictEqual(theirs);
			} catch (error) {
				throw new Error(
					`${expression} on ${JSON.stringify(reader.items[item]?.json)}: ${String(error)}`,
				);
			}
			if (path && followPath(reader.items[item]?.json, path).kind === 'value') fast += 1;
		}
	}
	return fast;
}

const EXPRESSIONS = [
	'={{ $json.email }}',
	'={{$json.email}}',
	'={{ $json["a b"].c[0] }}',
	"={{ $json['key.with.dots'] }}",
	'={{ $json["ünï 🍱"] }}',
	'={{ $json["brackets]["] }}',
	'={{ $json.list }}',
	'={{ $json.list[1] }}',
	'={{ $json.list[9] }}',
	'={{ $json.list.length }}',
	'={{ $json.deep.er.still }}',
	'={{ $json.missing }}',
	'={{ $json.missing.more }}',
	'={{ $json.nothing }}',
	'={{ $json.nothing.more }}',
	'={{ $json.text.length }}',
	'={{ $json.text.isEmail }}',
	'={{ $json.toString }}',
	'={{ $json.constructor }}',
	'={{ $json.__proto__ }}',
	'={{ $json["constructor"] }}',
	'={{ $json.prototype }}',
	'={{ $json.date }}',
	'={{ $json.number }}',
	'={{ $json.zero }}',
	'={{ $json.no }}',
	'={{ $json.empty }}',
	'={{ $json }}',
	'={{ $json.email }} ',
	'={{ $json.email }}x',
	'={{ $json?.email }}',
	'={{ $json.email.toUpperCase() }}',
	'=plain',
];

const ITEM: IDataObject = {
	email: 'a@b.co',
	'a b': { c: [{ d: 1 }, 2] },
	'key.with.dots': 'dots',
	'ünï 🍱': 'unicode',
	'brackets][': 'brackets',
	list: [1, null, { a: 'b' }],
	deep: { er: { still: true } },
	nothing: null,
	text: 'hello',
	date: '2026-11-20T08:30:00Z',
	number: 4.5,
	zero: 0,
	no: false,
	empty: '',
};

describe.each(LINE_NAMES)('plain paths on engine %s', (line) => {
	it('give exactly what n8n gives, for the forms that the editor writes and those around them', async () => {
		const items = [
			{ json: ITEM },
			{ json: {} },
			{ json: { email: { nested: true }, list: 'text', text: 5, deep: [] } },
			{ json: { email: new Date(0) as never, date: new Date(0) as never } },
			{ json: { email: undefined, number: Number.NaN, list: [] } },
		];
		let fast = 0;
		await inside(line, items, (context) => {
			fast = compare(context, EXPRESSIONS);
		});
		expect(fast).toBeGreaterThan(20);
	});

	it('agree on paired items and several runs of the same path', async () => {
		const items = Array.from({ length: 50 }, (_, index) => ({
			json: { email: `p${index}@example.com`, nested: { index } },
			pairedItem: { item: 49 - index },
		}));
		await inside(line, items, (context) => {
			expect(compare(context, ['={{ $json.email }}', '={{ $json.nested.index }}'])).toBe(100);
		});
	});

	it('agree on generated data and paths', async () => {
		const key = fc.oneof(
			fc.constantFrom(
				'a',
				'b',
				'a b',
				'x.y',
				'0',
				'é',
				'length',
				'name',
				'constructor',
				'toString',
				'valueOf',
			),
			fc.string({ maxLength: 5 }),
		);
		const { json } = fc.letrec((tie) => ({
			json: fc.oneof(
				{ maxDepth: 4 },
				fc.constantFrom<unknown>(null, true, false, 0, -1.5, '', 'text', 1e21),
				fc.array(tie('json'), { maxLength: 3 }),
				fc.dictionary(key, tie('json'), { maxKeys: 4 }),
			),
		}));
		const step = fc.oneof(
			key.filter((name) => /^[A-Za-z_$][\w$]*$/.test(name)).map((name) => `.${name}`),
			key.filter((name) => !/["\\\n\r\u2028\u2029]/.test(name)).map((name) => `["${name}"]`),
			fc.nat(3).map((index) => `[${index}]`),
		);
		const path = fc
			.array(step, { minLength: 1, maxLength: 4 })
			.map((steps) => `={{ $json${steps.join('')} }}`);
		const cases = fc.sample(
			fc.tuple(
				fc.dictionary(key, json, { maxKeys: 5 }),
				fc.array(path, { minLength: 4, maxLength: 8 }),
			),
			{
				numRuns: 50,
				seed: 20_261_121,
			},
		);
		const items = cases.map(([data]) => ({ json: data as IDataObject }));
		let fast = 0;
		await inside(line, items, (context) => {
			const reader = readerContext(context);
			for (const [item, [, expressions]] of cases.entries()) {
				for (const expression of [...expressions, ...pathsInto(cases[item]?.[0])]) {
					const ours = reading(compileValue(expression, 'Value', reader), item);
					const theirs = outcome(() => context.evaluateExpression(expression.slice(1), item));
					expect({ expression, item, ...wrap(ours) }).toStrictEqual({
						expression,
						item,
						...wrap(theirs),
					});
					const plain = parsePlainPath(expression);
					if (plain && followPath(reader.items[item]?.json, plain).kind === 'value') fast += 1;
				}
			}
		});
		expect(fast).toBeGreaterThan(100);
	});
});

/** An expression for everything in the data, so that many lead somewhere. */
function pathsInto(data: unknown, way = '$json', found: string[] = []): string[] {
	if (found.length >= 12 || typeof data !== 'object' || data === null) return found;
	for (const [key, value] of Object.entries(data)) {
		if (/["\\\n\r\u2028\u2029]/.test(key)) continue;
		const next = Array.isArray(data) ? `${way}[${key}]` : `${way}[${JSON.stringify(key)}]`;
		found.push(`={{ ${next} }}`);
		pathsInto(value, next, found);
	}
	return found;
}

function wrap(result: { value: unknown } | 'throws') {
	return result === 'throws' ? { throws: true } : result;
}
