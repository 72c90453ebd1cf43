import { execFileSync } from 'child_process';
import { readFileSync } from 'fs';
import path from 'path';
import { z } from 'zod';
import { ROOT } from '../support/root';

const MOST_PACKED_BYTES = 110_000;

const entry = z.object({ size: z.number(), files: z.array(z.object({ path: z.string() })) });
/** A list in some versions of npm, an object by name in others. */
const packed = z.union([z.array(entry), z.record(entry)]).transform((all) => Object.values(all)[0]);

function pack() {
	const output = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
		cwd: ROOT,
		encoding: 'utf8',
		shell: process.platform === 'win32',
		stdio: ['ignore', 'pipe', 'ignore'],
	});
	const found = packed.parse(JSON.parse(output));
	if (!found) throw new Error('npm packed nothing');
	return found;
}

it('is a small download with nothing in it but what n8n needs', () => {
	const { size, files } = pack();
	expect(size).toBeLessThanOrEqual(MOST_PACKED_BYTES);
	for (const { path: file } of files) {
		expect(file).toMatch(/^(dist\/|index\.js$|package\.json$|README\.md$|LICENSE$)/);
	}
});

it('ships one bundle that can be read: with doc comments, names, and short lines', () => {
	const bundle = readFileSync(path.join(ROOT, 'dist', 'bundle.js'), 'utf8');
	expect(bundle).toMatch(/^\/\*\* [A-Z].{20,} \*\/\n(?:async )?function \w+\(/m);
	expect(bundle).toContain('\n// nodes/BentoTrackEvent/BentoTrackEvent.node.js\n');
	const lines = bundle.split('\n').map(({ length }) => length);
	expect(lines.length).toBeGreaterThan(3000);
	expect(lines.filter((length) => length > 200).length).toBeLessThan(lines.length / 20);
});
