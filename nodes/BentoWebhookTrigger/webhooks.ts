import type { INodeParameters, IWebhookDescription, NodeParameterValueType } from 'n8n-workflow';

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

const fields = {
	httpMethod: fromParameter('httpMethod'),
	path: fromParameter('path'),
	responseCode: fromParameter('responseCode'),
	responseData: fromParameter('responseData'),
	responseMode: fromParameter('responseMode'),
};

/** n8n falls back to the node's webhook ID, a UUID, where the path is empty. */
const webhook: IWebhookDescription = {
	name: 'default',
	isFullPath: true,
	httpMethod: fields.httpMethod.template,
	path: fields.path.template,
	responseCode: fields.responseCode.template,
	responseData: fields.responseData.template,
	responseMode: fields.responseMode.template,
};

export const webhooks: IWebhookDescription[] = [Object.assign(webhook, { [RESOLVERS]: fields })];
