import type { IDataObject } from 'n8n-workflow';
import type { BentoServer } from '../bentoServer';
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

/** How often the server took each subscriber's event. */
export function timesTaken(server: BentoServer): Map<string, number> {
	const times = new Map<string, number>();
	for (const { email } of server.events) times.set(email, (times.get(email) ?? 0) + 1);
	return times;
}
