const { spawnSync } = require('child_process');
const path = require('path');
const { n8nEnvironment } = require('./n8nEnvironment');

const root = path.resolve(__dirname, '..', '..');

/** The path of a program from a devDependency, e.g. `tsc`. */
function bin(name) {
	const suffix = process.platform === 'win32' ? '.cmd' : '';
	return path.join(root, 'node_modules', '.bin', name + suffix);
}

/** Runs a command in the repository's root with this terminal; ends this process when it fails. */
function run(command, args, options = {}) {
	const result = spawnSync(command, args, {
		cwd: root,
		stdio: 'inherit',
		env: { ...process.env, ...n8nEnvironment },
		shell: process.platform === 'win32',
		...options,
	});
	if (result.error) throw result.error;
	if (result.status !== 0) process.exit(result.status ?? 1);
}

module.exports = { bin, root, run };
