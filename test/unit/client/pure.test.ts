import { readFileSync } from 'fs';
import path from 'path';
import {
	DEFAULT_RETRY_POLICY,
	nextWait,
	pathProblem,
	VERSION,
} from '../../../nodes/shared/http/client/call';
import { classify, wordsOf, type Asked } from '../../../nodes/shared/http/client/classify';
import { parseRetryAfter } from '../../../nodes/shared/http/client/limitHeaders';
import { isForBento, readBaseUrl, readKeys } from '../../../nodes/shared/http/client/credential';
import { keyRedactor, readTransportError } from '../../../nodes/shared/http/client/transport';
import { answer } from '../../support/fakeTransport';
import { ROOT } from '../../support/root';

const WRITE: Asked = { reads: false, encrypted: true };
const READ: Asked = { reads: true, encrypted: true };
const NOW = Date.parse('2026-11-20T08:00:00Z');

describe('Retry-After', () => {
	it.each([
		['120', 120_000],
		[' 0 ', 0],
		['1.5', 1500],
		['Fri, 20 Nov 2026 08:00:30 GMT', 30_000],
		['Friday, 20-Nov-26 08:01:00 GMT', 60_000],
		['Fri, 20 Nov 2026 07:00:00 GMT', 0],
	])('%p waits %p ms', (value, ms) => {
		expect(parseRetryAfter(value, NOW)).toBe(ms);
	});

	it.each([undefined, '', 'soon', '-5', '5 apples', 'Fri, what'])('%p says nothing', (value) => {
		expect(parseRetryAfter(value, NOW)).toBeUndefined();
	});
});

describe('waits', () => {
	it('stay within the bound for any random number', () => {
		for (const chance of [0, 0.25, 0.999_999]) {
			for (let attempt = 1; attempt < 12; attempt += 1) {
				const wait = nextWait(attempt, DEFAULT_RETRY_POLICY, () => chance);
				expect(wait).toBeGreaterThanOrEqual(0);
				expect(wait).toBeLessThanOrEqual(Math.min(60_000, 1000 * 2 ** (attempt - 1)));
			}
		}
	});
});

describe('classification', () => {
	it('treats a page of HTML as a block, with any status', () => {
		const page = '<!DOCTYPE html><html><body>Attention Required!</body></html>';
		expect(classify(answer(200, page), WRITE, NOW)).toMatchObject({
			kind: 'refused',
			reason: 'blocked',
		});
		expect(classify(answer(200, page), READ, NOW)).toMatchObject({
			kind: 'refused',
			reason: 'blocked',
		});
		expect(classify(answer(403, page), WRITE, NOW)).toMatchObject({
			reason: 'blocked',
			words: '',
		});
	});

	it('treats Bento’s 500 for a wrong author as a refusal', () => {
		const body = { error: 'Author not authorized to send on this account' };
		expect(classify(answer(500, body), WRITE, NOW)).toMatchObject({
			kind: 'refused',
			reason: 'other',
		});
		expect(classify(answer(500, { error: 'boom' }), WRITE, NOW)).toMatchObject({ kind: 'busy' });
	});

	it.each([
		['OK', 'text'],
		['{"results": 1', 'text'],
		['', 'empty'],
		[' \n', 'empty'],
	])('takes a 2xx with %p as the end of a write, and not of a read', (body, content) => {
		for (const status of [200, 201, 202]) {
			const write = classify(answer(status, body), WRITE, NOW);
			expect(write).toEqual({ kind: 'accepted', status, content, body });
			const read = classify(answer(status, body), READ, NOW);
			expect(read).toMatchObject({ kind: 'unknown', reason: 'cutOff' });
		}
	});

	it('distinguishes a proxy’s error from Bento’s, and knows that a refused tunnel lets nothing through', () => {
		const raw = (status: number, headers: Record<string, string> = {}) =>
			({ kind: 'response', status, headers, text: 'no' }) as const;
		const tunnel = classify(raw(502), WRITE, NOW);
		expect(tunnel).toMatchObject({ kind: 'busy', from: 'proxy', mayHaveArrived: false });
		const plain = classify(raw(502), { ...WRITE, encrypted: false }, NOW);
		expect(plain).toMatchObject({ kind: 'busy', from: 'proxy', mayHaveArrived: true });
		const signs: Array<Record<string, string>> = [
			{ 'x-squid-error': 'ERR 0' },
			{ server: 'tinyproxy/1.11' },
		];
		for (const headers of signs) {
			const dated = raw(403, { date: 'Fri, 20 Nov 2026 08:00:00 GMT', ...headers });
			expect(classify(dated, WRITE, NOW)).toMatchObject({ kind: 'refused', reason: 'proxy' });
		}
		expect(classify(answer(407), WRITE, NOW)).toMatchObject({ reason: 'proxy' });
		expect(classify(answer(502), WRITE, NOW)).toMatchObject({ from: 'bento' });
	});

	it('reads Retry-After only from busy responses', () => {
		const busy = classify(answer(503, '', { 'retry-after': '3' }), WRITE, NOW);
		expect(busy).toMatchObject({ kind: 'busy', retryAfter: 3000, mayHaveArrived: false });
		expect(classify(answer(502), WRITE, NOW)).toMatchObject({
			kind: 'busy',
			mayHaveArrived: true,
		});
	});
});

