import type { ICredentialType, INodeType } from 'n8n-workflow';
import { packageFolder, type LineName } from './packages';

/** What a line's PackageDirectoryLoader gives. */
export interface Loader {
	readonly nodeTypes: Readonly<Record<string, { readonly type: INodeType }>>;
	readonly credentialTypes: Readonly<Record<string, { readonly type: ICredentialType }>>;
}

type LoaderClass = new (directory: string) => Loader & { loadAll(): Promise<void> };

/** Loads the built package as n8n loads it. Mutation tests have test/mutation/loader.ts in place of this. */
export async function loadPackage(
	line: LineName,
	load: NodeJS.Require,
	PackageDirectoryLoader: LoaderClass,
): Promise<Loader> {
	const folder = packageFolder(line);
	// So that each test file has the package's own modules anew, with nothing remembered in them.
	for (const file of Object.keys(load.cache)) if (file.startsWith(folder)) delete load.cache[file];
	const loader = new PackageDirectoryLoader(folder);
	await loader.loadAll();
	return loader;
}

export type { LoaderClass };
