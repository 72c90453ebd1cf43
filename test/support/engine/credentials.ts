import type {
	ICredentialDataDecryptedObject,
	ICredentialType,
	IHttpRequestOptions,
} from 'n8n-workflow';

/** A credentials helper with the values at hand, which authenticates as the credential types say. */
export function credentialsHelper(
	types: (name: string) => ICredentialType | undefined,
	values: Readonly<Record<string, ICredentialDataDecryptedObject>>,
) {
	return {
		getParentTypes: () => [],
		preAuthentication: () => Promise.resolve(undefined),
		isCredentialUsableByNode: () => true,
		getDecrypted: (_data: unknown, _node: unknown, type: string) =>
			Promise.resolve({ ...values[type] }),
		async authenticate(
			credentials: ICredentialDataDecryptedObject,
			type: string,
			options: IHttpRequestOptions,
		) {
			const { authenticate } = types(type) ?? {};
			return typeof authenticate === 'function'
				? await authenticate(credentials, options)
				: options;
		},
	};
}
