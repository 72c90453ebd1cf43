const { spawnSync } = require('child_process');
const fs = require('fs');
const path = require('path');
const { n8nEnvironment } = require('./n8nEnvironment');

const root = path.resolve(__dirname, '..', '..');

/**
 * The JavaScript file of a devDependency's program, such as tsc of typescript: to run with Node itself, as the links in
 * .bin need a shell on Windows.
 */
function tool(name, dependency = name) {
	const folder = path.join(root, 'node_modules', dependency);
	const { bin } = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'));
	return path.join(folder, typeof bin === 'string' ? bin : bin[name]);
}

/** npm as a command and its first arguments: its JavaScript file for Node, where there is one. */
function npm() {
	const beside = process.platform === 'win32' ? ['.'] : ['..', 'lib'];
	const own = path.join(
		path.dirname(process.execPath),
		...beside,
		'node_modules/npm/bin/npm-cli.js',
	);
	const file = [process.env.npm_execpath ?? '', own].find(
		(one) => path.basename(one) === 'npm-cli.js' && fs.existsSync(one),
	);
	return file === undefined ? ['npm'] : [process.execPath, file];
}

/** Runs a command in the repository's root with this terminal. @throws Error if it fails */
function run(command, args, options = {}) {
	const result = spawnSync(command, args, {
		cwd: root,
		stdio: 'inherit',
		env: { ...process.env, ...n8nEnvironment },
		...options,
	});
	if (result.error) throw result.error;
	if (result.status === 0) return;
	const words = [command, ...args].map((word) => path.basename(word)).join(' ');
	throw Object.assign(new Error(`Failed: ${words}`), { exitCode: result.status ?? 1 });
}

module.exports = { npm, root, run, tool };
