import axios from 'axios';
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { USER_AGENT } from '../../nodes/shared/http/client/call';
import { runWorkflow, type NodeRun } from '../../test/support/engine/run';
import type { Keys } from './server';

export const NODE = 'Bento Track Event';
export const BATCH = 1000;
export const PARALLEL = 2;

/** Realistic events of about 280 bytes. */
export function eventObjects(count: number): IDataObject[] {
	return Array.from({ length: count }, (_, index) => ({
		type: 'invoice.paid',
		email: `customer${index}@example.com`,
		fields: { plan: 'team', seats: index % 40 },
		details: {
			invoice: `INV-${index}`,
			total: (index * 7) % 9000,
			source: { system: 'billing', region: 'eu-central' },
			note: 'Paid by card after the second reminder',
		},
		date: '2026-11-19T08:30:00Z',
	}));
}

/** The node, on n8n's engine, from the first item to the last output. */
export async function throughNode(
	keys: Keys,
	items: readonly IDataObject[],
	parameters: INodeParameters,
	type: 'bento' | 'bentoTrackEvent' = 'bentoTrackEvent',
	executionId?: string,
): Promise<NodeRun> {
	const run = await runWorkflow('2x', {
		items,
		executionId,
		credentials: { bentoApi: { ...keys } },
		nodes: [{ name: NODE, type, parameters }],
	});
	if (run.error) throw new Error(run.error.message);
	if (run.items(NODE).length !== items.length) throw new Error('Items are missing');
	return run;
}

/** The floor: the same bodies posted by hand with axios, same batch size and parallelism, no checks, no results. */
export async function byHand(keys: Keys, events: readonly IDataObject[]): Promise<void> {
	let next = 0;
	const worker = async () => {
		while (next < events.length) {
			const batch = events.slice(next, (next += BATCH));
			await post(keys, batch);
		}
	};
	await Promise.all(Array.from({ length: PARALLEL }, worker));
}

/** One request per event, one after the other: what a builder gets with an HTTP Request node. */
export async function oneByOne(keys: Keys, events: readonly IDataObject[]): Promise<void> {
	for (const event of events) await post(keys, [event]);
}

async function post(keys: Keys, events: readonly IDataObject[]): Promise<void> {
	await axios.post(`${keys.baseUrl}/batch/events`, Buffer.from(JSON.stringify({ events })), {
		params: { site_uuid: keys.siteUuid },
		auth: { username: keys.publishableKey, password: keys.secretKey },
		headers: { 'User-Agent': USER_AGENT, 'Content-Type': 'application/json' },
		proxy: false,
	});
}
