import fc from 'fast-check';
import {
	parseUntrustedJson,
	readPayload,
	type PayloadRules,
} from '../../../nodes/shared/http/server/payload';
import { readHead } from '../../../nodes/shared/http/server/head';
import { REMOVED } from '../../../nodes/shared/http/redact';

const SECRET = 'S3CRET';
const RULES: PayloadRules = {
	maxDepth: 3,
	acceptBrokenJson: true,
	redact: (text) => text.replaceAll(SECRET, REMOVED).replaceAll('424242', REMOVED),
};

function read(body: Buffer | string, type?: string, rules: Partial<PayloadRules> = {}) {
	const head = readHead({
		headers: { 'content-type': type },
		on: () => undefined,
		off: () => undefined,
		resume: () => undefined,
	});
	return readPayload(Buffer.from(body), head, { ...RULES, ...rules });
}

/** The value and the text of what was accepted, or the code of what was rejected. */
function outcome(...sent: Parameters<typeof read>) {
	const result = read(...sent);
	if (!result.ok) return result.rejection.code;
	const { value, text, parseError } = result.payload;
	return parseError === undefined ? [value, text] : [value, text, parseError];
}

const FORM = 'application/x-www-form-urlencoded';

describe('no body', () => {
	it('is an empty object, whatever its type', () => {
		expect(outcome('')).toEqual([{}, '']);
		expect(outcome('', 'image/png')).toEqual([{}, '']);
	});
});

describe('a content type', () => {
	it.each([
		'application/json',
		' Application/JSON ; charset=utf-8',
		'text/json',
		'application/vnd.x+json;v=1',
	])('%p means JSON', (type) => {
		expect(outcome('3', type)).toEqual([3, '3']);
		expect(outcome('"a"', type)).toEqual(['a', '"a"']);
	});

	it.each([undefined, '', 'text/plain', 'application/xml', 'application/jsonp', 'a+json/x'])(
		'%p means text, unless it looks like JSON',
		(type) => {
			expect(outcome('3', type)).toEqual(['3', '3']);
			expect(outcome('see [1]', type)).toEqual(['see [1]', 'see [1]']);
			expect(outcome(`a ${SECRET}`, type)).toEqual([`a ${REMOVED}`, `a ${REMOVED}`]);
			expect(outcome(' \r\n\t[3]', type)).toEqual([[3], ' \r\n\t[3]']);
			expect(outcome('{"a":3}', type)).toEqual([{ a: 3 }, '{"a":3}']);
		},
	);

	it.each([
		...['multipart/mixed', 'image/png', 'AUDIO/mp3', 'video/x', 'font/x', 'application/zip'],
		...['application/gzip', 'application/pdf', 'application/msgpack', 'application/x-protobuf'],
		...['application/grpc+proto', 'multipart/form-data'],
	])('%p isn’t for a webhook', (type) => {
		expect(outcome('{"a":3}', type)).toBe('media_type_not_supported');
	});

	it.each(['x-image/png', 'x-application/zip', 'application/x-zip', 'image'])(
		'%p only looks like one that isn’t',
		(type) => {
			expect(outcome('a', type)).toEqual(['a', 'a']);
		},
	);
});

