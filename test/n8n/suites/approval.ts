import assert from 'assert/strict';
import { startChatModel } from '../support/chatModel';
import { readExample } from '../support/examples';
import { sendWhenReady } from '../support/hooks';
import { startMailbox } from '../support/mailbox';
import { until } from '../support/until';
import { withParameters } from '../support/workflows';
import type { World } from '../support/world';

const customer = 'customer@example.com';
const draft = { Subject: 'Your invoice', Content: '<p>Here is your invoice.</p>' };

/** The example in which a person approves what an agent wants to send; n8n 1.123 has no such step. */
export async function personApproves(world: World): Promise<void> {
	if (world.line === '1x') return;
	const { check, heading } = world.reporter;
	heading(`n8n ${world.line}: an agent that asks before it emails`);
	await check('an email goes out once a person approves it', async () => {
		await converse(world, 'approved=true');
		const [sent, ...more] = world.bento.state.emails;
		assert.deepEqual(more, []);
		assert.equal(sent?.to, customer);
		assert.equal(sent.subject, draft.Subject);
	});
	await check('an email that a person declines stays unsent', async () => {
		await converse(world, 'approved=false');
		assert.deepEqual(world.bento.state.emails, []);
	});
}

/** An agent whose model wants to send an answer, and a person who follows the link that contains `choice`. */
async function converse(world: World, choice: string): Promise<void> {
	const { bento, client, instance } = world;
	bento.reset();
	const model = await startChatModel();
	const mailbox = await startMailbox();
	try {
		const example = readExample('agent-approval.json', {
			...(await world.bentoCredential()),
			bentoWebhookSecretApi: await world.webhookCredential(),
			openAiApi: await client.createCredential('openAiApi', 'Chat model', {
				...model.credential,
				header: false,
				allowedHttpRequestDomains: 'all',
			}),
			smtp: await client.createCredential('smtp', 'Mailbox', mailbox.credential),
		});
		const path = `approval-${choice.replace('=', '-')}`;
		const id = await client.createWorkflow(withParameters(example, 'Support Message', { path }));
		await client.activate(id);
		// What n8n asks a model for if a review step stands before a tool.
		const arguments_ = { toolParameters: draft, hitlParameters: {} };
		model.ask({ tool: 'Send_Answer', arguments: arguments_ });
		const body = { email: customer, message: 'Where is my invoice?' };
		await sendWhenReady(instance.origin, `webhook/${path}`, { body });
		const message = await until('the message to the person', () =>
			Promise.resolve(mailbox.messages[0]),
		);
		assert.ok(message.includes(customer) && message.includes('Here is your invoice.'), message);
		assert.deepEqual(bento.state.emails, [], 'it was sent before anybody approved it');
		const links = message.match(/https?:\/\/[^\s"'<>]+/g) ?? [];
		const link = links.find((one) => one.includes(choice))?.replace(/&amp;/g, '&');
		assert.ok(link, `no link with ${choice}: ${links.join(' ')}`);
		// n8n ignores what doesn't look like a person's browser.
		await fetch(link, {
			headers: { 'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0' },
		});
		const [execution] = await client.executionsReach(id, 1);
		assert.equal(execution?.status, 'success');
		await client.deactivate(id);
	} finally {
		mailbox.close();
		model.close();
	}
}
