import { existsSync } from 'fs';
import path from 'path';

/** The repository's root, from the sources as well as from the compiled copy under `.build`. */
export const ROOT = findRoot(__dirname);

function findRoot(from: string): string {
	if (existsSync(path.join(from, 'gulpfile.js'))) return from;
	return findRoot(path.dirname(from));
}
