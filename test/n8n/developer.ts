import { spawn } from 'child_process';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'fs';
import { join } from 'path';
import { setTimeout as sleep } from 'timers/promises';
import { parseArgs } from 'util';
import { z } from 'zod';
import { startBentoServer, type BentoServer } from '../bentoServer';
import { onEnd } from './support/children';
import { N8nClient, owner } from './support/client';
import { exampleFiles, makeTable, readExample, tableToChoose } from './support/examples';
import { installLine, n8nVersion } from './support/install';
import { startInstance, type Instance } from './support/instance';
import { installAsCommunityPackage, packPackage } from './support/packaging';
import { devFolder, lines, repository } from './support/paths';
import { bentoData, secretData } from './support/world';

const { values } = parseArgs({
	options: {
		line: { type: 'string', default: '2x' },
		port: { type: 'string', default: '5678' },
		'bento-port': { type: 'string', default: '4400' },
		fresh: { type: 'boolean', default: false },
		inspect: { type: 'boolean', default: false },
	},
});

/** Contains the stand-in's address once owner, credentials, and examples are there. */
const markerName = 'prepared-for';

const print = (line: string) => console.log(line);

/** Starts everything, and keeps it going until Ctrl-C. */
async function main(): Promise<void> {
	const line = z.enum(lines).parse(values.line);
	const userFolder = join(devFolder, 'home', line);
	// A first start that was interrupted leaves half of everything, so it begins again.
	if (values.fresh || !existsSync(join(userFolder, markerName))) {
		rmSync(userFolder, { recursive: true, force: true });
	}

	const stops: Array<() => Promise<void>> = [];
	onEnd(async () => {
		print('\nStopping …');
		for (const stop of stops.reverse()) await stop();
		print('Stopped.');
	});
	if (!(await build())) throw new Error('n8n needs a build to start with.');
	await installLine(line, print);
	const bento = await startBentoServer({ port: Number(values['bento-port']) });
	stops.push(() => bento.close());

	installAsCommunityPackage(packPackage(), userFolder);
	print(`Starting n8n ${n8nVersion(line)} …`);
	const options = { line, userFolder, port: Number(values.port), inspect: values.inspect };
	let instance: Instance = await startInstance(options);
	stops.push(() => instance.stop());
	await prepare(instance, bento);
	announce(instance, bento);

	void showRequests(bento);
	void onSourceChange(async () => {
		if (!(await build())) return;
		installAsCommunityPackage(packPackage(), userFolder);
		await instance.stop();
		instance = await startInstance(options);
		print('Built, and n8n started again with it. Reload the editor.');
	});
}

/** Creates the owner, the credentials, and the example workflows the first time. */
async function prepare(instance: Instance, bento: BentoServer): Promise<void> {
	const marker = join(instance.userFolder, markerName);
	const client = await N8nClient.signIn(instance);
	if (existsSync(marker)) {
		const known = readFileSync(marker, 'utf8');
		if (known === bento.baseUrl) return;
		print(`The stored credential points to ${known}. Use that port again, or begin with --fresh.`);
		return;
	}
	const credentials = {
		bentoApi: await client.createCredential('bentoApi', 'Bento stand-in', bentoData(bento)),
		bentoWebhookSecretApi: await client.createCredential(
			'bentoWebhookSecretApi',
			'Webhook secret',
			secretData,
		),
	};
	for (const file of exampleFiles()) {
		const table = await makeTable(client, file);
		const replace: Record<string, string> =
			table === undefined ? {} : { [tableToChoose]: table.id };
		await client.createWorkflow(readExample(file, credentials, replace));
	}
	writeFileSync(marker, bento.baseUrl);
}

function announce(instance: Instance, bento: BentoServer): void {
	const { publishableKey, secretKey, siteUuid, baseUrl } = bento.credentials;
	print(`
  n8n              ${instance.origin}
  Email            ${owner.email}
  Password         ${owner.password}

  Stand-in Bento   ${baseUrl}
  Publishable key  ${publishableKey}
  Secret key       ${secretKey}
  Site UUID        ${siteUuid}
  Webhook secret   ${secretData.secret}

  The examples are imported, with these credentials chosen in them.
  What n8n sends to Bento is listed below. A change under nodes/, credentials/
  or icons/ is built and loaded. Ctrl-C stops it all.${values.inspect ? '\n  A debugger can attach to port 9229.' : ''}
`);
}

/** Prints a line per request to the stand-in. */
async function showRequests(bento: BentoServer): Promise<void> {
	for (let shown = 0; ; await sleep(500, undefined, { ref: false })) {
		for (const { method, path, status } of bento.requests.slice(shown)) {
			print(`Bento  ${method} ${path}  ${status ?? ''}`);
		}
		shown = bento.requests.length;
	}
}

/**
 * Calls `react` whenever something is newer than at the last look, once a second; never twice at the same time.
 * Watching loses files that an editor puts in the place of the old ones (seen with Node.js 20 on Linux).
 */
async function onSourceChange(react: () => Promise<void>): Promise<void> {
	for (let seen = newestSource(); ; await sleep(1000, undefined, { ref: false })) {
		const now = newestSource();
		if (now === seen) continue;
		seen = now;
		await react().catch((error: unknown) => console.error(error));
	}
}

/** The latest modification of the package's sources, in ms; a folder's own time tells of files that came or went. */
function newestSource(): number {
	const folders = ['nodes', 'credentials', 'icons'].map((name) => join(repository, name));
	const inside = folders.flatMap((folder) =>
		readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
	);
	return Math.max(
		...[...folders, ...inside].map(
			(path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0,
		),
	);
}

/** Builds the package with source maps, which takes a second or two; whether it worked. */
async function build(): Promise<boolean> {
	print('Building …');
	const gulp = join(repository, 'node_modules', 'gulp', 'bin', 'gulp.js');
	const child = spawn(process.execPath, [gulp, 'develop', '--silent'], {
		cwd: repository,
		stdio: 'inherit',
	});
	const end = () => child.kill();
	process.once('exit', end);
	const code = await new Promise((resolve) => child.once('exit', resolve));
	process.off('exit', end);
	if (code !== 0) print('The build failed; n8n goes on with what it has.');
	return code === 0;
}

main().catch((error: unknown) => {
	console.error(error instanceof Error ? error.message : error);
	process.exit(1);
});
