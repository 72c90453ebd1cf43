import { execFileSync } from 'child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import path from 'path';
import { ROOT } from '../support/root';

/** Another package in n8n's folder of community nodes may bring a zod of its own, which Node then finds before n8n's. */

const MODULES = path.join(ROOT, 'node_modules');

/** By the folders they are installed in. From 3.25 on there is `zod/v3`; 3.24, as n8n below 1.100 has it, has a root only. */
const ZODS = ['zod-3.24', 'zod', 'zod-4'] as const;

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** The built package in a folder of community nodes, beside such a zod. */
function installedBeside(zod: string): string {
	const folder = mkdtempSync(path.join(tmpdir(), 'nodes-'));
	folders.push(folder);
	const modules = path.join(folder, 'node_modules');
	mkdirSync(modules);
	const own = path.join(modules, 'n8n-nodes-bentonow');
	cpSync(path.join(ROOT, 'dist'), path.join(own, 'dist'), { recursive: true });
	cpSync(path.join(MODULES, zod), path.join(modules, 'zod'), { recursive: true });
	return own;
}

const manifest = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as {
	n8n: { nodes: string[]; credentials: string[] };
};

it.each(ZODS)('all nodes and credentials load beside %s', (zod) => {
	const own = installedBeside(zod);
	const files = [...manifest.n8n.nodes, ...manifest.n8n.credentials];
	const script = `
		for (const file of ${JSON.stringify(files)}) {
			const [type] = Object.values(require(${JSON.stringify(own)} + '/' + file));
			console.log(new type().displayName ?? new type().description.displayName);
		}`;
	const output = execFileSync(process.execPath, ['-e', script], {
		encoding: 'utf8',
		env: { ...process.env, NODE_PATH: MODULES },
	});
	expect(output.trim().split('\n')).toHaveLength(files.length);
});

it('zod 4 has another API, which would stop the nodes', () => {
	const script = `require(${JSON.stringify(path.join(MODULES, 'zod-4'))}).z.string().ip('x')`;
	expect(() => execFileSync(process.execPath, ['-e', script], { stdio: 'pipe' })).toThrow(
		'ip is not',
	);
});
