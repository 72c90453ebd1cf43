import type { INodeProperties } from 'n8n-workflow';
import type { z } from 'zod';
import { ITEM, type InputIssue, type InputValues, type PlanContext, type Planned } from './types';

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
