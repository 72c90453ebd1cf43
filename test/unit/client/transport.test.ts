import type { IAllExecuteFunctions, IHttpRequestOptions } from 'n8n-workflow';
import {
	isSameOrigin,
	keyRedactor,
	n8nTransport,
	n8nUnsignedTransport,
	NO_CODE,
	readResponse,
	readTransportError,
} from '../../../nodes/shared/http/client/transport';
import type { HttpRequest } from '../../../nodes/shared/http/client/types';

const KEYS = {
	publishableKey: 'pk_123456',
	secretKey: 'sk_654321',
	siteUuid: 'site',
	baseUrl: 'https://app.bentonow.com/api/v1',
};

const REQUEST: HttpRequest = {
	method: 'POST',
	url: 'https://app.bentonow.com/api/v1/batch/events',
	query: { site_uuid: 'site' },
	headers: { 'Content-Type': 'application/json' },
	body: Buffer.from('{"a":"ü"}'),
	timeout: 5000,
	signal: new AbortController().signal,
};

/** n8n's two request helpers, which note what they are asked. */
function helpers(respond: () => unknown) {
	const asked: Array<{ credential?: string; options: IHttpRequestOptions; known?: unknown }> = [];
	const part = {
		helpers: {
			httpRequest: (options: IHttpRequestOptions) => {
				asked.push({ options });
				return Promise.resolve().then(respond);
			},
			httpRequestWithAuthentication(
				this: unknown,
				credential: string,
				options: IHttpRequestOptions,
				known: unknown,
			) {
				expect(this).toBe(part);
				asked.push({ credential, options, known });
				return Promise.resolve().then(respond);
			},
		},
	};
	return { context: part as unknown as IAllExecuteFunctions, asked };
}

/** What n8n's helpers give. */
const RESPONSE = {
	statusCode: 200,
	headers: { 'X-One': 'a', Many: ['b', 'c'], none: undefined },
	body: `{"key":"${KEYS.secretKey}"}`,
};
const ANSWER = {
	kind: 'response',
	status: 200,
	headers: { 'x-one': 'a', many: 'b, c' },
	text: '{"key":"[hidden]"}',
};
const OPTIONS = {
	method: 'POST',
	url: REQUEST.url,
	qs: { site_uuid: 'site' },
	headers: { 'Content-Type': 'application/json' },
	body: REQUEST.body,
	timeout: 5000,
	abortSignal: REQUEST.signal,
	encoding: 'text',
	returnFullResponse: true,
	ignoreHttpStatusErrors: true,
	disableFollowRedirect: true,
};

describe('n8n’s request helper', () => {
	it('is asked for the full response, signed, without redirects, with the credential that was read', async () => {
		const { context, asked } = helpers(() => RESPONSE);
		await expect(n8nTransport(context, KEYS)(REQUEST)).resolves.toEqual(ANSWER);
		const auth = { username: KEYS.publishableKey, password: KEYS.secretKey };
		const known = { credentialsDecrypted: { id: '', name: '', type: 'bentoApi', data: KEYS } };
		expect(asked).toEqual([{ credential: 'bentoApi', options: { ...OPTIONS, auth }, known }]);
	});

	it('gets no keys for the tracking webhook', async () => {
		const { context, asked } = helpers(() => RESPONSE);
		const url = 'https://track.bentonow.com/x';
		const answered = n8nUnsignedTransport(context, KEYS)({ ...REQUEST, url });
		await expect(answered).resolves.toEqual(ANSWER);
		expect(asked).toEqual([{ options: { ...OPTIONS, url } }]);
	});

	it('gets forms as text, and no body where there is none', async () => {
		const { context, asked } = helpers(() => RESPONSE);
		const send = n8nTransport(context, KEYS);
		const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
		for (const request of [
			{ ...REQUEST, headers },
			{ ...REQUEST, headers, body: undefined },
			{ ...REQUEST, body: undefined },
		]) {
			expect(await send(request)).toEqual(ANSWER);
		}
		expect(asked.map(({ options }) => options.body)).toEqual(['{"a":"ü"}', undefined, undefined]);
	});

	it('is never asked for another origin with keys', async () => {
		const { context, asked } = helpers(() => RESPONSE);
		const other = { ...REQUEST, url: 'https://evil.example/' };
		await expect(n8nTransport(context, KEYS)(other)).resolves.toEqual({
			kind: 'unconfigured',
			problem: expect.stringContaining("'API Base URL'") as string,
		});
		expect(asked).toEqual([]);
	});

	it('may throw: that is a result too', async () => {
		const { context } = helpers(() => {
			throw Object.assign(new Error('x'), { code: 'ECONNREFUSED' });
		});
		const result = { kind: 'noResponse', code: 'ECONNREFUSED', mayHaveArrived: false };
		await expect(n8nTransport(context, KEYS)(REQUEST)).resolves.toEqual(result);
		await expect(n8nUnsignedTransport(context, KEYS)(REQUEST)).resolves.toEqual(result);
	});
});

