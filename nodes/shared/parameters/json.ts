import { parseJson } from '../http/outbound/classify';

export type JsonObjectResult =
	{ readonly ok: true; readonly value: Record<string, unknown> } | { readonly ok: false };

/** A JSON parameter's value: an object, or text that holds one. Empty text counts as an empty object. */
export function readJsonObject(value: unknown): JsonObjectResult {
	if (value === undefined || value === null || value === '') return { ok: true, value: {} };
	const parsed = typeof value === 'string' ? parseJson(value) : value;
	return isRecord(parsed) ? { ok: true, value: parsed } : { ok: false };
}

export type Scalar = string | number | boolean | null;

/** Whether a value is one that JSON writes without brackets. */
export function isScalar(value: unknown): value is Scalar {
	if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
	return typeof value === 'number' && Number.isFinite(value);
}

/** Whether a value is an object with keys: no array, no null. */
export function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
