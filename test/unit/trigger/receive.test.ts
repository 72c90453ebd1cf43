import { once } from 'events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'http';
import net, { type AddressInfo } from 'net';
import type {
	IDataObject,
	IHookFunctions,
	INode,
	INodeParameters,
	IWebhookFunctions,
} from 'n8n-workflow';
import { deactivate } from '../../../nodes/BentoWebhookTrigger/activation';
import { receive } from '../../../nodes/BentoWebhookTrigger/receive';
import { send, type Sent } from '../../trigger/support/client';

const SECRET = 'correct horse battery';
const KNOWN = { 'x-s': SECRET };
const ID = /^[0-9a-f-]{36}$/;

interface Setup {
	readonly parameters?: INodeParameters;
	/** What n8n gives for a credential; it may throw, or take its time. */
	readonly credential?: (type: string) => unknown;
	/** By credential type: which ones the node has. */
	readonly credentials?: INode['credentials'];
	readonly mode?: 'manual' | 'webhook';
	readonly staticData?: IDataObject;
	/** What n8n answers with when the workflow ends. */
	readonly status?: number;
	/** Awaited before that. */
	readonly run?: () => Promise<void>;
	readonly evaluate?: () => unknown;
}

let servers: Server[] = [];
let nodes = 0;
afterEach(() => {
	jest.restoreAllMocks();
	for (const server of servers) {
		server.closeAllConnections();
		server.close();
	}
	servers = [];
});

/** The few things that the trigger asks n8n for, behind a real server. */
async function start(setup: Setup = {}) {
	const { mode = 'webhook', staticData = {}, status = 200 } = setup;
	const node: INode = {
		id: `receive-${(nodes += 1)}`,
		name: 'Trigger',
		type: 'bentoWebhookTrigger',
		typeVersion: 1,
		position: [0, 0],
		parameters: { authentication: 'header', headerName: 'X-S', ...setup.parameters },
		credentials: setup.credentials ?? { bentoWebhookSecretApi: { id: '1', name: 'Secret' } },
	};
	const started: Array<IDataObject | undefined> = [];
	const logged: string[] = [];
	const warned: string[] = [];
	let credentialReads = 0;
	const contextOf = (request: unknown, response: unknown) =>
		({
			getRequestObject: () => request,
			getResponseObject: () => response,
			getNode: () => node,
			getNodeParameter: () => setup.evaluate?.(),
			getCredentials: async (type: string) => {
				credentialReads += 1;
				return await Promise.resolve(setup.credential?.(type) ?? { secret: SECRET });
			},
			getMode: () => mode,
			getWorkflow: () => ({ id: 'w' }),
			getWorkflowStaticData: (type: string) => (type === 'node' ? staticData : {}),
			getNodeWebhookUrl: () => 'http://n8n/webhook/x',
			logger: {
				debug: (line: string) => logged.push(line),
				info: () => undefined,
				warn: (line: string) => warned.push(line),
			},
		}) as unknown as IWebhookFunctions;
	const headers: string[] = [];
	async function serve(request: IncomingMessage, response: ServerResponse) {
		const result = await receive(contextOf(request, response));
		const item = result.workflowData?.[0]?.[0]?.json;
		if (item === undefined) {
			expect(result).toEqual({ noWebhookResponse: true });
			return;
		}
		started.push(item);
		headers.push(...response.getHeaderNames());
		await setup.run?.();
		if (request.destroyed && !request.complete) return;
		response.statusCode = status;
		const body: unknown = result.webhookResponse;
		response.end(typeof body === 'string' ? body : 'by n8n');
	}
	const server = createServer((request, response) => void serve(request, response));
	servers.push(server);
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as AddressInfo;
	const post = async (body?: Sent['body'], sent: Sent = {}) =>
		await send(`http://127.0.0.1:${port}/hook`, {
			body,
			...sent,
			headers: { ...KNOWN, ...sent.headers },
		});
	return {
		post,
		port,
		node,
		started,
		logged,
		warned,
		headers,
		staticData,
		contextOf,
		credentialReads: () => credentialReads,
		/** The status and the code of what came back, or what it says. */
		async outcome(...args: Parameters<typeof post>) {
			const { status: code, json, text } = await post(...args);
			const error = json?.error as { code?: string } | undefined;
			return [code, error?.code ?? json ?? text];
		},
	};
}

