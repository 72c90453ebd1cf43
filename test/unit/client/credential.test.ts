import {
	NodeOperationError,
	type IAllExecuteFunctions,
	type IExecuteFunctions,
} from 'n8n-workflow';
import { callBento, DEFAULT_RETRY_POLICY } from '../../../nodes/shared/http/client/call';
import {
	connect,
	connectToBento,
	isForBento,
	readBaseUrl,
	readCredentials,
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
const READ: BentoRequest = { method: 'GET', path: '/fetch/tags', idempotent: true };

/** The few things that connecting asks n8n for. */
function n8n(
	stored: (type: string) => unknown,
	executionId: string | undefined = '42',
	credentials: object = { bentoApi: { id: '1', name: 'Bento' } },
) {
	const lines: string[] = [];
	const asked: string[] = [];
	const respond = (helper: string) => () => {
		asked.push(helper);
		return Promise.resolve({ statusCode: 200, headers: {}, body: '{}' });
	};
	const part = {
		getCredentials: (type: string) => Promise.resolve(type).then(stored),
		getNode: () => ({ name: 'My Bento', credentials }),
		getExecutionId: () => executionId,
		getWorkflow: () => ({ id: 'w1' }),
		getParentNodes: () => [],
		logger: { debug: (line: string) => lines.push(line), info: () => undefined },
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
		const { connection, keys } = await connectToBento(context);
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
			return (await connectToBento(context, { interval })).connection.caller;
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
			return (await connectToBento(context)).connection;
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
			"n8n can't read the Bento API credential. Select it again, or create a new one",
		],
	];

	it.each(unusable)('can’t be made without a usable credential', async (stored, problem) => {
		const { context } = n8n(stored);
		const failed = connectToBento(context);
		await expect(failed).rejects.toThrow(NodeOperationError);
		await expect(failed).rejects.toThrow(problem);
	});

	it('says so if none is selected', async () => {
		const { context } = n8n(unusable[1]?.[0] ?? (() => undefined), '42', {});
		await expect(connectToBento(context)).rejects.toThrow(
			'No Bento API credential is selected. Select or create one',
		);
	});

	it.each(unusable)('of an unusable credential refuses every call', async (stored, words) => {
		const { context, asked } = n8n(stored);
		const [group] = await readCredentials(context as unknown as IExecuteFunctions, [0, 1]);
		const { connection, keys } = connect(context, group?.read ?? { ok: false, problem: '' });
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
				'My Bento [execution 42, workflow w1]: GET /fetch/tags, attempt 2: unknown, lost, ECONNRESET, 12 ms, next attempt in 1000 ms or more',
			],
			[
				'',
				{ ...NOTE, outcome: busy, request: { ...READ, label: 'batch 3, 100 events' } },
				'My Bento [execution , workflow w1]: GET /fetch/tags, batch 3, 100 events, attempt 1: busy, HTTP 503, 12 ms',
			],
			[
				'7',
				{ ...NOTE, outcome: forbidden, request: { ...READ, path: '/fetch/a@b.co/Tag1/x?y=z' } },
				'My Bento [execution 7, workflow w1]: GET /fetch/…/…/x, attempt 1: refused, hostNotAllowed, E1, 12 ms',
			],
		])('one line, in execution %p: %j', async (id, note, line) => {
			const { context, lines } = n8n(() => STORED, id);
			const { connection } = await connectToBento(context);
			connection.onAttempt?.(note);
			expect(lines).toEqual([line]);
		});

		it('no execution where n8n has none', async () => {
			const { context, lines } = n8n(() => STORED);
			Object.assign(context, { getExecutionId: () => undefined });
			const { connection } = await connectToBento(context);
			const request = { ...READ, path: 'https://track.bentonow.com/webhooks/SITE/generic/track' };
			connection.onAttempt?.({ ...NOTE, request, outcome: lost });
			expect(lines).toEqual([
				'My Bento [workflow w1]: GET /webhooks/…/generic/track, attempt 1: unknown, lost, ECONNRESET, 12 ms',
			]);
		});
	});
});

describe('the credentials of items', () => {
	const BY_ITEM = [
		{ ...STORED, siteUuid: 'one' },
		{ ...STORED, siteUuid: 'two' },
		{ ...STORED, siteUuid: 'one' },
		{ ...STORED, siteUuid: '' },
	];

	async function grouped(stored: (item: number) => object) {
		const read: number[] = [];
		const part = {
			getNode: () => ({ name: 'My Bento', credentials: { bentoApi: {} } }),
			getCredentials: (_type: string, item: number) => {
				read.push(item);
				return Promise.resolve(item).then(stored);
			},
		};
		const groups = await readCredentials(part as unknown as IExecuteFunctions, [0, 1, 2, 3]);
		return { read, items: groups.map(({ items }) => items), groups };
	}

	it('are read once if no field is an expression', async () => {
		const { read, items } = await grouped(() => ({ ...STORED, tellsExpressions: true }));
		expect(read).toEqual([0]);
		expect(items).toEqual([[0, 1, 2, 3]]);
	});

	it.each<[string, object]>([
		['a field is an expression', { tellsExpressions: true, expressionInField3: true }],
		['another package defines the type', {}],
	])('are read for each item if %s, and group the items', async (_name, flags) => {
		const { items, groups } = await grouped((item) => ({ ...BY_ITEM[item], ...flags }));
		expect(items).toEqual([[0, 2], [1], [3]]);
		expect(groups.map(({ read }) => read.ok)).toEqual([true, true, false]);
	});

	it('are read for each item if the first one’s can’t be', async () => {
		const { items } = await grouped((item) => {
			if (item === 0) throw new Error('of the test');
			return { ...STORED, tellsExpressions: true };
		});
		expect(items).toEqual([[0], [1, 2, 3]]);
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
			{ ...STORED, publishableKey: 'sk_1', secretKey: 'pk_1' },
			"'Publishable Key' and 'Secret Key' are swapped in the Bento API credential",
		],
		[
			{ ...STORED, publishableKey: 'sk_1' },
			"'Publishable Key' contains a secret key in the Bento API credential",
		],
		[
			{ ...STORED, secretKey: 'pk_1' },
			"'Secret Key' contains a publishable key in the Bento API credential",
		],
		...['pk_1', 'sk_1', 'x'].map((key): [unknown, string] => [
			{ ...STORED, publishableKey: key, secretKey: key },
			"'Publishable Key' and 'Secret Key' are the same in the Bento API credential. Copy each of them from Bento",
		]),
		...['pk_1', 'SK_1', 'https://app.bentonow.com/x', 'a b', 'me@example.com'].map(
			(siteUuid): [unknown, string] => [
				{ ...STORED, siteUuid },
				"'Site UUID' isn't a site's UUID in the Bento API credential. Example: 2a7c1f60-58b3-4d0e-9c14-6f0b7d1e9a35",
			],
		),
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

	it.each([
		'https://bento.example/api/v1',
		'https://evil-bentonow.com/api/v1',
		'https://app.bentonow.com.evil.example/api/v1',
		'http://127.0.0.1.evil.example/api',
		'http://localhost.evil.example',
		'https://pk:sk@app.bentonow.com/api/v1',
		'https://10.0.0.5/api',
		'file:///api/v1',
		'app.bentonow.com',
	])('%p is refused without being quoted', (value) => {
		expect(problemOf(value)).not.toMatch(/^fine|evil|sk@|10\.0/);
	});

	it('is Bento’s own if it is missing', () => {
		expect(readBaseUrl(undefined)).toMatchObject({
			ok: true,
			url: 'https://app.bentonow.com/api/v1',
		});
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
