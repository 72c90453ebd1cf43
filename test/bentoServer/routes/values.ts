import type { Answer } from '../types';

/** Whether a value is an object with keys: no array, no null. */
export function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** 422 in the form that bentonow.com/docs/api/errors shows. */
export function refusal(errors: ReadonlyArray<{ field: string; message: string }>): Answer {
	return { status: 422, body: { errors: errors.slice(0, 20) } };
}