describe('an encoding', () => {
	it.each<[string, string, string | Buffer]>([
		['nothing', 'text/plain', 'ü☃'],
		['utf-8', 'text/plain; charset=utf-8', 'ü☃'],
		['utf8', 'text/plain;charset=UTF8', '\ufeffü☃'],
		['a quoted one', 'text/plain; format=flowed;  charset="utf-8"; x=y', 'ü☃'],
		['utf-16le', 'text/plain; charset=utf-16le', Buffer.from('\ufeffü☃', 'utf16le')],
	])('as %s is read', (_name, type, body) => {
		expect(outcome(body, type)).toEqual(['ü☃', 'ü☃']);
	});

	it.each(['iso-8859-1', 'latin1'])('%s is read byte for byte', (charset) => {
		const type = `application/json; charset=${charset}`;
		expect(outcome(Buffer.from('{"a":"ü"}', 'latin1'), type)).toEqual([{ a: 'ü' }, '{"a":"ü"}']);
		expect(outcome('"ü"', type)).toEqual(['Ã¼', '"Ã¼"']);
	});

	it.each([undefined, 'us-ascii', 'utf-8', 'utf8'])(
		'%s that isn’t UTF-8 is read, with a note',
		(charset) => {
			const type =
				charset === undefined ? 'application/json' : `application/json; charset=${charset}`;
			const body = Buffer.from('{"name":"Jürgen"}', 'latin1');
			expect(outcome(body, type)).toEqual([
				{ name: 'Jürgen' },
				'{"name":"Jürgen"}',
				'The body is not valid UTF-8, so it was read as Windows-1252',
			]);
			expect(outcome(body, type, { acceptBrokenJson: false })).toBe('text_not_utf8');
			expect(outcome(Buffer.from([0x7b, 0, 0xff]), type)).toBe('text_not_utf8');
		},
	);

	it.each(['windows-1252', 'ISO-8859-15', 'gbk', 'shift_jis', 'utf8mb4', 'utf-16', '', '"utf-8"'])(
		'%p is read',
		(charset) => {
			const bytes = charset === 'utf-16' ? Buffer.from('{"a":1}', 'utf16le') : '{"a":1}';
			expect(outcome(bytes, `application/json; charset=${charset}`)).toEqual([{ a: 1 }, '{"a":1}']);
		},
	);

	it.each(['nonsense', 'utf-7'])('%p isn’t read', (charset) => {
		expect(outcome('a', `text/plain; charset=${charset}`)).toBe('encoding_not_supported');
	});
});

describe('broken JSON', () => {
	it.each<[string, string, string | undefined, string]>([
		['{"a":}', 'json_broken', undefined, 'The body is not valid JSON'],
		['[1\n,2', 'json_broken', 'line 2, column 3', 'The body is not valid JSON (line 2, column 3)'],
		[
			'[1e999]',
			'json_number_out_of_range',
			'line 1, column 2',
			'The body contains a number that is too large (line 1, column 2)',
		],
	])('%j is passed on as text with its place, or rejected', (body, code, place, problem) => {
		expect(outcome(body, 'application/json')).toEqual([body, body, problem]);
		expect(outcome(body, undefined)).toEqual([body, body, problem]);
		expect(outcome(body, 'text/plain', { acceptBrokenJson: false })).toEqual([body, body]);
		expect(read(body, 'application/json', { acceptBrokenJson: false })).toEqual({
			ok: false,
			rejection: { code, place },
		});
	});

	it('is passed on without secrets', () => {
		const shown = `{"a": "${REMOVED}"b}`;
		const problem = expect.stringMatching(/^The body is not valid JSON/) as string;
		expect(outcome(`{"a": "${SECRET}"b}`)).toEqual([shown, shown, problem]);
		expect(outcome(`{"a": "${SECRET}"b}`, 'text/plain')).toEqual([shown, shown]);
	});

	it('that is too deep is rejected in any case, but as text', () => {
		expect(outcome('[[[]]]')).toEqual([[[[]]], '[[[]]]']);
		expect(read('[[[[]]]]')).toEqual({
			ok: false,
			rejection: { code: 'json_too_deep', place: 'line 1, column 4' },
		});
		expect(outcome('[[[[]]]]', 'text/x')).toEqual(['[[[[]]]]', '[[[[]]]]']);
	});
});