it('a response whose body isn’t text has none, and what isn’t a full response is an error', () => {
	const same = (text: string) => text;
	const none = { kind: 'response', status: 204, headers: {}, text: '' };
	expect(readResponse({ statusCode: 204, headers: {}, body: { a: 1 } }, same)).toEqual(none);
	expect(readResponse({ statusCode: 204, headers: {} }, same)).toEqual(none);
	expect(() => readResponse('text', same)).toThrow();
});

it('a header without a value is no header', () => {
	const read = readResponse({ statusCode: 204, headers: { a: undefined, B: '' } }, String);
	expect(read.kind === 'response' && Object.entries(read.headers)).toEqual([['b', '']]);
});

it.each([
	['https://a.b/x', 'https://A.b:443/y', true],
	['https://a.b/x', 'http://a.b/x', false],
	['https://a.b', 'https://a.b:8443', false],
	['https://a.b', 'nothing', false],
	['nothing', 'https://a.b', false],
	['nothing', 'nothing', false],
])('%p and %p have the same origin: %p', (one, other, same) => {
	expect(isSameOrigin(one, other)).toBe(same);
});

describe('keys in a response', () => {
	it('are taken out wherever they stand, and as often', () => {
		const clean = keyRedactor(KEYS);
		const { publishableKey, secretKey } = KEYS;
		const hex = Buffer.from(secretKey).toString('hex');
		expect(clean(`${publishableKey} ${secretKey}${secretKey} ${hex} ${hex.toUpperCase()}`)).toBe(
			'[hidden] [hidden][hidden] [hidden] [hidden]',
		);
	});

	it('are taken out from six characters on', () => {
		const six = keyRedactor({ publishableKey: '', secretKey: 'abcdef' });
		expect(six('xabcdefx')).toBe('x[hidden]x');
		const five = keyRedactor({ publishableKey: '', secretKey: 'abcde' });
		expect(five('xabcdex')).toBe('xabcdex');
		// The pair is long enough to be known.
		expect(five(Buffer.from(':abcde').toString('base64'))).toBe('[hidden]');
	});

	it('are never taken for a text that only has what is around them', () => {
		const clean = keyRedactor({ publishableKey: '', secretKey: '' });
		expect(clean(`Basic ${Buffer.from(':').toString('base64')}, and Og== and Og`)).toBe(
			'Basic Og==, and Og== and Og',
		);
		const both = keyRedactor({ publishableKey: 'pk', secretKey: 'sk' });
		const pair = Buffer.from('pk:sk').toString('base64');
		expect(both(pair)).toBe(pair);
	});

	it('may end in what base64 pads with', () => {
		const secretKey = 'sk_123==';
		const clean = keyRedactor({ publishableKey: 'pk_123456', secretKey });
		expect(clean(`a ${secretKey} b, a ${encodeURIComponent(secretKey)} b`)).toBe(
			'a [hidden] b, a [hidden] b',
		);
		expect(clean(`a=b=c==d`)).toBe('a=b=c==d');
	});

	it('are found with control characters in JSON', () => {
		const secretKey = 'sk_1\u00012345\u007f';
		const clean = keyRedactor({ publishableKey: 'pk_123456', secretKey });
		expect(clean(JSON.stringify({ a: secretKey }))).toBe('{"a":"[hidden]"}');
		expect(clean('sk_1\\u12345\\u7f')).toBe('sk_1\\u12345\\u7f');
	});

	it('each go alone, also where the other one is missing', () => {
		const clean = keyRedactor({ publishableKey: 'pk_123456', secretKey: '' });
		expect(clean('pk_123456 and nothing')).toBe('[hidden] and nothing');
	});

	it('may hold any character that means something in a pattern', () => {
		for (const character of '\\^$.*+?()[]{}|/- "&=%ü') {
			const secretKey = `sk_1${character}${character}2345`;
			const clean = keyRedactor({ publishableKey: 'pk_123456', secretKey });
			expect(clean(`a ${secretKey} b`)).toBe('a [hidden] b');
			expect(clean(`a sk_1xx2345 b`)).toBe('a sk_1xx2345 b');
			const base64 = Buffer.from(secretKey).toString('base64');
			for (const padding of ['', '=', '%3D', '\\u003d']) {
				const bare = base64.replace(/=+$/, '');
				expect(clean(`a ${bare}${padding} b`)).toBe('a [hidden] b');
			}
		}
	});
});

