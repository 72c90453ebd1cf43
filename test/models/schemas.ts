import { isRecord } from '../../nodes/shared/operation/schemas';

/** A JSON schema as n8n's editor reads it: what the output of a node has, before it has run. */
export interface Schema {
	readonly type: string;
	readonly properties?: Readonly<Record<string, Schema>>;
	readonly items?: Schema;
}

/** Keys below which every account has its own. */
const FREE = new Set(['details', 'fields', 'response']);

/** The schema of values of one place; of several kinds, the one that says most. */
export function schemaOf(values: readonly unknown[], key = ''): Schema {
	const [first] = values.filter((value) => value !== null && value !== undefined);
	if (first === undefined) return { type: 'null' };
	if (Array.isArray(first)) {
		const entries = values.flatMap((value): unknown[] => (Array.isArray(value) ? value : []));
		return { type: 'array', ...(entries.length > 0 && { items: schemaOf(entries) }) };
	}
	if (!isRecord(first)) return { type: typeof first };
	if (FREE.has(key)) return { type: 'object' };
	const records = values.filter(isRecord);
	const keys = [...new Set(records.flatMap((record) => Object.keys(record)))];
	const properties = keys.map((name) => {
		return [
			name,
			schemaOf(
				records.map((record) => record[name]),
				name,
			),
		] as const;
	});
	return { type: 'object', properties: Object.fromEntries(properties) };
}

/** Where a value isn't what a schema says; null may stand anywhere. */
export function misfits(value: unknown, schema: Schema, at = '$'): string[] {
	if (value === null || value === undefined || schema.type === 'null') return [];
	const type = Array.isArray(value) ? 'array' : typeof value;
	if (type !== schema.type) return [`${at}: ${type}, not ${schema.type}`];
	const { properties, items } = schema;
	if (Array.isArray(value) && items) {
		return value.flatMap((one, index) => misfits(one, items, `${at}[${index}]`));
	}
	if (!isRecord(value) || !properties) return [];
	return Object.entries(value).flatMap(([key, one]) => {
		const inner = properties[key];
		return inner ? misfits(one, inner, `${at}.${key}`) : [`${at}.${key}: not in the schema`];
	});
}