describe('JSON', () => {
	const parse = (text: string, maxDepth = 50) => parseUntrustedJson(text, maxDepth, RULES.redact);

	it('is what JSON.parse makes of it, and stays as it was written', () => {
		const value = fc.jsonValue({ maxDepth: 4 });
		const indent = fc.constantFrom(undefined, 1, '\t');
		fc.assert(
			fc.property(value, indent, (any, space) => {
				const text = JSON.stringify(any, undefined, space);
				fc.pre(!/__proto__|constructor|prototype|\d{16}/.test(text));
				const read = { ok: true, value: JSON.parse(text) as unknown, text };
				expect(parse(text)).toEqual(read);
				expect(parse(` ${text}\r\n`)).toEqual({ ...read, text: ` ${text}\r\n` });
			}),
			{ numRuns: 100 },
		);
	});

	it.each<[string, unknown, string]>([
		['{"a":"S3CRET"}', { a: REMOVED }, `{"a":"${REMOVED}"}`],
		['{ "a" : ["b", "xS3CRETx"] }', { a: ['b', `x${REMOVED}x`] }, `{"a":["b","x${REMOVED}x"]}`],
		['{"S3CRET":1}', { [REMOVED]: 1 }, `{"${REMOVED}":1}`],
		['[424242, 42]', [REMOVED, 42], `["${REMOVED}",42]`],
		['[4.24242e5]', [4.24242e5], '[4.24242e5]'],
		['{"a":"\\u00533CRET"}', { a: REMOVED }, `{"a":"${REMOVED}"}`],
		[
			'{"\\u00533CRET":[true,null,1]}',
			{ [REMOVED]: [true, null, 1] },
			`{"${REMOVED}":[true,null,1]}`,
		],
		['{"a":1, "a":"S3CRET", "a":2}', { a: 2 }, '{"a":2}'],
		['{"a":"\\u0053", "b":[1]}', { a: 'S', b: [1] }, '{"a":"\\u0053", "b":[1]}'],
	])('%j has no secret in its value and its text', (text, value, shown) => {
		expect(parse(text)).toEqual({ ok: true, value, text: shown });
	});

	it.each([
		'{"a":[{"__proto__":{"x":1},"b":2}]}',
		'{"a":[{"constructor":{"x":1},"b":2}]}',
		'{"a":[{"prototype":{"x":1},"b":2}]}',
		'{"a":[{"\\u005f_proto__":{"x":1},"b":2}]}',
		'{"a":[{"b":2,"\\u0063onstructor":{"x":1}}]}',
	])('%j loses what reaches into a prototype, not its text', (text) => {
		const read = parse(text);
		expect(read).toEqual({ ok: true, value: { a: [{ b: 2 }] }, text });
		expect(JSON.stringify(read.ok && read.value)).toBe('{"a":[{"b":2}]}');
	});

	it.each([
		['[1,2', 'line 1, column 5'],
		['{"name": "Mika "the" Lund"}\n', 'line 1, column 17'],
		['{"a":1\n "b":2}\n\n', 'line 2, column 2'],
		[`${'\n'.repeat(11)}${' '.repeat(12)}[1}\n]`, 'line 12, column 15'],
		// Here JavaScript tells no place, or the text only imitates one.
		['{"details": }', undefined],
		['x at position 7', undefined],
	])('%j is broken at %s', (text, place) => {
		expect(parse(text)).toEqual({ ok: false, code: 'json_broken', place });
	});

	it('counts what is open, outside of texts', () => {
		for (const fine of [
			'[[]]',
			'{"a":{}}',
			'[[],[],[]]',
			'[{},{},{}]',
			'["[[[", "\\"[[[", "\\\\", []]',
		]) {
			expect(parse(fine, 2).ok).toBe(true);
		}
		for (const [deep, place] of [
			['[[[]]]', 'line 1, column 3'],
			['{"a":\n{"b":{}}}', 'line 2, column 6'],
			['["\\\\",[[]]]', 'line 1, column 8'],
			['[1,[{}]]', 'line 1, column 5'],
		] as const) {
			expect(parse(deep, 2)).toEqual({ ok: false, code: 'json_too_deep', place });
		}
		// What is too deep is so whatever else is wrong with it.
		expect(parse('[1e999,[[', 2)).toMatchObject({ code: 'json_too_deep' });
		expect(parse('["[[[[', 2)).toMatchObject({ code: 'json_broken' });
	});

	it.each([
		['[1e999]', 'line 1, column 2'],
		['[-1E+999, 1e999]', 'line 1, column 3'],
		['[0,\n 1.5e400]', 'line 2, column 2'],
		[`{"a":1${'0'.repeat(400)}}`, 'line 1, column 6'],
		['[9e999,\n1]', 'line 1, column 2'],
		['[0.5e400]', 'line 1, column 2'],
	])('%j has a number that JavaScript doesn’t', (text, place) => {
		expect(parse(text)).toEqual({ ok: false, code: 'json_number_out_of_range', place });
	});

	it.each(['[1e308, -1e308, 1e-999, 0.0]', '["1e999", "a1e999"]', '[9, 0, 1E+5, 0.5e308]'])(
		'%j has none',
		(text) => {
			expect(parse(text)).toMatchObject({ ok: true, text });
		},
	);

	it('takes and refuses what JSON.parse takes and refuses, for any damaged JSON', () => {
		fc.assert(
			fc.property(
				fc.json(),
				fc.nat(),
				fc.constantFrom('', '"', ',', '}', '\\', '\n', '0', 'e'),
				(text, at, by) => {
					const position = at % (text.length + 1);
					const damaged = text.slice(0, position) + by + text.slice(position + 1);
					const read = parse(damaged, 1_000);
					let valid = true;
					try {
						JSON.parse(damaged);
					} catch {
						valid = false;
					}
					if (!valid) expect(read).toMatchObject({ ok: false, code: 'json_broken' });
					else if (!read.ok) expect(read.code).toBe('json_number_out_of_range');
				},
			),
			{ numRuns: 300 },
		);
	});
	it('of two equal keys the last one counts, in any spelling', () => {
		expect(parse('{"a":1,"\\u0061":2}', 5)).toMatchObject({ ok: true, value: { a: 2 } });
	});
	it('takes linear time for any content', () => {
		const began = performance.now();
		for (const text of [
			`"${'a\\n'.repeat(400_000)}"`,
			`"${'\\'.repeat(1_000_000)}`,
			'"'.repeat(1_000_000),
			'9'.repeat(1_000_000),
			'-'.repeat(1_000_000),
		]) {
			parse(text, 5);
		}
		expect(performance.now() - began).toBeLessThan(1_000);
	});
	it('that is broken says so before any of its numbers', () => {
		expect(parse('[1e999')).toMatchObject({ code: 'json_broken' });
	});
});