describe('Bento’s words', () => {
	it.each([
		['{"error":"Unauthorized"}', 'Unauthorized'],
		['{"success":false,"message":"No site"}', 'No site'],
		['{"errors":[{"field":"email","message":"is invalid"},"second"]}', 'email is invalid; second'],
		['HTTP Basic: Access denied.', 'HTTP Basic: Access denied.'],
		['<html>oops</html>', ''],
		['', ''],
		['""', ''],
		['{}', ''],
		['null', ''],
	])('of %p are %p', (text, words) => {
		expect(wordsOf(text)).toBe(words);
	});

	it('are cut to a readable length', () => {
		expect(wordsOf('x'.repeat(2000))).toHaveLength(501);
	});
});

describe('the API Base URL', () => {
	it.each([
		[undefined, 'https://app.bentonow.com/api/v1', 'https://track.bentonow.com'],
		['https://app.bentonow.com', 'https://app.bentonow.com/api/v1', 'https://track.bentonow.com'],
		[
			' https://app.bentonow.com/api/v1/ ',
			'https://app.bentonow.com/api/v1',
			'https://track.bentonow.com',
		],
		['http://127.0.0.1:4400/api/v1', 'http://127.0.0.1:4400/api/v1', 'http://127.0.0.1:4400'],
		['http://localhost/x', 'http://localhost/x', 'http://localhost'],
		['http://[::1]:80/x//', 'http://[::1]/x', 'http://[::1]'],
		['https://127.0.0.1:1/x', 'https://127.0.0.1:1/x', 'https://127.0.0.1:1'],
		[
			'https://eu.bentonow.com/api/v1',
			'https://eu.bentonow.com/api/v1',
			'https://track.bentonow.com',
		],
		['https://bentonow.com', 'https://bentonow.com/api/v1', 'https://track.bentonow.com'],
	])('%p becomes %p', (value, url, trackingOrigin) => {
		expect(readBaseUrl(value)).toEqual({ ok: true, url, trackingOrigin });
	});

	it.each([
		'http://app.bentonow.com/api/v1',
		'https://bento.example/api/v1',
		'https://evil-bentonow.com/api/v1',
		'https://app.bentonow.com.evil.example/api/v1',
		'https://track.bentonow.com/api/v1',
		'https://10.0.0.5/api',
		'file:///api/v1',
		'http://10.0.0.5/api',
		'http://127.0.0.1.evil.example/api',
		'http://localhost.evil.example',
		'ftp://app.bentonow.com',
		'https://pk:sk@app.bentonow.com/api/v1',
		'https://app.bentonow.com/api/v1?site_uuid=1',
		'app.bentonow.com',
	])('%p is refused without being quoted', (value) => {
		const read = readBaseUrl(value);
		expect(read.ok).toBe(false);
		expect(JSON.stringify(read)).not.toContain('evil');
		expect(JSON.stringify(read)).not.toContain('sk@');
	});
});