describe('A request', () => {
	it('starts the workflow with one item, and n8n answers', async () => {
		const { post, started, logged, headers } = await start();
		const answer = await post({ event: 'x', email: 'a@b.co' }, { query: 'a=1' });
		expect([answer.status, answer.text]).toEqual([200, 'by n8n']);
		expect(answer.headers['x-request-id']).toMatch(ID);
		expect(headers).toEqual(['x-request-id']);
		expect(started).toEqual([
			expect.objectContaining({
				event: 'x',
				email: 'a@b.co',
				profile: null,
				query: { a: '1' },
				body: { event: 'x', email: 'a@b.co' },
				requestId: answer.headers['x-request-id'],
				idempotencyKey: expect.stringMatching(/^body-/) as string,
			}),
		]);
		expect(logged).toEqual([`Bento webhook ${started[0]?.requestId as string} accepted`]);
	});

	it.each([
		['{"ok":true}', 'application/json'],
		['received', 'text/plain'],
	])('that n8n answers immediately with %s is answered as %s', async (responseData, type) => {
		const parameters = { responseMode: 'onReceived', responseData };
		const { post, started, staticData } = await start({ parameters });
		const answer = await post({ event: 'x' });
		expect([answer.text, answer.headers['content-type']]).toEqual([responseData, type]);
		expect(started).toHaveLength(1);
		expect(staticData.seen).toMatch(/^body-.+@\d+$/);
	});

	it('that isn’t one, or its response, is left to n8n', async () => {
		const { contextOf, logged } = await start();
		const request = { headers: {}, on: send, off: send, resume: send };
		const response = { end: send, once: send, setHeader: send, write: send, writeHead: send };
		const broken: Array<[unknown, unknown]> = [
			[undefined, response],
			[null, response],
			['text', response],
			[{ ...request, headers: undefined, resume: 1 }, response],
			[{ on: send, off: send, resume: send }, response],
			...['on', 'off', 'resume'].map((name): [unknown, unknown] => [
				{ ...request, [name]: undefined },
				response,
			]),
			...Object.keys(response).map((name): [unknown, unknown] => [
				request,
				{ ...response, [name]: undefined },
			]),
		];
		for (const [one, other] of broken) {
			expect(await receive(contextOf(one, other))).toEqual({});
		}
		expect(logged).toEqual([]);
	});

	it.each<[unknown, RegExp]>([
		[new TypeError('quotes data'), / \(TypeError at [\w.-]+:\d+\)$/],
		[
			Object.assign(new Error('quotes data'), { stack: undefined }),
			/ \(Error at an unknown place\)$/,
		],
		[
			Object.assign(new Error('x'), { stack: 'x\n  at /a/b.js:72:1\n at c.js:8' }),
			/at b\.js:72\)$/,
		],
		[Object.assign(new Error('x'), { stack: 'x\n    at c.js:8:1' }), /at c\.js:8\)$/],
		[Object.assign(new Error('x'), { stack: 'x\n  at f (C:\\a\\b.js:7:1)' }), /at b\.js:7\)$/],
		['quotes data', / \(string\)$/],
	])(
		'that fails in an unforeseen way (%p) is answered, and logged without data',
		async (thrown, line) => {
			const { outcome, logged } = await start({
				credential: () => {
					throw thrown;
				},
			});
			expect(await outcome({})).toEqual([500, 'unexpected']);
			expect(logged).toEqual([expect.stringMatching(line)]);
			expect(logged[0]).toMatch(/^Bento webhook [0-9a-f-]{36} rejected: unexpected \(/);
			expect(logged[0]).not.toContain('quotes');
		},
	);
});

