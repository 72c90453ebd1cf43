import type {
	ICredentialDataDecryptedObject,
	ICredentialType,
	IHttpRequestOptions,
	Icon,
	INodeProperties,
} from 'n8n-workflow';
import { DEFAULT_BASE_URL } from '../nodes/shared/http/outbound/baseUrl';
import { readKeys } from '../nodes/shared/http/outbound/keys';

/**
 * The three values of a Bento site. Type and field names are those of Bento's own package, so that a credential
 * that a user has stored keeps working whichever of the two packages defines the type.
 */
export class BentoApi implements ICredentialType {
	name = 'bentoApi';

	displayName = 'Bento API';

	icon: Icon = { light: 'file:../icons/bento.svg', dark: 'file:../icons/bento.dark.svg' };

	documentationUrl = 'https://github.com/n8n-nodes-bentonow/n8n-nodes-bentonow#credentials';

	properties: INodeProperties[] = [
		{
			displayName: 'Publishable Key',
			name: 'publishableKey',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. pk_1a2b3c',
			description:
				'In Bento, open Settings > API Keys. The publishable key is the first of the three values there.',
		},
		{
			displayName: 'Secret Key',
			name: 'secretKey',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			description: 'Stands beside the publishable key in Bento and is shown to account admins only',
		},
		{
			displayName: 'Site UUID',
			name: 'siteUuid',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. 2a7c1f60-58b3-4d0e-9c14-6f0b7d1e9a35',
			description:
				'The ID of the Bento site that receives the data, also under Settings > API Keys',
		},
		{
			displayName: 'API Base URL',
			name: 'baseUrl',
			type: 'string',
			default: DEFAULT_BASE_URL,
			description:
				'Leave it as it is, unless you test against another server. It must begin with https://, or with http:// for a server on this machine.',
		},
	];

	/**
	 * Basic authentication with the publishable key as user name and the secret key as password
	 * (bentonow.com/docs/authentication). Refuses to sign a request for an address that isn't safe.
	 */
	authenticate(
		credentials: ICredentialDataDecryptedObject,
		options: IHttpRequestOptions,
	): Promise<IHttpRequestOptions> {
		const read = readKeys(credentials);
		if (!read.ok) throw new Error(read.problem);
		const { publishableKey, secretKey, siteUuid } = read.keys;
		return Promise.resolve({
			...options,
			auth: { username: publishableKey, password: secretKey },
			qs: { ...options.qs, site_uuid: siteUuid },
		});
	}
}
