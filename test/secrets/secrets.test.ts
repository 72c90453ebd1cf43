import type { ICredentialDataDecryptedObject, INodeParameters } from 'n8n-workflow';
import { CASES } from '../bento/cases';
import { startBentoServer, type BentoServer, type Fault } from '../bentoServer';
import { LINE_NAMES, requireOf } from '../support/engine/packages';
import { runWorkflow } from '../support/engine/run';
import { send } from '../trigger/support/client';
import { WITH_SECRET } from '../trigger/support/presenting';
import { startTrigger } from '../trigger/support/triggerServer';
import { everything, formsOf, traces } from './everywhere';

const PUBLISHABLE = 'pk_marked/4f1c+9a77';
const SECRET = 'sk_marked/b08e+31d2';
const KEY_FORMS = formsOf(PUBLISHABLE, SECRET, `${PUBLISHABLE}:${SECRET}`);

interface BackendCommon {
	readonly Logger: { readonly prototype: { log(...parts: unknown[]): void } };
}

let server: BentoServer;
let said: string[] = [];

beforeAll(async () => {
	// At n8n's logger itself, so that lines of every level are seen, even if the console wouldn't show them.
	for (const line of LINE_NAMES) {
		const { Logger } = requireOf(line)('@n8n/backend-common') as BackendCommon;
		jest.spyOn(Logger.prototype, 'log').mockImplementation((...parts) => {
			said.push(everything(parts));
		});
	}
	for (const level of ['debug', 'error', 'info', 'log', 'warn'] as const) {
		jest.spyOn(console, level).mockImplementation((...parts) => {
			said.push(everything(parts));
		});
	}
	server = await startBentoServer({ publishableKey: PUBLISHABLE, secretKey: SECRET });
});
beforeEach(() => {
	server.reset();
	said = [];
});
afterAll(async () => {
	jest.restoreAllMocks();
	await server.close();
});

/** What becomes of every request; without a fault it succeeds. */
const FATES: Record<string, { fault?: Fault; change?: ICredentialDataDecryptedObject }> = {
	success: {},
	'a refusal': { fault: { kind: 'status', status: 422, body: { error: 'no' } } },
	'wrong keys': { change: { siteUuid: 'another' } },
	'a refusal that repeats the keys': {
		fault: { kind: 'status', status: 422, body: { error: KEY_FORMS.join(' ') } },
	},
	'a success that repeats the keys': {
		fault: { kind: 'wrongJson', body: { results: 0, echo: KEY_FORMS } },
	},
	'a text that repeats the keys': { fault: { kind: 'text', body: KEY_FORMS.join(' ') } },
	'a block': { fault: { kind: 'html', status: 403 } },
	'a busy server': { fault: { kind: 'status', status: 503 } },
	'a reset': { fault: { kind: 'resetBefore' } },
	'a cut answer': { fault: { kind: 'cutJson' } },
	'a redirect': { fault: { kind: 'redirect', to: 'http://127.0.0.1:9/' } },
	'no server': { change: { baseUrl: 'http://127.0.0.1:9/api/v1' } },
	'no name': { change: { baseUrl: 'https://bento.invalid/api/v1' } },
	'an unsafe address': { change: { baseUrl: `http://${SECRET}@bento.example/` } },
	'swapped keys': { change: { publishableKey: `sk_${SECRET}`, secretKey: 'pk_1' } },
};

const FAST: INodeParameters = { firstWait: 1, longestWait: 2, maxAttempts: 2 };

const OPERATIONS: Array<[string, string, INodeParameters]> = [
	['Track Event', 'bentoTrackEvent', { email: 'a@b.co', eventType: 'x' }],
	['Track Event, whole items', 'bentoTrackEvent', { inputMode: 'eventObjects' }],
	[
		'Track Event, tracking webhook',
		'bentoTrackEvent',
		{ email: 'a@b.co', eventType: 'x', options: { deliverThrough: 'trackingWebhook' } },
	],
	['Add Tag', 'bentoTrackEvent', { operation: 'addTag', email: 'a@b.co', tag: 'x' }],
	...Object.entries(CASES).map(([name, { parameters }]): [string, string, INodeParameters] => {
		const [resource = '', operation = ''] = name.split('.');
		return [name, 'bento', { resource, operation, ...parameters }];
	}),
];

