import type {
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	NodeConnectionType,
} from 'n8n-workflow';
import type { BentoServer } from '../bentoServer';
import { describe as description } from '../support/engine/helperNodes';
import type { RunOptions, TestNode } from '../support/engine/run';

export const NODE = 'Bento Track Event';

/** Waits that take next to no time. */
export const FAST = { firstWait: 1, longestWait: 5, timeout: 300 };

export function people(count: number, from = 0): IDataObject[] {
	return Array.from({ length: count }, (_, index) => ({
		type: 'x',
		email: `p${from + index}@example.com`,
	}));
}

/** A workflow that sends its items as whole events. */
export function sending(
	server: BentoServer,
	items: readonly IDataObject[],
	options: IDataObject = {},
	settings: Partial<TestNode> = {},
): RunOptions {
	return {
		items,
		credentials: { bentoApi: server.credentials },
		nodes: [
			{
				name: NODE,
				type: 'bentoTrackEvent',
				parameters: { inputMode: 'eventObjects', options: { ...FAST, ...options } },
				...settings,
			},
		],
	};
}

/** The same in a loop of so many rounds, each with the same items. */
export function inALoop(
	server: BentoServer,
	rounds: number,
	items: readonly IDataObject[],
	options: IDataObject,
	settings: Partial<TestNode> = {},
): RunOptions {
	let round = 0;
	const again: INodeType = {
		description: description('again', { outputs: ['main', 'main'] }),
		execute(this: IExecuteFunctions) {
			round += 1;
			const next = items.map((json, item): INodeExecutionData => ({ json, pairedItem: { item } }));
			return Promise.resolve(round < rounds ? [next, []] : [[], next]);
		},
	};
	const workflow = sending(server, items, options, settings);
	const to = (node: string) => [{ node, type: 'main' as NodeConnectionType, index: 0 }];
	return {
		...workflow,
		nodes: [...workflow.nodes, { name: 'Again', type: 'test.again', parameters: {} }],
		extraTypes: { 'test.again': again },
		connections: {
			Start: { main: [to(NODE)] },
			[NODE]: { main: [to('Again')] },
			Again: { main: [to(NODE), []] },
		},
	};
}

/** How often the server took each subscriber's event. */
export function timesTaken(server: BentoServer): Map<string, number> {
	const times = new Map<string, number>();
	for (const { email } of server.events) times.set(email, (times.get(email) ?? 0) + 1);
	return times;
}
