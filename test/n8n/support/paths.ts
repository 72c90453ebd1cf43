import { existsSync } from 'fs';
import { dirname, join } from 'path';

/** The repository, wherever this file was compiled to: the nearest folder above with the lockfile. */
export const repository = findRepository(__dirname);

/** Everything that n8n itself needs and makes: installations, databases, logs. Git ignores it. */
export const devFolder = join(repository, '.n8n-dev');

/** The manifests of the two n8n lines and of the tools, each with a lockfile where it has one. */
export const manifests = join(repository, 'test', 'n8n');

/** The name that the package has in npm, in n8n's node types and in a user's nodes folder. */
export const packageName = 'n8n-nodes-bentonow';

/** The two n8n lines that the package is tested on. */
export const lines = ['2x', '1x'] as const;
export type Line = (typeof lines)[number];

function findRepository(start: string): string {
	if (existsSync(join(start, 'package-lock.json'))) return start;
	const above = dirname(start);
	if (above === start) throw new Error('This file is outside of the repository');
	return findRepository(above);
}
