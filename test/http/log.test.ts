import { startBentoServer, type BentoServer } from '../bentoServer';
import { NODE, people, sending } from '../faults/support';
import { LINE_NAMES, requireOf } from '../support/engine/packages';
import { runWorkflow } from '../support/engine/run';

interface BackendCommon {
	readonly Logger: { readonly prototype: { log: (...parts: unknown[]) => void } };
}

let server: BentoServer;
beforeAll(async () => {
	process.env.N8N_LOG_LEVEL = 'debug';
	server = await startBentoServer();
});
afterAll(() => server.close());

it.each(LINE_NAMES)('n8n’s debug log has each attempt when it ends, engine %s', async (line) => {
	const said: string[] = [];
	const { Logger } = requireOf(line)('@n8n/backend-common') as BackendCommon;
	// For good, as n8n also logs when the process ends; jest's spies end before that.
	Logger.prototype.log = (...parts) => {
		const line = parts.find((part) => typeof part === 'string' && part.startsWith(NODE));
		if (typeof line === 'string' && parts.includes('debug')) said.push(line);
	};
	server.failNext({ kind: 'status', status: 503 }, { kind: 'resetBefore' });
	await runWorkflow(line, sending(server, people(3), { batchSize: 2, maxParallelBatches: 1 }));
	const start = `${NODE} \\[execution 1\\]: POST /batch/events`;
	const lines = [
		'batch 1, 2 events, attempt 1: busy, HTTP 503, \\d+ ms, next attempt in \\d+ ms or more',
		'batch 1, 2 events, attempt 2: unknown, lost, ECONNRESET, \\d+ ms, next attempt in \\d+ ms or more',
		'batch 1, 2 events, attempt 3: accepted, HTTP 200, \\d+ ms',
		'batch 2, 1 event, attempt 1: accepted, HTTP 200, \\d+ ms',
	];
	expect(said).toHaveLength(lines.length);
	for (const [index, rest] of lines.entries()) {
		expect(said[index]).toMatch(new RegExp(`^${start}, ${rest}$`));
	}
	expect(said.join()).not.toContain('@');
});
