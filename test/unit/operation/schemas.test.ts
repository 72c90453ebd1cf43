import { z } from 'zod';
import {
	addresses,
	allNames,
	body,
	collection,
	confirmed,
	domain,
	emailAddress,
	emailToFind,
	flag,
	flatObject,
	ipAddress,
	joinLists,
	jsonObject,
	locatedId,
	locator,
	names,
	noRows,
	oneOf,
	oneTag,
	optionalBody,
	optionalCount,
	optionalDate,
	optionalDay,
	optionalLocatedId,
	optionalText,
	put,
	returnAllAndLimit,
	Rows,
	scalar,
	text,
} from '../../../nodes/shared/operation/schemas';

/** What a schema makes of a value: the value, or what is said of it, each with its place and advice. */
function read(schema: z.ZodTypeAny, value: unknown): unknown {
	const { success, data, error } = schema.safeParse(value) as z.SafeParseReturnType<
		unknown,
		unknown
	>;
	if (success) return { is: data };
	return error.issues.map((issue) => {
		const advice: unknown = issue.code === 'custom' ? issue.params?.advice : undefined;
		const parts = [issue.path.join('.'), issue.message, advice].filter((part) => part);
		return parts.join(': ');
	});
}

const is = (value: unknown) => ({ is: value });
const picked = (value: unknown) => ({ __rl: true, mode: 'list', value });
const NOT_FLAT = 'must be text, a number, or true or false. Bento keeps fields flat';
const BAD_JSON = "isn't a valid JSON object. Check its quotes, commas, and braces";
const BAD_ID = "isn't an ID: Enter only the ID, not the URL of the page";

const CASES: Readonly<
	Record<string, readonly [z.ZodTypeAny, ...Array<readonly [unknown, unknown]>]>
