/**
 * Prepares a fresh clone to run things. Each step checks what is there first, so a second call costs next to nothing.
 */
const fs = require('fs');
const path = require('path');
const { bin, root, run } = require('./run');

/** Installs the devDependencies when they are missing or the lockfile has changed since. */
function ensureInstalled() {
	ensureInstalledIn(root);
}

/** The same for a folder with a package.json and a lockfile of its own. */
function ensureInstalledIn(folder) {
	const stampFile = path.join(folder, 'node_modules', '.installed-lockfile');
	const lockfile = fs.readFileSync(path.join(folder, 'package-lock.json'), 'utf8');
	if (fs.existsSync(stampFile) && fs.readFileSync(stampFile, 'utf8') === lockfile) return;
	console.log('Installing the development packages (about a minute, once) …');
	run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
		cwd: folder,
	});
	fs.writeFileSync(stampFile, lockfile);
}

/** Builds `dist`, the package as it is published: compiled nodes and credentials, icons, and codex files. */
function ensureBuilt() {
	ensureInstalled();
	const inputs = ['nodes', 'credentials', 'icons', 'package.json', 'tsconfig.json', 'gulpfile.js'];
	// Beside dist, not in it: everything in there is published.
	const marker = path.join(root, '.build', '.dist-built');
	if (fs.existsSync(path.join(root, 'dist')) && isFresh(marker, inputs)) return;
	console.log('Building the package …');
	for (const folder of ['dist', '.build/package']) {
		fs.rmSync(path.join(root, folder), { recursive: true, force: true });
	}
	run(bin('gulp'), ['build', '--silent']);
	fs.mkdirSync(path.dirname(marker), { recursive: true });
	fs.writeFileSync(marker, '');
}

/** Compiles the demo, the stand-in server, the benchmarks, and the tests into `.build`. */
function ensureDevBuild() {
	ensureInstalled();
	const inputs = ['nodes', 'credentials', 'test', 'demo', 'benchmarks', 'tsconfig.dev.json'];
	const marker = path.join(root, '.build', '.compiled');
	if (isFresh(marker, inputs)) return;
	// `npm test` checks types; a demo doesn't need to wait for it.
	run(bin('tsc'), ['-p', 'tsconfig.dev.json', '--noCheck']);
	fs.writeFileSync(marker, '');
}

/** Whether `marker` is newer than every file under `inputs`. */
function isFresh(marker, inputs) {
	if (!fs.existsSync(marker)) return false;
	const builtAt = fs.statSync(marker).mtimeMs;
	return inputs.every((input) => newest(path.join(root, input)) <= builtAt);
}

/** The latest modification time under a path, in ms; a folder's own time shows deleted files. */
function newest(target) {
	if (!fs.existsSync(target)) return 0;
	const stat = fs.statSync(target);
	if (!stat.isDirectory()) return stat.mtimeMs;
	const inside = fs
		.readdirSync(target)
		.filter((name) => name !== 'node_modules')
		.map((name) => newest(path.join(target, name)));
	return Math.max(stat.mtimeMs, ...inside);
}

module.exports = { ensureBuilt, ensureDevBuild, ensureInstalled, ensureInstalledIn };
