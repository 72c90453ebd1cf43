import type { Icon, ICredentialType, INodeProperties } from 'n8n-workflow';

/**
 * What an incoming webhook must present. Apart from the API keys, as a receiver needs none, and apart from the
 * node's parameters, as secrets don't belong in workflow JSON. Tested by the trigger, without a network. n8n's
 * reviewers ask for "API" at the end of every credential's name, so it is there although no API is called.
 */
export class BentoWebhookSecretApi implements ICredentialType {
	name = 'bentoWebhookSecretApi';

	displayName = 'Bento Webhook Secret API';

	icon: Icon = { light: 'file:../icons/bento.svg', dark: 'file:../icons/bento.dark.svg' };

	documentationUrl =
		'https://github.com/n8n-nodes-bentonow/n8n-nodes-bentonow#bento-webhook-trigger';

	properties: INodeProperties[] = [
		{
			displayName: 'Secret',
			name: 'secret',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			description:
				'At least 16 characters of your own making, for example from a password manager. The sender presents the same value: as a header, a token, a password or a query parameter.',
		},
		{
			displayName: 'Previous Secret',
			name: 'previousSecret',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description:
				'Accepted as well while you change the secret: move the old value here, enter the new one above, change the senders, then empty this field',
		},
		{
			displayName: 'User Name',
			name: 'userName',
			type: 'string',
			default: '',
			placeholder: 'e.g. bolten',
			description: 'Needed for Basic authentication only, where the secret is the password',
		},
	];
}
