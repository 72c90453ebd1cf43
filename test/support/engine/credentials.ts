import type {
	ICredentialDataDecryptedObject,
	ICredentialsExpressionResolveValues,
	ICredentialType,
	IExecuteData,
	IHttpRequestOptions,
	INodeParameters,
	WorkflowExecuteMode,
} from 'n8n-workflow';
import { NodeHelpers } from 'n8n-workflow';

/**
 * A credentials helper with the values at hand, which authenticates as the credential types say. Like n8n's own, it fills
 * in what the type says, and evaluates expressions for the item that is asked for.
 */
export function credentialsHelper(
	types: (name: string) => ICredentialType | undefined,
	values: Readonly<Record<string, ICredentialDataDecryptedObject>>,
) {
	return {
		getParentTypes: () => [],
		preAuthentication: () => Promise.resolve(undefined),
		isCredentialUsableByNode: () => true,
		getDecrypted: (
			_data: unknown,
			_node: unknown,
			type: string,
			mode: WorkflowExecuteMode = 'trigger',
			executeData?: IExecuteData,
			_raw?: boolean,
			resolve?: ICredentialsExpressionResolveValues,
		) => {
			const stored = { ...values[type] } as INodeParameters;
			const properties = types(type)?.properties ?? [];
			const data =
				NodeHelpers.getNodeParameters(properties, stored, true, false, null, null) ?? stored;
			if (!resolve) return Promise.resolve(data);
			const { workflow, runExecutionData, runIndex, itemIndex, node, connectionInputData } =
				resolve;
			return Promise.resolve(
				workflow.expression.getParameterValue(
					data,
					runExecutionData,
					runIndex,
					itemIndex,
					node.name,
					connectionInputData,
					mode,
					{},
					executeData,
					false,
					data,
				),
			);
		},
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
