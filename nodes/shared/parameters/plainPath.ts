/**
 * Reads the expressions that n8n's editor writes when a builder drags a field: `={{ $json.email }}`,
 * `={{ $json["first name"] }}`, `={{ $json.lines[0].sku }}`. n8n takes 0.15 to 0.27 ms to evaluate one (measured
 * on both engine lines); a plain property path means the same thing and is read in no time.
 */

type Step = string | number;

/** A path from the item's JSON to a value. */
export type PlainPath = readonly Step[];

export type Found =
	| { readonly kind: 'value'; readonly value: unknown }
	/** Only n8n knows what this gives: a missing key, a method, an extension, a value of a class. */
	| { readonly kind: 'leave' };

const WHOLE =
	/^=\{\{\s*\$json((?:\.[A-Za-z_$][\w$]*|\[\s*\d+\s*\]|\[\s*"[^"\\\n]*"\s*\]|\[\s*'[^'\\\n]*'\s*\])*)\s*\}\}$/;
const STEP =
	/\.([A-Za-z_$][\w$]*)|\[\s*(\d+)\s*\]|\[\s*"([^"\\\n]*)"\s*\]|\[\s*'([^'\\\n]*)'\s*\]/g;

/** Names that n8n's expression sandbox treats in its own way, on one line or the other. */
const SPECIAL = new Set([
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
	const steps: Step[] = [];
	for (const [, dotted, index, double, single] of (whole[1] ?? '').matchAll(STEP)) {
		const name = dotted ?? double ?? single ?? '';
		if (SPECIAL.has(name)) return undefined;
		steps.push(index === undefined ? name : Number(index));
	}
	return steps;
}

/**
 * Follows a path into an item's JSON. Only own keys of plain objects and existing places of arrays count;
 * anything else is left to n8n.
 */
export function followPath(json: unknown, path: PlainPath): Found {
	let value = json;
	for (const step of path) {
		if (Array.isArray(value)) {
			if (typeof step !== 'number' || step >= value.length) return LEAVE;
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
