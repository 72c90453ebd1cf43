import { NodeOperationError, type IAllExecuteFunctions } from 'n8n-workflow';
import { callBento, DEFAULT_RETRY_POLICY } from '../../../nodes/shared/http/client/call';
import {
	connectToBento,
	isForBento,
	readBaseUrl,
	readKeys,
	type ConnectOptions,
} from '../../../nodes/shared/http/client/credential';
import type { AttemptNote, BentoRequest, Outcome } from '../../../nodes/shared/http/client/types';

const STORED = {
	publishableKey: 'pk_123456',
	secretKey: 'sk_654321',
	siteUuid: 'site',
	baseUrl: 'http://127.0.0.1:4400/api/v1/',
};
const RUN: ConnectOptions = { policy: DEFAULT_RETRY_POLICY };
const READ: BentoRequest = { method: 'GET', path: '/fetch/tags', idempotent: true };

/** The few things that connecting asks n8n for. */
function n8n(stored: (type: string) => unknown, executionId: string | undefined = '42') {
	const lines: string[] = [];
	const asked: string[] = [];
	const respond = (helper: string) => () => {
		asked.push(helper);
		return Promise.resolve({ statusCode: 200, headers: {}, body: '{}' });
	};
	const part = {
		getCredentials: (type: string) => Promise.resolve(type).then(stored),
		getNode: () => ({ name: 'My Bento' }),
		getExecutionId: () => executionId,
		logger: { debug: (line: string) => lines.push(line) },
		helpers: {
			httpRequest: respond('plain'),
			httpRequestWithAuthentication: respond('signed'),
		},
	};
	return { context: part as unknown as IAllExecuteFunctions, lines, asked };
}

