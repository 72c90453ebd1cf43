import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

/** What a run asks n8n for, as far as a test cares. */
export interface RunScene {
	readonly parameters?: Readonly<Record<string, unknown>>;
	readonly items?: readonly INodeExecutionData[];
	/** n8n's context of the node, which outlives one try of a run. */
	readonly store?: IDataObject;
	/** Whether the node continues on errors. Default true. */
	readonly continues?: boolean;
	/** What every expression gives. */
	readonly evaluate?: () => unknown;
	readonly timezone?: string;
	/** The body of each response. Default: that Bento took one record. */
	readonly body?: string;
	/** Told each hint above the output. */
	readonly onHint?: (message: string) => void;
}

/** A run that asks no engine: for tests that run the sources thousands of times, or in an order that n8n can't have. */
export function runContext({
	parameters = {},
	items = [{ json: { email: 'a@b.co' } }, { json: { email: 'c@d.ef' } }],
	store = {},
	continues = true,
	evaluate,
	timezone = 'UTC',
	body = '{"results":1,"failed":0}',
	onHint = () => undefined,
}: RunScene): IExecuteFunctions {
	const respond = () => Promise.resolve({ statusCode: 200, headers: { date: 'x' }, body });
	const part = {
		continueOnFail: () => continues,
		getNode: () => ({ name: 'Bento', type: 'x.bento', parameters, credentials: { bentoApi: {} } }),
		getInputData: (...asked: unknown[]) => (asked[1] === 'ai_tool' ? [] : items),
		getNodeParameter: (name: string) => parameters[name] ?? null,
		evaluateExpression: evaluate,
		getTimezone: () => timezone,
		getContext: () => store,
		getWorkflowDataProxy: () => ({ $runIndex: 0 }),
		getExecutionCancelSignal: () => undefined,
		getExecutionId: () => '1',
		getParentNodes: () => [],
		getWorkflow: () => ({ id: '1', name: 'Test', active: true }),
		getCredentials: () =>
			Promise.resolve({ publishableKey: 'pk_123456', secretKey: 'sk_123456', siteUuid: 'site' }),
		addExecutionHints: (...hints: Array<{ message: string }>) =>
			hints.forEach(({ message }) => onHint(message)),
		logger: { debug: () => undefined, info: () => undefined, warn: () => undefined },
		helpers: { httpRequest: respond, httpRequestWithAuthentication: respond },
	};
	return part as unknown as IExecuteFunctions;
}
