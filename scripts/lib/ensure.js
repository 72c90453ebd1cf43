/**
 * Prepares a fresh clone to run things. Each step checks what is there first, so a second call costs next to nothing.
 */
const fs = require('fs');
const path = require('path');
const { npm, root, run, tool } = require('./run');

/** Says which build `dist` is, and since when; gulp writes it. Beside dist: everything in there is published. */
const BUILT = path.join(root, '.build', '.dist-built');
const PACKAGE = ['nodes', 'credentials', 'icons', 'package.json', 'tsconfig.json', 'gulpfile.js'];
const PROGRAMS = ['nodes', 'credentials', 'test', 'demo', 'benchmarks', 'tsconfig.dev.json'];

/** Installs the devDependencies unless they are there. */
function ensureInstalled() {
	ensureInstalledIn(root);
}

/** Installs what the lockfile of a folder names, unless it is there. */
function ensureInstalledIn(folder) {
	if (isInstalled(folder)) return;
	console.log('Installing the development packages (about a minute, once) …');
	const [command, ...first] = npm();
	const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
	run(command, [...first, 'ci', ...flags], { cwd: folder });
}

/** Whether npm has installed every package of the lockfile in the version it names, whoever asked npm to. */
function isInstalled(folder) {
	const wanted = packagesOf(path.join(folder, 'package-lock.json'));
	const installed = packagesOf(path.join(folder, 'node_modules', '.package-lock.json'));
	return Object.entries(wanted).every(([place, { version, optional }]) => {
		if (place === '') return true;
		const found = installed[place];
		return found === undefined ? optional === true : found.version === version;
	});
}

function packagesOf(lockfile) {
	return fs.existsSync(lockfile) ? JSON.parse(fs.readFileSync(lockfile, 'utf8')).packages : {};
}

/**
 * Builds `dist`, the package as it is published, unless it is there.
 *
 * @param kinds the builds that will do; 'development' is what `npm run watch` and `npm run dev` make
 */
function ensureBuilt(kinds = ['release']) {
	ensureInstalled();
	const isThere = fs.existsSync(path.join(root, 'dist', 'bundle.js')) && isFresh(BUILT, PACKAGE);
	if (isThere && kinds.includes(fs.readFileSync(BUILT, 'utf8'))) return;
	console.log('Building the package …');
	run(process.execPath, [tool('gulp'), 'build', '--silent']);
}

/** Compiles the demo, the stand-in server, the benchmarks, and the tests into `.build`. */
function ensurePrograms() {
	ensureInstalled();
	const marker = path.join(root, '.build', '.compiled');
	if (isFresh(marker, PROGRAMS)) return;
	// `npm test` checks types; a demo doesn't need to wait for it.
	run(process.execPath, [tool('tsc', 'typescript'), '-p', 'tsconfig.dev.json', '--noCheck']);
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

module.exports = { ensureBuilt, ensureInstalled, ensureInstalledIn, ensurePrograms, isInstalled };
