/**
 * `npm run scan`: n8n's verification scanner over the sources and over the packed tarball, as n8n's reviewers run
 * it, but offline and with its warnings counted as errors.
 */
const fs = require('fs');
const os = require('os');
const path = require('path');
const { spawnSync } = require('child_process');
const { answerHelp } = require('./lib/help');
const { ensureBuilt } = require('./lib/ensure');
const { root, run } = require('./lib/run');

/** Packs the package as npm would publish it and unpacks it into `folder`; returns what it unpacked to. */
function packInto(folder) {
	const packed = spawnSync(
		'npm',
		['pack', '--json', '--ignore-scripts', '--pack-destination', folder],
		{
			cwd: root,
			encoding: 'utf8',
			shell: process.platform === 'win32',
		},
	);
	if (packed.status !== 0) throw new Error(packed.stderr);
	const tarball = fs.readdirSync(folder).find((name) => name.endsWith('.tgz'));
	run('tar', ['-xzf', path.join(folder, tarball), '-C', folder]);
	return path.join(folder, 'package');
}

/** What the scanner finds in a folder, warnings too, as text; empty where it finds nothing. */
async function findings(folder, patterns, overrideConfig) {
	const { ESLint } = require('eslint');
	const eslint = new ESLint({
		cwd: folder,
		allowInlineConfig: false,
		overrideConfigFile: true,
		overrideConfig,
	});
	const results = await eslint.lintFiles(patterns);
	if (results.length === 0) throw new Error(`There is nothing to scan in ${folder}`);
	if (results.every(({ messages }) => messages.length === 0)) return '';
	return (await eslint.loadFormatter('stylish')).format(results);
}

async function main() {
	answerHelp(__filename);
	ensureBuilt();
	const { buildScanConfig, SOURCE_FILE_PATTERNS } =
		await import('@n8n/scan-community-package/scanner/scanner.mjs');
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'scan-'));
	try {
		const legs = [
			['sources', root, SOURCE_FILE_PATTERNS],
			['tarball', packInto(folder), ['**/*.js', '**/*.json']],
		];
		for (const [name, target, patterns] of legs) {
			const found = await findings(target, patterns, await buildScanConfig());
			console.log(`${name}: ${found === '' ? 'no errors, no warnings' : 'failed'}`);
			if (found === '') continue;
			console.error(found);
			process.exitCode = 1;
		}
	} finally {
		fs.rmSync(folder, { recursive: true, force: true });
	}
}

main().catch((error) => {
	console.error(error);
	process.exitCode = 1;
});
