import type {
	IDataObject,
	INodeProperties,
	INodePropertyCollection,
	INodePropertyOptions,
} from 'n8n-workflow';
import { z } from 'zod';
import type { CallReport } from '../http/client/types';
import type { Noun } from '../http/problem';
import { isDryRun, optionsIn, optionsProperty } from './options';
import {
	DRY_RUN,
	limitProperty,
	outputFieldsProperty,
	returnAllProperty,
	simplifyProperty,
} from './properties';
import { type RequestParts, ask, definedOnly, fill, readPages } from './requests';
import { flatten, isItem, pickFields } from './responses';
import { collection, names } from './schemas';
import {
	type BatchOperation,
	type Call,
	type CallOperation,
	type CallRequest,
	type Execute,
	ITEM,
	type InputIssue,
	type InputValues,
	type NotFound,
	type OperationResult,
	type OperationText,
	type ParsedResponse,
	type PlanContext,
	type Planned,
	type Route,
} from './types';

/** How an operation reads its parameters; a function if it needs to know the time zone. */
export type InputSchema<Input> = Schema<Input> | ((context: PlanContext) => Schema<Input>);

export type Schema<Input> = z.ZodType<Input, z.ZodTypeDef, unknown>;

/** Reads an item's values, and names what is missing or wrong by the labels of the panel. */
function readInput<Input>(
	schema: Schema<Input>,
	values: InputValues,
	properties: readonly INodeProperties[],
): Planned<Input> {
	const parsed = schema.safeParse(values);
	if (parsed.success) return { ok: true, plan: parsed.data };
	const issues = parsed.error.issues.map((issue) => ({
		...toIssue(issue, properties),
		...adviceIn(issue),
	}));
	return { ok: false, issues };
}

/** If correcting the value isn't what to do, the schema says what is. */
function adviceIn(issue: z.ZodIssue): Pick<InputIssue, 'advice'> {
	const advice: unknown = issue.code === 'custom' ? issue.params?.advice : undefined;
	return typeof advice === 'string' ? { advice } : {};
}

/** The schema for a run, made once. */
function schemaFor<Input>(schema: InputSchema<Input>) {
	const made = new WeakMap<PlanContext, Schema<Input>>();
	return (context: PlanContext): Schema<Input> => {
		if (typeof schema !== 'function') return schema;
		const known = made.get(context) ?? schema(context);
		made.set(context, known);
		return known;
	};
}

/** The label of the innermost part of the panel that an issue's path leads to; what is below it is the user's own. */
function toIssue(
	{ path, message }: z.ZodIssue,
	properties: readonly INodeProperties[],
): InputIssue {
	if (path[0] === ITEM) {
		const key = path[1] === undefined ? undefined : String(path[1]);
		return { field: 'Input Item', key, text: message };
	}
	let field = String(path[0] ?? 'Input');
	let group = '';
	let inside: ReadonlyArray<INodeProperties | INodePropertyCollection | INodePropertyOptions> =
		properties;
	for (const [depth, step] of path.entries()) {
		if (typeof step === 'number') continue;
		const entry = inside.find((one) => one.name === step);
		if (!entry || !('displayName' in entry)) {
			return depth === 0 ? { field, text: message } : { field, key: step, text: message };
		}
		field = group + entry.displayName;
		// The parts of a fixed collection have names such as Amount, which say little by themselves.
		if ('type' in entry && entry.type === 'fixedCollection') group = `${entry.displayName} > `;
		inside = 'values' in entry ? entry.values : (entry.options ?? []);
	}
	return { field, text: message };
}

/** What every operation of single calls says about itself. */
export interface Definition<Input> extends OperationText {
	readonly route: Route;
	/** Default: for GET only. A write says it for itself, with its reason. */
	readonly idempotent?: boolean;
	readonly properties: readonly INodeProperties[];
	readonly options?: readonly INodeProperties[];
	readonly notFound?: NotFound;
	readonly blocked?: string;
	/** Whether it imports, sends, or deletes, so that it has a Dry Run. */
	readonly dryRun?: true;
	readonly input: InputSchema<Input>;
	/** Sentences about an item, for hints; default none. */
	readonly notes?: (input: Input) => readonly string[];
}