describe('Before its body is read, a request is turned away', () => {
	it('without settings that make sense, with one warning for each problem', async () => {
		const parameters: INodeParameters = { headerName: 'a b' };
		const { outcome, node, warned, logged, credentialReads } = await start({ parameters });
		expect(await outcome({})).toEqual([503, 'not_configured']);
		expect(await outcome({})).toEqual([503, 'not_configured']);
		expect(warned).toEqual([
			expect.stringMatching(/^Bento webhook: requests are rejected .*'Header Name'.*Secret\.$/),
		]);
		expect(logged[1]).toMatch(/ rejected: not_configured \('Header Name' isn't/);
		node.parameters = { authentication: 'x' };
		await outcome({});
		expect(warned).toHaveLength(2);
		node.parameters = { authentication: 'none' };
		expect(await outcome({})).toEqual([200, 'by n8n']);
		node.parameters = { authentication: 'x' };
		await outcome({});
		expect(warned).toHaveLength(3);
		expect(credentialReads()).toBe(0);
	});

	it('with more than 200 headers', async () => {
		const { outcome } = await start();
		// Host, Connection, Content-Type, Content-Length and the secret come on top.
		const headers = (count: number) =>
			Object.fromEntries(Array.from({ length: count }, (_, index) => [`h-${index}`, '1']));
		expect(await outcome({}, { headers: headers(195) })).toEqual([200, 'by n8n']);
		expect(await outcome({}, { headers: headers(196) })).toEqual([431, 'headers_too_many']);
	});

	it('with a body that is announced too large, or from an address that isn’t allowed', async () => {
		const large = await start({ parameters: { settings: { maxKilobytes: 1 } } });
		expect(await large.outcome('x'.repeat(1025))).toEqual([413, 'body_too_large']);
		expect(await large.outcome('x'.repeat(1024))).toEqual([200, 'by n8n']);
		const closed = await start({ parameters: { settings: { allowedAddresses: '10.0.0.1' } } });
		expect(await closed.outcome({})).toEqual([403, 'address_not_allowed']);
		expect(closed.credentialReads()).toBe(0);
	});

	it('without a secret and with a wrong one in the same way, but only the wrong one is compared', async () => {
		const { post, credentialReads, started, logged } = await start();
		const missing = await post({}, { headers: { 'x-s': '' } });
		expect(credentialReads()).toBe(0);
		const wrong = await post({}, { headers: { 'x-s': 'wrong', 'x-request-id': 'own-1' } });
		expect(credentialReads()).toBe(1);
		for (const answer of [missing, wrong]) {
			expect(answer).toMatchObject({
				status: 401,
				headers: { 'www-authenticate': 'Secret realm="webhook"', connection: 'close' },
				json: { error: { code: 'unauthorized' }, requestId: expect.stringMatching(ID) as string },
			});
		}
		expect(started).toEqual([]);
		expect(logged.join()).not.toContain('own-1');
	});

	it('as long as the secret itself is no good', async () => {
		const { outcome, warned } = await start({ credential: () => ({ secret: 'short' }) });
		expect(await outcome({})).toEqual([503, 'not_configured']);
		expect(warned).toEqual([expect.stringContaining('is too short')]);
	});
});

describe('A request of a known sender', () => {
	it('keeps its own ID, unless that is unsafe or the secret', async () => {
		const secret = 'only-safe-characters';
		const { post, started } = await start({ credential: () => ({ secret }) });
		const ids: unknown[] = [];
		for (const id of ['own-1', secret, 'not safe']) {
			const answer = await post({ id }, { headers: { 'x-s': secret, 'x-request-id': id } });
			ids.push(answer.headers['x-request-id']);
		}
		expect(ids).toEqual(['own-1', expect.stringMatching(ID), expect.stringMatching(ID)]);
		expect(started.map((item) => item?.requestId)).toEqual(ids);
	});

	it('needs no secret where the builder wants none', async () => {
		const { outcome, credentialReads } = await start({ parameters: { authentication: 'none' } });
		expect(await outcome({}, { headers: { 'x-s': '' } })).toEqual([200, 'by n8n']);
		expect(credentialReads()).toBe(0);
	});

	it('is turned away with a body that can’t be read, and keeps its connection', async () => {
		const { post } = await start({ parameters: { settings: { acceptBrokenJson: false } } });
		const broken = await post('{"a":1\n,}', { headers: { connection: 'keep-alive' } });
		expect(broken).toMatchObject({
			status: 400,
			headers: { connection: 'keep-alive' },
			json: {
				error: { code: 'json_broken', message: expect.stringContaining('line 2') as string },
			},
		});
	});

	it('is turned away with too large a body, and loses its connection', async () => {
		const { post } = await start({ parameters: { settings: { maxKilobytes: 1 } } });
		const headers = { 'content-length': [], 'transfer-encoding': 'chunked' };
		const large = await post('x'.repeat(1025), { headers });
		expect(large).toMatchObject({
			status: 413,
			headers: { connection: 'close' },
			json: { error: { code: 'body_too_large' } },
		});
	});

	it.each(['GET', 'DELETE'])('may come without a body as %s', async (method) => {
		const { outcome, started } = await start();
		expect(await outcome(undefined, { method })).toEqual([200, 'by n8n']);
		expect(started[0]).toMatchObject({ method, body: {} });
	});

	it('may nest a hundred deep', async () => {
		const { outcome, started } = await start();
		const deep = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
		expect(await outcome(deep(100))).toEqual([200, 'by n8n']);
		expect(await outcome(deep(101))).toEqual([400, 'json_too_deep']);
		expect(started).toHaveLength(1);
	});

	it('is done without an execution where its event isn’t wanted', async () => {
		const { outcome, logged } = await start({ parameters: { settings: { events: 'x' } } });
		expect(await outcome({ event: 'y' })).toEqual([200, { ignored: true }]);
		expect(logged).toEqual([
			expect.stringMatching(/^Bento webhook [\w-]+ accepted without an execution: ignored$/),
		]);
		expect(await outcome({ event: 'x' })).toEqual([200, 'by n8n']);
	});

	it('is checked again where its body took five seconds', async () => {
		const credential = { secret: SECRET };
		const server = await start({ credential: () => credential });
		const began = Date.now();
		/** Sends a request in two pieces, between which time passes and something happens. */
		async function slowly(ms: number, happens: () => void) {
			const clock = jest.spyOn(Date, 'now').mockReturnValue(began);
			const socket = net.connect(server.port, '127.0.0.1');
			let text = '';
			socket.on('data', (piece) => (text += String(piece)));
			const reads = server.credentialReads();
			socket.write(
				`POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-S: ${credential.secret}\r\nContent-Length: 4\r\n\r\n"`,
			);
			while (server.credentialReads() === reads) await new Promise(setImmediate);
			clock.mockReturnValue(began + ms);
			happens();
			socket.write('ab"');
			await once(socket, 'end');
			socket.destroy();
			clock.mockRestore();
			return / (\d+) /.exec(text)?.[1];
		}
		const fresh = () => {
			server.node.credentials = { bentoWebhookSecretApi: { id: `${Math.random()}`, name: 'x' } };
		};
		const change = () => {
			credential.secret = `${credential.secret}1`;
			fresh();
		};
		expect(await slowly(4999, change)).toBe('200');
		fresh();
		expect(await slowly(5000, fresh)).toBe('200');
		fresh();
		expect(await slowly(5000, change)).toBe('401');
		fresh();
		expect(await slowly(5000, () => (credential.secret = 'short'))).toBe('503');
		credential.secret = SECRET;
		fresh();
		const hook = server.contextOf(undefined, undefined) as unknown as IHookFunctions;
		expect(await slowly(5000, () => deactivate(hook))).toBe('404');
	});
});

describe('A repeat', () => {
	const immediately = { responseMode: 'onReceived', responseData: 'ok' };

	it('is told so and starts nothing', async () => {
		const { outcome, logged, started } = await start();
		expect(await outcome({ n: 1 })).toEqual([200, 'by n8n']);
		expect(await outcome({ n: 1 })).toEqual([200, { duplicate: true }]);
		expect(await outcome({ n: 2 })).toEqual([200, 'by n8n']);
		expect(started).toHaveLength(2);
		expect(logged[1]).toMatch(/accepted without an execution: duplicate$/);
	});

	it.each<[string, Setup]>([
		['in a test run', { mode: 'manual' }],
		['where the builder wants them', { parameters: { settings: { ignoreDuplicates: false } } }],
		['where nothing is remembered', { parameters: { settings: { bodyWindow: 0 } } }],
	])('starts again %s', async (_name, setup) => {
		const { outcome, started, staticData } = await start(setup);
		for (let turn = 0; turn < 2; turn += 1) expect(await outcome({})).toEqual([200, 'by n8n']);
		expect(started).toHaveLength(2);
		expect(staticData).toEqual({});
	});

	it.each([
		[399, [399, { duplicate: true }]],
		[400, [400, 'by n8n']],
	])('of one whose workflow ended with %d is one, or not', async (status, second) => {
		const { post, outcome } = await start({ status });
		expect((await post({})).status).toBe(status);
		const [code, what] = await outcome({});
		expect([what === 'by n8n' ? code : status, what]).toEqual(second);
	});

	it('that waits hears what became of the first', async () => {
		let fail: () => void = () => undefined;
		const running = new Promise<void>((resolve) => (fail = resolve));
		const { outcome, started } = await start({ status: 500, run: async () => await running });
		const first = outcome({});
		while (started.length === 0) await new Promise(setImmediate);
		const repeat = outcome({});
		await new Promise((resolve) => setTimeout(resolve, 20));
		fail();
		expect([await first, await repeat]).toEqual([
			[500, 'by n8n'],
			[500, 'workflow_failed'],
		]);
	});

	it('waits 25 seconds at most', async () => {
		let end: () => void = () => undefined;
		const running = new Promise<void>((resolve) => (end = resolve));
		const { outcome, started } = await start({ run: async () => await running });
		const first = outcome({});
		while (started.length === 0) await new Promise(setImmediate);
		// The wait looks at the clock once a second.
		const { setTimeout: wait } = globalThis;
		jest
			.spyOn(globalThis, 'setTimeout')
			.mockImplementation((done, ms) => wait(done, ms === 1000 ? 60 : ms));
		const repeat = outcome({});
		await new Promise((resolve) => wait(resolve, 30));
		const now = Date.now.bind(Date);
		jest.spyOn(Date, 'now').mockImplementation(() => now() + 25_000);
		expect(await repeat).toEqual([503, 'still_running']);
		jest.restoreAllMocks();
		end();
		expect(await first).toEqual([200, 'by n8n']);
	});

	it('is known to other processes once n8n has answered, or can only answer', async () => {
		const first = await start({ parameters: immediately });
		await first.outcome({ n: 1 });
		const later = await start();
		await later.outcome({ n: 1 });
		expect(later.staticData).toEqual({});
		await later.outcome({ n: 2 });
		const other = await start({ staticData: { ...later.staticData } });
		expect(await other.outcome({ n: 1 })).toEqual([200, { duplicate: true }]);
		expect(await other.outcome({ n: 2 })).toEqual([200, 'by n8n']);
		const third = await start({
			parameters: immediately,
			staticData: { ...first.staticData },
		});
		expect(await third.outcome({ n: 1 })).toEqual([200, { duplicate: true }]);
	});

	it('stays out of static data with a Respond to Webhook node', async () => {
		const { outcome, staticData } = await start({ parameters: { responseMode: 'responseNode' } });
		for (const n of [1, 2, 2]) await outcome({ n });
		expect(staticData).toEqual({});
	});
});

describe('The subscriber of a request', () => {
	it('that can’t be loaded is missing from the item, where the builder wants to start', async () => {
		const { outcome, started } = await start({ parameters: { loadPerson: true } });
		expect(await outcome({ email: 'a@b.co' })).toEqual([200, 'by n8n']);
		expect(started[0]?.profile).toEqual({
			found: false,
			problem: 'No Bento API credential is selected. Select or create one',
		});
	});

	it('that isn’t named is missing from the item', async () => {
		const settings = { whenNotLoaded: 'refuse' };
		const { outcome, started } = await start({ parameters: { loadPerson: true, settings } });
		expect(await outcome({})).toEqual([200, 'by n8n']);
		expect(started[0]?.profile).toMatchObject({ found: false });
	});

	it('that can’t be loaded turns the request away where the builder wants that, and the next try is new', async () => {
		const settings = { whenNotLoaded: 'refuse' };
		const { outcome, logged, warned, started, staticData } = await start({
			parameters: { loadPerson: true, settings },
		});
		for (let turn = 0; turn < 2; turn += 1) {
			expect(await outcome({ email: 'a@b.co' })).toEqual([503, 'person_not_loaded']);
		}
		expect(started).toEqual([]);
		expect(staticData).toEqual({});
		expect(warned).toEqual([]);
		expect(logged[0]).toMatch(
			/rejected: person_not_loaded \(No Bento API credential is selected\. Select or create one\)$/,
		);
	});

	it('that can’t be loaded turns away those who wait for it too', async () => {
		let fail: (why: Error) => void = () => undefined;
		let asked = 0;
		const { outcome, started } = await start({
			parameters: { loadPerson: true, settings: { whenNotLoaded: 'refuse' } },
			credentials: {
				bentoWebhookSecretApi: { id: '1', name: 'Secret' },
				bentoApi: { id: '2', name: 'Bento' },
			},
			credential: (type) => {
				if (type !== 'bentoApi') return undefined;
				asked += 1;
				return new Promise((_resolve, reject) => (fail = reject));
			},
		});
		const first = outcome({ email: 'a@b.co' });
		while (asked === 0) await new Promise(setImmediate);
		const repeat = outcome({ email: 'a@b.co' });
		await new Promise((resolve) => setTimeout(resolve, 20));
		fail(new Error('database'));
		const refused = [503, 'person_not_loaded'];
		expect([await first, await repeat]).toEqual([refused, refused]);
		expect([asked, started]).toEqual([1, []]);
	});
});
