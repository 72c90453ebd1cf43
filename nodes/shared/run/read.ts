import {
	NodeConnectionTypes,
	validateFieldType,
	type FieldType,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeProperties,
	type INodePropertyCollection,
	type INodePropertyOptions,
} from 'n8n-workflow';
import { z } from 'zod';
import { messageOf } from '../http/problem';
import { isChosen } from '../operation/models';
import { noRows, Rows, type Row } from '../operation/schemas';
import { isExpression, isRecord, readSwitch } from '../operation/values';
import { ITEM, type InputIssue, type InputValues } from '../operation/types';

/**
 * Reads an operation's parameters for every input item. What is the same for all items is prepared once; a plain
 * path such as `={{ $json.email }}` is followed in the item itself, since n8n takes 0.15 to 0.27 ms to evaluate one
 * (measured on both engine lines); everything else goes through n8n.
 */

/** An item's parameters, with everything that couldn't be read. */
export interface ReadValues {
	readonly values: InputValues;
	readonly issues: readonly InputIssue[];
}

/** Gives a parameter's value for an item, and notes what can't be read. */
export type ValueReader = (item: number, issues: InputIssue[]) => unknown;

/** What reading needs of n8n. */
export interface ReaderContext {
	readonly items: readonly INodeExecutionData[];
	/** Whether `$json` in an expression is the item's own JSON. As an agent's tool it isn't. */
	readonly direct: boolean;
	/** Evaluates an expression, the leading `=` included, as n8n does. It may throw. */
	readonly evaluate: (expression: string, item: number) => unknown;
}

/**
 * Whether an AI agent runs the node as its tool: then the items are the agent's arguments, and expressions see the
 * agent's input (`makeHandleToolInvocation` in n8n-core, the same on both engine lines). Newer agents of n8n 2.x have
 * the engine run the tool like any node, with both in one item, which is then `$json` too (measured on 2.41).
 */
export function isToolRun(context: IExecuteFunctions): boolean {
	return context.getInputData(0, NodeConnectionTypes.AiTool).length > 0;
}

/** The reader's view of an execution. */
export function readerContext(context: IExecuteFunctions): ReaderContext {
	return {
		items: context.getInputData(),
		direct: !isToolRun(context),
		// n8n puts the `=` back itself.
		evaluate: (expression, item) => context.evaluateExpression(expression.slice(1), item),
	};
}

/** Compiles the reading of an operation's parameters. What the panel doesn't show is left out of the values. */
export function compileParameters(
	context: IExecuteFunctions,
	properties: readonly INodeProperties[],
): (item: number) => ReadValues {
	const reader = readerContext(context);
	const rawValue = rawReader(context);
	const chosen = properties.filter((property) => isChosen(property, rawValue));
	const parameters = withValues(chosen).flatMap((property) => {
		const raw = rawValue(property.name);
		if (raw === null) return [];
		const compiled = compile(raw, property, property.displayName, reader);
		const read = hasChoice(property) ? withChoices(compiled, property) : compiled;
		return [{ name: property.name, read }];
	});
	return (item) => {
		const values: Record<string, unknown> = {};
		const issues: InputIssue[] = [];
		for (const { name, read } of parameters) values[name] = read(item, issues);
		values[ITEM] = reader.items[item]?.json;
		return { values, issues };
	};
}

/** Reads a parameter as the workflow has it, with its expressions; null if the panel doesn't show it. */
export function rawReader(context: IExecuteFunctions): (name: string) => unknown {
	return (name) => context.getNodeParameter(name, 0, null, { rawExpressions: true });
}

/** Each name once: a parameter may have several forms, of which the panel shows one at a time. */
function withValues(properties: readonly INodeProperties[]): INodeProperties[] {
	const values = properties.filter(({ type }) => type !== 'notice');
	return [...new Map(values.map((property) => [property.name, property])).values()];
}

type PanelPart = INodeProperties | INodePropertyCollection | INodePropertyOptions;