describe('a form', () => {
	it.each([
		['a=1&b=%C3%BC&c=x+y', { a: '1', b: 'ü', c: 'x y' }],
		['a=1&a=2&b', { a: ['1', '2'], b: '' }],
		['__proto__=1&constructor=2&a=3', { a: '3' }],
		['b%5B%5D=0&b=1', { b: '1', 'b[]': '0' }],
	])('%p becomes %j', (body, value) => {
		expect(outcome(body, FORM)).toEqual([value, body]);
		expect(outcome(body, `${FORM.toUpperCase()}; charset=utf-8`)).toEqual([value, body]);
	});

	it('that looks like JSON is JSON', () => {
		expect(outcome('{"a":1}', FORM)).toEqual([{ a: 1 }, '{"a":1}']);
	});

	it('may have a thousand fields', () => {
		expect(typeof outcome('a=1&'.repeat(999) + 'a=1', FORM)).toBe('object');
		expect(outcome('a=1&'.repeat(1000), FORM)).toBe('form_too_large');
	});

	it.each([
		['a=S3CRET&b=1', { a: REMOVED, b: '1' }, `a=${REMOVED}&b=1`],
		['S3CRET=1', { [REMOVED]: '1' }, `${REMOVED}=1`],
		// Only decoding shows it, so nothing of the text is kept.
		['a=%533CRET&b=1', { a: REMOVED, b: '1' }, REMOVED],
		['%533CRET=1', { [REMOVED]: '1' }, REMOVED],
	])('%p has no secret in its value and its text', (body, value, text) => {
		expect(outcome(body, FORM)).toEqual([value, text]);
	});
});

