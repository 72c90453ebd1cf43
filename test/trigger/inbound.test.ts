import { createHash } from 'crypto';
import fc from 'fast-check';
import { readAllowList } from '../../nodes/shared/http/inbound/addresses';
import {
	collectPairs,
	readHead,
	sentRequestId,
	type HeaderValues,
	type RequestHead,
} from '../../nodes/shared/http/inbound/head';
import {
	parseUntrustedJson,
	readPayload,
	type PayloadRules,
} from '../../nodes/shared/http/inbound/payload';
import {
	challenge,
	digest,
	findPresented,
	isAcceptedSecret,
	type Scheme,
} from '../../nodes/shared/http/inbound/secret';

const asItIs = (text: string) => text;
const parse = (text: string, maxDepth: number) => parseUntrustedJson(text, maxDepth, asItIs);

function head(headers: HeaderValues, url = '/webhook/x'): RequestHead {
	const rawHeaders = Object.entries(headers).flatMap(([name, value]) => [name, String(value)]);
	return readHead({
		method: 'POST',
		originalUrl: url,
		headers,
		rawHeaders,
		ip: '203.0.113.7',
		on: () => undefined,
		off: () => undefined,
		resume: () => undefined,
	});
}

describe('Secrets', () => {
	const current = 'correct horse battery';
	const previous = 'staple wax candle moon';
	const header: Scheme = { kind: 'header', name: 'x-secret' };
	const accepts = (presented: string, secrets: readonly string[]) => {
		const found = findPresented(head({ 'x-secret': presented }), header);
		return found.kind === 'value' && isAcceptedSecret(found.readings, secrets.map(digest));
	};

	test.each([
		['the current one', current, true],
		['the previous one', previous, true],
		['wrong case', 'Correct horse battery', false],
		['a prefix', current.slice(0, -1), false],
		['a longer one', `${current}x`, false],
		['with a space', `${current} `, false],
		['both joined', `${current}, ${current}`, false],
		['empty', '', false],
		['10 kB long', 'a'.repeat(10_240), false],
		['its own hash', createHash('sha256').update(current).digest('hex'), false],
	])('%s', (_name, presented, accepted) => {
		expect(accepts(presented, [current, previous])).toBe(accepted);
	});

	test('nothing is accepted if no secret is set', () => {
		expect(accepts('', [])).toBe(false);
		expect(accepts('anything', [])).toBe(false);
	});

	test('any two different texts differ, as UTF-8 and as Latin-1', () => {
		fc.assert(
			fc.property(
				fc.string({ unit: 'grapheme', minLength: 1 }),
				fc.string({ unit: 'grapheme', minLength: 1 }),
				(presented, secret) => {
					const bytes = Buffer.from(presented, 'utf8').toString('latin1');
					expect(accepts(bytes, [presented])).toBe(true);
					const same = presented === secret || bytes === secret;
					expect(accepts(bytes, [secret])).toBe(same);
				},
			),
			{ numRuns: 2_000 },
		);
	});
});

