import assert from 'assert/strict';
import { setTimeout as sleep } from 'timers/promises';
import { outputOf } from '../support/executions';
import {
	bentoTrigger,
	send,
	sendWhenReady,
	type HookAnswer,
	type HookRequest,
} from '../support/hooks';
import { chain, end, node, type NodeDraft } from '../support/workflows';
import { secretData, webhookSecret, type World } from '../support/world';
import { senders } from './senders';
import { words } from './trackEvent';

const trigger = 'Bento Webhook Trigger';
const withSecret = { 'X-Bento-Secret': webhookSecret };

/** Item 4: the trigger behind n8n's production and test URLs. */
export async function webhookTriggerRuns(world: World): Promise<void> {
	const { check, heading } = world.reporter;
	heading(`n8n ${world.line}: Bento Webhook Trigger`);
	const origin = () => world.instance.origin;
	const activate = async (
		path: string,
		parameters: Record<string, unknown> = {},
		...after: NodeDraft[]
	): Promise<string> => {
		const secret =
			parameters.authentication === 'none' ? undefined : await world.webhookCredential();
		const first = bentoTrigger(path, secret, parameters);
		const rest = after.length > 0 ? after : [end()];
		const id = await world.client.createWorkflow(chain(path, first, ...rest));
		await world.client.activate(id);
		return id;
	};
	const hook = async (path: string, request: HookRequest) =>
		await sendWhenReady(origin(), `webhook/${path}`, request);
	const countAfter = async (id: string, expected: number): Promise<void> => {
		if (expected > 0) await world.client.executionsReach(id, expected);
		await sleep(500);
		assert.equal((await world.client.executions(id)).length, expected);
	};

	for (const sender of senders) {
		await check(
			`${sender.name}: right starts one execution, wrong is 401 and starts none`,
			async () => {
				const path = slug(sender.name);
				const id = await activate(path, sender.parameters);
				const answer = await hook(path, sender.request);
				assert.equal(answer.status, 200, answer.text);
				assert.ok(answer.headers.get('x-request-id'));
				const [brief] = await world.client.executionsReach(id, 1);
				const execution = await world.client.finished(brief?.id ?? '');
				const [item] = outputOf(execution, trigger);
				for (const [key, value] of Object.entries(sender.output)) {
					assert.deepEqual(item?.json[key], value, key);
				}
				assert.ok(
					!JSON.stringify(execution).includes(webhookSecret),
					'the secret is in the execution',
				);
				if (sender.parameters.authentication === 'none') return;
				for (const wrong of withWrongSecret(sender.request)) {
					const refused = await hook(path, wrong);
					assert.equal(refused.status, 401, refused.text);
					assert.ok(refused.headers.get('www-authenticate'));
					assert.match(refused.text, /"code":"unauthorized"/);
				}
				await countAfter(id, 1);
			},
		);
	}

	await check("the editor's test URL takes one request, after Listen for Test Event", async () => {
		const secret = await world.webhookCredential();
		const draft = chain('Test URL', bentoTrigger('test-url', secret), end());
		const id = await world.client.createWorkflow(draft);
		const request = { headers: withSecret, body: { event: 'tried', email: 'a@example.com' } };
		assert.equal((await send(origin(), 'webhook-test/test-url', request)).status, 404);
		await world.client.listenForTest(id, trigger);
		const answer = await sendWhenReady(origin(), 'webhook-test/test-url', request);
		assert.equal(answer.status, 200, answer.text);
		const [execution] = await world.client.executionsReach(id, 1);
		assert.equal(execution?.status, 'success');
		await world.client.listenForTest(id, trigger);
		const again = await sendWhenReady(origin(), 'webhook-test/test-url', request);
		assert.equal(again.status, 200, 'a repeat while building isn’t a duplicate');
		await world.client.executionsReach(id, 2);
	});

	await check('a repeat gets a 200 and starts no second execution', async () => {
		const id = await activate('repeat');
		const request = { headers: withSecret, body: { event: 'x', external_id: 'order-1042-paid' } };
		assert.match((await hook('repeat', request)).text, /received/);
		const repeat = await hook('repeat', request);
		assert.equal(repeat.status, 200);
		assert.deepEqual(JSON.parse(repeat.text), { duplicate: true });
		await countAfter(id, 1);
	});

	await check('50 repeats that arrive together start one execution', async () => {
		const id = await activate('together');
		const request = { headers: withSecret, body: { event: 'x', external_id: 'first' } };
		await hook('together', request);
		const burst = { headers: withSecret, body: { event: 'x', external_id: 'burst' } };
		const answers = await Promise.all(
			Array.from({ length: 50 }, () => send(origin(), 'webhook/together', burst)),
		);
		assert.ok(answers.every(({ status }) => status === 200));
		assert.equal(answers.filter(({ text }) => text.includes('duplicate')).length, 49);
		await countAfter(id, 2);
	});

	await check(
		'broken JSON starts the workflow with its text, or is answered 400 where chosen',
		async () => {
			const broken = '{"event": "x", "name": "O"Brien"}';
			const request = {
				headers: { ...withSecret, 'content-type': 'application/json' },
				body: broken,
			};
			const accepting = await activate('broken-accepted');
			assert.equal((await hook('broken-accepted', request)).status, 200);
			const [brief] = await world.client.executionsReach(accepting, 1);
			const [item] = outputOf(await world.client.finished(brief?.id ?? ''), trigger);
			assert.equal(item?.json.rawBody, broken);
			assert.match(String(item.json.parseError), /line 1, column/);
			const refusing = await activate('broken-refused', { settings: { acceptBrokenJson: false } });
			const answer = await hook('broken-refused', request);
			assert.equal(answer.status, 400, answer.text);
			assert.match(answer.text, /"code":"json_broken"/);
			await countAfter(refusing, 0);
		},
	);

	await check('200 simultaneous requests make 200 executions', async () => {
		const id = await activate('many');
		const ask = (index: number) => ({
			headers: withSecret,
			body: { event: 'x', external_id: `n${index}` },
		});
		await hook('many', ask(0));
		const rest = Array.from({ length: 199 }, (_, index) => index + 1);
		// n8n itself may answer such a burst with 500 (1.x on SQLite) or with 503 (2.x on a busy machine, for some seconds);
		// a sender then sends again.
		const post = async (index: number, tries = 30): Promise<HookAnswer> => {
			const answer = await send(origin(), 'webhook/many', ask(index));
			const isOfN8n = answer.status === 500 || answer.text.includes('Database is not ready!');
			if (!isOfN8n || tries === 1) return answer;
			await sleep(1_000);
			return await post(index, tries - 1);
		};
		const answers = await Promise.all(rest.map((index) => post(index)));
		const unexpected = answers.filter(
			({ status, text }) => status !== 200 || text.includes('duplicate'),
		);
		assert.deepEqual(unexpected.slice(0, 3), []);
		await world.client.executionsReach(id, 200, 120_000);
		await countAfter(id, 200);
	});

	await check('only the chosen events start the workflow', async () => {
		const id = await activate('filtered', { settings: { events: 'opportunity.won, bento.*' } });
		const of = (event: string) => ({ headers: withSecret, body: { event } });
		const skipped = await hook('filtered', of('opportunity.lost'));
		assert.deepEqual([skipped.status, skipped.text], [200, '{"ignored":true}']);
		await hook('filtered', of('opportunity.won'));
		await hook('filtered', of('bento.workflow.step_reached'));
		await countAfter(id, 2);
	});

	await check('what meets the conditions starts the workflow', async () => {
		const condition = [{ field: 'details.plan', condition: 'equals', value: 'team' }];
		const id = await activate('conditions', { settings: { onlyRunIf: { condition } } });
		const of = (plan: string) => ({ headers: withSecret, body: { details: { plan } } });
		const skipped = await hook('conditions', of('solo'));
		assert.deepEqual([skipped.status, skipped.text], [200, '{"ignored":true}']);
		await hook('conditions', of('team'));
		await countAfter(id, 1);
	});

	await check('Respond: immediately, with a code and a body of choice', async () => {
		const parameters = { responseCode: 202, responseData: '{"ok":"yes"}' };
		await activate('respond-now', { responseMode: 'onReceived', ...parameters });
		const answer = await hook('respond-now', { headers: withSecret, body: { event: 'x' } });
		assert.equal(answer.status, 202);
		assert.deepEqual(JSON.parse(answer.text), { ok: 'yes' });
	});

	await check('Respond: when the last node finishes', async () => {
		const parameters = { responseMode: 'lastNode', responseData: 'firstEntryJson' };
		await activate('respond-last', parameters, set('={{ { "seen": $json.event } }}'));
		const answer = await hook('respond-last', { headers: withSecret, body: { event: 'x' } });
		assert.equal(answer.status, 200);
		assert.deepEqual(JSON.parse(answer.text), { seen: 'x' });
	});

	await check(
		"Respond: through n8n's Respond to Webhook node, with a Wait node before it",
		async () => {
			const wait = node('Wait', 'n8n-nodes-base.wait', { amount: 0 }, { typeVersion: 1.1 });
			await activate('respond-node', { responseMode: 'responseNode' }, wait, respondToWebhook());
			const answer = await hook('respond-node', { headers: withSecret, body: { event: 'x' } });
			assert.equal(answer.status, 207, answer.text);
			assert.deepEqual(JSON.parse(answer.text), { seen: 'x' });
		},
	);

	await check(
		"n8n's Respond to Webhook node without it refuses to run behind a community trigger",
		async () => {
			const id = await activate(
				'respond-alone',
				{ responseMode: 'responseNode' },
				respondToWebhook(),
			);
			await hook('respond-alone', { headers: withSecret, body: { event: 'x' } });
			const [brief] = await world.client.executionsReach(id, 1);
			const execution = await world.client.finished(brief?.id ?? '');
			const news = 'n8n lets it run now: the README can drop the Wait node';
			assert.match(words(execution), /No Webhook node found in the workflow/, news);
		},
	);

	await check(
		'a dynamic path gives its values, and HEAD has a response without a body',
		async () => {
			const first = bentoTrigger('order/:id', await world.webhookCredential());
			const id = await world.client.createWorkflow(chain('dynamic', first, end()));
			await world.client.activate(id);
			const path = `${String(first.webhookId)}/order/42`;
			const answer = await hook(path, { headers: withSecret, body: { event: 'x' } });
			assert.equal(answer.status, 200, answer.text);
			const [brief] = await world.client.executionsReach(id, 1);
			const [item] = outputOf(await world.client.finished(brief?.id ?? ''), trigger);
			assert.deepEqual(item?.json.params, { id: '42' });

			const asked = await activate('head', { httpMethod: 'HEAD' });
			const head = await hook('head', { method: 'HEAD', headers: withSecret });
			assert.deepEqual([head.status, head.text], [200, '']);
			const refused = await hook('head', { method: 'HEAD' });
			assert.deepEqual([refused.status, refused.text], [401, '']);
			await countAfter(asked, 1);
		},
	);

	await check('an empty path gives a random URL that works', async () => {
		const secret = await world.webhookCredential();
		const first = bentoTrigger('', secret);
		const id = await world.client.createWorkflow(chain('Random', first, end()));
		await world.client.activate(id);
		const answer = await hook(String(first.webhookId), {
			headers: withSecret,
			body: { event: 'x' },
		});
		assert.equal(answer.status, 200, answer.text);
		await countAfter(id, 1);
	});

	await check(
		'a changed secret takes effect within five seconds, and immediately for the test URL',
		async () => {
			const type = 'bentoWebhookSecretApi';
			const secret = await world.client.createCredential(type, 'Changing', secretData);
			const id = await world.client.createWorkflow(
				chain('Changing', bentoTrigger('changing', secret), end()),
			);
			await world.client.activate(id);
			const newSecret = `${webhookSecret}-new`;
			const status = async (value: string, path: string) => {
				const request = { headers: { 'X-Bento-Secret': value }, body: { n: Math.random() } };
				return (await sendWhenReady(origin(), path, request)).status;
			};
			assert.equal(await status(webhookSecret, 'webhook/changing'), 200);
			await world.client.changeCredential(type, secret, { ...secretData, secret: newSecret });
			await world.client.listenForTest(id, trigger);
			assert.equal(await status(webhookSecret, 'webhook-test/changing'), 401);
			await sleep(5000);
			assert.equal(await status(webhookSecret, 'webhook/changing'), 401);
			assert.equal(await status(newSecret, 'webhook/changing'), 200);
		},
	);

	await check(
		'a secret that is too short keeps the workflow from becoming active, in words',
		async () => {
			const short = await world.client.createCredential('bentoWebhookSecretApi', 'Short', {
				secret: 'short',
				allowedHttpRequestDomains: 'all',
			});
			const id = await world.client.createWorkflow(
				chain('Short', bentoTrigger('short-secret', short), end()),
			);
			assert.match(String(await world.client.activationProblem(id)), /16 characters/);
		},
	);

	await fourRepeats(world, activate, hook);
	await repeatsAfterRestart(world, activate, hook);
}