/** An operation of one request for each item. */
export interface SimpleCall<Input> extends Definition<Input> {
	readonly request: (input: Input) => RequestParts;
	readonly response: (body: unknown, input: Input) => ParsedResponse;
}

/** An operation of one request for each item, with a Simplify switch. */
export interface SimplifiedCall<Input> extends Definition<Input> {
	readonly request: (input: Input) => RequestParts;
	readonly response: (body: unknown, input: Input, simplify: boolean) => ParsedResponse;
}

/** An operation that takes more than one request for an item. */
export interface LongCall<Input> extends Definition<Input> {
	readonly execute: (input: Input, send: CallTools, simplify: boolean) => Promise<OperationResult>;
}

export interface CallTools {
	readonly call: Call;
	/** The operation's own request. */
	readonly own: (parts: RequestParts) => CallRequest;
}

/** Defines an operation that asks Bento one thing for each item. */
export function defineCall<Input>(definition: SimpleCall<Input>): CallOperation {
	return build(definition, [], (input, { call, own }) =>
		ask(call, own(definition.request(input)), (body) => definition.response(body, input)),
	);
}

/** Defines an operation whose response the user gets simplified, which is the default, or as it is. */
export function defineSimplifiedCall<Input>(definition: SimplifiedCall<Input>): CallOperation {
	return build(definition, [simplifyProperty], (input, { call, own }, simplify) =>
		ask(call, own(definition.request(input)), (body) => definition.response(body, input, simplify)),
	);
}

/** Defines an operation that handles each item in its own way. */
export function defineLongCall<Input>(
	definition: LongCall<Input>,
	{ simplified }: { readonly simplified: boolean },
): CallOperation {
	return build(definition, simplified ? [simplifyProperty] : [], definition.execute);
}

function build<Input>(
	definition: Definition<Input>,
	added: readonly INodeProperties[],
	execute: LongCall<Input>['execute'],
): CallOperation {
	const { route, notFound, blocked, input } = definition;
	const idempotent = definition.idempotent ?? route.method === 'GET';
	const properties = [...definition.properties, ...added];
	const options = [...(definition.dryRun ? [DRY_RUN] : []), ...(definition.options ?? [])];
	const schema = schemaFor(input);
	const own = (parts: RequestParts) => fill(route, idempotent, parts);
	const operation: CallOperation = {
		...definition,
		kind: 'call',
		idempotent,
		notFound,
		blocked,
		properties,
		options,
		plan(values, context) {
			if (!isSerializable(values)) return { ok: false, issues: [NO_JSON] };
			const read = readInput(schema(context), values, labels);
			if (!read.ok) return read;
			const simplify = values.simplify !== false;
			const plan: Execute = (call) => execute(read.plan, { call, own }, simplify);
			const isDry = definition.dryRun === true && isDryRun(optionsIn(values));
			const notes = definition.notes?.(read.plan);
			return { ok: true, plan: isDry ? (call) => previewCalls(call, plan) : plan, notes };
		},
	};
	const labels = [...properties, optionsProperty(operation)];
	return operation;
}

/** Runs an operation without what it writes: reads go to Bento, and the other requests are shown. */
async function previewCalls(call: Call, execute: Execute): Promise<OperationResult> {
	const requests: IDataObject[] = [];
	const result = await execute(async (request) => {
		if (request.method === 'GET') return await call(request);
		const { method, path, query, json, form } = request;
		requests.push({ method, path, ...toItem({ query, body: json ?? form }) });
		return NOT_SENT;
	});
	if (requests.length === 0) return result;
	return { kind: 'items', items: [{ status: 'dryRun', requests }], isPreview: true };
}

function toItem(value: unknown): IDataObject {
	const item: unknown = JSON.parse(JSON.stringify(value));
	return isItem(item) ? item : {};
}

/** Stands in for Bento's response in a dry run. */
const NOT_SENT: CallReport = {
	reads: false,
	outcome: { kind: 'accepted', status: 202, content: 'empty', body: '' },
	attempts: 0,
	unanswered: 0,
	gaveUp: undefined,
	mayHaveArrived: false,
};

const NO_JSON: InputIssue = {
	field: 'Input',
	text: "can't be written as JSON, for example because a value refers to itself",
};

/** The input item itself isn't sent, so it may be anything. */
function isSerializable(values: InputValues): boolean {
	try {
		return JSON.stringify({ ...values, [ITEM]: undefined }) !== undefined;
	} catch {
		return false;
	}
}