describe('what an HTTP client throws', () => {
	const never = ['EADDRNOTAVAIL', 'EAI_AGAIN', 'EAI_FAIL', 'ECONNREFUSED', 'EHOSTDOWN'];
	never.push('EHOSTUNREACH', 'ENETDOWN', 'ENETUNREACH', 'ENOTFOUND', 'EPROTO');

	it.each(never)('%s means that nothing was sent', (code) => {
		const expected = { kind: 'noResponse', code, mayHaveArrived: false };
		expect(readTransportError({ code })).toEqual(expected);
		expect(readTransportError({ message: 'x', cause: { httpCode: code } })).toEqual(expected);
	});

	it.each([
		...['CERT_UNTRUSTED', 'CRL_HAS_EXPIRED', 'ERR_TLS_CERT_ALTNAME_INVALID', 'INVALID_CA'],
		...['UNABLE_TO_GET_ISSUER_CERT', 'SELF_SIGNED_CERT_IN_CHAIN', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
		'HOSTNAME_MISMATCH',
	])('%s is about a certificate', (code) => {
		expect(readTransportError({ code })).toEqual({
			kind: 'forbidden',
			reason: 'certificate',
			code,
		});
		const other = { kind: 'noResponse', code: `E_${code}`, mayHaveArrived: true };
		expect(readTransportError({ code: `E_${code}` })).toEqual(other);
	});

	it.each<[string, unknown, string]>([
		['an address', { code: 'ERR_INVALID_URL' }, 'ERR_INVALID_URL'],
		['a blocked address', { code: 'ERR_BLOCKED_HOST' }, 'ERR_BLOCKED_HOST'],
		['a class of n8n', { name: 'SsrfBlockedIpError' }, NO_CODE],
		['a domain', { cause: { message: 'Domain not allowed: x' } }, NO_CODE],
		['a domain’s class', { name: 'DomainNotAllowedError', code: 'E1' }, 'E1'],
	])('%s is forbidden', (_name, error, code) => {
		expect(readTransportError(error)).toEqual({
			kind: 'forbidden',
			reason: 'hostNotAllowed',
			code,
		});
	});

	it.each<[string, unknown, string, boolean]>([
		[
			'a proxy that hung up',
			new Error('Proxy connection ended before receiving CONNECT response'),
			'PROXY_CLOSED',
			false,
		],
		['a failed connect', { code: 'ETIMEDOUT', syscall: 'connect' }, 'ETIMEDOUT', false],
		['a failed read', { code: 'ETIMEDOUT', syscall: 'read' }, 'ETIMEDOUT', true],
		[
			'a timeout of axios',
			{ code: 'ECONNABORTED', cause: { code: 'EOTHER' } },
			'ECONNABORTED',
			true,
		],
		['the innermost code', { code: 'EOUTER', cause: { code: 'EINNER' } }, 'EINNER', true],
		[
			'a stop over everything',
			{ code: 'ERR_CANCELED', cause: { code: 'ECONNREFUSED' } },
			'ERR_CANCELED',
			true,
		],
		[
			'a timeout over a lost connection',
			{ code: 'ETIMEDOUT', cause: { code: 'ECONNRESET' } },
			'ETIMEDOUT',
			true,
		],
		['a number for a code', { code: 'EOUTER', cause: { code: 5 } }, 'EOUTER', true],
		['a cause that is null', { code: 'EOUTER', cause: null }, 'EOUTER', true],
		['what only ends like a code', { code: 'x ECONNREFUSED' }, NO_CODE, true],
		['what only begins like a code', { code: 'ECONNREFUSED x' }, NO_CODE, true],
		['a status', { code: 500, httpCode: '500' }, NO_CODE, true],
		['codes that aren’t any', { code: 'Esmall', httpCode: 'X' }, NO_CODE, true],
		['a word around a code', { code: ' ECONNREFUSED ' }, NO_CODE, true],
		['a text', 'ECONNREFUSED', NO_CODE, true],
		['null', null, NO_CODE, true],
	])('%s', (_name, error, code, mayHaveArrived) => {
		expect(readTransportError(error)).toEqual({ kind: 'noResponse', code, mayHaveArrived });
	});

	it('is looked through six causes deep, and may go in circles', () => {
		const nested = (depth: number): object =>
			depth === 0 ? { code: 'ECONNREFUSED' } : { cause: nested(depth - 1) };
		expect(readTransportError(nested(5))).toMatchObject({ code: 'ECONNREFUSED' });
		expect(readTransportError(nested(6))).toMatchObject({ code: NO_CODE });
		const circle: Record<string, unknown> = { code: 'ECONNRESET' };
		circle.cause = circle;
		expect(readTransportError(circle)).toMatchObject({ code: 'ECONNRESET' });
	});
});
