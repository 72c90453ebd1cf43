import {
	classify,
	parseJson,
	wordsOf,
	type Asked,
} from '../../../nodes/shared/http/client/classify';
import { parseRetryAfter } from '../../../nodes/shared/http/client/limitHeaders';
import type { HttpResult, Outcome } from '../../../nodes/shared/http/client/types';
import { answer } from '../../support/fakeTransport';

const WRITE: Asked = { reads: false, encrypted: true };
const READ: Asked = { reads: true, encrypted: true };
const NOW = Date.parse('2026-11-20T08:00:00Z');
const of = (result: HttpResult, asked = WRITE) => classify(result, asked, NOW);

/** What each status means, for any status that there may be. */
function meaning(status: number): string {
	if (status >= 200 && status < 300) return 'accepted';
	if (status === 408 || status === 425 || status === 429) return 'busy';
	if (status >= 500) return status === 501 || status === 505 ? 'refused other' : 'busy';
	if (status === 407) return 'refused proxy';
	if (status >= 300 && status < 400) return 'refused redirected';
	const named: Readonly<Record<number, string>> = {
		400: 'invalid',
		401: 'credentials',
		403: 'blocked',
		404: 'notFound',
		413: 'tooLarge',
		422: 'invalid',
	};
	return `refused ${named[status] ?? 'other'}`;
}

it('every status from 100 to 599 has its meaning, and only some say that nothing was done', () => {
	for (let status = 100; status < 600; status += 1) {
		const outcome = of(answer(status, 'so'));
		const reason = outcome.kind === 'refused' ? ` ${outcome.reason}` : '';
		expect([status, outcome.kind + reason]).toEqual([status, meaning(status)]);
		if (outcome.kind === 'refused') expect(outcome).toMatchObject({ status, words: 'so' });
		if (outcome.kind !== 'busy') continue;
		expect(outcome).toEqual({
			kind: 'busy',
			status,
			from: 'bento',
			words: 'so',
			retryAfter: undefined,
			mayHaveArrived: ![408, 425, 429, 503].includes(status),
		});
	}
});

it.each<[HttpResult, Outcome]>([
	[
		{ kind: 'forbidden', reason: 'certificate', code: 'CERT_HAS_EXPIRED' },
		{
			kind: 'refused',
			reason: 'certificate',
			status: undefined,
			words: '',
			code: 'CERT_HAS_EXPIRED',
		},
	],
	[
		{ kind: 'unconfigured', problem: 'No key' },
		{ kind: 'refused', reason: 'unconfigured', status: undefined, words: 'No key' },
	],
	[
		{ kind: 'noResponse', code: 'ERR_CANCELED', mayHaveArrived: false },
		{ kind: 'unreached', code: 'ERR_CANCELED' },
	],
	[
		{ kind: 'noResponse', code: 'ERR_CANCELED', mayHaveArrived: true },
		{ kind: 'unknown', reason: 'stopped', code: 'ERR_CANCELED' },
	],
	[
		{ kind: 'noResponse', code: 'ECONNABORTED', mayHaveArrived: true },
		{ kind: 'unknown', reason: 'timeout', code: 'ECONNABORTED' },
	],
	[
		{ kind: 'noResponse', code: 'ETIMEDOUT', mayHaveArrived: true },
		{ kind: 'unknown', reason: 'timeout', code: 'ETIMEDOUT' },
	],
	[
		{ kind: 'noResponse', code: 'ECONNRESET', mayHaveArrived: true },
		{ kind: 'unknown', reason: 'lost', code: 'ECONNRESET' },
	],
])('%j means %j', (result, outcome) => {
	expect(of(result)).toEqual(outcome);
});

