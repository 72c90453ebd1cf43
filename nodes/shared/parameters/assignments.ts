import { validateFieldType, type FieldType } from 'n8n-workflow';
import { z } from 'zod';
import { parseJson } from '../http/outbound/classify';
import { compileValue, type ReaderContext, type ValueReader } from './valueReader';

const row = z.object({ name: z.string(), value: z.unknown(), type: z.string().optional() });
const collection = z.object({ assignments: z.array(row).catch([]) }).catch({ assignments: [] });

const FIELD_TYPES: readonly FieldType[] = ['array', 'boolean', 'number', 'object', 'string'];

/** One row of n8n's assignment collection for one item. */
export type RowValue =
	| { readonly ok: true; readonly name: string; readonly value: unknown }
	| { readonly ok: false; readonly name: string; readonly expected: string };

/** Gives the filled-in rows of an assignment collection for an item. Rows without a value are left out. */
export type RowsReader = (item: number) => RowValue[];

interface CompiledRow {
	readonly name: ValueReader;
	readonly type: FieldType | undefined;
	readonly value: ValueReader;
}

/**
 * Compiles the rows of an assignment collection, the parameter type of n8n's Edit Fields node that takes dragged
 * values. Each value becomes what its row's type says, by the same rules as there.
 */
export function compileRows(raw: unknown, context: ReaderContext): RowsReader {
	const rows = collection.parse(raw).assignments.map((assignment): CompiledRow => ({
		name: compileValue(assignment.name, context),
		type: FIELD_TYPES.find((type) => type === assignment.type),
		value: compileValue(assignment.value, context),
	}));
	return (item) => rows.flatMap((compiled) => readRow(compiled, item));
}

function readRow({ name, type, value }: CompiledRow, item: number): RowValue[] {
	const read = name(item);
	const key = typeof read === 'string' ? read.trim() : '';
	const found = value(item);
	if (key === '' || found === undefined) return [];
	if (found === null || type === undefined || isAlready(found, type)) {
		return [{ ok: true, name: key, value: found }];
	}
	if (type === 'string') return [{ ok: true, name: key, value: asText(found) }];
	const converted = validateFieldType(key, found, type);
	return converted.valid
		? [{ ok: true, name: key, value: converted.newValue }]
		: [{ ok: false, name: key, expected: type }];
}

function isAlready(value: unknown, type: FieldType): boolean {
	if (type === 'array') return Array.isArray(value);
	if (type === 'object') return typeof value === 'object' && !Array.isArray(value);
	return typeof value === type;
}

/** Text for the event. Dates know their own JSON form, which is text already and needs no quotes around it. */
function asText(value: unknown): string {
	const json = JSON.stringify(value);
	const plain = parseJson(json);
	return typeof plain === 'string' ? plain : json;
}
