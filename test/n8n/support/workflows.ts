import { randomUUID } from 'crypto';
import { packageName } from './paths';

export interface NodeDraft {
	readonly id: string;
	readonly name: string;
	readonly type: string;
	readonly typeVersion: number;
	readonly position: readonly [number, number];
	readonly parameters: Record<string, unknown>;
	readonly [more: string]: unknown;
}

type Target = { readonly node: string; readonly type: string; readonly index: number };

/** Where each output of a kind leads to; `main` is the kind of ordinary items. */
type Outputs = Readonly<Record<string, ReadonlyArray<readonly Target[]>>>;

export interface WorkflowDraft {
	readonly name: string;
	readonly nodes: readonly NodeDraft[];
	readonly connections: Readonly<Record<string, Outputs>>;
	readonly settings?: Record<string, unknown>;
	readonly pinData?: Record<string, unknown>;
}

/** A node of this package or, with a dot in its type, of any other; `more` takes credentials, onError and the like. */
export function node(
	name: string,
	type: string,
	parameters: Record<string, unknown> = {},
	more: Record<string, unknown> = {},
): NodeDraft {
	return {
		id: randomUUID(),
		name,
		type: type.includes('.') ? type : `${packageName}.${type}`,
		typeVersion: 1,
		position: [0, 0],
		parameters,
		...more,
	};
}

/** A workflow whose nodes follow each other in the order given. */
export function chain(name: string, ...nodes: NodeDraft[]): WorkflowDraft {
	const connections: Record<string, Outputs> = {};
	nodes.forEach((from, index) => {
		const to = nodes[index + 1];
		if (to !== undefined) connections[from.name] = { main: [[target(to.name)]] };
	});
	const placed = nodes.map((one, index) => ({ ...one, position: [index * 220, 0] as const }));
	return { name, nodes: placed, connections };
}

/** The same workflow with one more node, fed by an output of one that is in it. */
export function branch(
	draft: WorkflowDraft,
	from: string,
	output: number,
	to: NodeDraft,
): WorkflowDraft {
	const outputs = [...(draft.connections[from]?.main ?? [])];
	while (outputs.length <= output) outputs.push([]);
	outputs[output] = [...(outputs[output] ?? []), target(to.name)];
	return {
		...draft,
		nodes: [...draft.nodes, { ...to, position: [draft.nodes.length * 220, 200] }],
		connections: { ...draft.connections, [from]: { main: outputs } },
	};
}

/** The same workflow with other parameters in one of its nodes. */
export function withParameters(
	draft: WorkflowDraft,
	name: string,
	parameters: Record<string, unknown>,
): WorkflowDraft {
	if (!draft.nodes.some((one) => one.name === name)) throw new Error(`There is no node ${name}`);
	const nodes = draft.nodes.map((one) =>
		one.name === name ? { ...one, parameters: { ...one.parameters, ...parameters } } : one,
	);
	return { ...draft, nodes };
}

/** The manual trigger that `N8nClient.start` looks for. */
export function manual(): NodeDraft {
	return node('Manual', 'n8n-nodes-base.manualTrigger');
}

/**
 * Two nodes that make `count` items `{ email, order }` without code: one list, then one item per entry.
 * `prefix` is an expression for the part of the address before the number.
 */
export function orders(count: number, prefix = '"person"'): NodeDraft[] {
	const list = `={{ { "orders": Array.from({ length: ${count} }, (_, i) => ({ email: ${prefix} + i + "@example.com", order: i })) } }}`;
	return [
		node(
			'List',
			'n8n-nodes-base.set',
			{ mode: 'raw', jsonOutput: list, options: {} },
			{ typeVersion: 3.4 },
		),
		node('Orders', 'n8n-nodes-base.splitOut', { fieldToSplitOut: 'orders', options: {} }),
	];
}

/** A node that does nothing, to look at what comes out of the one before. */
export function end(name = 'End'): NodeDraft {
	return node(name, 'n8n-nodes-base.noOp');
}

function target(name: string): Target {
	return { node: name, type: 'main', index: 0 };
}
