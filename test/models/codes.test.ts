import { readdirSync, readFileSync } from 'fs';
import path from 'path';
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { CODES, type Code } from '../../nodes/shared/http/problem';
import { startBentoServer, type BentoServer, type Fault } from '../bentoServer';
import { LINE_NAMES } from '../support/engine/packages';
import { runWorkflow } from '../support/engine/run';
import { ROOT } from '../support/root';

/** Codes that a workflow branches on, in what fails, in the documentation, and in the examples. */

const NODE = 'Bento';
const TAIL = /Code: ([A-Z_]+)(?:, HTTP (\d{3}))?, (not received|may have been received)$/;
const OPTIONS = {
	maxAttempts: 1,
	firstWait: 1,
	longestWait: 1,
	timeout: 5_000,
	totalTimeLimit: 3_000,
};

// What one test learns of Bento's rate limit holds for the whole process, so each has a Bento of its own.
let server: BentoServer;
beforeEach(async () => {
	server = await startBentoServer();
});
afterEach(() => server.close());

interface Failing {
	readonly code: Code;
	readonly status?: number;
	readonly mayHaveArrived?: boolean;
	readonly fault?: Fault;
	readonly type?: 'bento' | 'bentoTrackEvent';
	readonly parameters?: INodeParameters;
	readonly baseUrl?: string;
}

const EVENT: INodeParameters = {
	resource: 'event',
	operation: 'trackEvent',
	email: 'a@b.co',
	eventType: 'x',
};
const EMAIL: INodeParameters = {
	resource: 'email',
	operation: 'send',
	confirm: true,
	toEmail: 'a@b.co',
	from: { __rl: true, mode: 'email', value: 'hello@example.com' },
	subject: 'Hi',
	content: 'Hi',
};

const FAILING: readonly Failing[] = [
	{ code: 'RATE_LIMITED', status: 429, fault: { kind: 'status', status: 429 } },
	{ code: 'UNAVAILABLE', status: 503, fault: { kind: 'status', status: 503 } },
	{
		code: 'UNAVAILABLE',
		status: 500,
		mayHaveArrived: true,
		fault: { kind: 'status', status: 500 },
	},
	{ code: 'REJECTED', status: 422, fault: { kind: 'status', status: 422 } },
	{ code: 'TOO_LARGE', status: 413, fault: { kind: 'status', status: 413 } },
	{ code: 'CREDENTIALS', status: 401, fault: { kind: 'status', status: 401 } },
	{ code: 'FORBIDDEN', status: 403, fault: { kind: 'status', status: 403 } },
	{ code: 'UNKNOWN', mayHaveArrived: true, fault: { kind: 'resetAfter' } },
	{ code: 'UNREACHABLE', baseUrl: 'http://127.0.0.1:9' },
	{ code: 'INVALID_INPUT', parameters: { ...EVENT, email: 'nobody' } },
	{
		code: 'NOT_FOUND',
		type: 'bento',
		parameters: { resource: 'subscriber', operation: 'get', email: 'nobody@example.com' },
	},
	{
		code: 'UNKNOWN',
		mayHaveArrived: true,
		type: 'bento',
		parameters: EMAIL,
		fault: { kind: 'resetAfter' },
	},
	{
		code: 'UNCONFIRMED',
		mayHaveArrived: true,
		parameters: { ...EVENT, options: { ...OPTIONS, ifUnconfirmed: 'fail' } },
		fault: { kind: 'status', status: 200, body: { ok: true } },
	},
	{
		code: 'UNEXPECTED',
		type: 'bento',
		parameters: { resource: 'tag', operation: 'getAll' },
		fault: { kind: 'status', status: 200, body: { some: 'thing' } },
	},
	{
		code: 'UNEXPECTED',
		mayHaveArrived: true,
		type: 'bento',
		parameters: {
			resource: 'broadcast',
			operation: 'create',
			broadcastName: 'Spring',
			subject: 'Hi',
			from: { __rl: true, mode: 'email', value: 'hello@example.com' },
			content: 'Hi',
		},
		fault: { kind: 'status', status: 200, body: { some: 'thing' } },
	},
];

