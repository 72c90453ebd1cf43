import type { IDataObject, INodeParameters } from 'n8n-workflow';
import type { BentoServer } from '../bentoServer';
import { workflowsOn } from '../support/engine/bento';
import { runWorkflow, type NodeRun, type TestNode } from '../support/engine/run';
import type { LineName } from '../support/engine/packages';

export { NODE } from '../support/engine/bento';

/** Tests don't wait: a retry comes after a few milliseconds. */
export const FAST: INodeParameters = { firstWait: 1, longestWait: 5 };

/** Runs a Bento node after Start, with the stand-in's credential. */
export async function runBento(
	line: LineName,
	server: BentoServer,
	parameters: INodeParameters,
	items: readonly IDataObject[] = [{}],
	settings: Partial<TestNode> = {},
): Promise<NodeRun> {
	const workflow = workflowsOn(server, FAST)('bento', parameters, items, settings);
	return await runWorkflow(line, workflow);
}

/** The error's text beside its message, where n8n keeps it. */
export function descriptionOf(error: Error | undefined): string {
	return error && 'description' in error ? String(error.description) : '';
}