type Activate = (
	path: string,
	parameters?: Record<string, unknown>,
	...after: NodeDraft[]
) => Promise<string>;
type Hook = (path: string, request: HookRequest) => Promise<HookAnswer>;

/** Requests that look like repeats, or whose first failed: none is lost. */
async function fourRepeats(world: World, activate: Activate, hook: Hook): Promise<void> {
	const { check } = world.reporter;

	await check('two steps about one external_id both start', async () => {
		const id = await activate('two-steps');
		for (const step of [1, 2]) {
			const body = { event: 'x', external_id: 'crm-4711', details: { step } };
			const answer = await hook('two-steps', { headers: withSecret, body });
			assert.deepEqual(JSON.parse(answer.text), { received: true });
		}
		await world.client.executionsReach(id, 2);
	});

	await check('a retry after 503 starts, also after a restart', async () => {
		const credentials = {
			...(await world.bentoCredential()),
			bentoWebhookSecretApi: await world.webhookCredential(),
		};
		const first = {
			...bentoTrigger('not-loaded', undefined, {
				loadPerson: true,
				settings: { whenNotLoaded: 'refuse' },
			}),
			credentials,
		};
		const id = await world.client.createWorkflow(chain('Not loaded', first, end()));
		await world.client.activate(id);
		const body = { event: 'x', email: 'ada@example.com', external_id: 'order-1042-paid' };
		world.bento.failNext({ kind: 'status', status: 401 });
		const refused = await hook('not-loaded', { headers: withSecret, body });
		assert.equal(refused.status, 503, refused.text);
		await sleep(1000);
		await world.restart();
		const retry = await hook('not-loaded', { headers: withSecret, body });
		assert.deepEqual(JSON.parse(retry.text), { received: true });
		await world.client.executionsReach(id, 1);
	});

	await check('the sender leaves and the workflow fails: its retry starts', async () => {
		const wait = node(
			'Wait',
			'n8n-nodes-base.wait',
			{ amount: 4, unit: 'seconds' },
			{ typeVersion: 1.1 },
		);
		const stop = node('Stop', 'n8n-nodes-base.stopAndError', { errorMessage: 'no' });
		const id = await activate('left', { responseMode: 'lastNode' }, wait, stop);
		const ready = { headers: withSecret, body: { event: 'ready' } };
		assert.equal((await hook('left', ready)).status, 500);
		const body = { event: 'x', external_id: 'order-1042-paid' };
		await assert.rejects(
			fetch(`${world.instance.origin}/webhook/left`, {
				method: 'POST',
				headers: { ...withSecret, 'content-type': 'application/json' },
				body: JSON.stringify(body),
				// Long enough for a busy machine to take the request, and long before the workflow ends.
				signal: AbortSignal.timeout(1500),
			}),
		);
		await world.client.executionsReach(id, 2);
		await sleep(1000);
		const retry = await hook('left', { headers: withSecret, body });
		assert.equal(retry.status, 500, retry.text);
		await world.client.executionsReach(id, 3);
	});

	await check("Listen for Test Event leaves the active workflow's memory alone", async () => {
		const id = await activate('listened');
		const body = { event: 'x', external_id: 'order-1042-paid' };
		await hook('listened', { headers: withSecret, body });
		await world.client.listenForTest(id, trigger);
		const test = { headers: withSecret, body: { event: 'tried' } };
		const tried = await sendWhenReady(world.instance.origin, 'webhook-test/listened', test);
		assert.equal(tried.status, 200, tried.text);
		await sleep(500);
		const repeat = await hook('listened', { headers: withSecret, body });
		assert.deepEqual(JSON.parse(repeat.text), { duplicate: true });
	});
}

