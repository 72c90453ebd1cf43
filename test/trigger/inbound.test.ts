import { createHash } from 'crypto';
import fc from 'fast-check';
import { readAllowList } from '../../nodes/shared/http/inbound/addresses';
import { correlationId } from '../../nodes/shared/http/inbound/correlation';
import { parsePairs, readHead } from '../../nodes/shared/http/inbound/head';
import { parseUntrustedJson } from '../../nodes/shared/http/inbound/json';
import { SeenKeys } from '../../nodes/shared/http/inbound/once';
import { readPayload, type PayloadRules } from '../../nodes/shared/http/inbound/payload';
import { challenge, findPresented, type Scheme } from '../../nodes/shared/http/inbound/schemes';
import { isAcceptedSecret } from '../../nodes/shared/http/inbound/secrets';
import type { HeaderValues, RequestHead } from '../../nodes/shared/http/inbound/types';

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

	test.each([
		['the current one', current, true],
		['the previous one', previous, true],
		['wrong case', 'Correct horse battery', false],
		['a prefix', current.slice(0, -1), false],
		['a longer one', `${current}x`, false],
		['with a blank', `${current} `, false],
		['both joined', `${current}, ${current}`, false],
		['empty', '', false],
		['10 kB long', 'a'.repeat(10_240), false],
		['its own hash', createHash('sha256').update(current).digest('hex'), false],
	])('%s', (_name, presented, accepted) => {
		expect(isAcceptedSecret(presented, [current, previous])).toBe(accepted);
	});

	test('nothing is accepted where no secret is set', () => {
		expect(isAcceptedSecret('', [])).toBe(false);
		expect(isAcceptedSecret('', ['', ''])).toBe(false);
		expect(isAcceptedSecret('anything', [''])).toBe(false);
	});

	test('unicode, sent as UTF-8 and read by Node as Latin-1', () => {
		const secret = 'schlüssel-zum-glück-☃';
		const asNodeReadsIt = Buffer.from(secret, 'utf8').toString('latin1');
		expect(isAcceptedSecret(asNodeReadsIt, [secret])).toBe(true);
		expect(isAcceptedSecret(secret, [secret])).toBe(true);
		expect(isAcceptedSecret('schlussel-zum-gluck-☃', [secret])).toBe(false);
	});

	test('10 kB long and right', () => {
		expect(isAcceptedSecret('é'.repeat(5_120), ['é'.repeat(5_120)])).toBe(true);
	});

	test('any two different texts differ', () => {
		fc.assert(
			fc.property(fc.string(), fc.string({ minLength: 1 }), (presented, secret) => {
				const sameBytes = Buffer.from(presented, 'latin1').toString('utf8') === secret;
				expect(isAcceptedSecret(presented, [secret])).toBe(presented === secret || sameBytes);
			}),
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
			'bearer, no blank',
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
		expect(findPresented(head(headers, url), scheme)).toEqual(expected);
	});

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
	])('%s is no address', (entry) => {
		expect(readAllowList(`127.0.0.1 ${entry}`)).toEqual({ ok: false, entry });
	});
});

