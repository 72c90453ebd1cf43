import type { INodeProperties } from 'n8n-workflow';
import { optionsProperty } from '../../shared/batchRun/options';
import type { CallReport } from '../../shared/http/outbound/types';
import { simplifyProperty } from '../panel/shared';
import { readInput, type InputSchema } from './plan';
import type {
	Answer,
	Call,
	CallOperation,
	CallRequest,
	Errand,
	ErrandResult,
	InputIssue,
	InputValues,
	NotFound,
	OperationText,
	Route,
	WhenUnknown,
} from './types';

/** What every operation of single calls says about itself. */
export interface Definition<Input> extends OperationText {
	readonly route: Route;
	readonly whenUnknown: WhenUnknown;
	readonly properties: readonly INodeProperties[];
	readonly options?: readonly INodeProperties[];
	readonly notFound?: NotFound;
	readonly blocked?: string;
	readonly input: InputSchema<Input>;
}

/** What a request adds to its route. Values under `ids` take the places of `:id` and the like. */
export interface RequestParts extends Partial<Pick<CallRequest, 'form' | 'json' | 'query'>> {
	readonly ids?: Readonly<Record<string, string>>;
}

/** An operation of one request for each item. */
export interface SimpleCall<Input> extends Definition<Input> {
	readonly request: (input: Input) => RequestParts;
	readonly answer: (body: unknown, input: Input) => Answer;
}

/** The same with a Simplify switch. */
export interface SimplifiedCall<Input> extends Definition<Input> {
	readonly request: (input: Input) => RequestParts;
	readonly answer: (body: unknown, input: Input, simplify: boolean) => Answer;
}

/** An operation that takes more than one request for an item. */
export interface LongCall<Input> extends Definition<Input> {
	readonly errand: (input: Input, send: Sender, simplify: boolean) => Promise<ErrandResult>;
}

export interface Sender {
	readonly call: Call;
	/** The operation's own request. */
	readonly own: (parts: RequestParts) => CallRequest;
}

/** Defines an operation that asks Bento one thing for each item. */
export function defineCall<Input>(definition: SimpleCall<Input>): CallOperation {
	return build(definition, [], (input, { call, own }) =>
		ask(call, own(definition.request(input)), (body) => definition.answer(body, input)),
	);
}

/** Defines an operation whose answer the builder may have simplified, which is the default, or as it is. */
export function defineSimplifiedCall<Input>(definition: SimplifiedCall<Input>): CallOperation {
	return build(definition, [simplifyProperty], (input, { call, own }, simplify) =>
		ask(call, own(definition.request(input)), (body) => definition.answer(body, input, simplify)),
	);
}

/** Defines an operation that goes about each item in its own way. */
export function defineLongCall<Input>(
	definition: LongCall<Input>,
	{ simplified }: { readonly simplified: boolean },
): CallOperation {
	return build(definition, simplified ? [simplifyProperty] : [], definition.errand);
}

/** Makes a request and reads what came of it. */
export async function ask(
	call: Call,
	request: CallRequest,
	read: (body: unknown) => Answer,
): Promise<ErrandResult> {
	const report = await call(request);
	if (report.outcome.kind === 'accepted') return read(report.outcome.body);
	return unsuccessful(report);
}

/** What a call came to that wasn't accepted. */
export function unsuccessful(report: CallReport): ErrandResult {
	const { outcome } = report;
	const missing = outcome.kind === 'refused' && outcome.reason === 'notFound';
	return { kind: missing ? 'none' : 'failed', report };
}

function build<Input>(
	definition: Definition<Input>,
	added: readonly INodeProperties[],
	errand: LongCall<Input>['errand'],
): CallOperation {
	const { route, whenUnknown, notFound, blocked, input } = definition;
	const properties = [...definition.properties, ...added];
	const options = definition.options ?? [];
	const labels = [...properties, optionsProperty(options)];
	const own = (parts: RequestParts) => fill(route, whenUnknown, parts);
	return {
		...definition,
		kind: 'call',
		notFound,
		blocked,
		properties,
		options,
		plan(values, context) {
			if (!isJson(values)) return { ok: false, issues: [NO_JSON] };
			const read = readInput(input, values, context, labels);
			if (!read.ok) return read;
			const simplify = values.simplify !== false;
			const plan: Errand = (call) => errand(read.plan, { call, own }, simplify);
			return { ok: true, plan };
		},
	};
}

function fill(route: Route, whenUnknown: WhenUnknown, parts: RequestParts): CallRequest {
	const { ids, ...rest } = parts;
	const path = route.path.replace(/:(\w+)/g, (_whole, name: string) =>
		encodeURIComponent(ids?.[name] ?? ''),
	);
	return { method: route.method, path, whenUnknown, ...rest };
}

const NO_JSON: InputIssue = {
	field: 'Input',
	text: 'holds something that JSON has no form for, such as a value that refers to itself',
};

function isJson(values: InputValues): boolean {
	try {
		return JSON.stringify(values) !== undefined;
	} catch {
		return false;
	}
}
