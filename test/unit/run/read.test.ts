import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import {
	compileParameters,
	compileValue,
	followPath,
	isToolRun,
	parsePlainPath,
	readerContext,
} from '../../../nodes/shared/run/read';
import { Rows } from '../../../nodes/shared/operation/schemas';
import { ITEM, type InputIssue } from '../../../nodes/shared/operation/types';

type Items = ReadonlyArray<Record<string, unknown>>;

/** A run of n8n as reading sees it: raw parameters, items, and what each expression gives. */
function n8n(
	raw: Readonly<Record<string, unknown>>,
	items: Items = [{}],
	evaluate: (expression: string, item: number) => unknown = () => undefined,
	tool = false,
) {
	const evaluated: string[] = [];
	const part = {
		getInputData: (...asked: unknown[]) =>
			asked[0] === 0 && asked[1] === 'ai_tool' && !tool ? [] : items.map((json) => ({ json })),
		getNodeParameter: (name: string, _item: number, fallback: unknown, how: unknown) => {
			expect(how).toEqual({ rawExpressions: true });
			return name in raw ? raw[name] : fallback;
		},
		evaluateExpression: (expression: string, item: number) => {
			evaluated.push(expression);
			return evaluate(expression, item);
		},
	};
	return { context: part as unknown as IExecuteFunctions, evaluated };
}

const property = (name: string, more: Partial<INodeProperties> = {}): INodeProperties => ({
	displayName: `Label of ${name}`,
	name,
	type: 'string',
	default: '',
	...more,
});

describe('a plain path', () => {
	it.each<[string, ReadonlyArray<string | number>]>([
		['={{ $json }}', []],
		['={{$json.a}}', ['a']],
		['={{\n $json.a_1.$b \n}}', ['a_1', '$b']],
		['={{ $json["a b"][0][ 12 ] }}', ['a b', 0, 12]],
		["={{ $json['x'].y[ 'z.w' ] }}", ['x', 'y', 'z.w']],
		['={{ $json[""] }}', ['']],
		['={{ $json["it\'s"][\'"\'] }}', ["it's", '"']],
		['={{ $json["0"] }}', ['0']],
		['={{ $json[ "a" ] }}', ['a']],
	])('is %j', (expression, path) => {
		expect(parsePlainPath(expression)).toEqual(path);
	});

	it.each([
		...[
			'{{ $json.a }}',
			'=x{{ $json.a }}',
			'={{ $json.a }}x',
			'={{ $json.a }} ',
			'= {{ $json.a }}',
		],
		...[
			'={{ $json.a.b() }}',
			'={{ $json.a + 1 }}',
			'={{ $json?.a }}',
			'={{ $json.1 }}',
			'={{ $json. }}',
		],
		...['={{ $json[a] }}', '={{ $json[-1] }}', '={{ $json["a\\n"] }}', "={{ $json['a\\n'] }}"],
		...[
			'={{ $json["a\nb"] }}',
			"={{ $json['a\nb'] }}",
			'={{ $jsonx }}',
			'={{ $json.ä }}',
			'={{ $json [0] }}',
		],
		...['={{ $json["a] }}', "={{ $json['a] }}", '={{ $json.a }}{{ $json.b }}', '={{ json.a }}'],
	])('isn’t %j', (expression) => {
		expect(parsePlainPath(expression)).toBeUndefined();
	});

	it.each([
		...['__defineGetter__', '__defineSetter__', '__lookupGetter__', '__lookupSetter__'],
		...['__proto__', 'arguments', 'callee', 'caller', 'constructor', 'getPrototypeOf'],
		...['mainModule', 'prototype'],
	])('leaves %s to n8n, however it is written', (name) => {
		for (const step of [`.${name}`, `["${name}"]`, `['${name}']`]) {
			expect(parsePlainPath(`={{ $json.a${step}.b }}`)).toBeUndefined();
		}
	});
});

describe('an item', () => {
	const bare: unknown = Object.assign(Object.create(null), { key: 1 });
	const inherited: unknown = Object.create({ key: 1 });
	const json = {
		text: '',
		zero: 0,
		no: false,
		nothing: null,
		list: ['a', { b: 1 }, undefined],
		bare,
		date: new Date(0),
		notNumber: NaN,
		endless: Infinity,
		missing: undefined,
		call: () => 1,
		big: 1n,
		inherited,
	};

	it.each<[ReadonlyArray<string | number>, unknown]>([
		[[], json],
		[['text'], ''],
		[['zero'], 0],
		[['no'], false],
		[['nothing'], null],
		[['list'], json.list],
		[['list', 0], 'a'],
		[['list', 1, 'b'], 1],
		[['bare'], bare],
		[['bare', 'key'], 1],
	])('gives its value at %j', (path, value) => {
		const found = followPath(json, path);
		expect(found).toEqual({ kind: 'value', value });
		expect(found.kind === 'value' && found.value).toBe(value);
	});

	it.each<[ReadonlyArray<string | number>]>([
		[['none']],
		[['toString']],
		[['text', 'length']],
		[['text', 0]],
		[['nothing', 'x']],
		[['list', 2]],
		[['list', 3]],
		[['list', 'length']],
		[['list', '0']],
		[['date']],
		[['date', 'getTime']],
		[['notNumber']],
		[['endless']],
		[['missing']],
		[['call']],
		[['call', 'name']],
		[['big']],
		[['inherited']],
		[['inherited', 'key']],
	])('leaves %j to n8n', (path) => {
		expect(followPath(json, path)).toEqual({ kind: 'leave' });
	});
});

