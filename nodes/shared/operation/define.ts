import { optionsProperty } from '../batchRun/options';
import type { CallReport, QueryValue } from '../http/outbound/types';
import { flatten, readRows } from './answers';
import { limitProperty, returnAllProperty, simplifyProperty } from './parameters';
import {
	type Answer,
	type BatchOperation,
	type Call,
	type CallOperation,
	type CallRequest,
	type Errand,
	type ErrandResult,
	ITEM,
	type InputIssue,
	type InputValues,
	type NotFound,
	type OperationText,
	type PlanContext,
	type Planned,
	type Route,
	type WhenUnknown,
} from './types';
import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { z } from 'zod';

/** How an operation reads its parameters; a function where it needs to know the time zone. */
export type InputSchema<Input> = Schema<Input> | ((context: PlanContext) => Schema<Input>);

export type Schema<Input> = z.ZodType<Input, z.ZodTypeDef, unknown>;

/** Reads an item's values, and names what is missing or wrong by the labels of the panel. */
export function readInput<Input>(
	schema: InputSchema<Input>,
	values: InputValues,
	context: PlanContext,
	properties: readonly INodeProperties[],
): Planned<Input> {
	const parsed = (typeof schema === 'function' ? schema(context) : schema).safeParse(values);
	if (parsed.success) return { ok: true, plan: parsed.data };
	return { ok: false, issues: parsed.error.issues.map((issue) => toIssue(issue, properties)) };
}

function toIssue(
	{ path, message }: z.ZodIssue,
	properties: readonly INodeProperties[],
): InputIssue {
	const [name, inner] = path;
	const key = inner === undefined ? undefined : String(inner);
	if (name === ITEM) return { field: 'Input Item', key, text: message };
	const property = properties.find((one) => one.name === name);
	if (!property) return { field: String(name ?? 'Input'), key, text: message };
	const options = property.type === 'collection' ? (property.options ?? []) : [];
	const option = options.find((one) => one.name === inner);
	return option && 'displayName' in option
		? { field: option.displayName, text: message }
		: { field: property.displayName, key, text: message };
}

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

interface Batch<Input> extends OperationText {
	readonly route: Route;
	readonly whenUnknown: WhenUnknown;
	readonly wrapper: string;
	readonly most: number;
	/** Default: as many as one request takes. */
	readonly usual?: number;
	readonly perMinute?: number;
	readonly properties: readonly INodeProperties[];
	readonly input: InputSchema<Input>;
	readonly record: (input: Input) => Readonly<Record<string, unknown>>;
	readonly about: (input: Input) => IDataObject;
}

/** Defines an operation whose records travel together: batched, split and reported like events. */
export function defineBatch<Input>(definition: Batch<Input>): BatchOperation {
	const { most, usual, perMinute, properties, input, record, about } = definition;
	return {
		...definition,
		kind: 'batch',
		usual: usual ?? most,
		perMinute,
		options: [],
		plan(values, context) {
			const read = readInput(input, values, context, properties);
			if (!read.ok) return read;
			return {
				ok: true,
				plan: { record: definedOnly(record(read.plan)), about: about(read.plan) },
			};
		},
	};
}

function definedOnly(record: Readonly<Record<string, unknown>>): Record<string, unknown> {
	return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}

/** No account has so many pages; a server that never ends its list does. */
const MOST_PAGES = 1_000;

interface List<Input> extends Omit<Definition<Input>, 'whenUnknown'> {
	/** Whether Bento takes `page` here. Otherwise one request gives everything. */
	readonly paged: boolean;
	readonly request: (input: Input) => RequestParts;
	/** Default: attributes and ID side by side. */
	readonly simplify?: (row: IDataObject) => IDataObject;
}

const range = z.object({
	returnAll: z.boolean().catch(false),
	limit: z.coerce.number().int().min(1).catch(50),
});

/**
 * Defines an operation that lists things: Return All or Limit, one output item for each thing. A list is a read,
 * so it is asked for again whatever happened to an answer.
 */
export function defineList<Input>(definition: List<Input>): CallOperation {
	const { paged, request, simplify = flatten } = definition;
	return defineLongCall(
		{
			...definition,
			whenUnknown: 'resend',
			properties: [...definition.properties, returnAllProperty, limitProperty],
			input: (context: PlanContext) => withRange(definition.input, context),
			async errand({ own, most }, { call, own: requestOf }, simplified) {
				const first = requestOf(request(own));
				const found = await readPages(call, first, paged, most);
				if (found.kind !== 'items' || !simplified) return found;
				return { kind: 'items', items: found.items.map(simplify) };
			},
		},
		{ simplified: true },
	);
}

interface Ranged<Input> {
	readonly own: Input;
	readonly most: number;
}

function withRange<Input>(input: InputSchema<Input>, context: PlanContext): Schema<Ranged<Input>> {
	const own = typeof input === 'function' ? input(context) : input;
	return z.unknown().transform((values, refinement): Ranged<Input> => {
		const read = own.safeParse(values);
		const { returnAll, limit } = range.parse(values);
		if (read.success) return { own: read.data, most: returnAll ? Infinity : limit };
		read.error.issues.forEach((issue) => refinement.addIssue(issue));
		return z.NEVER;
	});
}

/**
 * Follows `page` from 1 on. Bento documents neither a page size nor a total, so the end is an empty page, or
 * one that brings nothing new.
 */
export async function readPages(
	call: Call,
	request: CallRequest,
	paged: boolean,
	most: number,
): Promise<ErrandResult> {
	const found: IDataObject[] = [];
	const seen = new Set<string>();
	for (let page = 1; page <= MOST_PAGES; page += 1) {
		const query: Record<string, QueryValue | undefined> = { ...request.query };
		if (paged) query.page = page;
		const report = await call({ ...request, query });
		if (report.outcome.kind !== 'accepted') return unsuccessful(report);
		const read = readRows(report.outcome.body);
		if (!read.ok) return read.answer;
		const fresh = read.rows.filter((row) => isNew(row, seen));
		found.push(...fresh);
		if (!paged || fresh.length === 0 || found.length >= most) break;
	}
	return { kind: 'items', items: found.slice(0, most) };
}

/** Rows without an ID are told apart by all they hold. */
function isNew(row: IDataObject, seen: Set<string>): boolean {
	const identity = JSON.stringify(row.id ?? row);
	if (seen.has(identity)) return false;
	seen.add(identity);
	return true;
}