describe('a connection', () => {
	it('is made of the credential, and waits by default as the helper does', async () => {
		const { context, asked } = n8n((type) => (type === 'bentoApi' ? STORED : undefined));
		const { connection, keys } = await connectToBento(context, RUN);
		expect(keys).toEqual({
			...STORED,
			baseUrl: 'http://127.0.0.1:4400/api/v1',
			trackingOrigin: 'http://127.0.0.1:4400',
		});
		expect(connection).toMatchObject({
			baseUrl: keys.baseUrl,
			siteUuid: 'site',
			policy: DEFAULT_RETRY_POLICY,
			signal: undefined,
		});
		await expect(callBento(connection, READ)).resolves.toMatchObject({ attempts: 1 });
		expect(asked).toEqual(['signed']);
	});

	it('takes what the run wants', async () => {
		const { context, asked } = n8n(() => STORED);
		const policy = { ...DEFAULT_RETRY_POLICY, maxAttempts: 1 };
		const { signal } = new AbortController();
		const options: ConnectOptions = { policy, signal, signed: false, interval: 20 };
		const { connection } = await connectToBento(context, options);
		expect(connection).toMatchObject({ policy, signal });
		const began = connection.clock.now();
		await callBento(connection, READ);
		await callBento(connection, READ);
		expect(connection.clock.now() - began).toBeGreaterThanOrEqual(19);
		expect(asked).toEqual(['plain', 'plain']);
	});

	it('keeps one caller for a node of an execution, with the interval of its last run', async () => {
		const callerIn = async (nodeContext: object | undefined, interval?: number) => {
			const { context } = n8n(() => STORED);
			if (nodeContext) {
				const getContext = (type: string) => (type === 'node' ? nodeContext : {});
				Object.assign(context, { getContext });
			}
			return (await connectToBento(context, { ...RUN, interval })).connection.caller;
		};
		const [one, other] = [{}, {}];
		const caller = await callerIn(one, 50);
		expect(caller).toMatchObject({ interval: 50, execution: '42' });
		expect(await callerIn(one)).toBe(caller);
		expect(caller.interval).toBe(0);
		expect(await callerIn(one, 70)).toBe(caller);
		// Another node of the same execution.
		const second = await callerIn(other, 20);
		expect(second).not.toBe(caller);
		expect(second.execution).toBe('42');
		expect(caller.interval).toBe(70);
		// A trigger and a dropdown have no such context.
		const alone = await callerIn(undefined, 30);
		expect(alone.interval).toBe(30);
		expect((await callerIn(undefined)).execution).not.toBe(alone.execution);
	});

	it('shares one limiter for each site and kind of call, and one account for equal credentials', async () => {
		const connect = async (changes: object) => {
			const { context } = n8n(() => ({ ...STORED, ...changes }));
			return (await connectToBento(context, RUN)).connection;
		};
		const one = await connect({});
		const equal = await connect({ baseUrl: 'http://127.0.0.1:4400/api/v2' });
		const otherSite = await connect({ siteUuid: 'other' });
		const otherOrigin = await connect({ baseUrl: 'http://127.0.0.1:4401/api/v1' });
		const otherKey = await connect({ secretKey: 'sk_other1' });
		const limiter = one.limiterFor('batches');
		expect(equal.limiterFor('batches')).toBe(limiter);
		expect(otherKey.limiterFor('batches')).toBe(limiter);
		for (const other of [otherSite, otherOrigin]) {
			expect(other.limiterFor('batches')).not.toBe(limiter);
		}
		const kinds = ['batches', 'emails', 'reads', 'statistics'] as const;
		expect(new Set(kinds.map(one.limiterFor)).size).toBe(4);
		expect((await connect({})).account).toBe(one.account);
		expect(new Set([one, equal, otherSite, otherKey].map(({ account }) => account)).size).toBe(4);
		expect(one.account).not.toContain(STORED.secretKey);
	});

	const unusable: Array<[() => unknown, string]> = [
		[() => ({ ...STORED, siteUuid: '' }), "'Site UUID' is missing in the Bento API credential"],
		[
			() => {
				throw new Error('No access to the credential of somebody else');
			},
			'Select the Bento API credential again',
		],
	];

	it.each(unusable)('can’t be made without a usable credential', async (stored, problem) => {
		const { context } = n8n(stored);
		const failed = connectToBento(context, RUN);
		await expect(failed).rejects.toThrow(NodeOperationError);
		await expect(failed).rejects.toThrow(problem);
	});

	it.each(unusable)('refuses every call instead where the node goes on', async (stored, words) => {
		const { context, asked } = n8n(stored);
		const { connection, keys } = await connectToBento(context, { ...RUN, continueOnFail: true });
		await expect(callBento(connection, READ)).resolves.toMatchObject({
			outcome: { kind: 'refused', reason: 'unconfigured', words },
			attempts: 0,
		});
		expect(asked).toEqual([]);
		expect(keys).toEqual({
			publishableKey: '',
			secretKey: '',
			siteUuid: '',
			baseUrl: 'https://app.bentonow.com/api/v1',
			trackingOrigin: 'https://track.bentonow.com',
		});
	});

	describe('writes for each attempt', () => {
		const lost: Outcome = { kind: 'unknown', reason: 'lost', code: 'ECONNRESET' };
		const busy: Outcome = {
			kind: 'busy',
			status: 503,
			from: 'bento',
			words: 'secret words',
			retryAfter: undefined,
			mayHaveArrived: false,
		};
		const forbidden: Outcome = {
			kind: 'refused',
			reason: 'hostNotAllowed',
			status: undefined,
			words: '',
			code: 'E1',
		};
		const NOTE = { request: READ, attempt: 1, duration: 12.4, wait: undefined };

		it.each<[string, AttemptNote, string]>([
			[
				'42',
				{ ...NOTE, outcome: lost, attempt: 2, wait: 999.6 },
				'My Bento [execution 42]: GET /fetch/tags, attempt 2: unknown, lost, ECONNRESET, 12 ms, next attempt in 1000 ms or more',
			],
			[
				'',
				{ ...NOTE, outcome: busy, request: { ...READ, label: 'batch 3, 100 events' } },
				'My Bento [execution ]: GET /fetch/tags, batch 3, 100 events, attempt 1: busy, HTTP 503, 12 ms',
			],
			[
				'7',
				{ ...NOTE, outcome: forbidden, request: { ...READ, path: '/fetch/a@b.co/Tag1/x?y=z' } },
				'My Bento [execution 7]: GET /fetch/…/…/x, attempt 1: refused, hostNotAllowed, E1, 12 ms',
			],
		])('one line, in execution %p: %j', async (id, note, line) => {
			const { context, lines } = n8n(() => STORED, id);
			const { connection } = await connectToBento(context, RUN);
			connection.onAttempt?.(note);
			expect(lines).toEqual([line]);
		});

		it('no execution where n8n has none', async () => {
			const { context, lines } = n8n(() => STORED);
			Object.assign(context, { getExecutionId: () => undefined });
			const { connection } = await connectToBento(context, RUN);
			const request = { ...READ, path: 'https://track.bentonow.com/webhooks/SITE/generic/track' };
			connection.onAttempt?.({ ...NOTE, request, outcome: lost });
			expect(lines).toEqual([
				'My Bento: GET /webhooks/…/generic/track, attempt 1: unknown, lost, ECONNRESET, 12 ms',
			]);
		});
	});
});