/**
 * Compiles one raw value, with expressions anywhere in it, as in collections and resource locators.
 *
 * @param entry the part of the panel that the value belongs to, if there is one of its own
 * @param label what the user sees, for issues
 */
function compile(
	raw: unknown,
	entry: PanelPart | undefined,
	label: string,
	context: ReaderContext,
): ValueReader {
	if (entry && 'type' in entry) {
		if (entry.noDataExpression && isExpression(raw)) return handSet(label);
		if (entry.type === 'assignmentCollection' && typeof raw === 'object') {
			const isRows = isRecord(raw) && (Array.isArray(raw.assignments) || hasNoKeys(raw));
			return isRows ? compileRows(raw, label, context) : issue(noRows(label));
		}
	}
	if (!hasExpression(raw)) return () => raw;
	if (Array.isArray(raw)) {
		const parts = raw.map((part) => compile(part, entry, label, context));
		return (item, issues) => parts.map((part) => part(item, issues));
	}
	if (!isRecord(raw)) return compileValue(raw, label, context);
	const parts = Object.entries(raw).map(([key, value]) => {
		const inner = innerEntry(entry, key);
		const own =
			inner && isPartOfGroup(entry) ? `${label} > ${inner.displayName}` : inner?.displayName;
		return [key, compile(value, inner, own ?? label, context)] as const;
	});
	return (item, issues) =>
		Object.fromEntries(parts.map(([key, read]) => [key, read(item, issues)]));
}

/** The parts of a fixed collection have names such as Amount, which say little by themselves. */
function isPartOfGroup(entry: PanelPart | undefined): boolean {
	return entry !== undefined && 'values' in entry;
}

type NamedEntry = INodeProperties | INodePropertyCollection;

/** The part of a collection that has a name of its own. */
function innerEntry(entry: PanelPart | undefined, name: string): NamedEntry | undefined {
	if (!entry) return undefined;
	return entriesIn(entry).find(
		(one): one is NamedEntry => one.name === name && 'displayName' in one,
	);
}

function entriesIn(entry: PanelPart): readonly PanelPart[] {
	return 'values' in entry ? entry.values : 'options' in entry ? (entry.options ?? []) : [];
}

/** Whether a property is a switch or a dropdown, or a collection with one. */
function hasChoice(entry: PanelPart): boolean {
	return isSwitch(entry) || isDropdown(entry) || entriesIn(entry).some(hasChoice);
}

/** Of those that data may not set, nothing but the panel's own true is on: see `confirmed`. */
function isSwitch(entry: PanelPart): boolean {
	return 'type' in entry && entry.type === 'boolean' && entry.noDataExpression !== true;
}

function isDropdown(entry: PanelPart): entry is INodeProperties {
	return 'type' in entry && entry.type === 'options';
}

/**
 * Reads every switch as what it says, wherever it stands in a value, and refuses what isn't one of a dropdown's choices:
 * text is never taken for off, and nothing for the default. A fixed value is read once for all items.
 */
function withChoices(read: ValueReader, property: INodeProperties): ValueReader {
	let known: { readonly given: unknown; readonly chosen: unknown } | undefined;
	return (item, issues) => {
		const before = issues.length;
		const given = read(item, issues);
		if (issues.length > before) return given;
		if (known !== undefined && known.given === given) return known.chosen;
		const chosen = choose(given, property, issues);
		if (issues.length === before) known = { given, chosen };
		return chosen;
	};
}

function choose(value: unknown, entry: NamedEntry, issues: InputIssue[]): unknown {
	if (isSwitch(entry)) {
		const found = readSwitch(value);
		if (found.ok) return found.value;
		issues.push({ field: entry.displayName, text: found.text });
		return undefined;
	}
	if (isDropdown(entry)) {
		const isOne = entriesIn(entry).some((one) => 'value' in one && one.value === value);
		if (isOne || value === entry.default) return value;
		issues.push({ field: entry.displayName, text: "isn't one of the choices" });
		return undefined;
	}
	if (Array.isArray(value)) return value.map((one) => choose(one, entry, issues));
	if (!isRecord(value)) return value;
	return Object.fromEntries(
		Object.entries(value).map(([key, one]) => {
			const inner = innerEntry(entry, key);
			return [key, inner && hasChoice(inner) ? choose(one, inner, issues) : one];
		}),
	);
}

