import { spawn } from 'child_process';
import {
	cpSync,
	existsSync,
	mkdirSync,
	readFileSync,
	readdirSync,
	rmSync,
	writeFileSync,
} from 'fs';
import { delimiter, join } from 'path';
import { devFolder, manifests, type Line } from './paths';

type Print = (line: string) => void;

const toolsFolder = join(devFolder, 'tools');

/** The folder of the Node 24 binary that runs n8n: n8n 2.x doesn't start on Node 20. */
export const nodeFolder = join(toolsFolder, 'node_modules', 'node', 'bin');

/** The Node 24 binary itself. */
export const nodeBinary = join(nodeFolder, process.platform === 'win32' ? 'node.exe' : 'node');

/** The folder with a line's n8n. */
export function lineFolder(line: Line): string {
	return join(devFolder, line);
}

/** The path of the tools' package.json, from which playwright-core can be required. */
export const toolsManifest = join(toolsFolder, 'package.json');

/** This process's environment with Node 24 first in PATH. */
export function node24Environment(): NodeJS.ProcessEnv {
	return { ...process.env, PATH: nodeFolder + delimiter + (process.env.PATH ?? '') };
}

/** Installs Node 24, pnpm and playwright-core where they are missing; a few seconds, once. */
export async function installTools(print: Print): Promise<void> {
	await installOnce('tools', print, 'Node 24, pnpm and playwright-core', async () => {
		const flags = ['--no-audit', '--no-fund', '--loglevel=error', '--ignore-scripts=false'];
		await run('npm', ['install', ...flags], toolsFolder, process.env);
		// Newer npm versions skip a dependency's install script; node's brings the binary, so it runs here then.
		if (existsSync(nodeBinary)) return;
		const nodePackage = join(toolsFolder, 'node_modules', 'node');
		await run(process.execPath, ['installArchSpecificPackage'], nodePackage, process.env);
	});
}

/** Installs a line of n8n where it is missing: two to three minutes the first time, seconds from pnpm's store. */
export async function installLine(line: Line, print: Print): Promise<void> {
	await installTools(print);
	await installOnce(line, print, `n8n ${n8nVersion(line)}, which takes some minutes`, async () => {
		const pnpm = join(toolsFolder, 'node_modules', 'pnpm', 'bin', 'pnpm.cjs');
		const flags = ['install', '--frozen-lockfile', '--reporter=append-only'];
		await run(nodeBinary, [pnpm, ...flags], lineFolder(line), node24Environment(), true);
	});
}

/** The n8n version of a line, as its manifest says. */
export function n8nVersion(line: Line): string {
	const manifest = readFileSync(join(manifests, line, 'package.json'), 'utf8');
	return /"n8n":\s*"([^"]+)"/.exec(manifest)?.[1] ?? 'of an unknown version';
}

/**
 * Installs into a folder of `.n8n-dev` unless that was done with the same manifest before. The stamp is written last,
 * so an interrupted installation continues the next time.
 */
async function installOnce(
	name: string,
	print: Print,
	what: string,
	install: () => Promise<void>,
): Promise<void> {
	const source = join(manifests, name);
	const target = join(devFolder, name);
	const stampFile = join(target, '.installed');
	const wanted = readdirSync(source)
		.sort()
		.map((file) => readFileSync(join(source, file), 'utf8'))
		.join('\n');
	if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === wanted) return;
	print(`Installing ${what} …`);
	mkdirSync(target, { recursive: true });
	rmSync(stampFile, { force: true });
	cpSync(source, target, { recursive: true });
	await install();
	writeFileSync(stampFile, wanted);
}

/** Runs a command with this terminal as its output; every tenth line is enough for pnpm's long report. */
async function run(
	command: string,
	args: string[],
	cwd: string,
	env: NodeJS.ProcessEnv,
	thin = false,
): Promise<void> {
	const child = spawn(command, args, {
		cwd,
		env: withoutNpmSettings(env),
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	let lines = 0;
	const tail: string[] = [];
	child.stdout.setEncoding('utf8').on('data', (text: string) => {
		for (const line of text.split('\n').filter((one) => one.trim() !== '')) {
			tail.push(line);
			if (tail.length > 30) tail.shift();
			if (!thin || (line.startsWith('Progress') && lines++ % 10 === 0)) console.log(`  ${line}`);
		}
	});
	const code = await new Promise<number | null>((resolve, reject) => {
		child.once('error', reject);
		child.once('exit', resolve);
	});
	if (code === 0) return;
	throw new Error(`${command} ${args.join(' ')} ended with ${code}:\n${tail.join('\n')}`);
}

/**
 * `npm run` hands its own settings on to everything below it. The project's `ignore-scripts` would so keep sqlite3
 * from being built, without which n8n doesn't start. The cache and where packages come from stay as they are.
 */
function withoutNpmSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
	const own = /^npm_config_(ignore_scripts|omit_lockfile_registry_resolved|prefix)$/i;
	return Object.fromEntries(Object.entries(env).filter(([name]) => !own.test(name)));
}