/** What docs/webhook-trigger.md says about a repeat after a restart: see Repeats there. */
async function repeatsAfterRestart(world: World, activate: Activate, hook: Hook): Promise<void> {
	const { check } = world.reporter;
	await check('a repeat after a restart: what the README says', async () => {
		const id = await activate('restart');
		const of = (externalId: string) => ({
			headers: withSecret,
			body: { event: 'x', external_id: externalId },
		});
		await hook('restart', of('first'));
		await hook('restart', of('first'));
		await hook('restart', of('second'));
		await world.client.executionsReach(id, 2);
		await sleep(1000);
		await world.restart();
		const isDuplicate = async (externalId: string) =>
			(await hook('restart', of(externalId))).text.includes('duplicate');
		assert.equal(await isDuplicate('first'), true, 'known before a request that started nothing');
		const lastOne = await isDuplicate('second');
		assert.equal(lastOne, world.line === '1x', 'the last one: saved on 1.x, not on 2.x');
	});
}

function respondToWebhook(): NodeDraft {
	const parameters = {
		respondWith: 'json',
		responseBody: '={{ { "seen": $json.event } }}',
		options: { responseCode: 207 },
	};
	return node('Respond', 'n8n-nodes-base.respondToWebhook', parameters, { typeVersion: 1.1 });
}

function set(jsonOutput: string): NodeDraft {
	const parameters = { mode: 'raw', jsonOutput, options: {} };
	return node('Edit Fields', 'n8n-nodes-base.set', parameters, { typeVersion: 3.4 });
}

/** The same request with another secret in its place, and without any. */
function withWrongSecret(request: HookRequest): HookRequest[] {
	const replaced = (text: string) =>
		text
			.replaceAll(webhookSecret, 'wrong-secret-0123456789-of-the-tests')
			.replace(
				/Basic .*/,
				`Basic ${Buffer.from('bolten:wrong-secret-0123456789').toString('base64')}`,
			);
	const headers = Object.entries(request.headers ?? {});
	const carriesSecret = (name: string) => name !== 'content-type';
	return [
		{
			...request,
			query: request.query === undefined ? undefined : replaced(request.query),
			headers: Object.fromEntries(headers.map(([name, value]) => [name, replaced(value)])),
		},
		{
			...request,
			query: request.query?.replace(/&?access_key=[^&]*/, ''),
			headers: Object.fromEntries(headers.filter(([name]) => !carriesSecret(name))),
		},
	];
}

function slug(text: string): string {
	return text.toLowerCase().replace(/[^a-z0-9]+/g, '-');
}
