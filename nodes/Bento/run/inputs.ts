import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { compileRows } from '../../shared/parameters/assignments';
import { isRecord } from '../../shared/parameters/json';
import {
	compileValue,
	readerContext,
	type ReaderContext,
	type ValueReader,
} from '../../shared/parameters/valueReader';
import type { InputIssue, InputValues, Planned } from '../../shared/operation/types';

/** Gives an item's parameters, or says which of them can't be read. */
export type InputsReader = (item: number) => Planned<InputValues>;

/** Reads the parameters of an operation. What is the same for all items is prepared once. */
export function inputsReader(
	context: IExecuteFunctions,
	properties: readonly INodeProperties[],
): InputsReader {
	const reader = readerContext(context);
	const parameters = named(properties).map((property) => ({
		...property,
		read: compile(
			property,
			context.getNodeParameter(property.name, 0, null, { rawExpressions: true }),
			reader,
		),
	}));
	return (item) => {
		const values: Record<string, unknown> = {};
		const issues: InputIssue[] = [];
		for (const { name, displayName, read } of parameters) {
			const found = attempt(read, item, displayName);
			if (!found.ok) issues.push(...found.issues);
			else if (found.plan !== null) values[name] = found.plan;
		}
		return issues.length > 0 ? { ok: false, issues } : { ok: true, plan: values };
	};
}

type ParameterReader = (item: number) => Planned<unknown>;

/** Each name once: a parameter may have several forms, of which the panel shows one at a time. */
function named(properties: readonly INodeProperties[]): INodeProperties[] {
	const values = properties.filter(({ type }) => type !== 'notice');
	return [...new Map(values.map((property) => [property.name, property])).values()];
}

function compile(
	{ type, displayName }: INodeProperties,
	raw: unknown,
	context: ReaderContext,
): ParameterReader {
	if (type === 'assignmentCollection' && isRecord(raw))
		return rowsReader(raw, displayName, context);
	const read = compileDeep(raw, context);
	return (item) => ({ ok: true, plan: read(item) });
}

function rowsReader(raw: unknown, label: string, context: ReaderContext): ParameterReader {
	const rows = compileRows(raw, context);
	return (item) => {
		const entries: Array<[string, unknown]> = [];
		const issues: InputIssue[] = [];
		for (const row of rows(item)) {
			if (row.ok) entries.push([row.name, row.value]);
			else issues.push({ field: label, text: `doesn't hold the types that its rows ask for` });
		}
		if (issues.length > 0) return { ok: false, issues };
		return { ok: true, plan: Object.fromEntries(entries) };
	};
}

/** A value with expressions anywhere in it, as in collections and resource locators. */
function compileDeep(raw: unknown, context: ReaderContext): ValueReader {
	if (!hasExpression(raw)) return () => raw;
	if (Array.isArray(raw)) {
		const parts = raw.map((part) => compileDeep(part, context));
		return (item) => parts.map((part) => part(item));
	}
	if (!isRecord(raw)) return compileValue(raw, context);
	const entries = Object.entries(raw).map(
		([key, value]) => [key, compileDeep(value, context)] as const,
	);
	return (item) => Object.fromEntries(entries.map(([key, read]) => [key, read(item)]));
}

function hasExpression(raw: unknown): boolean {
	if (typeof raw === 'string') return raw.startsWith('=');
	if (Array.isArray(raw)) return raw.some(hasExpression);
	return isRecord(raw) && Object.values(raw).some(hasExpression);
}

/** An expression that can't be evaluated is a matter of its item, not of the whole run. */
function attempt(read: ParameterReader, item: number, label: string): Planned<unknown> {
	try {
		return read(item);
	} catch (error) {
		const why = error instanceof Error ? `: ${error.message}` : '';
		return {
			ok: false,
			issues: [{ field: label, text: `has an expression that can't be evaluated${why}` }],
		};
	}
}
