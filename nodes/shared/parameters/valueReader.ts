import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { followPath, parsePlainPath } from './plainPath';

/** Gives a parameter's value for an item. */
export type ValueReader = (item: number) => unknown;

/** What a reader needs of n8n: the items, and its own evaluation for all that isn't a plain path. */
export interface ReaderContext {
	readonly items: readonly INodeExecutionData[];
	/** Evaluates an expression, the leading `=` included, as n8n does. */
	readonly evaluate: (expression: string, item: number) => unknown;
}

/** The reader's view of an execution. */
export function readerContext(context: IExecuteFunctions): ReaderContext {
	return {
		items: context.getInputData(),
		// n8n puts the `=` back itself.
		evaluate: (expression, item) => context.evaluateExpression(expression.slice(1), item),
	};
}

/**
 * Compiles a raw parameter value once for all items: a fixed value is handed out as it is, a plain path is read
 * straight from the item where that gives exactly what n8n would give, and everything else goes through n8n.
 */
export function compileValue(raw: unknown, context: ReaderContext): ValueReader {
	if (typeof raw !== 'string' || !raw.startsWith('=')) return () => raw;
	const path = parsePlainPath(raw);
	if (!path) return (item) => context.evaluate(raw, item);
	return (item) => {
		const found = followPath(context.items[item]?.json, path);
		return found.kind === 'value' ? found.value : context.evaluate(raw, item);
	};
}