describe.each(LINE_NAMES)('On engine %s', (line) => {
	async function fail(failing: Failing, onError: 'continueErrorOutput' | 'continueRegularOutput') {
		const { type = 'bentoTrackEvent', parameters = EVENT, fault, baseUrl } = failing;
		server.failWhen(() => fault);
		const run = await runWorkflow(line, {
			nodes: [
				{
					name: NODE,
					type,
					typeVersion: 1.1,
					onError,
					parameters: { options: OPTIONS, ...parameters },
				},
			],
			items: [{ own: 1 }],
			credentials: { bentoApi: { ...server.credentials, ...(baseUrl && { baseUrl }) } },
		});
		expect(run.error).toBeUndefined();
		return run;
	}

	it.each(FAILING)('$code, HTTP $status: the error branch has it at the end', async (failing) => {
		const run = await fail(failing, 'continueErrorOutput');
		expect(run.json(NODE, 0)).toEqual([]);
		const [item = {}] = run.json(NODE, 1);
		expect(Object.keys(item).sort()).toEqual(['error', 'message', 'own']);
		expect(told(item)).toEqual(wanted(failing));
	});

	it.each(FAILING)(
		'$code, HTTP $status: the regular output has it as fields too',
		async (failing) => {
			const run = await fail(failing, 'continueRegularOutput');
			const [item = {}] = run.json(NODE);
			expect(told(item)).toEqual(wanted(failing));
			expect(item).toMatchObject({
				code: failing.code,
				httpStatus: failing.status ?? null,
				mayHaveArrived: failing.mayHaveArrived ?? false,
			});
		},
	);

	it('the error that stops the workflow has it at the end of its description', async () => {
		server.failWhen(() => ({ kind: 'status', status: 429 }));
		const { error } = await runWorkflow(line, {
			nodes: [{ name: NODE, type: 'bentoTrackEvent', parameters: { ...EVENT, options: OPTIONS } }],
			items: [{}],
			credentials: { bentoApi: server.credentials },
		});
		expect(error).toMatchObject({
			description: expect.stringMatching(/Code: RATE_LIMITED, HTTP 429, not received$/) as string,
		});
	});
});

function told({ message }: IDataObject) {
	const [, code, status, arrived] = (typeof message === 'string' && TAIL.exec(message)) || [];
	return { code, status, arrived };
}

function wanted({ code, status, mayHaveArrived = false }: Failing) {
	return {
		code,
		status: status === undefined ? undefined : String(status),
		arrived: mayHaveArrived ? 'may have been received' : 'not received',
	};
}

it('every code but one is tried; that one comes from an execution that stops', () => {
	const tried = new Set(FAILING.map(({ code }) => code));
	expect(CODES.filter((code) => !tried.has(code))).toEqual(['NOT_SENT']);
});

it('the documentation lists the codes that there are', () => {
	const page = readFileSync(path.join(ROOT, 'docs', 'troubleshooting.md'), 'utf8');
	const rows = [...page.matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, code]) => code);
	expect(rows.sort()).toEqual([...CODES]);
});

describe('The examples', () => {
	const folder = path.join(ROOT, 'examples');
	const files = readdirSync(folder).filter((file) => file.endsWith('.json'));

	it.each(files)('%s branches on codes, not on words', (file) => {
		const text = readFileSync(path.join(folder, file), 'utf8');
		expect(text).not.toMatch(/\.test\(\$json\.(error|message)\)|\$json\.error\.(includes|match)/);
		if (!text.includes("'Code: '")) return;
		const named = [...text.matchAll(/'([A-Z]{3,}(?:_[A-Z]+)*)'/g)].map(([, code]) => code);
		expect(named.length).toBeGreaterThan(0);
		for (const code of named) expect(CODES).toContain(code);
	});

	it('one of them branches at all', () => {
		const texts = files.map((file) => readFileSync(path.join(folder, file), 'utf8'));
		expect(texts.filter((text) => text.includes("'Code: '")).length).toBeGreaterThan(0);
	});
});