it('a 403 as JSON is Bento’s own no; any other is a block', () => {
	const reasonOf = (text: string) => of(answer(403, text));
	expect(reasonOf('{"error":"Enterprise only"}')).toMatchObject({ reason: 'forbidden' });
	expect(reasonOf('{}')).toMatchObject({ reason: 'forbidden' });
	expect(reasonOf('Forbidden')).toMatchObject({ reason: 'blocked' });
	expect(reasonOf('<html></html>')).toMatchObject({ reason: 'blocked' });
});

it.each<[Record<string, string>, string | undefined]>([
	[{ 'x-request-id': '0af7-65' }, '0af7-65'],
	[{ 'cf-ray': '8f2a1b-LHR' }, '8f2a1b-LHR'],
	[{ 'x-request-id': 'own', 'cf-ray': 'edge' }, 'own'],
	[{ 'x-request-id': 'not an id <b>', 'cf-ray': 'edge' }, 'edge'],
	[{ 'x-request-id': 'x'.repeat(101) }, undefined],
	[{}, undefined],
])('of a response with %j, the request ID is %p', (headers, requestId) => {
	for (const status of [200, 400, 503]) {
		const outcome = of(answer(status, '{}', headers));
		expect('requestId' in outcome ? outcome.requestId : undefined).toBe(requestId);
	}
});

describe('a 2xx', () => {
	it('without a body is what a read of 204 gives, and only of 204', () => {
		const empty = { kind: 'accepted', status: 204, content: 'empty', body: '' };
		expect(of(answer(204), READ)).toEqual(empty);
		const cutOff = { kind: 'unknown', reason: 'cutOff', code: 'INVALID_JSON' };
		expect(of(answer(200), READ)).toEqual(cutOff);
		expect(of(answer(204, 'text'), READ)).toEqual(cutOff);
		expect(of(answer(204, ' \r\n'), READ)).toMatchObject({ kind: 'accepted', content: 'empty' });
	});

	it.each([null, false, 0, [], { a: 1 }])('takes JSON such as %j', (body) => {
		const expected = { kind: 'accepted', status: 200, content: 'json', body };
		expect(of(answer(200, JSON.stringify(body)), READ)).toEqual(expected);
		expect(of(answer(200, JSON.stringify(body)))).toEqual(expected);
	});

	it.each(['<!DOCTYPE html>', ' \n<HTML lang="en">', '<head>', '<body class="x">'])(
		'is a block with the page %p',
		(page) => {
			const blocked = { kind: 'refused', reason: 'blocked', status: 200, words: '' };
			expect(of(answer(200, page))).toEqual(blocked);
			expect(of(answer(403, page))).toEqual({ ...blocked, status: 403 });
		},
	);

	it.each(['<p>ok</p>', 'see <html>', '< html'])('is a text with %p', (text) => {
		expect(of(answer(200, text))).toMatchObject({ kind: 'accepted', content: 'text', body: text });
	});
});

describe('a proxy’s own error', () => {
	const date = 'Fri, 20 Nov 2026 08:00:00 GMT';
	const sign = (headers: Record<string, string>, status = 403): HttpResult => ({
		kind: 'response',
		status,
		headers,
		text: '',
	});

	it.each([
		...['proxy-agent', 'proxy-authenticate', 'proxy-connection', 'x-squid-error'].map((name) => ({
			[name]: '',
		})),
		...[
			'squid/5.7',
			'Tinyproxy',
			'Privoxy 3',
			'mitmproxy',
			'Zscaler/6',
			'BlueCoat',
			'Forcepoint',
		].map((server) => ({ server })),
	])('shows in %j', (headers) => {
		expect(of(sign({ date, ...headers }))).toMatchObject({ kind: 'refused', reason: 'proxy' });
		const busy = of(sign({ date, ...headers }, 504));
		expect(busy).toMatchObject({ kind: 'busy', from: 'proxy', mayHaveArrived: false });
	});

	it('shows in a missing date, and not in a web server’s name', () => {
		expect(of(sign({}))).toMatchObject({ reason: 'proxy' });
		expect(of(sign({ date, server: 'nginx' }))).toMatchObject({ reason: 'blocked' });
	});
});