describe('Schemes', () => {
	const header: Scheme = { kind: 'header', name: 'x-bento-secret' };
	const query: Scheme = { kind: 'query', name: 'access_key' };
	// RFC 7617, section 2: the example of "Aladdin" and "open sesame".
	const aladdin = 'QWxhZGRpbjpvcGVuIHNlc2FtZQ==';

	test.each<[string, Scheme, HeaderValues, string, unknown]>([
		['header', header, { 'x-bento-secret': 'abc' }, '/', { kind: 'value', value: 'abc' }],
		['header, missing', header, {}, '/', { kind: 'missing' }],
		['header, empty', header, { 'x-bento-secret': '' }, '/', { kind: 'missing' }],
		['query', query, {}, '/?access_key=a%20b&x=1', { kind: 'value', value: 'a b' }],
		['query, missing', query, {}, '/?accesskey=a', { kind: 'missing' }],
		['query, repeated', query, {}, '/?access_key=a&access_key=a', { kind: 'malformed' }],
		['query, nested', query, {}, '/?access_key[]=a', { kind: 'missing' }],
		[
			'bearer',
			{ kind: 'bearer' },
			{ authorization: 'Bearer t0k' },
			'/',
			{ kind: 'value', value: 't0k' },
		],
		[
			'bearer, any case',
			{ kind: 'bearer' },
			{ authorization: 'bEARER t0k' },
			'/',
			{ kind: 'value', value: 't0k' },
		],
		[
			'bearer, other scheme',
			{ kind: 'bearer' },
			{ authorization: 'Basic t0k' },
			'/',
			{ kind: 'missing' },
		],
		[
			'bearer, no space',
			{ kind: 'bearer' },
			{ authorization: 'Bearert0k' },
			'/',
			{ kind: 'malformed' },
		],
		[
			'bearer, no token',
			{ kind: 'bearer' },
			{ authorization: 'Bearer ' },
			'/',
			{ kind: 'missing' },
		],
		[
			'basic',
			{ kind: 'basic' },
			{ authorization: `Basic ${aladdin}` },
			'/',
			{ kind: 'value', value: 'Aladdin:open sesame' },
		],
		[
			'basic, unpadded',
			{ kind: 'basic' },
			{ authorization: `Basic ${aladdin.slice(0, -2)}` },
			'/',
			{ kind: 'value', value: 'Aladdin:open sesame' },
		],
		[
			'basic, not base64',
			{ kind: 'basic' },
			{ authorization: 'Basic §§§§' },
			'/',
			{ kind: 'malformed' },
		],
		[
			'basic, junk inside',
			{ kind: 'basic' },
			{ authorization: `Basic QWx!hZGRpbjpvcGVuIHNlc2FtZQ==` },
			'/',
			{ kind: 'malformed' },
		],
		[
			'basic, no colon',
			{ kind: 'basic' },
			{ authorization: 'Basic QWxhZGRpbg==' },
			'/',
			{ kind: 'malformed' },
		],
		['none', { kind: 'none' }, { authorization: 'Bearer x' }, '/', { kind: 'missing' }],
	])('%s', (_name, scheme, headers, url, expected) => {
		expect(readable(findPresented(head(headers, url), scheme))).toEqual(expected);
	});

	/** The first reading as text. */
	function readable(presented: ReturnType<typeof findPresented>) {
		return presented.kind === 'value'
			? { kind: 'value', value: presented.readings[0]?.toString('utf8') }
			: presented;
	}

	test('a header that came twice counts as wrong, not as its first', () => {
		const twice = {
			...head({ authorization: 'Bearer t0k' }),
			rawHeaders: ['Authorization', 'Bearer t0k', 'AUTHORIZATION', 'Bearer x'],
		};
		expect(findPresented(twice, { kind: 'bearer' })).toEqual({ kind: 'malformed' });
	});

	test('a challenge names the scheme and nothing that was expected', () => {
		expect(challenge({ kind: 'basic' })).toBe('Basic realm="webhook", charset="UTF-8"');
		expect(challenge({ kind: 'bearer' })).toBe('Bearer realm="webhook"');
		expect(challenge({ kind: 'header', name: 'x-very-own' })).toBe('Secret realm="webhook"');
	});
});

describe('Allowed addresses', () => {
	test.each([
		['203.0.113.7', '203.0.113.7', true],
		['203.0.113.7', '203.0.113.8', false],
		['203.0.113.7', '::ffff:203.0.113.7', true],
		['10.0.0.0/8', '10.255.3.4', true],
		['10.0.0.0/8', '11.0.0.1', false],
		['0.0.0.0/0', '198.51.100.1', true],
		['0.0.0.0/0', '2001:db8::1', false],
		['192.0.2.128/25', '192.0.2.127', false],
		['192.0.2.128/25', '192.0.2.200', true],
		['2001:db8::/32', '2001:db8:ffff::1', true],
		['2001:db8::/32', '2001:db9::1', false],
		['2001:db8::1', '2001:0db8:0:0:0:0:0:1', true],
		['::1', '::1', true],
		['fe80::/10', 'fe80::1%eth0', true],
		['::ffff:10.0.0.0/104', '10.9.9.9', true],
		['198.51.100.1, 10.0.0.0/8\n::1', '10.1.1.1', true],
		['198.51.100.1', '', false],
		['198.51.100.1', 'unknown', false],
		['', 'unknown', true],
	])('%s and %s: %s', (list, address, allowed) => {
		const read = readAllowList(list);
		expect(read.ok && read.allows(address)).toBe(allowed);
	});

	test.each([
		'10.0.0.0/33',
		'10.0.0',
		'10.0.0.256',
		'010.0.0.1',
		'example.com',
		'2001:db8::/129',
		'1::2::3',
		':::',
		'10.0.0.0/8/8',
		'1:2:3:4:5:6:7',
		'1:2:3:4:5:6:7:8:9',
		'10.0.0.1/',
		'::ffff:10.0.0.0/95',
	])('%s is not an address', (entry) => {
		expect(readAllowList(`127.0.0.1 ${entry}`)).toEqual({ ok: false, entry });
	});
});