describe('the credential', () => {
	const full = { publishableKey: ' pk_1\n', secretKey: '\tsk_1 ', siteUuid: ' site ', baseUrl: '' };

	it('loses the spaces around pasted values', () => {
		expect(readKeys(full)).toMatchObject({
			ok: true,
			keys: { publishableKey: 'pk_1', secretKey: 'sk_1', siteUuid: 'site' },
		});
	});

	it.each([
		[{ ...full, secretKey: ' ' }, "'Secret Key'"],
		[{ ...full, publishableKey: undefined, siteUuid: '' }, "'Publishable Key' and 'Site UUID'"],
		[{ ...full, publishableKey: 'sk_1', secretKey: 'pk_1' }, 'swapped'],
		[undefined, 'empty'],
	])('says which value is wrong', (value, word) => {
		expect(readKeys(value)).toMatchObject({
			ok: false,
			problem: expect.stringContaining(word) as string,
		});
	});
});

describe('what an HTTP client throws', () => {
	it.each([
		[{ code: 'ECONNREFUSED' }, { kind: 'noResponse', mayHaveArrived: false }],
		[{ cause: { code: 'ENOTFOUND' } }, { kind: 'noResponse', mayHaveArrived: false }],
		[
			{ code: 'ETIMEDOUT', cause: { code: 'ETIMEDOUT', syscall: 'connect' } },
			{ mayHaveArrived: false },
		],
		[{ code: 'ECONNABORTED' }, { kind: 'noResponse', code: 'ECONNABORTED', mayHaveArrived: true }],
		[{ code: 'ECONNRESET' }, { kind: 'noResponse', mayHaveArrived: true }],
		[{ code: 'ERR_CANCELED' }, { code: 'ERR_CANCELED', mayHaveArrived: true }],
		[{ code: 'CERT_HAS_EXPIRED' }, { kind: 'forbidden', reason: 'certificate' }],
		[
			{ httpCode: 'DEPTH_ZERO_SELF_SIGNED_CERT' },
			{ kind: 'forbidden', reason: 'certificate', code: 'DEPTH_ZERO_SELF_SIGNED_CERT' },
		],
		[{ code: 'ERR_INVALID_URL' }, { kind: 'forbidden', reason: 'hostNotAllowed' }],
		[
			{ cause: { name: 'SsrfBlockedIpError', message: 'x' } },
			{ kind: 'forbidden', reason: 'hostNotAllowed' },
		],
		[
			new Error('The request was blocked because it resolves to a restricted IP address'),
			{ kind: 'forbidden', reason: 'hostNotAllowed' },
		],
		[
			new Error('Proxy connection ended before receiving CONNECT response'),
			{ kind: 'noResponse', mayHaveArrived: false },
		],
		[new Error('anything else'), { kind: 'noResponse', mayHaveArrived: true }],
		[undefined, { kind: 'noResponse', mayHaveArrived: true }],
	])('%p', (error, expected) => {
		expect(readTransportError(error)).toMatchObject(expected);
	});
});

