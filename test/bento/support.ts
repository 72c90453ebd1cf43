import type { IDataObject, INodeParameters } from 'n8n-workflow';
import type { BentoServer } from '../bentoServer';
import { runWorkflow, type NodeRun, type TestNode } from '../support/engine/run';
import type { LineName } from '../support/engine/packages';

export const NODE = 'Bento';

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
	const { options, ...rest } = parameters;
	const own = typeof options === 'object' && !Array.isArray(options) ? options : {};
	return await runWorkflow(line, {
		nodes: [
			{
				name: NODE,
				type: 'bento',
				parameters: { ...rest, options: { ...FAST, ...own } },
				...settings,
			},
		],
		items,
		credentials: { bentoApi: server.credentials },
	});
}

/** The error's text beside its message, where n8n keeps it. */
export function descriptionOf(error: Error | undefined): string {
	return error && 'description' in error ? String(error.description) : '';
}