describe('a multipart form', () => {
	const TYPE = 'multipart/form-data; boundary="a b-1"';
	const part = (head: string, value: string) => `--a b-1\r\n${head}\r\n\r\n${value}\r\n`;
	const field = (name: string, value: string) =>
		part(`Content-Disposition: form-data; name=${name}`, value);
	const END = '--a b-1--\r\n';

	it.each<[string, string, unknown]>([
		['a field', field('"a"', '1'), { a: '1' }],
		['an empty field', field('"a"', ''), { a: '' }],
		['a bare name', field('ab', '1'), { ab: '1' }],
		['a bare name and more', field('a;x=y', '1'), { a: '1' }],
		['an empty name', field('""', '1'), { '': '1' }],
		['quotes in a name', field('"a %22b%22"', '1'), { 'a "b"': '1' }],
		['repeats', field('"a"', '1') + field('"a"', '2'), { a: ['1', '2'] }],
		['dangerous names', field('"__proto__"', '1') + field('"a"', '2'), { a: '2' }],
		['any text', field('"ü"', 'ü☃ --a b\r\n\r\n=&%41 x'), { ü: 'ü☃ --a b\r\n\r\n=&%41 x' }],
		['a preamble', `Hello\r\n${field('"a"', '1')}`, { a: '1' }],
		[
			'other headers in any case',
			part('content-type: text/plain\r\nCONTENT-DISPOSITION:form-data;NAME="a"\r\nX: y', '1'),
			{ a: '1' },
		],
		['no field, as fetch sends it', '', {}],
		['an empty file', part('Content-Disposition: form-data; name="f"; filename=""', ''), {}],
	])('with %s is read', (_name, body, value) => {
		const text = body + END;
		expect(outcome(text, TYPE)).toEqual([value, text]);
	});

	it.each(['multipart/form-data; boundary=ab', 'Multipart/Form-Data;x=y;  BOUNDARY="ab"'])(
		'has its boundary in %p',
		(type) => {
			const body = '--ab\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--ab--';
			expect(outcome(body, type)).toEqual([{ a: '1' }, body]);
		},
	);

	const disposition = 'Content-Disposition: form-data; name="f"';
	it.each<[string, string | Buffer, string]>([
		[
			'with a file',
			part(`${disposition}; filename="a.png"`, 'x') + END,
			'media_type_not_supported',
		],
		[
			'with a file of name*',
			part(`${disposition};filename*=a`, 'x') + END,
			'media_type_not_supported',
		],
		['without its end', field('"a"', '1'), 'media_type_not_supported'],
		['without its beginning', 'x--a b-1--', 'media_type_not_supported'],
		[
			'without a name',
			part('Content-Disposition: form-data', 'x') + END,
			'media_type_not_supported',
		],
		['without a disposition', part('Name: x; name="a"', 'x') + END, 'media_type_not_supported'],
		[
			'with another disposition',
			part('Content-Disposition: attachment; name="a"', 'x') + END,
			'media_type_not_supported',
		],
		[
			'with a disposition in its value',
			part('X: y', 'Content-Disposition: form-data; name="a"') + END,
			'media_type_not_supported',
		],
		['without a value', `--a b-1\r\n${disposition}\r\n${END}`, 'media_type_not_supported'],
		['without heads', `--a b-1\r\nx\r\n${END}`, 'media_type_not_supported'],
		[
			'with a head without an end of 4 kB',
			part(`${disposition}\r\nX: ${'y'.repeat(4096)}`, 'x') + END,
			'media_type_not_supported',
		],
		['of another boundary', '--c\r\n\r\nx\r\n--c--', 'media_type_not_supported'],
		['of 1,001 fields', field('"a"', '1').repeat(1001) + END, 'form_too_large'],
		['that isn’t UTF-8', Buffer.from(field('"a"', 'ü') + END, 'latin1'), 'text_not_utf8'],
		['with a name that isn’t', Buffer.from(field('"ü"', '1') + END, 'latin1'), 'text_not_utf8'],
	])('%s is rejected', (_name, body, code) => {
		expect(outcome(body, TYPE)).toBe(code);
	});

	it('needs a boundary', () => {
		const body = '--\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n----';
		expect(outcome(body, 'multipart/form-data')).toBe('media_type_not_supported');
		expect(outcome(body, 'multipart/form-data; boundary=""')).toBe('media_type_not_supported');
	});

	it('may have a thousand fields, and a head of 4 kB', () => {
		expect(typeof outcome(field('"a"', '1').repeat(1000) + END, TYPE)).toBe('object');
		const head = `${disposition}\r\nX: `;
		const long = part(head + 'y'.repeat(4096 - head.length - 2), '1') + END;
		expect(outcome(long, TYPE)).toEqual([{ f: '1' }, long]);
	});

	it('has no secret in its value and its text', () => {
		const plain = field('"a"', SECRET) + END;
		expect(outcome(plain, TYPE)).toEqual([{ a: REMOVED }, plain.replace(SECRET, REMOVED)]);
		const coded = field('"S3CRE%22"', '1') + END;
		const redact = (text: string) => text.replaceAll('S3CRE"', REMOVED);
		expect(outcome(coded, TYPE, { redact })).toEqual([{ [REMOVED]: '1' }, REMOVED]);
	});

	it('outside of whose fields stands no UTF-8 keeps no text', () => {
		const body = Buffer.from(`ü\r\n${field('"a"', '1')}${END}`, 'latin1');
		expect(outcome(body, TYPE)).toEqual([{ a: '1' }, '']);
	});
});
