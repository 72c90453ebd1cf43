import type { IDataObject, INodeParameters } from 'n8n-workflow';
import type { BentoServer } from '../../bentoServer';
import type { LineName } from './packages';
import { runWorkflow, type NodeRun, type RunOptions, type TestNode } from './run';

export const NODE = 'Bento';

/** Waits that take next to no time. */
const FAST = { firstWait: 1, longestWait: 5, timeout: 500 };

export type NodeName = 'bento' | 'bentoTrackEvent';

/** Makes workflows of Start and one of the package's nodes, with the stand-in's credential. */
export function workflowsOn(server: BentoServer, fast: INodeParameters = FAST) {
	return (
		type: NodeName,
		parameters: INodeParameters,
		items: RunOptions['items'],
		settings: Partial<TestNode> = {},
	): RunOptions => {
		const { options, ...rest } = parameters;
		const all = { ...rest, options: { ...fast, ...(options as INodeParameters | undefined) } };
		return {
			nodes: [{ name: NODE, type, parameters: all, ...settings }],
			items,
			credentials: { bentoApi: server.credentials },
		};
	};
}

export const people = (count: number): IDataObject[] =>
	Array.from({ length: count }, (_, index) => ({ email: `p${index}@example.com` }));

/** What the node's last run says above its output. */
export const hintsOf = (run: NodeRun, node = NODE): string[] =>
	(run.of(node)[0]?.hints ?? []).map(({ message }) => message);

/** Runs one of the package's nodes, of the newest version and with an error branch. */
export function branchesOn(server: BentoServer) {
	return async (
		line: LineName,
		type: string,
		parameters: INodeParameters,
		items: RunOptions['items'],
	) => {
		const run = await runWorkflow(line, {
			nodes: [{ name: NODE, type, parameters, typeVersion: 1.1, onError: 'continueErrorOutput' }],
			items,
			credentials: { bentoApi: server.credentials },
		});
		if (run.error) throw run.error;
		return { passed: run.json(NODE), failed: run.json(NODE, 1), hints: hintsOf(run) };
	};
}
