import {
	NodeConnectionTypes,
	type ICredentialDataDecryptedObject,
	type ICredentialsDecrypted,
	type ICredentialTestFunctions,
	type IHookFunctions,
	type INodeCredentialTestResult,
	type INodeType,
	type INodeTypeDescription,
	type IWebhookFunctions,
	type IWebhookResponseData,
} from 'n8n-workflow';
import { bentoApiTest } from '../shared/http/outbound/credentialTest';
import { checkConfiguration, nodeKey, staticDataOf } from './configure';
import { forget } from './memory';
import { properties } from './parameters';
import { receive } from './receive';
import { forgetSecrets } from './recentSecrets';
import { readSecrets } from './secretCredential';
import { webhooks } from './webhooks';

/** Starts a workflow from Bento's "Send webhook" action, or from any sender that knows the secret. */
export class BentoWebhookTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Bento Webhook Trigger',
		name: 'bentoWebhookTrigger',
		icon: {
			light: 'file:../../icons/bentoWebhookTrigger.svg',
			dark: 'file:../../icons/bentoWebhookTrigger.dark.svg',
		},
		group: ['trigger'],
		version: 1,
		subtitle: '={{ $parameter["path"] || "webhook" }}',
		description:
			"Starts the workflow when Bento's Send webhook action, or another sender that knows the secret, calls its URL",
		eventTriggerDescription: 'Waiting for a request to the Test URL',
		activationMessage: 'Requests to the Production URL now start this workflow.',
		defaults: { name: 'Bento Webhook Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [
			{
				name: 'bentoWebhookSecretApi',
				required: true,
				testedBy: 'bentoWebhookSecretTest',
				displayOptions: { hide: { authentication: ['none'] } },
			},
			{
				name: 'bentoApi',
				required: true,
				testedBy: 'bentoApiTest',
				displayOptions: { show: { loadPerson: [true] } },
			},
		],
		webhooks,
		triggerPanel: {
			header: 'Wait for a webhook from Bento',
			executionsHelp: {
				inactive:
					"Webhooks have two URLs, for test and for production. <b>While you build</b>, click the orange button and send a webhook to the Test URL: Bento's Send webhook action does it when a test contact reaches the step. <b>When it works</b>, activate this workflow and put the Production URL into Bento's action.",
				active:
					'This workflow is active. Requests to the Production URL start it, and its executions are listed under Executions. To try something out, click the orange button and send a webhook to the Test URL.',
			},
			activationHint:
				'Activate this workflow to receive webhooks at its Production URL without a click on the orange button.',
		},
		properties,
	};

	methods = {
		credentialTest: {
			bentoApiTest,
			/** Checks the credential itself: there is nobody to ask. */
			async bentoWebhookSecretTest(
				this: ICredentialTestFunctions,
				credential: ICredentialsDecrypted<ICredentialDataDecryptedObject>,
			): Promise<INodeCredentialTestResult> {
				const read = readSecrets(credential.data, 'header');
				return await Promise.resolve(
					read.ok
						? {
								status: 'OK',
								message: 'The secret is long enough. Give the same value to the sender.',
							}
						: { status: 'Error', message: read.problem },
				);
			},
		},
	};

	/** Bento has no API for webhooks, so there is nothing to register: see checkConfiguration and memory. */
	webhookMethods = {
		default: {
			/** Always false, so that n8n calls `create`, which checks, at every activation. */
			async checkExists(this: IHookFunctions): Promise<boolean> {
				return await Promise.resolve(false);
			},
			async create(this: IHookFunctions): Promise<boolean> {
				await checkConfiguration(this);
				forgetSecrets(nodeKey(this));
				return true;
			},
			async delete(this: IHookFunctions): Promise<boolean> {
				forget(nodeKey(this), staticDataOf(this));
				forgetSecrets(nodeKey(this));
				return await Promise.resolve(true);
			},
		},
	};

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return await receive(this);
	}
}
