import { readFileSync } from 'fs';
import path from 'path';
import { readBaseUrl } from '../../../nodes/shared/http/outbound/baseUrl';
import { classify } from '../../../nodes/shared/http/outbound/classify';
import { readKeys } from '../../../nodes/shared/http/outbound/keys';
import { parseRetryAfter } from '../../../nodes/shared/http/outbound/retryAfter';
import { readTransportError } from '../../../nodes/shared/http/outbound/transportError';
import { VERSION } from '../../../nodes/shared/http/outbound/version';
import { nextWait, DEFAULT_WAITING } from '../../../nodes/shared/http/outbound/waiting';
import { bentosWords } from '../../../nodes/shared/http/outbound/words';
import { answer } from '../../support/fakeTransport';
import { ROOT } from '../../support/root';

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
	it('stay within the bound for any chance', () => {
		for (const chance of [0, 0.25, 0.999_999]) {
			for (let attempt = 1; attempt < 12; attempt += 1) {
				const wait = nextWait(attempt, DEFAULT_WAITING, () => chance);
				expect(wait).toBeGreaterThanOrEqual(0);
				expect(wait).toBeLessThanOrEqual(Math.min(60_000, 1000 * 2 ** (attempt - 1)));
			}
		}
	});
});

describe('classification', () => {
	it('takes a page of HTML for a block, whatever its status', () => {
		const page = '<!DOCTYPE html><html><body>Attention Required!</body></html>';
		expect(classify(answer(200, page), 'json', NOW)).toMatchObject({
			kind: 'refused',
			reason: 'blocked',
		});
		expect(classify(answer(200, page), 'any', NOW)).toMatchObject({
			kind: 'refused',
			reason: 'blocked',
		});
		expect(classify(answer(403, page), 'json', NOW)).toMatchObject({
			reason: 'blocked',
			words: '',
		});
	});

	it('takes Bento’s 500 for a wrong author as a refusal', () => {
		const body = { error: 'Author not authorized to send on this account' };
		expect(classify(answer(500, body), 'json', NOW)).toMatchObject({
			kind: 'refused',
			reason: 'other',
		});
		expect(classify(answer(500, { error: 'boom' }), 'json', NOW)).toMatchObject({ kind: 'busy' });
	});

	it('reads Retry-After only from busy answers', () => {
		const busy = classify(answer(503, '', { 'retry-after': '3' }), 'json', NOW);
		expect(busy).toMatchObject({ kind: 'busy', retryAfter: 3000, mayHaveArrived: false });
		expect(classify(answer(502), 'json', NOW)).toMatchObject({
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
	])('of %p are %p', (text, words) => {
		expect(bentosWords(text)).toBe(words);
	});

	it('are cut to a readable length', () => {
		expect(bentosWords('x'.repeat(2000))).toHaveLength(501);
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
	])('%p becomes %p', (value, url, trackingOrigin) => {
		expect(readBaseUrl(value)).toEqual({ ok: true, url, trackingOrigin });
	});

	it.each([
		'http://app.bentonow.com/api/v1',
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

	it('loses the blanks around pasted values', () => {
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
		[{ code: 'ECONNREFUSED' }, { kind: 'noAnswer', mayHaveArrived: false }],
		[{ cause: { code: 'ENOTFOUND' } }, { kind: 'noAnswer', mayHaveArrived: false }],
		[
			{ code: 'ETIMEDOUT', cause: { code: 'ETIMEDOUT', syscall: 'connect' } },
			{ mayHaveArrived: false },
		],
		[{ code: 'ECONNABORTED' }, { kind: 'noAnswer', code: 'ECONNABORTED', mayHaveArrived: true }],
		[{ code: 'ECONNRESET' }, { kind: 'noAnswer', mayHaveArrived: true }],
		[{ code: 'ERR_CANCELED' }, { code: 'ERR_CANCELED', mayHaveArrived: true }],
		[{ code: 'CERT_HAS_EXPIRED' }, { kind: 'forbidden' }],
		[new Error('anything else'), { kind: 'noAnswer', mayHaveArrived: true }],
		[undefined, { kind: 'noAnswer', mayHaveArrived: true }],
	])('%p', (error, expected) => {
		expect(readTransportError(error)).toMatchObject(expected);
	});
});

it('the User-Agent carries the package’s version', () => {
	const manifest = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as {
		version: string;
	};
	expect(VERSION).toBe(manifest.version);
});
