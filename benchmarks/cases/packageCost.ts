import { execFileSync } from 'child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import path from 'path';
import { z } from 'zod';
import { packageFolder } from '../../test/support/engine/packages';
import { ROOT } from '../../test/support/root';
import { line, type Line } from '../support/report';
import { figuresOf, type Figures } from '../support/stats';

const ROUNDS = 9;
const MOST_MILLISECONDS = 25;
const MOST_KILOBYTES = 125;
const packed = z.array(z.object({ size: z.number() })).nonempty();

/** What the package adds to n8n's start and to its downloads, beside a package with one empty node. */
export function packageCost(): Line[] {
	const empty = emptyPackage();
	const ours = loadTime(packageFolder('2x'));
	const theirs = loadTime(empty);
	const added = ours.median - theirs.median;
	const [{ size }] = packed.parse(
		JSON.parse(
			execFileSync('npm', ['pack', '--dry-run', '--json'], { cwd: ROOT, encoding: 'utf8' }),
		),
	);
	return [
		line('Loading the package', 'ms', ours, 'an empty node package', theirs, {
			text: `adds at most ${MOST_MILLISECONDS} ms (adds ${added.toFixed(1)})`,
			holds: () => added <= MOST_MILLISECONDS,
		}),
		line('Packed size', 'kB', size / 1000, 'the limit', MOST_KILOBYTES, {
			text: `at most ${MOST_KILOBYTES} kB`,
			holds: (ratio) => ratio <= 1,
		}),
	];
}

/** Each time in a fresh process, with n8n-workflow and zod loaded before, as they are in n8n. */
function loadTime(folder: string): Figures {
	const script = `
		const load = require('module').createRequire(${JSON.stringify(path.join(packageFolder('2x'), 'x.js'))});
		load('n8n-workflow'); load('zod');
		const { n8n } = load(${JSON.stringify(path.join(folder, 'package.json'))});
		const began = performance.now();
		for (const file of n8n.nodes) {
			const name = file.split('/').pop().split('.')[0];
			new (load(${JSON.stringify(folder)} + '/' + file)[name])();
		}
		console.log(performance.now() - began);`;
	const times = Array.from({ length: ROUNDS }, () =>
		Number(execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' })),
	);
	return figuresOf(times);
}

function emptyPackage(): string {
	const folder = mkdtempSync(path.join(tmpdir(), 'empty-'));
	mkdirSync(path.join(folder, 'dist'));
	const manifest = { name: 'n8n-nodes-empty', n8n: { nodes: ['dist/Empty.node.js'] } };
	writeFileSync(path.join(folder, 'package.json'), JSON.stringify(manifest));
	const node = `exports.Empty = class { description = { displayName: 'Empty', name: 'empty', properties: [] }; };`;
	writeFileSync(path.join(folder, 'dist', 'Empty.node.js'), node);
	return folder;
}
