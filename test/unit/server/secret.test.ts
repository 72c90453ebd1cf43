import { createHash } from 'crypto';
import fc from 'fast-check';
import { redactorOf, REMOVED } from '../../../nodes/shared/http/redact';
import {
	readHead,
	type HeaderValues,
	type RequestHead,
} from '../../../nodes/shared/http/server/head';
import {
	canCarrySecret,
	challenge,
	digest,
	findPresented,
	isAcceptedSecret,
	isHeaderName,
	type Scheme,
} from '../../../nodes/shared/http/server/secret';

/** With every character that some encoding treats specially. */
const SECRET = 'pässw/rd!"42" \\k+%\t☃🔑 (x)[y]{z}|^$.*?';

/** Others of such characters. */
const anySecret = fc.string({
	unit: fc.constantFrom(...SECRET, ...'abcdefghijklmnopqrstuvwxyzABCDEF0123456789-_~&=<>éß語'),
	minLength: 8,
	maxLength: 30,
});

const unescaped = (text: string) => JSON.stringify(text).slice(1, -1);
const units = (text: string, spell: (hex: string) => string) =>
	Array.from({ length: text.length }, (_, index) =>
		spell(text.charCodeAt(index).toString(16).padStart(4, '0')),
	).join('');
const bytes = (text: string, spell: (hex: string) => string) =>
	[...Buffer.from(text, 'utf8')].map((byte) => spell(byte.toString(16).padStart(2, '0'))).join('');
const percent = (text: string) => encodeURIComponent(text);
const form = (text: string) => new URLSearchParams([['', text]]).toString().slice(1);

/** Every character as an HTML entity. */
const entities = (text: string, spell: (code: number) => string) =>
	Array.from(text, (one) => spell(one.codePointAt(0) ?? 0)).join('');

/** As mail does, with a soft line break after every fifth byte. */
const quotedPrintable = (text: string, lineBreak: string) =>
	[...Buffer.from(text, 'utf8')]
		.map((byte, at) => {
			const soft = at > 0 && at % 5 === 0 ? `=${lineBreak}` : '';
			return `${soft}=${byte.toString(16).toUpperCase().padStart(2, '0')}`;
		})
		.join('');

