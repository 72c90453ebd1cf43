/**
 * Every command of this repository: `node scripts/cli.js NAME`, which `npm run NAME` calls. Installs and builds what the
 * command needs, then runs it in this process, so that a signal reaches what has to stop something. Nothing outside of
 * Node is loaded before that.
 */
const path = require('path');
const { ensureBuilt, ensureInstalled, ensurePrograms } = require('./lib/ensure');
const { n8nEnvironment } = require('./lib/n8nEnvironment');
const { root } = require('./lib/run');
const { COMMANDS } = require('./commands');

/** Makes what a command needs. */
const PREPARE = {
	packages: ensureInstalled,
	programs: ensurePrograms,
	package() {
		ensureBuilt();
		ensurePrograms();
	},
};

/** npm hands a signal to the shell in between, which may end alone and leave this process behind. */
function endWithParent() {
	const parent = process.ppid;
	const look = () => process.ppid !== parent && process.kill(process.pid, 'SIGTERM');
	setInterval(look, 1000).unref();
}

function main([name, ...args]) {
	const command = COMMANDS[name];
	if (command === undefined) throw new Error(`Choose one of ${Object.keys(COMMANDS).join(', ')}`);
	const { help, needs, script, program, posix = false } = command;
	if (args.some((argument) => argument === '--help' || argument === '-h')) return console.log(help);
	if (posix && process.platform === 'win32') {
		throw new Error('This command needs Linux or macOS. On Windows, run it in WSL.');
	}
	PREPARE[needs]();
	endWithParent();
	if (script !== undefined) return require(path.join(__dirname, script)).main(args);
	Object.assign(process.env, n8nEnvironment);
	const file = path.join(root, '.build', program);
	process.argv = [process.execPath, file, ...args];
	require(file);
}

Promise.resolve()
	.then(() => main(process.argv.slice(2)))
	.catch((error) => {
		console.error(error.message);
		process.exitCode = error.exitCode ?? 1;
	});
