import { execFileSync } from 'child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { delimiter, join } from 'path';
import { z } from 'zod';
import { devFolder, packageName, repository } from './paths';

const files = z.array(z.string());
const manifestShape = z
	.object({
		name: z.string(),
		version: z.string(),
		n8n: z.object({ credentials: files, nodes: files }).passthrough(),
	})
	.passthrough();
const packReport = z.array(z.object({ filename: z.string() }));

/** The package as npm would publish it. */
export interface Tarball {
	readonly file: string;
	readonly version: string;
}

/** Packs the built package with `npm pack`; `dist` must be there. */
export function packPackage(): Tarball {
	const folder = join(devFolder, 'packed');
	mkdirSync(folder, { recursive: true });
	const { n8n, version } = readManifest(repository);
	const missing = [...n8n.credentials, ...n8n.nodes].find(
		(file) => !existsSync(join(repository, file)),
	);
	if (missing !== undefined) throw new Error(`${missing} isn't built: npm run build`);
	const flags = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder];
	const report = execFileSync('npm', flags, {
		cwd: repository,
		encoding: 'utf8',
		stdio: ['ignore', 'pipe', 'ignore'],
	});
	const [packed] = packReport.parse(JSON.parse(report));
	if (packed === undefined) throw new Error('npm pack reported no file');
	return { file: join(folder, packed.filename), version };
}

/**
 * Puts a tarball where n8n keeps community packages, in the steps of n8n's own installer (community-packages.service):
 * unpack, drop devDependencies, peerDependencies and optionalDependencies. The `npm install` that follows there has
 * nothing to do for a package without dependencies. n8n finds it at its next start.
 */
export function installAsCommunityPackage(tarball: Tarball, userFolder: string): void {
	const target = communityFolder(userFolder, packageName);
	rmSync(target, { recursive: true, force: true });
	mkdirSync(target, { recursive: true });
	execFileSync('tar', ['-xzf', tarball.file, '-C', target, '--strip-components=1']);
	const manifest = readManifest(target);
	for (const kind of ['devDependencies', 'peerDependencies', 'optionalDependencies']) {
		delete manifest[kind];
	}
	writeFileSync(join(target, 'package.json'), JSON.stringify(manifest, null, 2));
}

/** Copies a folder that is a package already, such as a stub, to where n8n keeps community packages. */
export function installFolder(source: string, userFolder: string): void {
	const target = communityFolder(userFolder, readManifest(source).name);
	rmSync(target, { recursive: true, force: true });
	cpSync(source, target, { recursive: true });
}

/** Where n8n keeps a community package. */
export function communityFolder(userFolder: string, name: string): string {
	return join(userFolder, '.n8n', 'nodes', 'node_modules', name);
}

/** The same package under another version, which its files name too: what a later release would be. */
export function packAs(tarball: Tarball, version: string): Tarball {
	const folder = join(devFolder, 'packed', version);
	const inside = join(folder, 'package');
	rmSync(folder, { recursive: true, force: true });
	mkdirSync(folder, { recursive: true });
	execFileSync('tar', ['-xzf', tarball.file, '-C', folder]);
	for (const name of ['package.json', join('dist', 'bundle.js')]) {
		const path = join(inside, name);
		writeFileSync(path, readFileSync(path, 'utf8').replaceAll(tarball.version, version));
	}
	const file = join(folder, `${packageName}-${version}.tgz`);
	execFileSync('tar', ['-czf', file, '-C', folder, 'package']);
	return { file, version };
}

/**
 * A folder to put first in n8n's PATH: its `npm` answers for this package from the tarballs, as if these versions were
 * published, and passes every other call on to the real npm. With it, n8n's own Settings > Community nodes route
 * installs what isn't published yet.
 */
export function npmStandIn(...tarballs: Tarball[]): string {
	const folder = join(devFolder, 'npm-stand-in');
	mkdirSync(folder, { recursive: true });
	const realNpm = execFileSync('which', ['npm'], { encoding: 'utf8' }).trim();
	const answers = tarballs.flatMap(({ file, version }) => [
		`"view ${packageName}@${version}") echo '"${version}"' ;;`,
		`"pack ${packageName}@${version}") cp '${file}' ./packed.tgz && echo packed.tgz ;;`,
	]);
	const script = [
		'#!/bin/sh',
		'case "$1 $2" in',
		...answers,
		`*) PATH="\${PATH#*${delimiter}}" exec '${realNpm}' "$@" ;;`,
		'esac',
		'',
	];
	const file = join(folder, 'npm');
	writeFileSync(file, script.join('\n'));
	chmodSync(file, 0o755);
	return folder;
}

function readManifest(folder: string): z.output<typeof manifestShape> {
	return manifestShape.parse(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')));
}