const NAMES: Readonly<Record<string, string>> = {
	'&': '&amp;',
	'<': '&lt;',
	'>': '&gt;',
	'"': '&quot;',
	"'": '&apos;',
};
const named = (text: string) => text.replace(/[&<>"']/g, (one) => NAMES[one] ?? one);

/** The ways in which senders, proxies and apps write a text. */
const SPELLINGS: Readonly<Record<string, (secret: string) => string>> = {
	'as it is': (secret) => secret,
	'in JSON': unescaped,
	'in JSON of PHP': (secret) => unescaped(secret).replaceAll('/', '\\/'),
	'in \\u escapes': (secret) => units(secret, (hex) => `\\u${hex}`),
	'in \\U escapes of capitals': (secret) => units(secret, (hex) => `\\u${hex.toUpperCase()}`),
	'in JSON in JSON': (secret) => unescaped(unescaped(secret)),
	'in \\u escapes in JSON in JSON': (secret) =>
		unescaped(unescaped(units(secret, (hex) => `\\u${hex}`))).replaceAll('\\\\\\\\', '\\\\\\'),
	'in a URL': percent,
	'in a form': form,
	'as bytes in capitals': (secret) => bytes(secret, (hex) => `%${hex.toUpperCase()}`),
	'as bytes in small letters': (secret) => bytes(secret, (hex) => `%${hex}`),
	'in a URL in a URL': (secret) => percent(percent(secret)),
	'in a URL five times over': (secret) => bytes(secret, (hex) => `%25252525${hex}`),
	'as Node reads UTF-8 in a header': (secret) => Buffer.from(secret, 'utf8').toString('latin1'),
	'in HTML': named,
	'in HTML in HTML': (secret) => named(named(secret)),
	'in decimal entities': (secret) => entities(secret, (code) => `&#${code};`),
	'in decimal entities with zeros': (secret) => entities(secret, (code) => `&#00${code};`),
	'in hexadecimal entities': (secret) => entities(secret, (code) => `&#x${code.toString(16)};`),
	'in entities of capitals': (secret) =>
		entities(secret, (code) => `&#X${code.toString(16).toUpperCase()};`),
	'in entities in HTML': (secret) => entities(secret, (code) => `&amp;#${code};`),
	'in \\x escapes': (secret) => bytes(secret, (hex) => `\\x${hex}`),
	'in \\x escapes of capitals in JSON': (secret) =>
		bytes(secret, (hex) => `\\\\x${hex.toUpperCase()}`),
	'in hexadecimal': (secret) => bytes(secret, (hex) => hex),
	'in hexadecimal of capitals': (secret) => bytes(secret, (hex) => hex.toUpperCase()),
	'quoted-printable': (secret) => quotedPrintable(secret, '\r\n'),
	'quoted-printable with Unix line breaks': (secret) => quotedPrintable(secret, '\n'),
	'quoted-printable in JSON': (secret) => quotedPrintable(secret, '\\r\\n'),
	'as Latin-1 in a URL': (secret) => percent(Buffer.from(secret, 'utf8').toString('latin1')),
};

describe('what hides a secret', () => {
	const redact = (text: string) => redactorOf([SECRET])(text);

	it.each(Object.entries(SPELLINGS))('takes it out %s, and nothing else', (_name, spell) => {
		expect(redact(spell(SECRET))).toBe(REMOVED);
		const around = redact(`a/b ${spell(SECRET)}; "c" %20 \\u0041 + ${spell(SECRET)} d`);
		expect(around).toBe(`a/b ${REMOVED}; "c" %20 \\u0041 + ${REMOVED} d`);
	});

	it('takes any secret out', () => {
		fc.assert(
			fc.property(anySecret, (secret) => {
				const hideIt = redactorOf([secret]);
				for (const [name, spell] of Object.entries(SPELLINGS)) {
					expect([name, hideIt(`<${spell(secret)}>`)]).toEqual([name, `<${REMOVED}>`]);
				}
			}),
			{ numRuns: 20 },
		);
	});

	it('takes any secret out of base64, whatever stands around it, with all of the run', () => {
		const more = fc.string({ maxLength: 7 });
		fc.assert(
			fc.property(anySecret, more, more, (secret, before, after) => {
				const encoded = Buffer.from(before + secret + after);
				const clean = redactorOf(['another-secret', secret]);
				for (const run of [encoded.toString('base64'), encoded.toString('base64url')]) {
					expect(clean(run)).toBe(REMOVED);
					expect(clean(`Basic ${run}, "${run}"`)).toBe(`Basic ${REMOVED}, "${REMOVED}"`);
					expect(clean(`? ${percent(run)}&`)).toMatch(/^\? .*\[secret removed\].*&$/);
				}
			}),
			{ numRuns: 30 },
		);
	});

	it('takes a secret out that comes twice in one run of base64', () => {
		const run = Buffer.from(`${SECRET} and ${SECRET}`).toString('base64');
		expect(redact(`${run} ${run}`)).toBe(`${REMOVED} ${REMOVED}`);
	});

	it('takes every secret out, also where one begins like another', () => {
		const both = redactorOf(['yesterday’s secret', 'the secret of today']);
		expect(both('1 yesterday’s secret 2 the secret of today 3')).toBe(
			`1 ${REMOVED} 2 ${REMOVED} 3`,
		);
	});

	it.each([
		['a piece', SECRET.slice(1)],
		['another case', SECRET.toUpperCase()],
		['escapes of something else', '\\u0070\\u00e4 %70%C3%A4 100 % C:\\x a+b'],
		['base64 of something else', Buffer.from('a text of some length').toString('base64')],
		['nothing', ''],
	])('leaves %s alone', (_name, text) => {
		expect(redact(text)).toBe(text);
		expect(redact(`a ${text} b`)).toBe(`a ${text} b`);
	});

	it('knows spaces that came as a plus, in a text without anything else', () => {
		const both = redactorOf(['without-a-space-in-it', 'correct horse battery']);
		expect(both('a=correct+horse+battery')).toBe(`a=${REMOVED}`);
		expect(both('a=without+a+space+in+it \\')).toBe('a=without+a+space+in+it \\');
	});

	it('leaves everything alone where there is no secret', () => {
		expect(redactorOf([])('any "text" \\u0041 %41')).toBe('any "text" \\u0041 %41');
	});

	it.each([
		['\r\n', 76],
		['\n', 64],
		['\\r\\n', 76],
		['\\n', 60],
	])('takes any secret out of base64 in lines that end with %j', (lineBreak, width) => {
		const padding = fc.string({ unit: fc.constantFrom(...'abcdef 12345'), maxLength: 90 });
		fc.assert(
			fc.property(anySecret, padding, padding, (secret, before, after) => {
				const encoded = Buffer.from(before + secret + after).toString('base64');
				const lines = encoded.match(new RegExp(`.{1,${width}}`, 'g')) ?? [];
				const shown = redactorOf([secret])(lines.join(lineBreak));
				expect(shown).toContain(REMOVED);
				const start = Math.ceil((Buffer.byteLength(before) * 8) / 6);
				const end = Math.floor((Buffer.byteLength(before + secret) * 8) / 6);
				const left = shown.replaceAll(lineBreak, '').replaceAll(REMOVED, '|');
				for (let at = start; at + 8 <= end; at += 1) {
					expect(left).not.toContain(encoded.slice(at, at + 8));
				}
			}),
			{ numRuns: 30 },
		);
	});

	describe('costs no more than in proportion to the text', () => {
		/** In ms of this process, which others on the machine don't lengthen. */
		const cost = (secret: string, piece: string, kilobytes: number): number => {
			const hideIt = redactorOf([secret]);
			const text = piece.repeat((kilobytes * 1024) / piece.length);
			const began = process.cpuUsage();
			hideIt(text);
			const { user } = process.cpuUsage(began);
			return user / 1000;
		};

		it.each([
			['backslashes in backslashes', '\\'.repeat(8), '\\'],
			['a long run of backslashes', '\\'.repeat(64), '\\'],
			['backslashes between', 'a\\'.repeat(32), 'a\\'],
			['percent signs', '%'.repeat(16), '%25'],
			['ampersands', '&'.repeat(16), '&amp;'],
			['equal signs', '='.repeat(16), '=3D='],
			['the longest secret, of two characters', 'ab'.repeat(2048), 'ab'],
			['a secret that never ends', `${'a'.repeat(4000)}b`, 'a'],
			['base64', 'a'.repeat(64), 'YWFh'],
			['all but the end of a secret', SECRET, SECRET.slice(0, -1)],
			['special characters', SECRET, '["\\\\","%",'],
		])('%s', (_name, secret, piece) => {
			cost(secret, piece, 8);
			const [small, large] = [cost(secret, piece, 24), cost(secret, piece, 192)];
			expect(large).toBeLessThan(1500);
			expect(large).toBeLessThan(8 * 3 * Math.max(small, 20));
		});

		it('and takes the rest out unread if there is more to compare', () => {
			const secret = `${'a'.repeat(400)}b`;
			const shown = redactorOf([secret])(`{"x":"${'a'.repeat(9000)}", "y":"${secret}"}`);
			expect(shown).toBe(`{"x":"${REMOVED}`);
		});
	});
});

describe('a header', () => {
	it.each(['X-Bento-Secret', 'authorization', "!#$%&'*+.^_`|~09azAZ-"])(
		'of the name %p can carry a secret',
		(name) => {
			expect([isHeaderName(name), canCarrySecret(name)]).toEqual([true, true]);
		},
	);

	it.each(['', 'a b', 'a:b', 'ä', 'a\n', '\ta', '(a)', 'a/b', '{a}'])(
		'can’t have the name %p',
		(name) => {
			expect([isHeaderName(name), canCarrySecret(name)]).toEqual([false, false]);
		},
	);

	// What Node or a proxy reads, drops, joins, or writes itself.
	it.each([
		'__proto__',
		'Connection',
		'Content-Encoding',
		'content-length',
		'Content-Type',
		'Expect',
		'HOST',
		'Keep-Alive',
		'Set-Cookie',
		'TE',
		'Trailer',
		'Transfer-Encoding',
		'Upgrade',
	])('of the name %p has another meaning', (name) => {
		expect([isHeaderName(name), canCarrySecret(name)]).toEqual([true, false]);
	});
});

describe('what a request presents', () => {
	/** Its readings as text; or what it is instead. */
	const presented = (scheme: Scheme, headers: HeaderValues, url?: string) => {
		const found = findPresented(head(headers, url), scheme);
		return found.kind === 'value' ? found.readings.map(String) : found.kind;
	};
	const basic = (text: string | Buffer) => ({
		authorization: `Basic ${Buffer.from(text).toString('base64')}`,
	});

	it('beyond ASCII is what UTF-8 says, or Latin-1', () => {
		const utf8 = Buffer.from('à', 'utf8').toString('latin1');
		const misread = 'Ã\u00a0';
		expect(presented({ kind: 'header', name: 'X-S' }, { 'x-s': utf8 })).toEqual(['à', misread]);
		expect(presented({ kind: 'bearer' }, { authorization: `Bearer  ${utf8}` })).toEqual([
			'à',
			misread,
		]);
		expect(presented({ kind: 'basic' }, basic('u:à'))).toEqual(['u:à', `u:${misread}`]);
		const [first, second] = presented({ kind: 'basic' }, basic(Buffer.from('u:à', 'latin1')));
		expect([first, second]).toEqual(['u:\ufffd', 'u:à']);
		expect(presented({ kind: 'header', name: 'x-s' }, { 'x-s': '\x7f' })).toEqual(['\x7f']);
		expect(presented({ kind: 'header', name: 'x-s' }, { 'x-s': '\x80' })).toHaveLength(2);
	});

	it('in a query may have meant a plus where there is a space', () => {
		const query: Scheme = { kind: 'query', name: 'key' };
		expect(presented(query, {}, '/?key=a+b+c')).toEqual(['a b c', 'a+b+c']);
		expect(presented(query, {}, '/?key=a%2Bb')).toEqual(['a+b']);
		expect(presented(query, {}, '/?key=%C3%A0')).toEqual(['à']);
		expect(presented(query, {}, '/?key=')).toBe('missing');
		expect(presented({ kind: 'query', name: 'toString' }, {}, '/?key=a')).toBe('missing');
	});

	it.each([
		['Bearer', 'missing'],
		['Bearer    ', 'missing'],
		['Bearer   a b ', ['a b ']],
		['bearer', 'missing'],
		['BearerX', 'malformed'],
		['Beare x', 'missing'],
		['', 'missing'],
		[undefined, 'missing'],
		[['Bearer a', 'Bearer b'], 'malformed'],
	])('as Bearer in %p is %p', (authorization, expected) => {
		expect(presented({ kind: 'bearer' }, { authorization })).toEqual(expected);
	});

	it('as Basic has one spelling only, and a colon', () => {
		const read = (text: string) => presented({ kind: 'basic' }, { authorization: `Basic ${text}` });
		for (const user of ['u:', ':p', 'u:p', 'us:p', 'use:p', 'u:p:q', '?>:~~']) {
			const whole = Buffer.from(user).toString('base64');
			expect(read(whole)).toEqual([user]);
			expect(read(whole.replace(/=+$/, ''))).toEqual([user]);
			expect(read(`${whole} `)).toBe('malformed');
			expect(read(` ${whole}`)).toEqual([user]);
		}
		// The bits that no byte needs must be zero.
		expect([read('dTpw'), read('dTo='), read('dTp='), read('dTo==')]).toEqual([
			['u:p'],
			['u:'],
			'malformed',
			['u:'],
		]);
		expect([read('dXA='), read('dTo-'), read('dTo_'), read('dTo=='), read('=dTo')]).toMatchObject([
			'malformed',
			'malformed',
			'malformed',
			['u:'],
			'malformed',
		]);
		expect(read('dTo===')).toBe('malformed');
		expect(presented({ kind: 'basic' }, {})).toBe('missing');
		expect(presented({ kind: 'basic' }, { authorization: 'Bearer dTpw' })).toBe('missing');
	});

	it('is nothing where nothing is asked for', () => {
		expect(presented({ kind: 'none' }, { authorization: 'Bearer x' })).toBe('missing');
	});
});

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
			{ numRuns: 200 },
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