interface BatchDefinition<Input> extends OperationText {
	readonly noun: Noun;
	readonly route: Route;
	readonly idempotent: boolean;
	readonly wrapper: string;
	readonly most: number;
	/** Default: as many as one request takes. */
	readonly usual?: number;
	readonly perMinute?: number;
	readonly properties: readonly INodeProperties[];
	/** Beside Dry Run. */
	readonly options?: readonly INodeProperties[];
	readonly input: InputSchema<Input>;
	readonly record: (input: Input) => Readonly<Record<string, unknown>>;
	readonly about: (input: Input) => IDataObject;
	/** Sentences about an item, for hints; default none. */
	readonly notes?: (values: InputValues) => readonly string[];
}

/** Defines an operation whose records are sent together: batched, split, and reported like events. */
export function defineBatch<Input>(definition: BatchDefinition<Input>): BatchOperation {
	const { most, usual, perMinute, properties, input, record, about } = definition;
	const schema = schemaFor(input);
	return {
		...definition,
		kind: 'batch',
		usual: usual ?? most,
		perMinute,
		options: [DRY_RUN, ...(definition.options ?? [])],
		// Imports, commands, and emails are processed later, and no response says what became of each one.
		info: 'Queued in Bento, which responds with counts only',
		// What is resent by itself is what a repeat doesn't change.
		repeatsMatter: false,
		plan(values, context) {
			const read = readInput(schema(context), values, properties);
			if (!read.ok) return read;
			return {
				ok: true,
				plan: { record: definedOnly(record(read.plan)), about: about(read.plan) },
				notes: definition.notes?.(values),
			};
		},
	};
}

interface List<Input> extends Omit<Definition<Input>, 'idempotent' | 'notes'> {
	/** Whether Bento takes `page` here. Otherwise one request gives everything. */
	readonly paged: boolean;
	readonly request: (input: Input) => RequestParts;
	/** Default: attributes and ID side by side. */
	readonly simplify?: (row: IDataObject) => IDataObject;
}

/** The fields that are named in Options. */
export const namedFields = collection({ outputFields: names }).transform(({ outputFields = '' }) =>
	outputFields === '' ? [] : outputFields.split(','),
);

const range = z.object({
	returnAll: z.boolean().catch(false),
	limit: z.coerce.number().int().min(1).catch(50),
	options: namedFields,
});

/**
 * Defines an operation that lists things: Return All or Limit, one output item for each thing. A list is a read, so it
 * is resent if a response is lost.
 */
export function defineList<Input>(definition: List<Input>): CallOperation {
	const { paged, request, simplify = flatten } = definition;
	return defineLongCall(
		{
			...definition,
			properties: [...definition.properties, returnAllProperty, limitProperty],
			options: [outputFieldsProperty, ...(definition.options ?? [])],
			input: (context: PlanContext) => withRange(definition.input, context),
			async execute({ own, most, fields }, { call, own: requestOf }, simplified) {
				const first = requestOf(request(own));
				const found = await readPages(call, first, paged, most);
				if (found.kind !== 'items' || !simplified) return found;
				return { kind: 'items', items: found.items.map(simplifiedBy(simplify, fields)) };
			},
		},
		{ simplified: true },
	);
}

/** What Simplify makes of a row: all that a list usually gives, or the fields that the user names. */
export function simplifiedBy(
	simplify: (row: IDataObject) => IDataObject,
	fields: readonly string[],
): (row: IDataObject) => IDataObject {
	return fields.length === 0 ? simplify : (row) => pickFields(flatten(row), fields);
}

interface Ranged<Input> {
	readonly own: Input;
	readonly most: number;
	readonly fields: readonly string[];
}

function withRange<Input>(input: InputSchema<Input>, context: PlanContext): Schema<Ranged<Input>> {
	const own = typeof input === 'function' ? input(context) : input;
	return z.unknown().transform((values, refinement): Ranged<Input> => {
		const read = own.safeParse(values);
		const { returnAll, limit, options: fields } = range.parse(values);
		if (read.success) return { own: read.data, most: returnAll ? Infinity : limit, fields };
		read.error.issues.forEach((issue) => refinement.addIssue(issue));
		return z.NEVER;
	});
}