describe('a value', () => {
	const read = (raw: unknown, direct = true, items: Items = [{ a: 1 }, {}]) => {
		const issues: InputIssue[] = [];
		const evaluated: unknown[] = [];
		const evaluate = (expression: string, item: number) => {
			evaluated.push([expression, item]);
			return 'by n8n';
		};
		const context = { items: items.map((json) => ({ json })), direct, evaluate } as Parameters<
			typeof compileValue
		>[2];
		const reader = compileValue(raw, 'Label', context);
		return { values: [0, 1, 2].map((item) => reader(item, issues)), issues, evaluated };
	};

	it('that is fixed is handed out as it is', () => {
		for (const raw of ['text', ' ={{ $json.a }}', 7, null, { a: 1 }]) {
			expect(read(raw)).toEqual({ values: [raw, raw, raw], issues: [], evaluated: [] });
		}
	});

	it('is read from the item where it is there, and by n8n where it isn’t', () => {
		const raw = '={{ $json.a }}';
		const byN8n = [raw, 1];
		expect(read(raw)).toMatchObject({
			values: [1, 'by n8n', 'by n8n'],
			evaluated: [byN8n, [raw, 2]],
		});
		expect(read(raw, false).values).toEqual(['by n8n', 'by n8n', 'by n8n']);
		expect(read('={{ $now }}').values).toEqual(['by n8n', 'by n8n', 'by n8n']);
	});

	it('that can’t be evaluated is an issue with n8n’s own words as its detail', () => {
		const errors: unknown[] = [new Error('Referenced node does not exist'), 'not an error'];
		const { context } = n8n({}, [{}, {}], (_expression, item) => {
			throw errors[item];
		});
		const issues: InputIssue[] = [];
		const reader = compileValue('={{ $("x") }}', 'Label', readerContext(context));
		expect([reader(0, issues), reader(1, issues)]).toEqual([undefined, undefined]);
		const text = "has an expression that n8n can't evaluate";
		expect(issues).toEqual([
			{ field: 'Label', text, detail: 'Referenced node does not exist' },
			{ field: 'Label', text, detail: '' },
		]);
	});
});

describe('the parameters of an operation', () => {
	it('are those that the panel shows, each once, with the item', () => {
		const { context } = n8n({ a: 'fixed', b: '={{ $json.x }}', note: 'n' }, [{ x: 1 }, { x: 2 }]);
		const read = compileParameters(context, [
			property('a'),
			property('note', { type: 'notice' }),
			property('b'),
			property('b', { displayName: 'Another form' }),
			property('hidden'),
		]);
		expect([read(0), read(1)]).toEqual([
			{ values: { a: 'fixed', b: 1, [ITEM]: { x: 1 } }, issues: [] },
			{ values: { a: 'fixed', b: 2, [ITEM]: { x: 2 } }, issues: [] },
		]);
	});

	it('are evaluated by n8n, without the sign of an expression, as an agent’s tool', () => {
		const { context, evaluated } = n8n({ a: '={{ $json.x }}' }, [{ x: 1 }], () => 'agent', true);
		expect(isToolRun(context)).toBe(true);
		expect(compileParameters(context, [property('a')])(0).values).toMatchObject({ a: 'agent' });
		expect(evaluated).toEqual(['{{ $json.x }}']);
	});

	it('hold expressions anywhere, and fixed parts beside them', () => {
		const raw = { deep: [{ one: '={{ $json.x }}', two: 'fixed' }, 'x', ['={{ $json.y }}']] };
		const { context } = n8n({ raw }, [{ x: 1, y: [2] }]);
		expect(compileParameters(context, [property('raw')])(0).values.raw).toEqual({
			deep: [{ one: 1, two: 'fixed' }, 'x', [[2]]],
		});
		const fixed = { deep: ['x'] };
		const none = n8n({ fixed });
		const values = compileParameters(none.context, [property('fixed')])(0).values;
		expect(values.fixed).toBe(fixed);
	});

	it('name what can’t be read by the label that the builder sees', () => {
		const bad = '={{ $("x") }}';
		const failing = () => {
			throw new Error('x');
		};
		const collection = property('more', {
			type: 'collection',
			options: [property('inside'), { name: 'plain', value: 'plain' }],
		});
		const group = property('rows', {
			type: 'fixedCollection',
			options: [{ name: 'row', displayName: 'Row', values: [property('amount')] }],
		});
		const raw = {
			alone: bad,
			more: { inside: bad, plain: bad, unknown: bad },
			rows: { row: [{ amount: bad, unknown: bad }] },
		};
		const { context } = n8n(raw, [{}], failing);
		const { issues } = compileParameters(context, [property('alone'), collection, group])(0);
		expect(issues.map(({ field }) => field)).toEqual([
			'Label of alone',
			'Label of inside',
			'Label of more',
			'Label of more',
			'Row > Label of amount',
			'Row',
		]);
	});

	it('take what is for the panel alone from nowhere else', () => {
		const confirm = property('confirm', { type: 'boolean', noDataExpression: true });
		const { context, evaluated } = n8n({ confirm: '={{ true }}' });
		const { values, issues } = compileParameters(context, [confirm])(0);
		expect(values.confirm).toBeUndefined();
		const text = "can't be an expression. Set it in the panel";
		expect(issues).toEqual([{ field: 'Label of confirm', text }]);
		expect(evaluated).toEqual([]);
		const fixed = compileParameters(n8n({ confirm: true }).context, [confirm])(0);
		expect(fixed.values.confirm).toBe(true);
		const other = compileParameters(n8n({ a: '={{ true }}' }, [{}], () => 1).context, [
			property('a'),
		]);
		expect(other(0)).toMatchObject({ values: { a: 1 }, issues: [] });
	});
});