it('only a 500 that names the author is a refusal', () => {
	const text = 'Author NOT AUTHORIZED';
	expect(of(answer(500, text))).toMatchObject({ kind: 'refused', status: 500, words: text });
	expect(of(answer(502, text))).toMatchObject({ kind: 'busy' });
});

describe('Retry-After', () => {
	it('is read from the response’s header', () => {
		const busy = of(answer(503, '', { 'retry-after': '2' }));
		expect(busy).toMatchObject({ kind: 'busy', retryAfter: 2000 });
	});

	it.each(['Mon', 'tue', 'WED', 'Thu', 'Fri', 'Sat', 'Sun'])('may begin with %s', (day) => {
		expect(parseRetryAfter(`${day}, 20 Nov 2026 08:00:01 GMT`, NOW)).toBe(1000);
	});

	it.each([
		['10', 10_000],
		['0.0001', 1],
		['12.25', 12_250],
		[' 7 ', 7000],
		['Friday, 20-Nov-26 08:01:00 GMT', 60_000],
		['Fri, 20 Nov 2026 07:00:00 GMT', 0],
	])('%p is %d ms', (value, ms) => {
		expect(parseRetryAfter(value, NOW)).toBe(ms);
	});

	it.each([
		undefined,
		'',
		'-5',
		'Fri, what',
		'1.',
		'.5',
		'1.x',
		'x1',
		'1x',
		'1.5.5',
		'2026-11-20T08:00:30Z',
		'20 Nov 2026 Fri',
		'1 Fri',
		'20 Nov 2026 08:00:30 GMT (Fri)',
	])('%p can’t be read', (value) => {
		expect(parseRetryAfter(value, NOW)).toBeUndefined();
	});
});

describe('Bento’s words', () => {
	it.each<[unknown, string]>([
		[{ errors: ['one', '', 'two'] }, 'one; two'],
		[
			{ errors: [{ field: 'email' }, { message: 'broken' }, { field: 1, message: 2 }] },
			'email; broken',
		],
		[{ errors: [{ field: 'email', message: 'is invalid' }] }, 'email is invalid'],
		[{ errors: [null, 5, {}], error: 'so' }, 'so'],
		[{ errors: 'text', error: 'so' }, 'text'],
		[
			{ errors: { email: ['is invalid', 'is taken'], plan: 'is missing' } },
			'email is invalid, is taken; plan is missing',
		],
		[{ errors: [{ field: 'from', detail: 'is not approved' }] }, 'from is not approved'],
		[{ title: 'Unprocessable', detail: 'email is invalid' }, 'email is invalid'],
		[{ title: 'Unprocessable', status: 422 }, 'Unprocessable'],
		[{ errors: [], message: 'so' }, 'so'],
		[{ error: 5, message: 'so' }, 'so'],
		[{ error: 'first', message: 'second' }, 'first'],
		[{ message: 5 }, '{"message":5}'],
		[{ code: 7 }, '{"code":7}'],
		[['x'], '["x"]'],
		[[], ''],
		['', ''],
		[null, ''],
		[7, '7'],
		[false, 'false'],
		['text', '"text"'],
	])('of %j are %p', (body, words) => {
		expect(wordsOf(JSON.stringify(body))).toBe(words);
		expect(wordsOf(` ${JSON.stringify(body)}\n`)).toBe(words);
	});

	it('are whole up to 500 characters', () => {
		expect(wordsOf('x'.repeat(500))).toBe('x'.repeat(500));
		expect(wordsOf('x'.repeat(501))).toBe(`${'x'.repeat(500)}…`);
		expect(wordsOf(' \n ')).toBe('');
	});
});

it('JSON is what it says, and everything else is undefined', () => {
	expect(parseJson(' {"a":[1]} ')).toEqual({ a: [1] });
	expect(parseJson('{')).toBeUndefined();
	expect(parseJson('')).toBeUndefined();
});
