import { cpSync, mkdirSync, realpathSync, rmSync, symlinkSync } from 'fs';
import { createRequire } from 'module';
import path from 'path';
import { ROOT } from '../root';

declare global {
	/** Under jest, whose own would load n8n once more for every test file: Node's, from test/support/environment.js. */
	var createRequireOfNode: typeof createRequire | undefined;
}

/** The engine lines that the package supports: n8n 2.x, and 1.x. */
export type LineName = '1x' | '2x';

/** One older n8n that `npm run test:versions` names, in place of the newest of both lines. */
const {
	ENGINE_LINES: only,
	N8N_TEST_LINE: olderLine = only,
	N8N_TEST_CORE: olderCore,
} = process.env;

const BOTH: readonly LineName[] = ['2x', '1x'];

/** The lines that the tests run on. Mutation tests, which run thousands of times, have one of them. */
export const LINE_NAMES = BOTH.filter((line) => olderLine === undefined || olderLine === line);

/** The folder of a line's n8n-core. */
export function coreFolder(line: LineName): string {
	if (olderLine === line && olderCore !== undefined) return olderCore;
	return path.join(ROOT, 'node_modules', line === '2x' ? 'n8n-core' : 'n8n-core-1x');
}

/** Resolves modules as that line's n8n-core does. */
export function requireOf(line: LineName): NodeJS.Require {
	const create = globalThis.createRequireOfNode ?? createRequire;
	return create(path.join(coreFolder(line), 'package.json'));
}

/** Where a line finds the built package: in a folder beside its own n8n-workflow and zod, as in a real n8n. */
export function packageFolder(line: LineName): string {
	return path.join(modulesFolder(line), 'n8n-nodes-bentonow');
}

/** Copies what is published of the built package to where the engines look for it, whole folders or single files of it. */
export function placePackages(files: readonly string[] = ['dist', 'package.json']): void {
	for (const line of BOTH) {
		const folder = packageFolder(line);
		rmSync(modulesFolder(line), { recursive: true, force: true });
		mkdirSync(folder, { recursive: true });
		for (const part of files) {
			cpSync(path.join(ROOT, part), path.join(folder, part), { recursive: true });
		}
		for (const own of ['n8n-workflow', 'zod']) {
			const found = path.dirname(requireOf(line).resolve(`${own}/package.json`));
			// On Windows, anybody may make a junction, but not a link.
			symlinkSync(realpathSync(found), path.join(modulesFolder(line), own), 'junction');
		}
	}
}

function modulesFolder(line: LineName): string {
	return path.join(ROOT, '.build', 'engine', path.basename(coreFolder(line)), 'node_modules');
}
