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
	readonly statusCode?: number;
	/** Told each hint above the output. */
	readonly onHint?: (message: string) => void;
	/** Told each line of the log from level info on. */
	readonly onLog?: (line: string) => void;
	/** Told the body of each request. */
	readonly onRequest?: (body: string) => void;
	readonly signal?: AbortSignal;
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
	statusCode = 200,
	onHint = () => undefined,
	onLog = () => undefined,
	onRequest = () => undefined,
	signal,
}: RunScene): IExecuteFunctions {
	const respond = (request: { body?: unknown }) => {
		onRequest(String(request.body));
		return Promise.resolve({ statusCode, headers: { date: 'x' }, body });
	};
	const signed = (_type: string, request: { body?: unknown }) => respond(request);
	const part = {
		continueOnFail: () => continues,
		getNode: () => ({ name: 'Bento', type: 'x.bento', parameters, credentials: { bentoApi: {} } }),
		getInputData: (...asked: unknown[]) => (asked[1] === 'ai_tool' ? [] : items),
		getNodeParameter: (name: string) => parameters[name] ?? null,
		evaluateExpression: evaluate,
		getTimezone: () => timezone,
		getContext: () => store,
		getWorkflowDataProxy: () => ({ $runIndex: 0 }),
		getExecutionCancelSignal: () => signal,
		getExecutionId: () => '1',
		getParentNodes: () => [],
		getWorkflow: () => ({ id: '1', name: 'Test', active: true }),
		getCredentials: () =>
			Promise.resolve({ publishableKey: 'pk_123456', secretKey: 'sk_123456', siteUuid: 'site' }),
		addExecutionHints: (...hints: Array<{ message: string }>) =>
			hints.forEach(({ message }) => onHint(message)),
		logger: { debug: () => undefined, info: onLog, warn: onLog },
		helpers: { httpRequest: respond, httpRequestWithAuthentication: signed },
	};
	return part as unknown as IExecuteFunctions;
}
