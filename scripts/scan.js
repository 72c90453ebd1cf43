const fs = require('fs');
const os = require('os');
const path = require('path');
const { spawnSync } = require('child_process');
const { ensureBuilt } = require('./lib/ensure');
const { npm, root, run } = require('./lib/run');

/** Packs the package as npm would publish it and unpacks it into `folder`; returns what it unpacked to. */
function packInto(folder) {
	const [command, ...first] = npm();
	const flags = ['--json', '--ignore-scripts', '--pack-destination', folder];
	const packed = spawnSync(command, [...first, 'pack', ...flags], { cwd: root, encoding: 'utf8' });
	if (packed.status !== 0) throw new Error(packed.stderr);
	const tarball = fs.readdirSync(folder).find((name) => name.endsWith('.tgz'));
	// A name without a drive: some tars on Windows take that for a host.
	run('tar', ['-xzf', tarball], { cwd: folder });
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

/** `npm run scan`. */
async function main() {
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

module.exports = { main };