describe('JSON from outside', () => {
	const dangerous = /"(__proto__|constructor|prototype)"\s*:/;

	test('gives what JSON.parse gives, for any JSON', () => {
		fc.assert(
			fc.property(
				fc.jsonValue({ maxDepth: 6 }),
				fc.constantFrom(undefined, 1, '\t'),
				(value, indent) => {
					const text = JSON.stringify(value, undefined, indent);
					if (dangerous.test(text)) return;
					const expected: unknown = JSON.parse(text);
					expect(parse(text, 50)).toEqual({ ok: true, value: expected, text });
				},
			),
			{ numRuns: 3_000 },
		);
	});

	test('takes and refuses what JSON.parse takes and refuses, for any damaged JSON', () => {
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
			{ numRuns: 3_000 },
		);
	});

	test.each([
		['{"a":1,}', 'line 1, column 8'],
		['{\n  "name": "Mika "the" Lund"\n}', 'line 2, column 18'],
		['{"a":1\n "b":2}', 'line 2, column 2'],
		['[1,2', 'line 1, column 5'],
		['{"a":"b\nc"}', 'line 1, column 8'],
		['{"a":1}x', 'line 1, column 8'],
		// Here JavaScript tells no place.
		['{"details": }', undefined],
		['', undefined],
		['nul', undefined],
	])('%j is broken at %s', (text, place) => {
		expect(parse(text, 10)).toEqual({ ok: false, code: 'json_broken', place });
	});

	test('text that imitates a position is not taken for one', () => {
		expect(parse('{"a": at position 7 }', 10)).toMatchObject({ place: undefined });
		expect(parse('x at position 7', 10)).toMatchObject({ place: undefined });
	});

	test('refuses depth and infinite numbers, with their position', () => {
		expect(parse('[[[]]]', 2)).toMatchObject({
			code: 'json_too_deep',
			place: 'line 1, column 3',
		});
		expect(parse('[[]]', 2)).toMatchObject({ ok: true });
		expect(parse('["[[[[", "\\"[[[["]', 2)).toMatchObject({ ok: true });
		expect(parse('[[],[],[]]', 2)).toMatchObject({ ok: true });
		expect(parse('['.repeat(100_000), 32)).toMatchObject({ code: 'json_too_deep' });
		for (const number of ['1e999', '-1e999', `1${'0'.repeat(400)}`, '1.5E+400']) {
			expect(parse(`{"a":1,\n"b":${number}}`, 5)).toMatchObject({
				code: 'json_number_out_of_range',
				place: `line 2, column ${number.startsWith('-') ? 6 : 5}`,
			});
		}
		expect(parse('["1e999", 1e-999, 12345678901234567890]', 5)).toMatchObject({ ok: true });
	});

	test('of two equal keys the last one counts, in any spelling', () => {
		expect(parse('{"a":1,"\\u0061":2}', 5)).toMatchObject({ ok: true, value: { a: 2 } });
	});

	test('drops keys that reach into prototypes, at every depth and in any spelling', () => {
		const text =
			'{"a":{"__proto__":{"x":1},"constructor":2,"prototype":3,"b":4},"\\u005f_proto__":{"x":1},"toString":5}';
		const read = parse(text, 5);
		expect(read).toMatchObject({ ok: true, value: { a: { b: 4 }, toString: 5 } });
		if (read.ok) expect(JSON.stringify(read.value)).not.toContain('proto');
		expect(Reflect.get({}, 'x')).toBeUndefined();
	});

	test('takes linear time for any content', () => {
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
});

describe('Payloads', () => {
	const rules: PayloadRules = {
		maxDepth: 32,
		acceptBrokenJson: true,
		acceptEmpty: false,
		hide: asItIs,
	};
	const read = (body: Buffer | string, type?: string, more: Partial<PayloadRules> = {}) =>
		readPayload(Buffer.from(body), head(type === undefined ? {} : { 'content-type': type }), {
			...rules,
			...more,
		});
	const code = (result: ReturnType<typeof read>) => (result.ok ? 'ok' : result.rejection.code);

	test.each([
		['JSON without a content type', '{"a":1}', undefined, { a: 1 }],
		['JSON as text', ' [1]', 'text/plain', [1]],
		['JSON as a form', '{"a":1}', 'application/x-www-form-urlencoded', { a: 1 }],
		['JSON of a vendor', '3', 'application/vnd.x+json', 3],
		[
			'a form',
			'a=1&b=%C3%BC&__proto__=x',
			'application/x-www-form-urlencoded; charset=UTF-8',
			{ a: '1', b: 'ü' },
		],
		['text', 'hello', undefined, 'hello'],
		['text that begins like JSON', '{hello}', 'text/plain', '{hello}'],
		['XML', '<a/>', 'application/xml', '<a/>'],
		[
			'Latin-1',
			Buffer.from('{"a":"ü"}', 'latin1'),
			'application/json; charset="ISO-8859-1"',
			{ a: 'ü' },
		],
	])('%s', (_name, body, type, value) => {
		expect(read(body, type)).toMatchObject({ ok: true, payload: { value, parseError: undefined } });
	});

	test('broken JSON is passed on or refused, with its position', () => {
		expect(read('{"a":"b"c"}', 'application/json')).toMatchObject({
			payload: {
				text: '{"a":"b"c"}',
				parseError: 'The body is not valid JSON (line 1, column 9)',
			},
		});
		expect(read('{"a":"b"c"}', 'application/json', { acceptBrokenJson: false })).toEqual({
			ok: false,
			rejection: { code: 'json_broken', place: 'line 1, column 9' },
		});
	});

	test.each([
		['no body', '', 'application/json', 'body_missing'],
		['invalid UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), 'application/json', 'text_not_utf8'],
		['a file upload', 'x', 'multipart/form-data; boundary=x', 'media_type_not_supported'],
		['an image', 'x', 'image/png', 'media_type_not_supported'],
		['an unknown charset', 'x', 'text/plain; charset=utf-7', 'encoding_not_supported'],
		['a prototype as charset', 'x', 'text/plain; charset=__proto__', 'encoding_not_supported'],
		['too many fields', 'a&'.repeat(1_001), 'application/x-www-form-urlencoded', 'form_too_large'],
		['deep JSON', '['.repeat(33), 'application/json', 'json_too_deep'],
	])('%s is refused', (_name, body, type, expected) => {
		expect(code(read(body, type))).toBe(expected);
	});
});

describe('Small parts', () => {
	test('a query has one shape everywhere', () => {
		const query = new URLSearchParams('a=1&a=2&a=3&b&constructor=x&c=%ZZ&toString=1&toString=2');
		expect(collectPairs(query)).toEqual({
			a: ['1', '2', '3'],
			b: '',
			c: '%ZZ',
			toString: ['1', '2'],
		});
	});

	test.each([
		['abc-123', 'abc-123'],
		['with space', undefined],
		['line\nbreak', undefined],
		['x'.repeat(129), undefined],
		['', undefined],
		[undefined, undefined],
	])('the request ID %j becomes %s', (sent, expected) => {
		expect(sentRequestId(head({ 'x-request-id': sent }))).toBe(expected);
	});
});