/** A switch that data may not set, and neither may an AI agent. */
function handSet(label: string): ValueReader {
	return issue({ field: label, text: "can't be an expression. Set it in the panel" });
}

function issue(found: InputIssue): ValueReader {
	return (_item, issues) => {
		issues.push(found);
		return undefined;
	};
}

function hasNoKeys(raw: Readonly<Record<string, unknown>>): boolean {
	return Object.keys(raw).length === 0;
}

function hasExpression(raw: unknown): boolean {
	if (Array.isArray(raw)) return raw.some(hasExpression);
	return isRecord(raw) ? Object.values(raw).some(hasExpression) : isExpression(raw);
}

/**
 * Compiles one value: a fixed one is handed out as it is, a plain path is followed in the item if that gives
 * exactly what n8n would give, and everything else goes through n8n. An expression that throws is an issue of its
 * item: under Continue, n8n would take an error that leaves the node for a success of all items.
 */
export function compileValue(raw: unknown, label: string, context: ReaderContext): ValueReader {
	if (!isExpression(raw)) return () => raw;
	const path = context.direct ? parsePlainPath(raw) : undefined;
	const evaluate: ValueReader = (item, issues) => {
		try {
			return context.evaluate(raw, item);
		} catch (error) {
			issues.push({ field: label, text: CANNOT_EVALUATE, detail: messageOf(error) });
			return undefined;
		}
	};
	if (!path) return evaluate;
	return (item, issues) => {
		const found = followPath(context.items[item]?.json, path);
		return found.kind === 'value' ? found.value : evaluate(item, issues);
	};
}

const CANNOT_EVALUATE = "has an expression that n8n can't evaluate";

const assignment = z.object({ name: z.string(), value: z.unknown(), type: z.string().optional() });
const assignmentRows = z
	.object({ assignments: z.array(assignment).catch([]) })
	.catch({ assignments: [] });

const ROW_TYPES: readonly FieldType[] = [
	'array',
	'boolean',
	'dateTime',
	'number',
	'object',
	'string',
];

/** For these types, an empty cell means no value; it must not become 0, false, or 1970. */
const NEVER_EMPTY: ReadonlySet<unknown> = new Set(['boolean', 'dateTime', 'number']);

/**
 * Compiles the rows of an assignment collection, the parameter type of n8n's Edit Fields node that takes dragged
 * values. Each value becomes what its row's type says, by the same rules as there. Rows without a value are left out.
 */
function compileRows(raw: unknown, label: string, context: ReaderContext): ValueReader {
	const rows = assignmentRows.parse(raw).assignments.map(({ name, type, value }) => ({
		name: compileValue(name, label, context),
		type: ROW_TYPES.find((one) => one === type),
		value: compileValue(value, label, context),
	}));
	return (item, issues) => {
		const read: Row[] = [];
		for (const { name, type, value } of rows) {
			const key = name(item, issues);
			const found = value(item, issues);
			if (typeof key !== 'string' || key.trim() === '' || found === undefined) continue;
			if (NEVER_EMPTY.has(type) && (found === '' || found === null)) continue;
			const row = typedRow(key.trim(), found, type);
			if (row) read.push(row);
			else
				issues.push({
					field: label,
					key: key.trim(),
					text: `isn't ${WITH_ARTICLE[type ?? 'string']}`,
				});
		}
		return new Rows(read);
	};
}

const WITH_ARTICLE: Readonly<Partial<Record<FieldType, string>>> = {
	array: 'an array',
	boolean: 'true or false',
	dateTime: 'a date',
	number: 'a number',
	object: 'an object',
	string: 'text',
};

function typedRow(name: string, value: unknown, type: FieldType | undefined): Row | undefined {
	if (value === null || type === undefined || isAlready(value, type)) return { name, value };
	if (type === 'string') {
		const text = toJsonText(value);
		return text === undefined ? undefined : { name, value: text };
	}
	const converted = validateFieldType(name, value, type);
	return converted.valid && !Number.isNaN(converted.newValue)
		? { name, value: converted.newValue }
		: undefined;
}

