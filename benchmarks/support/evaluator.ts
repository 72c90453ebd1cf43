import type { IExecuteFunctions, INodeType } from 'n8n-workflow';
import { describe as description } from '../../test/support/engine/helperNodes';

/** A node that has n8n evaluate two parameters for every item, as n8n's own nodes do, and hands the items on. */
export const evaluator: INodeType = {
	description: description('evaluate', {
		properties: [
			{ displayName: 'Email', name: 'email', type: 'string', default: '' },
			{ displayName: 'Details', name: 'details', type: 'assignmentCollection', default: {} },
		],
	}),
	execute(this: IExecuteFunctions) {
		const items = this.getInputData();
		for (let item = 0; item < items.length; item += 1) {
			this.getNodeParameter('email', item);
			this.getNodeParameter('details', item);
		}
		return Promise.resolve([items]);
	},
};
