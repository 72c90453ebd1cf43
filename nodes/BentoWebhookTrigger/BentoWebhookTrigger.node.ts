import {
	NodeConnectionTypes,
	type ICredentialDataDecryptedObject,
	type ICredentialsDecrypted,
	type ICredentialTestFunctions,
	type IHookFunctions,
	type INodeCredentialTestResult,
	type INodeParameters,
	type INodeType,
	type INodeTypeDescription,
	type IWebhookDescription,
	type IWebhookFunctions,
	type IWebhookResponseData,
	type NodeParameterValueType,
} from 'n8n-workflow';
import { bentoApiTest } from '../shared/http/client/credentialTest';
import { activate, deactivate } from './activation';
import { builderHint } from './hint';
import { properties, triggerPanel } from './panel';
import { receive } from './receive';
import { readSecrets } from './state';

/**
 * Under this symbol n8n 2.x looks for functions that give what a field's expression gives, so that it needn't
 * start its expression engine for every request (`webhookDescriptionFields` in n8n-workflow 2.41). n8n 1.x
 * knows neither the symbol nor that function, so it is written out here; there the expressions serve.
 */
const RESOLVERS = Symbol.for('n8n.webhookDescriptionResolvers');

interface Resolver {
	readonly template: string;
	readonly resolve: (parameters: INodeParameters) => NodeParameterValueType | undefined;
}

function fromParameter(name: string): Resolver {
	return {
		template: `={{$parameter["${name}"]}}`,
		resolve: (parameters) => parameters[name],
	};
}

const webhookFields = {
	httpMethod: fromParameter('httpMethod'),
	path: fromParameter('path'),
	responseCode: fromParameter('responseCode'),
	responseData: fromParameter('responseData'),
	responseMode: fromParameter('responseMode'),
};

/** n8n falls back to the node's webhook ID, a UUID, if the path is empty. */
const webhook: IWebhookDescription = {
	name: 'default',
	isFullPath: true,
	httpMethod: webhookFields.httpMethod.template,
	path: webhookFields.path.template,
	responseCode: webhookFields.responseCode.template,
	responseData: webhookFields.responseData.template,
	responseMode: webhookFields.responseMode.template,
};

const webhooks: IWebhookDescription[] = [Object.assign(webhook, { [RESOLVERS]: webhookFields })];

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
		description: 'Starts the workflow when Bento or another system sends a webhook',
		eventTriggerDescription:
			"Waiting for you to call the Test URL with your secret. In Bento, set it as the URL of the 'Send webhook' action and let a test subscriber reach that step.",
		activationMessage:
			"You can now make calls to your production webhook URL. Set it as the URL of Bento's 'Send webhook' action.",
		defaults: { name: 'Bento Webhook Trigger' },
		builderHint,
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		// Conditions of `show` would make n8n 1.x take Load Subscriber for the choice between the two: it would hide the
		// switch, and offer Bento API credentials where the secret belongs (`getMainAuthField` in its editor).
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
				displayOptions: { hide: { loadPerson: [false, undefined] } },
			},
		],
		webhooks,
		triggerPanel,
		properties,
	};

	methods = {
		credentialTest: {
			bentoApiTest,
			/** Checks the credential itself: there is no server to ask. */
			async bentoWebhookSecretTest(
				this: ICredentialTestFunctions,
				credential: ICredentialsDecrypted<ICredentialDataDecryptedObject>,
			): Promise<INodeCredentialTestResult> {
				return await Promise.resolve(testSecrets(credential.data));
			},
		},
	};

	webhookMethods = {
		default: {
			/** Always false, so that n8n calls `create`, which checks, at every activation. */
			async checkExists(this: IHookFunctions): Promise<boolean> {
				return await Promise.resolve(false);
			},
			async create(this: IHookFunctions): Promise<boolean> {
				await activate(this);
				return true;
			},
			async delete(this: IHookFunctions): Promise<boolean> {
				deactivate(this);
				return await Promise.resolve(true);
			},
		},
	};

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return await receive(this);
	}
}

function testSecrets(data: ICredentialDataDecryptedObject | undefined): INodeCredentialTestResult {
	const read = readSecrets(data, 'any');
	if (!read.ok) return { status: 'Error', message: read.problem };
	const encoding = read.isAscii ? '' : ' It has to arrive as UTF-8.';
	return {
		status: 'OK',
		message: `The secret is valid. Use the same value in the sender.${encoding}`,
	};
}
