import { execFileSync } from 'child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import path from 'path';
import { ROOT } from '../support/root';

/**
 * Another package in n8n's folder of community nodes may bring a zod of its own, which Node then finds before n8n's.
 * zod 4 ships inside 3.25 as `zod/v4`, so a folder with that as its root stands in for it.
 */

const ZOD = path.join(ROOT, 'node_modules', 'zod');
const v3 = JSON.stringify(path.join(ZOD, 'v3'));
const v4 = JSON.stringify(path.join(ZOD, 'v4'));

/** A zod by what its `exports` lead to. */
type Zod = Readonly<Record<string, string>>;

/** From 3.25 on there is `zod/v3`; 3.24 and older, as n8n below 1.100 has them, have a root only. */
const ZODS: ReadonlyArray<readonly [string, Zod]> = [
	['3.24.1', { '.': `module.exports = require(${v3});` }],
	[
		'3.25.76',
		{ '.': `module.exports = require(${v3});`, './v3': `module.exports = require(${v3});` },
	],
	[
		'4.0.0',
		{ '.': `module.exports = require(${v4});`, './v3': `module.exports = require(${v3});` },
	],
];

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** The built package in a folder of community nodes, beside such a zod. */
function installedBeside(version: string, zod: Zod): string {
	const folder = mkdtempSync(path.join(tmpdir(), 'nodes-'));
	folders.push(folder);
	const modules = path.join(folder, 'node_modules');
	const own = path.join(modules, 'n8n-nodes-bentonow');
	cpSync(path.join(ROOT, 'dist'), path.join(own, 'dist'), { recursive: true });
	const beside = path.join(modules, 'zod');
	mkdirSync(beside, { recursive: true });
	const exports = Object.fromEntries(
		Object.entries(zod).map(([name, text], index) => {
			writeFileSync(path.join(beside, `${index}.js`), text);
			return [name, `./${index}.js`];
		}),
	);
	writeFileSync(
		path.join(beside, 'package.json'),
		JSON.stringify({ name: 'zod', version, exports }),
	);
	return own;
}

const manifest = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as {
	n8n: { nodes: string[]; credentials: string[] };
};

it.each(ZODS)('all nodes and credentials load beside zod %s', (version, zod) => {
	const own = installedBeside(version, zod);
	const files = [...manifest.n8n.nodes, ...manifest.n8n.credentials];
	const script = `
		for (const file of ${JSON.stringify(files)}) {
			const [type] = Object.values(require(${JSON.stringify(own)} + '/' + file));
			console.log(new type().displayName ?? new type().description.displayName);
		}`;
	const output = execFileSync(process.execPath, ['-e', script], {
		encoding: 'utf8',
		env: { ...process.env, NODE_PATH: path.join(ROOT, 'node_modules') },
	});
	expect(output.trim().split('\n')).toHaveLength(files.length);
});

it('the stand-in for zod 4 has another API, which would stop the nodes', () => {
	const script = `require(${v4}).z.string({ invalid_type_error: 'x' }).ip('x')`;
	expect(() => execFileSync(process.execPath, ['-e', script], { stdio: 'pipe' })).toThrow(
		'ip is not',
	);
});
