import type {
	INode,
	IPinData,
	IRun,
	IRunExecutionData,
	ISupplyDataFunctions,
	Workflow,
	WorkflowExecuteMode,
} from 'n8n-workflow';
import { loadPackage, type Loader, type LoaderClass } from './loader';
import { coreFolder, requireOf, type LineName } from './packages';

export type CancelableRun = Promise<IRun> & { cancel(): void };

interface Executor {
	run(...args: unknown[]): CancelableRun;
	processRunExecutionData(workflow: Workflow): CancelableRun;
}

interface Core {
	readonly PackageDirectoryLoader: LoaderClass;
	readonly WorkflowExecute: new (
		additionalData: object,
		mode: WorkflowExecuteMode,
		runExecutionData?: IRunExecutionData,
	) => Executor;
	readonly SupplyDataContext: new (...args: unknown[]) => ISupplyDataFunctions;
	readonly ExecutionLifecycleHooks: new (...args: unknown[]) => object;
}

interface WorkflowModule {
	readonly Workflow: new (parameters: object) => Workflow;
}

/** The parts of one engine line that the tests use. */
export interface Line {
	readonly name: LineName;
	readonly core: Core;
	readonly Workflow: WorkflowModule['Workflow'];
	/** The built package, loaded as n8n loads it. */
	readonly loader: Loader;
	run(additionalData: object, workflow: Workflow, start: INode, pinData: IPinData): CancelableRun;
}

const lines = new Map<LineName, Promise<Line>>();

/** Loads an engine line and the built package in it, once. */
export function engineLine(name: LineName): Promise<Line> {
	const known = lines.get(name) ?? loadLine(name);
	lines.set(name, known);
	return known;
}

async function loadLine(name: LineName): Promise<Line> {
	const load = requireOf(name);
	// n8n's classes are decorated, and n8n's own start loads this first too.
	load('reflect-metadata');
	const core = load(coreFolder(name)) as Core;
	const { Workflow } = load('n8n-workflow') as WorkflowModule;
	const loader = await loadPackage(name, load, core.PackageDirectoryLoader);
	return {
		name,
		core,
		Workflow,
		loader,
		run(additionalData, workflow, startNode, pinData) {
			const executor = new core.WorkflowExecute(additionalData, 'trigger');
			// n8n 1.x and the first of 2.x take them one by one.
			const oneByOne = executor.run.length > 1;
			if (oneByOne) return executor.run(workflow, startNode, undefined, pinData);
			return executor.run({ workflow, startNode, pinData });
		},
	};
}