describe('rows of dragged values', () => {
	const fields = property('fields', { type: 'assignmentCollection' });
	const rowsOf = (assignments: unknown, items: Items = [{}]) => {
		const { context } = n8n({ fields: { assignments } }, items);
		const { values, issues } = compileParameters(context, [fields])(0);
		return { rows: values.fields, issues };
	};
	const one = (type: string | undefined, value: unknown) =>
		rowsOf([{ name: ' key ', type, value }]);

	it.each<[string | undefined, unknown, unknown]>([
		['string', 'x', 'x'],
		['string', '', ''],
		['string', 5, '5'],
		['string', true, 'true'],
		['string', { a: [1] }, '{"a":[1]}'],
		['string', new Date(0), '1970-01-01T00:00:00.000Z'],
		['string', null, null],
		['number', 7, 7],
		['number', '7.5', 7.5],
		['boolean', false, false],
		['boolean', 'true', true],
		['array', [1], [1]],
		['array', '[1]', [1]],
		['object', { a: 1 }, { a: 1 }],
		['object', '{"a":1}', { a: 1 }],
		['array', null, null],
		['other', 5, 5],
		[undefined, { a: 1 }, { a: 1 }],
	])('of the type %p turn %j into %j', (type, value, expected) => {
		expect(one(type, value)).toEqual({
			rows: new Rows([{ name: 'key', value: expected }]),
			issues: [],
		});
	});

	it.each<[string, unknown, string]>([
		['number', 'x', 'a number'],
		['boolean', 'x', 'true or false'],
		['array', 'x', 'an array'],
		['array', {}, 'an array'],
		['object', 'x', 'an object'],
		['object', [1], 'an object'],
		['dateTime', 'x', 'a date'],
	])('of the type %p refuse %j', (type, value, what) => {
		const issues = [{ field: 'Label of fields', key: 'key', text: `isn't ${what}` }];
		expect(one(type, value)).toEqual({ rows: new Rows([]), issues });
	});

	it('become dates as in n8n’s Edit Fields node', () => {
		const { rows, issues } = one('dateTime', '2026-11-20T08:30:00Z');
		expect(issues).toEqual([]);
		expect(JSON.stringify(rows)).toContain('2026-11-20T08:30:00.000');
	});

	it.each(['boolean', 'dateTime', 'number'])('of the type %p leave empty cells out', (type) => {
		for (const value of ['', null]) {
			expect(one(type, value)).toEqual({ rows: new Rows([]), issues: [] });
		}
	});

	it('take names and values from the item, and leave out what has none', () => {
		const { rows, issues } = rowsOf(
			[
				{ name: '={{ $json.name }}', value: '={{ $json.value }}', type: 'string' },
				{ name: ' ', value: 'x', type: 'string' },
				{ name: 'missing', type: 'string' },
				{ name: '={{ $json.number }}', value: 'x', type: 'string' },
			],
			[{ name: 'from item', value: 5, number: 7 }],
		);
		expect({ rows, issues }).toEqual({
			rows: new Rows([{ name: 'from item', value: '5' }]),
			issues: [],
		});
	});

	it('are an issue where an object has another shape, and the value where it is no object', () => {
		expect(rowsOf('x').issues).toMatchObject([{ field: 'Label of fields', text: 'must be rows' }]);
		expect(rowsOf([{ value: 1 }]).rows).toEqual(new Rows([]));
		const { context } = n8n({ fields: 'x' });
		expect(compileParameters(context, [fields])(0).values.fields).toBe('x');
	});
});
