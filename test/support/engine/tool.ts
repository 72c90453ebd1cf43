import type { IDataObject, INode, INodeType, IRunExecutionData } from 'n8n-workflow';
import path from 'path';
import { coreFolder, requireOf, type LineName } from './packages';
import { prepareWorkflow, type RunOptions } from './run';

type Invoke = (toolArguments: IDataObject) => Promise<unknown>;

interface ToolModule {
	readonly makeHandleToolInvocation: (
		contextFactory: (runIndex: number) => object,
		node: INode,
		nodeType: INodeType,
		runExecutionData: IRunExecutionData,
	) => Invoke;
}

export interface Tool {
	/** Calls the tool as an AI agent does; gives its response, or throws. */
	readonly call: Invoke;
	/** What n8n would save of the execution. */
	readonly saved: IRunExecutionData;
}

/**
 * The first node of a workflow as a tool of an AI agent, through the very function that n8n's agents call.
 *
 * @param options its items are the agent's input, which expressions see as `$json`
 */
export async function toolOf(name: LineName, options: RunOptions): Promise<Tool> {
	const { line, workflow, data } = await prepareWorkflow(name, options);
	const node = Object.values(workflow.nodes).find(({ name: one }) => one !== 'Start');
	if (!node) throw new Error('There is no node to be a tool');
	const file = 'dist/execution-engine/node-execution-context/utils/get-input-connection-data.js';
	const { makeHandleToolInvocation } = requireOf(name)(
		path.join(coreFolder(name), file),
	) as ToolModule;
	const items = options.items.map((json) => ({ json }));
	const saved = {
		resultData: { runData: {} },
		executionData: {
			contextData: {},
			nodeExecutionStack: [],
			metadata: {},
			waitingExecution: {},
			waitingExecutionSource: {},
		},
	} as unknown as IRunExecutionData;
	const executeData = { data: { main: [items] }, node, source: null };
	const context = (runIndex: number) =>
		new line.core.SupplyDataContext(
			workflow,
			node,
			data,
			'trigger',
			saved,
			runIndex,
			items,
			{},
			'ai_tool',
			executeData,
			[],
			undefined,
			{ name: 'Agent' },
		);
	const nodeType = workflow.nodeTypes.getByNameAndVersion(node.type, node.typeVersion);
	return { call: makeHandleToolInvocation(context, node, nodeType, saved), saved };
}