describe('a path', () => {
	it.each([
		'/fetch/tags',
		'/fetch/tags/a.b',
		'/fetch/tags/...',
		'/fetch/tags/a%20b%2Bc%40d',
		'/fetch/tags/100%25',
		'https://track.bentonow.com/webhooks/site/generic/track',
	])('%p is used', (path) => {
		expect(pathProblem(path)).toBeUndefined();
	});

	// Also encoded twice or three times: each machine on the way may decode once.
	const unsafe = ['.', '..', '%2e', '%2E.', '.%2e', 'a%2fb', 'a%5Cb', '%252e%252e', '%25252fb'];
	it.each([...unsafe, 'a\\b', '.\t.', 'a\nb'])('with %p as a segment is refused', (segment) => {
		expect(pathProblem(`/fetch/tags/${segment}`)).toMatch(/can't be/);
		expect(pathProblem(`/fetch/${segment}/tags`)).toMatch(/can't be/);
	});
});

describe('the credential signs', () => {
	const BASE = 'https://app.bentonow.com/api/v1';

	it.each([
		{ url: 'https://app.bentonow.com/api/v1/fetch/tags' },
		{ url: 'https://APP.bentonow.com:443/x' },
		{ uri: 'https://app.bentonow.com/x' },
		{ baseURL: 'https://app.bentonow.com/', url: '/api' },
		{ baseURL: 'https://evil.example', url: 'https://app.bentonow.com/x' },
	])('%p', (options) => {
		expect(isForBento(options, BASE)).toBe(true);
	});

	it.each([
		{},
		{ url: '' },
		{ url: '/api/v1/fetch/tags' },
		{ url: 'http://app.bentonow.com/x' },
		{ url: 'https://app.bentonow.com:8443/x' },
		{ url: 'https://app.bentonow.com@evil.example/' },
		{ url: 'https://app.bentonow.com.evil.example/' },
		{ url: 'https://track.bentonow.com/' },
		{ baseURL: 'https://app.bentonow.com', url: '//evil.example/' },
		{ baseURL: 'https://app.bentonow.com', url: 'https://evil.example/' },
		{ baseURL: 'https://evil.example', url: '/api/v1' },
		{ url: 'https://app.bentonow.com/x', uri: 'https://evil.example/' },
		{ url: 7 },
	])('not %p', (options) => {
		expect(isForBento(options, BASE)).toBe(false);
	});
});

describe('keys in a response', () => {
	const publishableKey = 'pk_1"a/b+c d';
	const secretKey = 'sk_ü\\9=&4';
	const pair = `${publishableKey}:${secretKey}`;
	const clean = (text: string) => keyRedactor({ publishableKey, secretKey })(text);
	const base64 = (text: string) => Buffer.from(text).toString('base64');

	it.each([publishableKey, secretKey, pair])('%p is taken out in every spelling', (secret) => {
		const spellings = [
			secret,
			JSON.stringify(secret).slice(1, -1),
			JSON.stringify(secret).slice(1, -1).replaceAll('/', '\\/'),
			[...secret].map((one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`).join(''),
			encodeURIComponent(secret),
			encodeURIComponent(secret).toLowerCase(),
			new URLSearchParams({ '': secret }).toString().slice(1),
			base64(secret),
			base64(secret).replace(/=+$/, ''),
			encodeURIComponent(base64(secret)),
			Buffer.from(secret).toString('base64url'),
		];
		for (const spelling of spellings) {
			const cleaned = clean(`before ${spelling} after`);
			expect(cleaned).toMatch(
				/^before \[hidden\](:\[hidden\]|%3a\[hidden\]|\\u003a\[hidden\])? after$/i,
			);
		}
	});

	it('leaves JSON readable, and other text alone', () => {
		const body = JSON.stringify({ error: `No ${secretKey}`, auth: `Basic ${base64(pair)}`, n: 1 });
		expect(JSON.parse(clean(body))).toEqual({ error: 'No [hidden]', auth: 'Basic [hidden]', n: 1 });
		expect(clean('{"results":1}')).toBe('{"results":1}');
	});

	it('never takes out a text too short for a key', () => {
		const tiny = keyRedactor({ publishableKey: '', secretKey: 'a' });
		expect(tiny('banana')).toBe('banana');
	});
});

it('the User-Agent carries the package’s version', () => {
	const manifest = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as {
		version: string;
	};
	expect(VERSION).toBe(manifest.version);
});