describe('JSON from outside', () => {
	test('gives what JSON.parse gives, for any JSON', () => {
		fc.assert(
			fc.property(
				fc.jsonValue({ maxDepth: 6 }),
				fc.constantFrom(undefined, 1, '\t'),
				(value, indent) => {
					const text = JSON.stringify(value, undefined, indent);
					const read = parseUntrustedJson(text, 50);
					if (!/"(__proto__|constructor|prototype)"\s*:/.test(text)) {
						const expected: unknown = JSON.parse(text);
						expect(read).toEqual({ ok: true, value: expected });
					}
				},
			),
			{ numRuns: 3_000 },
		);
	});

	test('refuses what JSON.parse refuses, for any damaged JSON', () => {
		fc.assert(
			fc.property(
				fc.json(),
				fc.nat(),
				fc.constantFrom('', '"', ',', '}', '\\', '\n', '0', 'e'),
				(text, at, by) => {
					const position = at % (text.length + 1);
					const damaged = text.slice(0, position) + by + text.slice(position + 1);
					const read = parseUntrustedJson(damaged, 1_000);
					let valid = true;
					try {
						JSON.parse(damaged);
					} catch {
						valid = false;
					}
					if (!valid) expect(read.ok).toBe(false);
					else if (!read.ok) expect(read.code).not.toBe('json_broken');
				},
			),
			{ numRuns: 3_000 },
		);
	});

	test.each([
		['{"a":1,}', 1, 8],
		['{\n  "name": "Mika "the" Lund"\n}', 2, 18],
		['{"details": }', 1, 13],
		['[1,2', 1, 5],
		['{"a":"b\nc"}', 1, 8],
		['', 1, 1],
		['nul', 1, 1],
		['{"a":01}', 1, 7],
		['"\\x"', 1, 1],
	])('%j is broken at line %i, column %i', (text, line, column) => {
		expect(parseUntrustedJson(text, 10)).toEqual({ ok: false, code: 'json_broken', line, column });
	});

	test('refuses depth, duplicate keys and infinite numbers, with their place', () => {
		expect(parseUntrustedJson('[[[]]]', 2)).toMatchObject({ code: 'json_too_deep', column: 3 });
		expect(parseUntrustedJson('[[]]', 2)).toMatchObject({ ok: true });
		expect(parseUntrustedJson('['.repeat(100_000), 32)).toMatchObject({ code: 'json_too_deep' });
		expect(parseUntrustedJson('{"a":1,"\\u0061":2}', 5)).toMatchObject({
			code: 'json_duplicate_key',
			column: 8,
		});
		expect(parseUntrustedJson('{"__proto__":1,"__proto__":2}', 5)).toMatchObject({
			code: 'json_duplicate_key',
		});
		expect(parseUntrustedJson('{"a":1e999}', 5)).toMatchObject({
			code: 'json_number_out_of_range',
			column: 6,
		});
	});

	test('drops keys that reach into prototypes, at every depth', () => {
		const text = '{"a":{"__proto__":{"x":1},"constructor":2,"prototype":3,"b":4},"toString":5}';
		const read = parseUntrustedJson(text, 5);
		expect(read).toEqual({ ok: true, value: { a: { b: 4 }, toString: 5 } });
		expect(JSON.stringify(read)).not.toContain('proto');
		expect(Reflect.get({}, 'x')).toBeUndefined();
	});

	test('a long text with escapes needs no deep stack', () => {
		const long = `"${'a\\n'.repeat(400_000)}"`;
		expect(parseUntrustedJson(long, 5)).toMatchObject({ ok: true });
	});

	test('keeps what is in doubt apart from what is broken: a byte order mark, big integers', () => {
		expect(parseUntrustedJson('\ufeff{"a":1}', 5)).toEqual({ ok: true, value: { a: 1 } });
		expect(parseUntrustedJson('12345678901234567890', 5)).toMatchObject({ ok: true });
	});
});

describe('Payloads', () => {
	const rules: PayloadRules = {
		maxDepth: 32,
		acceptBrokenJson: true,
		acceptEmpty: false,
		clean: (text) => text,
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

	test('broken JSON is passed on with its place, or refused with it', () => {
		expect(read('{"a":"b"c"}', 'application/json')).toMatchObject({
			payload: { form: 'text', text: '{"a":"b"c"}', parseError: { line: 1, column: 9 } },
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
		expect(parsePairs('a=1&a=2&a=3&b&constructor=x&c=%ZZ&toString=1&toString=2')).toEqual({
			a: ['1', '2', '3'],
			b: '',
			c: '%ZZ',
			toString: ['1', '2'],
		});
	});

	test.each([
		['abc-123', 'abc-123'],
		['with blank', 'new'],
		['line\nbreak', 'new'],
		['x'.repeat(129), 'new'],
		['', 'new'],
		[undefined, 'new'],
	])('the request ID %j becomes %s', (sent, expected) => {
		expect(correlationId(head({ 'x-request-id': sent }), () => 'new')).toBe(expected);
	});

	test('remembered keys end with their time, and the oldest go first', () => {
		const keys = new SeenKeys(5);
		expect(keys.claim('a', 100, 0, 2)).toBe(true);
		expect(keys.claim('a', 199, 99, 2)).toBe(false);
		expect(keys.claim('a', 200, 100, 2)).toBe(true);
		keys.claim('b', 300, 110, 2);
		keys.claim('c', 300, 110, 2);
		expect(keys.size).toBe(2);
		expect(keys.claim('a', 400, 120, 2)).toBe(true);
		keys.release('a');
		expect(keys.claim('a', 400, 120, 2)).toBe(true);
		expect(keys.newest(130)).toEqual([
			{ key: 'c', until: 300 },
			{ key: 'a', until: 400 },
		]);
	});
});
