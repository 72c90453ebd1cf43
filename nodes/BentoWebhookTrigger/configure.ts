import {
	NodeOperationError,
	type IDataObject,
	type IHookFunctions,
	type IWebhookFunctions,
} from 'n8n-workflow';
import type { Scheme } from '../shared/http/inbound/schemes';
import { readKeys } from '../shared/http/outbound/connect';
import { readConfig, type ConfigResult } from './config';
import { readSecrets, SECRET_CREDENTIAL, type SecretResult } from './secretCredential';

/** Reads the settings of the node that a request or a hook belongs to. */
export function configOf(context: IHookFunctions | IWebhookFunctions): ConfigResult {
	return readConfig((name) => {
		const value: unknown = context.getNodeParameter(name, '');
		return value;
	});
}

/** Names the node within this n8n, so that no two share what they remember. */
export function nodeKey(context: IHookFunctions | IWebhookFunctions): string {
	return `${context.getWorkflow().id ?? ''}:${context.getNode().id}`;
}

/** The part of the workflow's static data that belongs to the node. */
export function staticDataOf(context: IHookFunctions | IWebhookFunctions): IDataObject {
	return context.getWorkflowStaticData('node');
}

/**
 * Checks everything that can be wrong before the first request comes, so that a workflow which could only
 * turn senders away doesn't become active.
 *
 * @throws NodeOperationError that says what to change
 */
export async function checkConfiguration(context: IHookFunctions): Promise<void> {
	const read = configOf(context);
	if (!read.ok) throw configurationError(context, read.problem);
	const secrets = await secretsOf(context, read.config.scheme);
	if (!secrets.ok) throw configurationError(context, secrets.problem);
	if (read.config.loadPerson === 'no') return;
	if (!context.getNode().credentials?.bentoApi) {
		throw configurationError(
			context,
			"'Load Person' needs to ask Bento. Choose or make a Bento API credential in this node",
		);
	}
	const keys = readKeys(await context.getCredentials('bentoApi'));
	if (!keys.ok) throw configurationError(context, keys.problem);
}

/** Reads the secrets that the scheme needs; none for no authentication. */
export async function secretsOf(
	context: IHookFunctions | IWebhookFunctions,
	scheme: Scheme,
): Promise<SecretResult> {
	if (scheme.kind === 'none') return { ok: true, accepted: [], hidden: [] };
	if (!context.getNode().credentials?.[SECRET_CREDENTIAL]) {
		return {
			ok: false,
			problem: 'Choose or make a Bento Webhook Secret API credential in this node',
		};
	}
	const credential: unknown = await context.getCredentials(SECRET_CREDENTIAL);
	return readSecrets(credential, scheme.kind);
}

function configurationError(context: IHookFunctions, problem: string): NodeOperationError {
	return new NodeOperationError(context.getNode(), problem, {
		description: 'The trigger accepts no request until this is changed.',
	});
}
