import { readFileSync } from 'fs';
import { Session, type Profiler } from 'inspector/promises';
import { join } from 'path';
import { ROOT } from '../support/root';
import bento from './fixtures/bento-send-webhook.json';
import { send } from './support/client';
import { SECRET, startTrigger } from './support/triggerServer';

/** Someone who follows a webhook through the sources opens this many files. */
const MOST_FILES = 12;

/** The source files whose functions were called, by the headings that the bundle has for each. */
function filesOf(coverage: readonly Profiler.ScriptCoverage[]): string[] {
	const bundle = join(ROOT, 'dist/bundle.js');
	const headings = [...readFileSync(bundle, 'utf8').matchAll(/^\/\/ (nodes\/\S+)\.js$/gm)];
	const called = coverage
		.filter(({ url }) => url.endsWith('dist/bundle.js'))
		.flatMap(({ functions }) => functions)
		.flatMap(({ ranges: [range] }) => (range !== undefined && range.count > 0 ? [range] : []))
		.map(
			({ startOffset }) => headings.filter(({ index }) => index < startOffset).at(-1)?.[1] ?? 'zod',
		);
	return [...new Set(called)].sort();
}

test('a webhook of Bento passes at most twelve of our files, the first one after an activation too', async () => {
	const server = await startTrigger();
	await server.create();
	const session = new Session();
	session.connect();
	await session.post('Profiler.enable');
	await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
	const passed: string[][] = [];
	for (const id of ['first', 'second']) {
		await session.post('Profiler.takePreciseCoverage');
		const headers = { ...bento.headers, 'x-bento-secret': SECRET };
		const { json } = await send(server.url, { headers, body: { ...bento.body, external_id: id } });
		expect(json).toEqual({ received: true });
		passed.push(filesOf((await session.post('Profiler.takePreciseCoverage')).result));
	}
	await session.post('Profiler.stopPreciseCoverage');
	session.disconnect();
	await server.close();
	for (const files of passed) {
		expect(files).toContain('nodes/BentoWebhookTrigger/receive');
		expect(files.length > MOST_FILES ? files : []).toEqual([]);
	}
});
