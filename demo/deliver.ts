import type { IDataObject } from 'n8n-workflow';
import { startBentoServer } from '../test/bentoServer';
import { runWorkflow } from '../test/support/engine/run';
import { report } from './report';
import { demoWorkflow } from './workflow';

/**
 * Delivers records to the stand-in, which is told to be busy twice, and compares the node's own account with what the
 * server has.
 */
export async function deliverFile(records: readonly IDataObject[]): Promise<void> {
	const server = await startBentoServer({
		latencyMs: 50,
		onRequest: ({ status, bodyBytes }) => {
			const held = server.events.length.toLocaleString('en-US');
			console.log(
				`  request of ${Math.round(bodyBytes / 1024)} kB  ->  ${status}  (server has ${held} events)`,
			);
		},
	});
	try {
		server.failNext(
			undefined,
			undefined,
			{ kind: 'status', status: 429, retryAfter: '1' },
			undefined,
			{ kind: 'status', status: 503 },
		);
		const run = await runWorkflow('2x', demoWorkflow(records, server.credentials));
		console.log('');
		const failed = report(run);
		console.log(`  the server has ${server.events.length.toLocaleString('en-US')} events`);
		if (server.events.length !== records.length - failed) {
			throw new Error("The server's count differs from the node's.");
		}
	} finally {
		await server.close();
	}
}
