import type {
	ICredentialDataDecryptedObject,
	IConnections,
	IDataObject,
	INode,
	INodeExecutionData,
	INodeType,
	IRun,
	ITaskData,
} from 'n8n-workflow';
import { credentialsHelper } from './credentials';
import { engineLine, type CancelableRun, type Line } from './lines';
import { helperNodes } from './helperNodes';
import type { LineName } from './packages';

export interface RunOptions {
	/** Nodes after `Start`, which hands out `items`. */
	readonly nodes: readonly TestNode[];
	/** Default: Start and the nodes in a row. */
	readonly connections?: IConnections;
	readonly items: readonly (IDataObject | INodeExecutionData)[];
	readonly credentials?: Readonly<Record<string, ICredentialDataDecryptedObject>>;
	readonly timezone?: string;
	/** Default `1`; others are other executions, which may meet. */
	readonly executionId?: string;
	/** Node types of the test's own, by full name. */
	readonly extraTypes?: Readonly<Record<string, INodeType>>;
}

export interface TestNode extends Partial<INode> {
	readonly name: string;
	/** Of the package, such as `bentoTrackEvent`; or a whole name with a dot in it. */
	readonly type: string;
	readonly parameters: INode['parameters'];
}

export interface NodeRun {
	readonly run: IRun;
	/** Runs of one node, each with its outputs; a node that never ran has none. */
	of(name: string): readonly ITaskData[];
	/** Items of a node's last run on one output. */
	items(name: string, output?: number): INodeExecutionData[];
	/** The JSON of those items. */
	json(name: string, output?: number): IDataObject[];
	readonly error: Error | undefined;
}

/** n8n makes links of these; no test follows one. */
const URL_OF_NOWHERE = 'http://127.0.0.1:9/';
const PACKAGE = 'n8n-nodes-bentonow';
const START: TestNode = { name: 'Start', type: 'test.start', parameters: {} };

/** Runs a workflow on a real engine line and waits for its end. */
export async function runWorkflow(line: LineName, options: RunOptions): Promise<NodeRun> {
	return readRun(await (await startWorkflow(line, options)).finished);
}

/** Starts a workflow; `finished.cancel()` stops it as n8n's Stop button does. */
export async function startWorkflow(
	name: LineName,
	options: RunOptions,
): Promise<{ finished: CancelableRun }> {
	const { line, workflow, data, start } = await prepareWorkflow(name, options);
	const pinData = { Start: options.items.map(asItem) };
	return { finished: line.run(data, workflow, start, pinData) };
}

/** A workflow on an engine line, with all that a run of it needs. */
export async function prepareWorkflow(name: LineName, options: RunOptions) {
	const line = await engineLine(name);
	const nodes = [START, ...options.nodes].map(completeNode);
	const types = nodeTypes(line, options.extraTypes ?? {});
	const workflow = new line.Workflow({
		id: 'test-workflow',
		name: 'Test',
		nodes,
		connections: options.connections ?? inARow(nodes),
		active: false,
		nodeTypes: types,
		settings: { executionOrder: 'v1', timezone: options.timezone ?? 'UTC' },
	});
	const start = nodes[0];
	if (!start) throw new Error('There is no start node');
	return { line, workflow, data: additionalData(line, options), start };
}

/**
 * Runs a failed execution again from the node that failed, as n8n's Retry in the list of executions does: with the
 * saved data, and the workflow as it is now.
 */
export async function retryRun(
	name: LineName,
	failed: IRun,
	options: RunOptions,
): Promise<NodeRun> {
	const { line, workflow, data } = await prepareWorkflow(name, options);
	// n8n stores an execution as text.
	const saved = structuredClone(failed.data);
	const { resultData } = saved;
	const last = resultData.lastNodeExecuted ?? '';
	delete resultData.error;
	const runs = resultData.runData[last] ?? [];
	if (runs.at(-1)?.error !== undefined) runs.pop();
	for (const waiting of saved.executionData?.nodeExecutionStack ?? []) {
		waiting.node = workflow.getNode(waiting.node.name) ?? waiting.node;
	}
	const executor = new line.core.WorkflowExecute(data, 'retry', saved);
	return readRun(await executor.processRunExecutionData(workflow));
}

/** What a finished run contains, by node. */
export function readRun(run: IRun): NodeRun {
	const { runData, error } = run.data.resultData;
	const items = (node: string, output = 0) => runData[node]?.at(-1)?.data?.main?.[output] ?? [];
	return {
		run,
		of: (node) => runData[node] ?? [],
		items,
		json: (node, output) => items(node, output).map(({ json }) => json),
		error,
	};
}

function completeNode(node: TestNode, index: number): INode {
	return {
		id: `node-${index}`,
		typeVersion: 1,
		position: [index * 200, 0],
		credentials: node.type.includes('.')
			? undefined
			: {
					bentoApi: { id: 'bento', name: 'Bento' },
					bentoWebhookSecretApi: { id: 'secret', name: 'Secret' },
				},
		...node,
		type: node.type.includes('.') ? node.type : `${PACKAGE}.${node.type}`,
	};
}

function inARow(nodes: readonly INode[]): IConnections {
	const connections: IConnections = {};
	for (const [index, node] of nodes.entries()) {
		const next = nodes[index + 1];
		if (next) connections[node.name] = { main: [[{ node: next.name, type: 'main', index: 0 }]] };
	}
	return connections;
}

function asItem(item: IDataObject | INodeExecutionData): INodeExecutionData {
	return isItem(item) ? item : { json: item };
}

function isItem(item: IDataObject | INodeExecutionData): item is INodeExecutionData {
	return typeof item.json === 'object' && item.json !== null;
}

function nodeTypes(line: Line, extra: Readonly<Record<string, INodeType>>) {
	const byName = (full: string) => {
		const known = { ...helperNodes, ...extra }[full];
		// n8n names the tool that it makes of a node with `Tool` at the end.
		const own = full.replace(`${PACKAGE}.`, '').replace(/Tool$/, '');
		const type = known ?? line.loader.nodeTypes[own]?.type;
		if (!type) throw new Error(`There is no node type ${full}`);
		return type;
	};
	return { getByName: byName, getByNameAndVersion: byName, getKnownTypes: () => ({}) };
}

function additionalData(line: Line, options: RunOptions): object {
	const workflowData = { id: 'test-workflow', name: 'Test', nodes: [], connections: {} };
	return {
		credentialsHelper: credentialsHelper(
			(type) => line.loader.credentialTypes[type]?.type,
			options.credentials ?? {},
		),
		hooks: new line.core.ExecutionLifecycleHooks('trigger', '1', workflowData),
		executionId: options.executionId ?? '1',
		currentNodeExecutionIndex: 0,
		variables: {},
		setExecutionStatus: () => undefined,
		logAiEvent: () => undefined,
		restApiUrl: URL_OF_NOWHERE,
		instanceBaseUrl: URL_OF_NOWHERE,
		webhookBaseUrl: URL_OF_NOWHERE,
		formWaitingBaseUrl: URL_OF_NOWHERE,
		webhookWaitingBaseUrl: URL_OF_NOWHERE,
		webhookTestBaseUrl: URL_OF_NOWHERE,
	};
}
