import type { IDataObject } from 'n8n-workflow';
import { isExpression, isRecord } from '../shared/operation/values';

/** Only Run If: what a webhook has to contain to start the workflow. */

const KINDS = ['contains', 'equals', 'exists', 'notEquals'] as const;

export interface Condition {
	/** Where in the output, step by step. */
	readonly path: readonly string[];
	readonly kind: (typeof KINDS)[number];
	/** What the value is compared with, as text. */
	readonly wanted: string;
}

/** Reads the rows of the panel; words that follow the option's name if there is one that can't be read. */
export function readConditions(value: unknown): readonly Condition[] | string {
	const rows = isRecord(value) ? (value.condition ?? []) : value;
	if (!Array.isArray(rows)) return UNREADABLE_ROWS;
	// n8n makes this of whatever isn't rows, so it may have been meant to say something.
	if (rows.length === 0) return 'was added without conditions. Add one, or remove the option';
	const read = rows.map(readCondition);
	const problem = read.find((one) => typeof one === 'string');
	return problem ?? read.filter((one) => typeof one !== 'string');
}

const UNREADABLE_ROWS =
	"can't be read. Add its conditions one by one instead of using an expression for all";

function readCondition(row: unknown): Condition | string {
	if (!isRecord(row)) return UNREADABLE_ROWS;
	const { field, condition = 'equals', value = '' } = row;
	const kind = KINDS.find((one) => one === condition);
	if (kind === undefined) return "has a condition that doesn't exist. Select one of its options";
	const path = typeof field === 'string' ? field.trim().split('.') : [''];
	if (path.includes(''))
		return 'has a condition without a field. Fill in its name, e.g. details.plan';
	if (path[0] === 'profile') {
		return "can't use profile, since it is read before the subscriber is loaded. Use a Filter node after this one";
	}
	const wanted = comparable(value);
	if (wanted === undefined) return "has a value that isn't text. Enter text, or a number";
	if ([field, value].some(isExpression)) return "can't have an expression. Enter a fixed value";
	if (kind === 'contains' && wanted === '') return 'has a condition without a value. Enter one';
	return { path, kind, wanted };
}

/** Whether an item meets all conditions. */
export function meetsAll(item: IDataObject, conditions: readonly Condition[]): boolean {
	return conditions.every((condition) => meets(item, condition));
}

/** A value that is a list meets a condition if one of its entries does. */
function meets(item: IDataObject, { path, kind, wanted }: Condition): boolean {
	const found = valuesAt(item, path);
	if (kind === 'exists') return found.some((value) => comparable(value) !== '');
	const texts = found.length === 0 ? [''] : found.map(comparable);
	if (kind === 'contains') return texts.some((text) => text?.includes(wanted));
	return texts.includes(wanted) === (kind === 'equals');
}

/** What is at a path: nothing, a value, or those of all entries of the lists on the way. */
function valuesAt(value: unknown, [step, ...rest]: readonly string[]): unknown[] {
	if (Array.isArray(value)) {
		return value.flatMap((entry) => valuesAt(entry, step === undefined ? [] : [step, ...rest]));
	}
	if (step === undefined) return [value];
	return isRecord(value) && Object.hasOwn(value, step) ? valuesAt(value[step], rest) : [];
}

/** As it is compared; '' for nothing, and undefined for an object. */
function comparable(value: unknown): string | undefined {
	if (value === null || value === undefined) return '';
	if (typeof value === 'string') return value.trim();
	return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}