> = {
	text: [
		text,
		['x', is('x')],
		[' x ', is('x')],
		[7, is('7')],
		['', ['is missing']],
		['  ', ['is missing']],
		[null, ['is missing']],
		[undefined, ['is missing']],
		[true, ['must be text']],
		[['x'], ['must be text']],
	],
	optionalText: [
		optionalText,
		[' x ', is('x')],
		['', is(undefined)],
		[' ', is(undefined)],
		[null, is(undefined)],
		[0, is('0')],
		[{}, ['must be text']],
	],
	body: [
		body,
		[' x ', is(' x ')],
		[' ', ['is missing']],
		[undefined, ['is missing']],
		[7, ['must be text']],
	],
	optionalBody: [
		optionalBody,
		[' x ', is(' x ')],
		[' ', is(undefined)],
		[null, is(undefined)],
		[undefined, is(undefined)],
		[7, ['must be text']],
	],
	emailAddress: [
		emailAddress,
		[' Ada@B.co ', is('Ada@B.co')],
		['x', ["isn't a valid email address. Example: nathan@example.com"]],
		['', ['is missing']],
	],
	emailToFind: [emailToFind, ['Ada@B.co', is('ada@b.co')]],
	locator: [
		locator,
		[picked('x'), is('x')],
		['x', is('x')],
		[picked(''), ['is missing']],
		[{ mode: 'list' }, ['must be text']],
	],
	locatedId: [
		locatedId,
		[picked(7), is('7')],
		['seq_1', is('seq_1')],
		['https://x.co/7', [BAD_ID]],
		['a b', [BAD_ID]],
		['', ['is missing', BAD_ID]],
	],
	optionalLocatedId: [
		optionalLocatedId,
		[picked(''), is(undefined)],
		[undefined, is(undefined)],
		[picked('7'), is('7')],
		['a/b', [BAD_ID]],
	],
	oneTag: [oneTag, [picked('vip'), is('vip')], [' vip ', is('vip')], ['', ['is missing']]],
	oneOf: [
		oneOf('a', 'b'),
		['b', is('b')],
		['c', ["isn't one of the choices"]],
		[undefined, ["isn't one of the choices"]],
	],
	flag: [flag, [true, is(true)], [undefined, is(false)], ['true', ['must be true or false']]],
	confirmed: [
		confirmed,
		[true, is(true)],
		[false, ['is off: Turn it on in the panel']],
		['true', ['is off: Turn it on in the panel']],
		[1, ['is off: Turn it on in the panel']],
	],
	names: [
		names,
		['a, b', is('a,b')],
		[['a', 'b'], is('a,b')],
		['', is(undefined)],
		[{}, ['must be text']],
	],
	addresses: [
		addresses,
		['a@b.co, c@d.ef', is('a@b.co,c@d.ef')],
		['', is(undefined)],
		['a@b.co, x', ["has an entry that isn't a valid email address. Example: nathan@example.com"]],
	],
	optionalCount: [
		optionalCount,
		[5, is(5)],
		['5', is(5)],
		[0, is(undefined)],
		['', is(undefined)],
		[null, is(undefined)],
		[undefined, is(undefined)],
		[1.5, ['must be a whole number']],
		[-1, ['must be above 0']],
		['x', ['must be a number']],
	],
	optionalDate: [
		optionalDate('Europe/Berlin'),
		['2026-11-20T09:00:00', is('2026-11-20T08:00:00.000Z')],
		['', is(undefined)],
		['soon', [expect.stringMatching(/^isn't a date/)]],
	],
	optionalDay: [optionalDay('UTC'), ['soon', [expect.stringMatching(/^isn't a date/)]]],
	jsonObject: [
		jsonObject,
		[{ a: 1 }, is({ a: 1 })],
		['{"a": 1}', is({ a: 1 })],
		['```json\n{"a": 1}\n```\n', is({ a: 1 })],
		['', is({})],
		[null, is({})],
		['{a}', [BAD_JSON]],
		['[1]', [BAD_JSON]],
		[[1], [BAD_JSON]],
		[7, [BAD_JSON]],
	],
	scalar: [
		scalar,
		['x', is('x')],
		[1.5, is(1.5)],
		[false, is(false)],
		[null, is(null)],
		[{}, [NOT_FLAT]],
	],
	flatObject: [
		flatObject,
		[{ a: 'x', b: 1 }, is({ a: 'x', b: 1 })],
		['{"a": true}', is({ a: true })],
		['', is({})],
		['x', [BAD_JSON]],
		[{ a: { b: 1 }, c: [1] }, [`a: ${NOT_FLAT}`, `c: ${NOT_FLAT}`]],
		[new Rows([{ name: 'person.first_name', value: 'Ada' }]), is({ first_name: 'Ada' })],
		[
			new Rows([
				{ name: 'a.x', value: 1 },
				{ name: 'b.x', value: 2 },
			]),
			["b.x: can't be used: another row has the same name, or the name isn't allowed"],
		],
	],
	ipAddress: [
		ipAddress,
		['203.0.113.7', is('203.0.113.7')],
		['::1', is('::1')],
		['x', ["isn't a valid IP address. Example: 203.0.113.7"]],
	],
	returnAllAndLimit: [
		z.object(returnAllAndLimit),
		[{}, is({ returnAll: false, limit: 50 })],
		[{ returnAll: true, limit: '3' }, is({ returnAll: true, limit: 3 })],
		[{ limit: 0 }, is({ returnAll: false, limit: 50 })],
		[{ limit: 1.5 }, is({ returnAll: false, limit: 50 })],
	],
	collection: [
		collection({ a: optionalText, b: flag }),
		[undefined, is({ a: undefined, b: false })],
		[{}, is({ a: undefined, b: false })],
		['x', is({ a: undefined, b: false })],
		[{ a: 'x', c: 1 }, is({ a: 'x', b: false })],
		[{ b: 'x' }, ['b: must be true or false']],
	],
};

describe.each(Object.entries(CASES))('%s', (_name, [schema, ...cases]) => {
	it.each(cases)('%j', (value, expected) => {
		expect(read(schema, value)).toEqual(expected);
	});
});

it('an empty collection is read once for all items', () => {
	const seen: unknown[] = [];
	const counted = collection({
		a: z.unknown().transform((value) => {
			seen.push(value);
			return 1;
		}),
	});
	expect([counted.parse({}), counted.parse(undefined), counted.parse({ a: 2 })]).toHaveLength(3);
	expect(seen).toEqual([undefined, 2]);
});

describe('rows', () => {
	const row = (name: string, value: unknown = 1) => ({ name, value });

	it('nest by their dots, and by what they were dragged out of', () => {
		const rows = new Rows([
			row('plan'),
			row('a.b', 2),
			row('body.details.c.d', 3),
			row('x.details', 4),
		]);
		expect(rows.nested('details')).toEqual({
			record: { plan: 1, a: { b: 2 }, c: { d: 3 }, x: { details: 4 } },
			clashes: [],
		});
	});

	it('with a name that is taken or not allowed are named', () => {
		const rows = [
			row('a'),
			row('a', 2),
			row('a.b'),
			row('__proto__'),
			row('c..d'),
			row('constructor.x'),
		];
		expect(new Rows(rows).nested('details')).toEqual({
			record: { a: 1, c: {} },
			clashes: ['a', 'a.b', '__proto__', 'c..d', 'constructor.x'],
		});
	});

	it('can’t be put under no path', () => {
		expect(put({}, [], 1)).toBe(false);
	});

	it('that are missing are said how to be written', () => {
		expect(noRows('Details')).toEqual({
			field: 'Details',
			text: 'must be rows',
			advice:
				'Add rows in the panel; in a workflow\'s JSON, they are {"assignments": [{"id", "name", "value", "type"}]}. For an object, set \'Specify Details\' to Using JSON',
		});
	});
});

it('lists of plain values are joined, and a note says so', () => {
	expect(joinLists({ a: ['x', 1], b: 'y', c: [{}], d: [] })).toEqual({
		record: { a: 'x, 1', b: 'y', c: [{}], d: '' },
		note: 'Bento keeps fields flat, so lists were joined with commas: a, d',
	});
	expect(joinLists({ b: 'y' })).toEqual({ record: { b: 'y' }, note: undefined });
});

it.each([
	[['a,b', 'b,c'], 'a,b,c'],
	[[undefined, 'a'], 'a'],
	[[undefined, undefined], undefined],
])('the names of %j are %s', (lists, all) => {
	expect(allNames(...lists)).toBe(all);
});

describe('a domain', () => {
	it.each([
		['example.com', 'example.com'],
		[' Example.COM. ', 'example.com'],
		['https://shop.example.com:8443/a?b#c', 'shop.example.com'],
		['//example.com/x', 'example.com'],
		['example.com/path', 'example.com'],
		['bücher.example', 'xn--bcher-kva.example'],
		['_dmarc.example.com', '_dmarc.example.com'],
	])('%j is sent as %s', (value, sent) => {
		expect(domain.parse(value)).toBe(sent);
	});

	it.each([
		'ada@example.com',
		'203.0.113.7',
		'[::1]',
		'localhost',
		'a b.com',
		'https://',
		'.com',
		'2130706433',
	])('%j is none', (value) => expect(domain.safeParse(value).success).toBe(false));
});

it.each([
	['2026-11-01', '2026-11-01'],
	['2026-11-01T00:00:00', '2026-11-01'],
	['2026-11-01T23:30:00Z', '2026-11-02'],
	['2026-11-02T00:15:00.000+01:00', '2026-11-02'],
	[new Date('2026-11-01T23:30:00Z'), '2026-11-02'],
	['', undefined],
	[undefined, undefined],
])('%j is the day %s in Berlin', (value, day) => {
	expect(optionalDay('Europe/Berlin').parse(value)).toBe(day);
});
