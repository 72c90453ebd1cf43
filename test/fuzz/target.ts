import fc from 'fast-check';

/** Code that takes what strangers send, and what has to be true for anything they send. */
export interface Target {
	readonly name: string;
	readonly run: (parameters: fc.Parameters<unknown>) => Promise<void>;
}

/**
 * Makes a target.
 *
 * @param holds throws for a value for which something isn't true
 */
export function target<Value>(
	name: string,
	values: fc.Arbitrary<Value>,
	holds: (value: Value) => Promise<void> | void,
): Target {
	const property = fc.asyncProperty(values, async (value) => await holds(value));
	return { name, run: async (parameters) => await fc.assert(property, parameters) };
}
