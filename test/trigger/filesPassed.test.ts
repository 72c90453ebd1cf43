import { execFileSync } from 'child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'fs';
import path from 'path';
import ts from 'typescript';
import { ROOT } from '../support/root';

/** How many files a reader has to open who follows one webhook through the code. */
const MOST = 12;

/**
 * Sends one webhook to the node of a folder with one compiled file for each source, and prints the files of
 * which a function ran. A process of its own, as jest wraps every module.
 */
const PROBE = `
const inspector = require('node:inspector');
const http = require('node:http');
const path = require('node:path');
const { BentoWebhookTrigger } = require(path.resolve('nodes/BentoWebhookTrigger/BentoWebhookTrigger.node.js'));
const trigger = new BentoWebhookTrigger();
const parameters = { authentication: 'header', headerName: 'x-bento-secret', responseMode: 'onReceived', responseData: '{}', settings: {} };
const node = { id: '1', name: 'Trigger', parameters, credentials: { bentoWebhookSecretApi: { id: '1', name: 'x' } } };
const context = (request, response) => ({
	getRequestObject: () => request, getResponseObject: () => response, getNode: () => node,
	getMode: () => 'webhook', getWorkflow: () => ({ id: '1' }), getWorkflowStaticData: () => ({}),
	getNodeParameter: (name) => parameters[name],
	getCredentials: async () => ({ secret: 'correct horse battery' }),
	logger: { debug() {}, warn() {} },
});
const session = new inspector.Session();
session.connect();
const ask = (method, options) => new Promise((resolve, reject) =>
	session.post(method, options, (error, result) => (error ? reject(error) : resolve(result))));
const server = http.createServer(async (request, response) => {
	const result = await trigger.webhook.call(context(request, response));
	if (!result.workflowData) throw new Error('Not accepted');
	response.end('{}');
});
server.listen(0, async () => {
	await ask('Profiler.enable');
	await ask('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
	await fetch('http://127.0.0.1:' + server.address().port + '/x?a=1', {
		method: 'POST', headers: { 'x-bento-secret': 'correct horse battery', connection: 'close' },
		body: JSON.stringify({ event: 'x', email: 'mika@example.net', person: { first_name: 'Mika' } }),
	});
	const { result } = await ask('Profiler.takePreciseCoverage');
	const own = result.filter(({ url }) => url.includes('/nodes/') && url.includes(path.basename(process.cwd())));
	const passed = own.filter(({ functions }) => functions.some(({ functionName, ranges }) => functionName !== '' && ranges[0].count > 0));
	console.log(JSON.stringify(passed.map(({ url }) => url.split('/nodes/')[1])));
	process.exit();
});
`;

test(`an accepted webhook passes at most ${MOST} files`, () => {
	const folder = mkdtempSync(path.join(ROOT, '.build', 'files-passed-'));
	try {
		const sources = readdirSync(path.join(ROOT, 'nodes'), { recursive: true, encoding: 'utf8' });
		const { options } = ts.convertCompilerOptionsFromJson(
			{ module: 'CommonJS', target: 'ES2022', esModuleInterop: true },
			ROOT,
		);
		for (const source of sources.filter((file) => file.endsWith('.ts'))) {
			const { outputText } = ts.transpileModule(
				readFileSync(path.join(ROOT, 'nodes', source), 'utf8'),
				{ compilerOptions: options, fileName: source },
			);
			const target = path.join(folder, 'nodes', source.replace(/\.ts$/, '.js'));
			mkdirSync(path.dirname(target), { recursive: true });
			writeFileSync(target, outputText);
		}
		writeFileSync(path.join(folder, 'probe.js'), PROBE);
		const printed = execFileSync(process.execPath, ['probe.js'], { cwd: folder, encoding: 'utf8' });
		const passed = JSON.parse(printed) as string[];
		expect(passed).toContain('BentoWebhookTrigger/receive.js');
		expect(passed.length).toBeLessThanOrEqual(MOST);
	} finally {
		rmSync(folder, { recursive: true });
	}
});
