import {
	NodeConnectionTypes,
	NodeOperationError,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { bentoApiTest } from '../shared/http/outbound/credentialTest';
import { toItems } from '../shared/batchRun/output';
import type { ItemFailure, ItemResult } from '../shared/batchRun/result';
import { listSearch } from './lists';
import { panel } from '../shared/operation/panel';
import { findOperation, RESOURCES } from './resources';
import { runBatch } from './run/runBatch';
import { runCalls } from './run/runCalls';

const UNKNOWN: ItemFailure = {
	message: "There is no such 'Operation'",
	description: "Choose 'Resource' and 'Operation' again",
};

/** n8n takes a thrown error for success when a node continues, so every item fails instead. */
function unknownOperation(_input: INodeExecutionData, item: number): ItemResult {
	return { kind: 'failed', item, failure: UNKNOWN };
}

/** Bento's API, one operation for each thing it can do. Events have a node of their own. */
export class Bento implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Bento',
		name: 'bento',
		icon: { light: 'file:../../icons/bento.svg', dark: 'file:../../icons/bento.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
		description: 'Manage subscribers, tags, emails, broadcasts and more in Bento',
		defaults: { name: 'Bento' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'bentoApi', required: true, testedBy: 'bentoApiTest' }],
		properties: panel(RESOURCES),
	};

	methods = { credentialTest: { bentoApiTest }, listSearch };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const continueOnFail = this.continueOnFail();
		const operation = findOperation(
			this.getNodeParameter('resource', 0),
			this.getNodeParameter('operation', 0),
		);
		if (!operation) {
			if (continueOnFail) return [toItems(this.getInputData().map(unknownOperation))];
			throw new NodeOperationError(this.getNode(), UNKNOWN.message, UNKNOWN);
		}
		const output =
			operation.kind === 'batch'
				? await runBatch(this, operation, continueOnFail)
				: await runCalls(this, operation, continueOnFail);
		return [output];
	}
}
