import { cpSync, mkdirSync, realpathSync, rmSync, symlinkSync } from 'fs';
import { createRequire } from 'module';
import path from 'path';
import { ROOT } from '../root';

declare global {
	/** Under jest, whose own would load n8n once more for every test file: Node's, from test/support/environment.js. */
	var createRequireOfNode: typeof createRequire | undefined;
}

/** The engine lines that the package supports: n8n 2.x, and the 1.x line that n8n 1.123 ships. */
export type LineName = '1x' | '2x';
/** Mutation tests, which run thousands of times, have one of them. */
export const LINE_NAMES: readonly LineName[] =
	process.env.ENGINE_LINES === '2x' ? ['2x'] : ['2x', '1x'];

/** The folder of a line's n8n-core. */
export function coreFolder(line: LineName): string {
	return path.join(ROOT, 'node_modules', line === '2x' ? 'n8n-core' : 'n8n-core-1x');
}

/** Resolves modules as that line's n8n-core does. */
export function requireOf(line: LineName): NodeJS.Require {
	const create = globalThis.createRequireOfNode ?? createRequire;
	return create(path.join(coreFolder(line), 'package.json'));
}

/** Where a line finds the built package: in a folder beside its own n8n-workflow, as in a real n8n. */
export function packageFolder(line: LineName): string {
	return path.join(modulesFolder(line), 'n8n-nodes-bentonow');
}

/** Copies the built package to where the engines look for it; whole folders or single files of it. */
export function placePackages(files: readonly string[] = ['dist', 'package.json']): void {
	for (const line of LINE_NAMES) {
		const folder = packageFolder(line);
		rmSync(modulesFolder(line), { recursive: true, force: true });
		mkdirSync(folder, { recursive: true });
		for (const part of files) {
			cpSync(path.join(ROOT, part), path.join(folder, part), { recursive: true });
		}
		const workflow = path.dirname(requireOf(line).resolve('n8n-workflow/package.json'));
		const zod = path.join(ROOT, 'node_modules', 'zod');
		for (const target of [realpathSync(workflow), zod]) {
			// On Windows, anybody may make a junction, but not a link.
			symlinkSync(target, path.join(modulesFolder(line), path.basename(target)), 'junction');
		}
	}
}

function modulesFolder(line: LineName): string {
	return path.join(ROOT, '.build', 'engine', line, 'node_modules');
}
