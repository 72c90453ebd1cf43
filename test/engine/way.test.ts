import { Session } from 'inspector/promises';
import path from 'path';
import type { INodeType } from 'n8n-workflow';
import { Bento } from '../../nodes/Bento/Bento.node';
import { BentoTrackEvent } from '../../nodes/BentoTrackEvent/BentoTrackEvent.node';
import { startBentoServer, type BentoServer } from '../bentoServer';
import { runWorkflow, type TestNode } from '../support/engine/run';
import { ROOT } from '../support/root';

/** Files that one item may pass on its way from the node to the wire. */
const MOST = 26;

let server: BentoServer;
beforeAll(async () => {
	server = await startBentoServer();
});
afterAll(() => server.close());

/** The files of the package with a function that one run calls, by V8's precise coverage of the sources file by file. */
async function filesPassed(node: INodeType, parameters: TestNode['parameters']): Promise<string[]> {
	const session = new Session();
	session.connect();
	await session.post('Profiler.enable');
	await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
	// Whatever was counted so far, such as the loading of the files, is taken away.
	await session.post('Profiler.takePreciseCoverage');
	const run = await runWorkflow('2x', {
		nodes: [
			{
				name: 'Bento',
				type: 'test.node',
				parameters,
				credentials: { bentoApi: { id: 'bento', name: 'Bento' } },
			},
		],
		items: [{ email: 'a@b.co' }],
		credentials: { bentoApi: server.credentials },
		extraTypes: { 'test.node': node },
	});
	expect(run.error).toBeUndefined();
	const { result } = await session.post('Profiler.takePreciseCoverage');
	session.disconnect();
	const folder = path.join(ROOT, 'nodes') + path.sep;
	return result
		.map(({ url, functions }) => ({ file: url.replace(/^file:\/\//, ''), functions }))
		.filter(
			({ file, functions }) =>
				file.startsWith(folder) && functions.some(({ ranges }) => (ranges[0]?.count ?? 0) > 0),
		)
		.map(({ file }) => path.relative(ROOT, file))
		.sort();
}

it.each([
	['an event', new BentoTrackEvent(), { operation: 'trackEvent', eventType: 'x' }],
	['a command', new Bento(), { resource: 'subscriber', operation: 'unsubscribe' }],
	['a look-up', new Bento(), { resource: 'tag', operation: 'getAll' }],
])('%s passes few files', async (_name, node, parameters) => {
	const files = await filesPassed(node, { email: '={{ $json.email }}', ...parameters });
	expect(files.length).toBeGreaterThan(5);
	expect(files.slice(MOST)).toEqual([]);
});
