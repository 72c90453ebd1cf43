import { compileRows, type RowValue } from '../../shared/parameters/assignments';
import { isRecord, readJsonObject } from '../../shared/parameters/json';
import { compileValue, type ReaderContext } from '../../shared/parameters/valueReader';
import type { EventIssue } from '../event/types';
import type { RawParameters, RecordRead } from './types';

/** Names that would reach into an object's making. */
const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Compiles the reading of details or profile fields, whichever of the three ways the builder chose: typed rows,
 * JSON, or the whole input item.
 *
 * @param shape with `nested`, a dot in a row's name nests, as in n8n's Edit Fields node
 */
export function recordReader(
	name: string,
	label: string,
	raw: RawParameters,
	context: ReaderContext,
	shape: 'flat' | 'nested',
): (item: number) => RecordRead {
	const mode = raw(`${name}Mode`);
	if (mode === 'wholeItem') {
		return (item) => ({ ok: true, record: context.items[item]?.json });
	}
	if (mode === 'json') {
		const json = compileValue(raw(`${name}Json`), context);
		return (item) => fromJson(json(item), label);
	}
	const rows = compileRows(raw(name), context);
	return (item) => fromRows(rows(item), label, shape);
}

function fromJson(value: unknown, label: string): RecordRead {
	const read = readJsonObject(value);
	if (read.ok) return { ok: true, record: read.value };
	return {
		ok: false,
		issues: [
			{ field: `${label} (JSON)`, text: 'is no JSON object. Check its quotes, commas and braces' },
		],
	};
}

function fromRows(rows: readonly RowValue[], label: string, shape: 'flat' | 'nested'): RecordRead {
	const issues: EventIssue[] = [];
	const record: Record<string, unknown> = {};
	for (const row of rows) {
		const field = `${label} > ${row.name}`;
		if (!row.ok) {
			const expected = row.expected === 'string' ? 'text' : `the type ${row.expected}`;
			issues.push({ field, text: `doesn't hold ${expected}, which its row asks for` });
			continue;
		}
		const path = shape === 'nested' ? row.name.split('.') : [row.name];
		if (!place(record, path, row.value)) {
			issues.push({ field, text: 'has a name that clashes with another row' });
		}
	}
	return issues.length > 0 ? { ok: false, issues } : { ok: true, record };
}

/** Puts a value under a path; false where the path is taken or no usable name. */
function place(record: Record<string, unknown>, path: readonly string[], value: unknown): boolean {
	let target = record;
	for (const [depth, step] of path.entries()) {
		if (step === '' || FORBIDDEN.has(step)) return false;
		if (depth === path.length - 1) {
			if (Object.hasOwn(target, step)) return false;
			target[step] = value;
			return true;
		}
		const next = Object.hasOwn(target, step) ? target[step] : (target[step] = {});
		if (!isRecord(next)) return false;
		target = next;
	}
	return false;
}
