/**
 * `npm run scan`: n8n's own verification scanner over the sources and over the packed tarball, as
 * n8n's reviewers run it, but offline: `analyzePackage` is the scanner's lint step on a folder.
 */
const fs = require('fs');
const os = require('os');
const path = require('path');
const { spawnSync } = require('child_process');
const { ESLint } = require('eslint');
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

/** The scanner's verdict looks at errors only; this gives its warnings too. */
async function warningsIn(target, patterns, buildScanConfig) {
	const eslint = new ESLint({
		cwd: target,
		allowInlineConfig: false,
		overrideConfigFile: true,
		overrideConfig: await buildScanConfig(),
	});
	const results = await eslint.lintFiles(patterns);
	const count = results.reduce((sum, { warningCount }) => sum + warningCount, 0);
	return count === 0 ? '' : (await eslint.loadFormatter('stylish')).format(results);
}

async function main() {
	ensureBuilt();
	const { analyzePackage, buildScanConfig, SOURCE_FILE_PATTERNS } =
		await import('@n8n/scan-community-package/scanner/scanner.mjs');
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'scan-'));
	try {
		const legs = [
			['sources', root, SOURCE_FILE_PATTERNS],
			['tarball', packInto(folder), ['**/*.js', '**/*.json']],
		];
		for (const [name, target, patterns] of legs) {
			const result = await analyzePackage(target, patterns);
			const warnings = await warningsIn(target, patterns, buildScanConfig);
			const clean = result.passed && warnings === '';
			console.log(`${name}: ${clean ? 'no errors, no warnings' : 'failed'}`);
			if (clean) continue;
			console.error(result.details ?? result.message ?? warnings);
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
