import {
	NodeOperationError,
	type IHookFunctions,
	type INode,
	type IWebhookFunctions,
} from 'n8n-workflow';
import { readKeys } from '../shared/http/client/credential';
import type { Context } from './settings';
import { readSecretsOf, stateOf } from './state';

/** Bento has no API for webhooks, so there is nothing to register: an activation checks and remembers. */

/**
 * Runs when the workflow is activated. Checks everything that can be wrong before the first request arrives, so that a
 * workflow that could only reject requests doesn't become active.
 *
 * @throws NodeOperationError that says what to change
 */
export async function activate(context: IHookFunctions): Promise<void> {
	const node = context.getNode();
	await checkConfiguration(context, node);
	stateOf(context, node).activated(webhookUrl(context));
}

/**
 * Runs when the workflow is deactivated, and when a test ends: n8n calls it with the node of the production webhook
 * then, and only the URL differs. What came before is not forgotten: see `TriggerState`.
 */
export function deactivate(context: IHookFunctions): void {
	stateOf(context, context.getNode()).deactivated(webhookUrl(context), Date.now());
}

/**
 * Whether the webhook that a request came to was deactivated meanwhile, as far as this process knows.
 *
 * @param since in ms since the epoch
 */
export function wasDeactivated(context: IWebhookFunctions, since: number): boolean {
	if (context.getMode() === 'manual') return false;
	return stateOf(context, context.getNode()).wasDeactivated(webhookUrl(context), since);
}

/** Distinguishes the webhook of a test from the one in production, which have the same node. */
function webhookUrl(context: Context): string {
	return context.getNodeWebhookUrl('default') ?? '';
}

async function checkConfiguration(context: IHookFunctions, node: INode): Promise<void> {
	const read = stateOf(context, node).settings.read(context, node);
	if (!read.ok) throw configurationError(node, read.problem);
	const secrets = await readSecretsOf(context, node, read.settings.scheme);
	if (!secrets.ok) throw configurationError(node, secrets.problem);
	if (read.settings.loadPerson === 'no') return;
	if (!node.credentials?.bentoApi) {
		throw configurationError(
			node,
			"'Load Subscriber' requires a Bento API credential. Select or create one in this node",
		);
	}
	const keys = readKeys(await context.getCredentials('bentoApi'));
	if (!keys.ok) throw configurationError(node, keys.problem);
}

function configurationError(node: INode, problem: string): NodeOperationError {
	return new NodeOperationError(node, problem, {
		description: 'The trigger accepts no requests until this is changed.',
	});
}
