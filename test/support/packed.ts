import { execFileSync } from 'child_process';
import { z } from 'zod';
import { npm } from '../../scripts/lib/run';
import { ROOT } from './root';

const entry = z.object({ size: z.number(), files: z.array(z.object({ path: z.string() })) });
/** A list in some versions of npm, an object by name in others. */
const packed = z.union([z.array(entry), z.record(entry)]).transform((all) => Object.values(all)[0]);

/** What npm would publish: the download's size in bytes, and the files. */
export function packedPackage(): { readonly size: number; readonly files: readonly string[] } {
	const [command, ...first] = npm();
	const flags = ['pack', '--dry-run', '--json', '--ignore-scripts'];
	const output = execFileSync(command, [...first, ...flags], {
		cwd: ROOT,
		encoding: 'utf8',
		stdio: ['ignore', 'pipe', 'ignore'],
	});
	const found = packed.parse(JSON.parse(output));
	if (!found) throw new Error('npm packed nothing');
	return { size: found.size, files: found.files.map(({ path }) => path) };
}