describe('the credential', () => {
	const problemOf = (changes: unknown) => {
		const read = readKeys(changes);
		return read.ok ? 'none' : read.problem;
	};

	it.each<[unknown, string]>([
		[STORED, 'none'],
		[null, 'The credential is empty. Fill it in and save it'],
		['text', 'The credential is empty. Fill it in and save it'],
		[
			{},
			"'Publishable Key' and 'Secret Key' and 'Site UUID' are missing in the Bento API credential",
		],
		[{ ...STORED, publishableKey: 7 }, "'Publishable Key' is missing in the Bento API credential"],
		[{ ...STORED, secretKey: '\n' }, "'Secret Key' is missing in the Bento API credential"],
		[
			{ ...STORED, publishableKey: 'sk_1' },
			"'Publishable Key' and 'Secret Key' are swapped in the Bento API credential",
		],
		[
			{ ...STORED, secretKey: 'pk_1' },
			"'Publishable Key' and 'Secret Key' are swapped in the Bento API credential",
		],
		[{ ...STORED, publishableKey: 'x_sk_', secretKey: 'x_pk_' }, 'none'],
		[
			{ ...STORED, baseUrl: 'x' },
			"'API Base URL' isn't a valid URL. Use https://app.bentonow.com/api/v1",
		],
	])('%j has the problem: %s', (stored, problem) => {
		expect(problemOf(stored)).toBe(problem);
	});
});

describe('the API Base URL', () => {
	const problemOf = (value: string) => {
		const read = readBaseUrl(value);
		return read.ok ? `fine: ${read.url}` : read.problem;
	};
	const elsewhere =
		/must be Bento's own, such as https:\/\/app.*this machine\. Your keys aren't sent/;
	const extras = /^'API Base URL' can't contain credentials or query parameters$/;

	it.each<[string, RegExp]>([
		['https://user@app.bentonow.com', extras],
		['https://:word@app.bentonow.com', extras],
		['https://app.bentonow.com/?', /^fine/],
		['https://app.bentonow.com/?a', extras],
		['https://app.bentonow.com/#a', extras],
		[
			'http://app.bentonow.com',
			/must start with https:\/\/\. http:\/\/ is only allowed for localhost$/,
		],
		['https://track.bentonow.com', elsewhere],
		['http://track.bentonow.com', /must start with https/],
		['https://xbentonow.com', elsewhere],
		['ftp://localhost/x', elsewhere],
		['http://127.0.0.1.x/', elsewhere],
		['http://[::2]/', elsewhere],
		['https://127.255.0.3/', /^fine: https:\/\/127\.255\.0\.3$/],
		['http://localhost:80/a/b///', /^fine: http:\/\/localhost\/a\/b$/],
		['https://eu.bentonow.com//', /^fine: https:\/\/eu\.bentonow\.com\/api\/v1$/],
		['https://app.bentonow.com/api/v2/', /^fine: https:\/\/app\.bentonow\.com\/api\/v2$/],
		[' ', /^fine: https:\/\/app\.bentonow\.com\/api\/v1$/],
	])('%p: %p', (value, problem) => {
		expect(problemOf(value)).toMatch(problem);
	});
});

describe('the address of a request', () => {
	const BASE = 'https://app.bentonow.com/api/v1';

	it.each([
		[{ baseURL: 'https://app.bentonow.com//', url: '//x' }, false],
		[{ baseURL: 'https://app.bentonow.com', url: 'x' }, true],
		[{ baseURL: 'https://app.bentonow.com', url: 'a//b' }, true],
		[{ baseURL: 'https://app.bentonow.com/', url: '/a' }, true],
		[{ baseURL: 'https://', url: 'evil.example/x' }, false],
		[{ baseURL: 'https://', url: 'app.bentonow.com/x' }, true],
		[{ baseURL: 'https://app.bentonow.com', url: '@evil.example' }, true],
		[{ baseURL: 'https://app.bentonow.com', url: '.evil.example' }, true],
		[{ baseURL: 'https://app.bentonow.com', url: 7 }, false],
		// A URL without its slashes is still one, where no base turns it into a path.
		[{ url: 'https:app.bentonow.com/x' }, true],
		[{ baseURL: '', url: 'https:app.bentonow.com/x' }, true],
		[{ url: 'https:evil.example/x' }, false],
		[{ baseURL: 'https://app.bentonow.com', url: 'x?to=https://evil.example' }, true],
		[{ baseURL: 'https://app.bentonow', url: '.com/x' }, false],
		[{ baseURL: 'https://app.bentonow.com', url: 'HTTPS://evil.example' }, false],
		[{ baseURL: 'https://app.bentonow.com', url: 'x+y-1.z://evil.example' }, false],
		[{ baseURL: '', url: 'https://app.bentonow.com' }, true],
		[{ baseURL: 7, url: 'https://app.bentonow.com' }, true],
		[{ baseURL: 'https://app.bentonow.com' }, false],
		[{ url: 'https://app.bentonow.com', uri: '' }, true],
		[{ url: 'https://app.bentonow.com', uri: undefined }, true],
		[{ url: 'https://app.bentonow.com', uri: null }, false],
		[{ url: 'https://app.bentonow.com', uri: 'https://app.bentonow.com/y' }, true],
	])('%j is Bento’s: %p', (destination, isBentos) => {
		expect(isForBento(destination, BASE)).toBe(isBentos);
	});
});