function expectNone(text: string, forms: readonly string[]): void {
	for (const form of forms) {
		const at = text.indexOf(form);
		if (at >= 0) throw new Error(`A secret shows: …${text.slice(Math.max(0, at - 120), at)}<here>`);
	}
}

/** One operation of each kind meets every fate; for the others, what repeats the keys is different. */
const WHOLE = new Set([
	'Track Event',
	'Track Event, tracking webhook',
	'apiCall.make',
	'subscriber.createOrUpdate',
	'subscriber.deleteData',
	'subscriber.get',
	'tag.getAll',
]);
const REPEATING = Object.entries(FATES).filter(([fate]) => fate.includes('repeats'));

describe.each(OPERATIONS)('%s', (name, type, parameters) => {
	const given = typeof parameters.options === 'object' ? parameters.options : {};
	const node = { type, parameters: { ...parameters, options: { ...given, ...FAST } } };

	it.each(WHOLE.has(name) ? Object.entries(FATES) : REPEATING)(
		'shows no key after %s',
		async (_fate, { fault, change }) => {
			server.failWhen(() => fault);
			// Both after Start, one after the other: the first hands its error on, the second ends the run with it.
			const run = await runWorkflow('2x', {
				items: [{ email: 'ada.byron@example.com', type: 'x' }],
				credentials: { bentoApi: { ...server.credentials, ...change } },
				nodes: [
					{ ...node, name: 'Continues', onError: 'continueRegularOutput' },
					{ ...node, name: 'Stops', onError: 'stopWorkflow' },
				],
				connections: {
					Start: {
						main: [['Continues', 'Stops'].map((name) => ({ node: name, type: 'main', index: 0 }))],
					},
				},
			});
			expect([run.of('Continues').length, run.of('Stops').length]).toEqual([1, 1]);
			expectNone(traces(run.run), KEY_FORMS);
			expectNone(said.join('\n'), KEY_FORMS);
		},
	);
});

it('every fate is met by operations that there are', () => {
	const names = new Set(OPERATIONS.map(([name]) => name));
	expect([...WHOLE].filter((name) => !names.has(name))).toEqual([]);
});

it('would find a key: the server has seen it in each request', async () => {
	await runWorkflow('2x', {
		items: [{ email: 'a@b.co', type: 'x' }],
		credentials: { bentoApi: server.credentials },
		nodes: [{ name: 'Node', type: 'bentoTrackEvent', parameters: { inputMode: 'eventObjects' } }],
	});
	expect(() => expectNone(everything(server.requests), KEY_FORMS)).toThrow('A secret shows');
	expect(said.join('\n')).toContain('batch 1, 1 event');
});

const WEBHOOK_SECRET = 'marked webhook/secret+5d0a';
const PREVIOUS = 'marked previous/secret+77c3';

describe.each(LINE_NAMES)('the trigger on engine %s', (line) => {
	it.each(WITH_SECRET)(
		'%s: shows no secret, whether it is right or wrong',
		async (authentication, present) => {
			const sent = present(WEBHOOK_SECRET, 'me');
			const credential = {
				secret: WEBHOOK_SECRET,
				previousSecret: PREVIOUS,
				userName: 'me',
				user: 'me',
				username: 'me',
			};
			const trigger = await startTrigger({
				line,
				parameters: { authentication },
				credentials: { bentoWebhookSecretApi: credential },
			});
			const bodies = [
				{ event: 'x', echo: WEBHOOK_SECRET },
				`{"broken": "${PREVIOUS}`,
				{ event: 'y' },
			];
			const answers = [];
			for (const body of bodies) {
				answers.push(await send(trigger.url, { ...sent, body }));
				answers.push(await send(trigger.url, { headers: { 'x-bento-secret': 'wrong' }, body }));
			}
			await trigger.close();
			expect(answers.map(({ status }) => status)).toEqual([200, 401, 200, 401, 200, 401]);
			const forms = formsOf(WEBHOOK_SECRET, PREVIOUS, `me:${WEBHOOK_SECRET}`);
			expectNone(
				everything([trigger.started, trigger.logged, answers, trigger.staticData(), said]),
				forms,
			);
		},
	);
});