function isAlready(value: unknown, type: FieldType): boolean {
	if (type === 'array') return Array.isArray(value);
	if (type === 'object') return typeof value === 'object' && !Array.isArray(value);
	return typeof value === type && !Number.isNaN(value);
}

/**
 * Text for the event. Dates know their own JSON form, which is text already and needs no quotes around it. Undefined for
 * what JSON can't write: a value that refers to itself, a symbol, a function.
 */
function toJsonText(value: unknown): string | undefined {
	try {
		// Typed as string, but undefined for a function or a symbol.
		const json: string | undefined =
			typeof value === 'bigint' ? String(value) : JSON.stringify(value);
		// Of a number or a date that is none, JSON makes null, which isn't its text.
		if (json === 'null') return undefined;
		return json?.startsWith('"') ? z.string().parse(JSON.parse(json)) : json;
	} catch {
		return undefined;
	}
}

type PathStep = string | number;

/** A path from the item's JSON to a value. */
export type PlainPath = readonly PathStep[];

export type Found =
	| { readonly kind: 'value'; readonly value: unknown }
	/** Only n8n knows what this gives: a missing key, a method, an extension, a value of a class. */
	| { readonly kind: 'leave' };

const WHOLE =
	/^=\{\{\s*\$json((?:\.[A-Za-z_$][\w$]*|\[\s*\d+\s*\]|\[\s*"[^"\\\n]*"\s*\]|\[\s*'[^'\\\n]*'\s*\])*)\s*\}\}$/;
const STEP =
	/\.([A-Za-z_$][\w$]*)|\[\s*(\d+)\s*\]|\[\s*"([^"\\\n]*)"\s*\]|\[\s*'([^'\\\n]*)'\s*\]/g;

/** Names that n8n's expression sandbox treats in its own way, on one line or the other. */
const SPECIAL_KEYS = new Set([
	'__defineGetter__',
	'__defineSetter__',
	'__lookupGetter__',
	'__lookupSetter__',
	'__proto__',
	'arguments',
	'callee',
	'caller',
	'constructor',
	'getPrototypeOf',
	'mainModule',
	'prototype',
]);

const LEAVE: Found = { kind: 'leave' };

/** The path of an expression that is nothing but a path; undefined for every other one. */
export function parsePlainPath(expression: string): PlainPath | undefined {
	const whole = WHOLE.exec(expression);
	if (!whole) return undefined;
	const steps: PathStep[] = [];
	for (const [, dotted, index, double, single] of (whole[1] ?? '').matchAll(STEP)) {
		const name = dotted ?? double ?? single ?? '';
		if (SPECIAL_KEYS.has(name)) return undefined;
		steps.push(index === undefined ? name : Number(index));
	}
	return steps;
}

/**
 * Follows a path into an item's JSON. Only own keys of plain objects and places of arrays count; anything else, and
 * what isn't there, is left to n8n.
 */
export function followPath(json: unknown, path: PlainPath): Found {
	let value = json;
	for (const step of path) {
		if (Array.isArray(value)) {
			if (typeof step !== 'number') return LEAVE;
			value = value[step];
		} else if (isPlainObject(value) && Object.hasOwn(value, step)) {
			value = value[step];
		} else return LEAVE;
	}
	return isPlain(value) ? { kind: 'value', value } : LEAVE;
}

function isPlain(value: unknown): boolean {
	switch (typeof value) {
		case 'string':
		case 'boolean':
			return true;
		case 'number':
			return Number.isFinite(value);
		case 'object':
			return value === null || Array.isArray(value) || isPlainObject(value);
		default:
			return false;
	}
}

function isPlainObject(value: unknown): value is Record<string | number, unknown> {
	if (typeof value !== 'object' || value === null) return false;
	const prototype: unknown = Object.getPrototypeOf(value);
	return prototype === Object.prototype || prototype === null;
}
