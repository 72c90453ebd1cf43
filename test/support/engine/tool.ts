import type {
	IDataObject,
	IExecuteFunctions,
	INode,
	INodeExecutionData,
	INodeType,
	IRunExecutionData,
	NodeConnectionType,
} from 'n8n-workflow';
import path from 'path';
import { coreFolder, requireOf, type LineName } from './packages';
import { describe as description } from './helperNodes';
import { prepareWorkflow, runWorkflow, type NodeRun, type RunOptions } from './run';

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

/**
 * Has an AI agent of version 3 call its tool, one call after the other: it hands each call to the engine, which runs the
 * tool as a node of its own.
 *
 * @param options its one node is the tool; its items are the agent's input
 */
export async function agentCalling(
	line: LineName,
	options: RunOptions,
	calls: readonly IDataObject[],
): Promise<NodeRun> {
	const [tool] = options.nodes;
	if (!tool) throw new Error('There is no tool');
	const toTool = (call: number) => ({
		actions: [
			{
				actionType: 'ExecutionNodeAction',
				nodeName: tool.name,
				input: calls[call],
				type: 'ai_tool',
				id: `call_${call}`,
				metadata: { itemIndex: 0 },
			},
		],
		metadata: {},
	});
	let made = 0;
	const agent: INodeType = {
		description: description('agent', { inputs: ['main', 'ai_tool'] }),
		execute(this: IExecuteFunctions) {
			if (made === calls.length) return Promise.resolve([[{ json: { output: 'done' } }]]);
			made += 1;
			// n8n-core takes such a request for more; the types of n8n-workflow don't know it.
			return Promise.resolve(toTool(made - 1) as unknown as INodeExecutionData[][]);
		},
	};
	const to = (node: string, type: NodeConnectionType) => [{ node, type, index: 0 }];
	return await runWorkflow(line, {
		...options,
		nodes: [
			{ name: 'Agent', type: 'test.agent', parameters: {} },
			{ ...tool, type: `${tool.type}Tool` },
		],
		extraTypes: { 'test.agent': agent },
		connections: {
			Start: { main: [to('Agent', 'main')] },
			[tool.name]: { ai_tool: [to('Agent', 'ai_tool')] },
		},
	});
}
