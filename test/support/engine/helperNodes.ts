import type { INodeType, INodeTypeDescription } from 'n8n-workflow';

/** Small nodes of the tests' own in place of n8n's. */
export const helperNodes: Readonly<Record<string, INodeType>> = {
	'test.start': {
		description: describe('start', { inputs: [] }),
		execute() {
			return Promise.resolve([this.getInputData()]);
		},
	},
	'test.pass': {
		description: describe('pass', {}),
		execute() {
			return Promise.resolve([this.getInputData()]);
		},
	},
};

/** A node description with nothing in it that a test doesn't need. */
export function describe(name: string, rest: Partial<INodeTypeDescription>): INodeTypeDescription {
	return {
		displayName: name,
		name,
		group: ['transform'],
		version: 1,
		description: name,
		defaults: { name },
		inputs: ['main'],
		outputs: ['main'],
		properties: [],
		...rest,
	};
}
