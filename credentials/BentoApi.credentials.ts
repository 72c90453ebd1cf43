import type {
	ICredentialDataDecryptedObject,
	ICredentialType,
	IHttpRequestOptions,
	Icon,
	INodeProperties,
} from 'n8n-workflow';
import {
	DEFAULT_BASE_URL,
	EXPRESSION_FLAGS,
	isForBento,
	readKeys,
} from '../nodes/shared/http/client/credential';

/** n8n's two request helpers name it differently, and the older one sends the keys along to another host (measured). */
const NO_REDIRECTS = {
	disableFollowRedirect: true,
	followRedirect: false,
	followAllRedirects: false,
	maxRedirects: 0,
};

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
			description: 'In Bento, go to Settings > API Keys',
		},
		{
			displayName: 'Secret Key',
			name: 'secretKey',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			description: 'Shown next to the publishable key in Bento, to account admins only',
		},
		{
			displayName: 'Site UUID',
			name: 'siteUuid',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. 2a7c1f60-58b3-4d0e-9c14-6f0b7d1e9a35',
			description: 'UUID of your Bento site, also under Settings > API Keys',
		},
		{
			displayName: 'API Base URL',
			name: 'baseUrl',
			type: 'string',
			default: DEFAULT_BASE_URL,
			description:
				"Only change this to test against a server on this machine. Other hosts than Bento's never get your keys.",
		},
		...EXPRESSION_FLAGS,
	];

	/**
	 * Basic authentication with the publishable key as user name and the secret key as password
	 * (bentonow.com/docs/authentication). Requests to any other address than the credential's API aren't signed, also
	 * when another node uses the credential, and redirects aren't followed with the keys.
	 *
	 * @throws Error that says what to change; it contains no value of the credential
	 */
	authenticate(
		credentials: ICredentialDataDecryptedObject,
		options: IHttpRequestOptions,
	): Promise<IHttpRequestOptions> {
		const read = readKeys(credentials);
		if (!read.ok) return Promise.reject(new Error(read.problem));
		const { publishableKey, secretKey, siteUuid, baseUrl } = read.keys;
		if (!isForBento(options, baseUrl)) {
			const { origin } = new URL(baseUrl);
			return Promise.reject(
				new Error(
					`The Bento API credential only signs requests to ${origin}. Correct the URL, or use another credential.`,
				),
			);
		}
		return Promise.resolve({
			...options,
			auth: { username: publishableKey, password: secretKey },
			qs: { ...options.qs, site_uuid: siteUuid },
			...NO_REDIRECTS,
		});
	}
}
