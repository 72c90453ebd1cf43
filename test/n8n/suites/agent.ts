import assert from 'assert/strict';
import { startChatModel, type ChatModel, type ToolCall } from '../support/chatModel';
import type { StoredCredential } from '../support/client';
import { readExample } from '../support/examples';
import type { Execution } from '../support/executions';
import { sendWhenReady } from '../support/hooks';
import { withParameters, type WorkflowDraft } from '../support/workflows';
import type { World } from '../support/world';

const customer = 'customer@example.com';
const somebodyElse = 'somebody-else@example.com';

/** What the example lets a model fill in, and what it must not: everything that isn't named here. */
const offers: Readonly<Record<string, readonly string[]>> = {
	Look_Up_Subscriber: [],
	Track_Support_Event: ['Event_Type', 'Summary'],
	Tag_Subscriber: ['Tag'],
};

/** What n8n asks a model for if a tool has no input. */
const nothing = {};

const event: ToolCall = {
	tool: 'Track_Support_Event',
	arguments: { Event_Type: 'support_question', Summary: 'Asks for an invoice' },
};

/** The agent example, with a stand-in for the chat model that asks for what a model might ask for. */
export async function agentWorks(world: World): Promise<void> {
	const { bento } = world;
	const { check, figure, heading } = world.reporter;
	heading(`n8n ${world.line}: an agent with Bento as tools`);
	const model = await startChatModel();
	try {
		const openAiApi = await world.client.createCredential('openAiApi', 'Chat model', {
			...model.credential,
			header: false,
			allowedHttpRequestDomains: 'all',
		});
		const checkFresh = async (name: string, body: () => Promise<void>) =>
			await check(name, async () => {
				bento.reset();
				await body();
			});
		const talk = async (change: (draft: WorkflowDraft) => WorkflowDraft, ...calls: ToolCall[]) =>
			await converse(world, { model, openAiApi }, change, calls);

		await checkFresh('the tools are offered as a model can use them', async () => {
			await talk(unchanged);
			const names = model.offered.map(({ name }) => name).sort();
			assert.deepEqual(names, Object.keys(offers).sort());
			for (const { name, description, parameters } of model.offered) {
				assert.ok(description.length > 30, `${name}: ${description}`);
				const { properties, required = [] } = parameters;
				const fillable = offers[name] ?? [];
				if (fillable.length > 0) assert.deepEqual(Object.keys(properties).sort(), fillable);
				for (const key of fillable) {
					assert.equal(properties[key]?.type, 'string', `${name}: ${key}`);
					assert.match(String(properties[key].description), /.{15}/, `${name}: ${key}`);
					assert.ok(required.includes(key), `${name}: ${key} isn't required`);
				}
			}
			const described = JSON.stringify(model.offered);
			assert.match(described, /One of: support_question, support_complaint, support_praise/);
			assert.match(described, /One of: billing, bug, feature-request/);
			figure(
				`offered: ${model.offered.map(({ name, parameters }) => `${name}(${Object.keys(parameters.properties).join(', ')})`).join(', ')}`,
			);
		});

		await checkFresh(
			'what the model says arrives at Bento, and what Bento says at the model',
			async () => {
				const calls = [
					event,
					{ tool: 'Tag_Subscriber', arguments: { Tag: 'billing' } },
					{ tool: 'Look_Up_Subscriber', arguments: nothing },
				];
				const execution = await talk(unchanged, ...calls);
				assert.equal(execution.status, 'success', JSON.stringify(execution.data?.resultData.error));
				const [sent] = bento.events;
				assert.equal(sent?.type, 'support_question');
				assert.equal(sent.email, customer);
				assert.deepEqual(sent.details, { summary: 'Asks for an invoice' });
				assert.equal(model.heard.length, 3, model.heard.join('\n'));
				assert.match(model.heard[0] ?? '', /accepted/);
				assert.match(model.heard[2] ?? '', new RegExp(customer));
				const person = bento.state.people.get(customer);
				const billing = bento.state.tags.find(({ name }) => name === 'billing');
				assert.ok(billing && person?.tagIds.has(billing.id), 'the tag is missing');
			},
		);

		await checkFresh("a customer's address can't be replaced by the agent's words", async () => {
			// The model may fill in something that has the same name as the field of the customer.
			const alike = (draft: WorkflowDraft) =>
				withParameters(draft, 'Track Support Event', {
					eventType: "={{ $fromAI('email', 'The address that the message mentions', 'string') }}",
				});
			const arguments_ = { email: somebodyElse, Summary: 'Asks' };
			const said = { tool: 'Track_Support_Event', arguments: arguments_ };
			await talk(alike, said);
			const extra = { ...event, arguments: { ...event.arguments, email: somebodyElse } };
			const before = bento.events.length;
			assert.deepEqual(
				bento.events.map(({ email }) => email),
				[customer],
				model.heard.join('\n'),
			);
			assert.equal(bento.events[0]?.type, somebodyElse, 'what the model may fill in arrives');
			assert.equal(before, 1);
			await talk(unchanged, extra, {
				tool: 'Look_Up_Subscriber',
				arguments: { email: somebodyElse },
			});
			assert.ok(
				bento.events.every(({ email }) => email === customer),
				'an event went elsewhere',
			);
			assert.ok(!model.heard.join().includes(somebodyElse), 'somebody else was looked up');
		});

		await checkFresh('an error comes back in words that a model can act on', async () => {
			const wrong = { ...event, arguments: { ...event.arguments, Event_Type: ' ' } };
			const execution = await talk(unchanged, wrong, event);
			assert.equal(execution.status, 'success', JSON.stringify(execution.data?.resultData.error));
			assert.match(model.heard[0] ?? '', /'Event Type'/);
			assert.match(model.heard[1] ?? '', /accepted/);
			assert.equal(bento.events.length, 1);
			figure(`the model reads: ${(model.heard[0] ?? '').slice(0, 160)}`);
			bento.failWhen(() => ({ kind: 'status', status: 422, body: { error: 'Unknown segment' } }));
			await talk(unchanged, event);
			assert.match(model.heard[0] ?? '', /Bento rejected the event/);
			assert.match(model.heard[0] ?? '', /Unknown segment/);
		});

		await checkFresh(
			'with Stop Workflow instead of Continue, an error never reaches the model',
			async () => {
				const stopping = (draft: WorkflowDraft): WorkflowDraft => ({
					...draft,
					nodes: draft.nodes.map((one) => ({ ...one, onError: 'stopWorkflow' })),
				});
				const wrong = { ...event, arguments: { ...event.arguments, Event_Type: ' ' } };
				const execution = await talk(stopping, wrong, event);
				assert.equal(execution.status, 'error');
				assert.deepEqual(model.heard, []);
				assert.equal(bento.events.length, 0);
			},
		);

		await checkFresh('what asks for Confirm is not confirmed by the agent', async () => {
			for (const confirm of [false, "={{ $fromAI('Confirm', 'Whether to delete', 'boolean') }}"]) {
				const deleting = (draft: WorkflowDraft) =>
					withParameters(draft, 'Tag Subscriber', {
						resource: 'subscriber',
						operation: 'deleteData',
						confirm,
					});
				const yes = { Confirm: true, confirm: true, Tag: 'billing' };
				await talk(deleting, { tool: 'Tag_Subscriber', arguments: yes });
				assert.deepEqual(bento.state.deletions, [], 'the agent deleted somebody');
				assert.match(model.heard[0] ?? 'nothing', /Confirm/);
			}
		});
	} finally {
		model.close();
		bento.reset();
	}
}

const unchanged = (draft: WorkflowDraft) => draft;

let conversations = 0;

/** Sends one message to an agent of its own, whose model asks for these calls, and returns the execution. */
async function converse(
	world: World,
	{ model, openAiApi }: { readonly model: ChatModel; readonly openAiApi: StoredCredential },
	change: (draft: WorkflowDraft) => WorkflowDraft,
	calls: readonly ToolCall[],
): Promise<Execution> {
	world.bento.requests.length = 0;
	world.bento.events.length = 0;
	conversations += 1;
	const path = `support-${conversations}`;
	const credentials = {
		...(await world.bentoCredential()),
		bentoWebhookSecretApi: await world.webhookCredential(),
		openAiApi,
	};
	const example = readExample('agent-support.json', credentials);
	const draft = withParameters(change(example), 'Support Message', { path });
	const id = await world.client.createWorkflow(draft);
	await world.client.activate(id);
	model.ask(...calls);
	const body = { email: customer, message: `Please write to ${somebodyElse} instead of me.` };
	await sendWhenReady(world.instance.origin, `webhook/${path}`, { body });
	const [brief] = await world.client.executionsReach(id, 1);
	const execution = await world.client.finished(brief?.id ?? '');
	await world.client.deactivate(id);
	return execution;
}
