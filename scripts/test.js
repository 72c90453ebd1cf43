/**
 * `npm test`: installs and builds what is missing, then runs every check: types, lint, format, n8n's verification
 * scan, and the tests. Arguments go to jest: `npm test -- test/trigger` runs all checks and the tests in one folder.
 */
const { spawn } = require('child_process');
const { answerHelp } = require('./lib/help');
const { ensureBuilt, ensureInstalled } = require('./lib/ensure');
const { bin, root, run } = require('./lib/run');

const CHECKS = [
	['Lint', bin('eslint'), ['.', '--max-warnings', '0']],
	['Verification scan', process.execPath, ['scripts/scan.js']],
	['Types', bin('tsc'), ['--noEmit', '-p', 'tsconfig.dev.json']],
	['Format', bin('prettier'), ['--check', '--log-level', 'warn', '.']],
];
/** Any machine for this has at least two cores; each check uses one. */
const AT_ONCE = 2;

/**
 * Runs one check, and prints its name and result once it has ended. If it failed, prints its output and ends
 * everything.
 */
function check([title, command, args]) {
	return new Promise((resolve, reject) => {
		const child = spawn(command, args, { cwd: root, shell: process.platform === 'win32' });
		const output = [];
		child.stdout.on('data', (chunk) => output.push(chunk));
		child.stderr.on('data', (chunk) => output.push(chunk));
		child.on('error', reject);
		child.on('close', (code) => {
			const text = Buffer.concat(output).toString('utf8').trim();
			console.log(`── ${title}: ${code === 0 ? 'passed' : 'failed'}`);
			if (code === 0) return resolve();
			console.error(text);
			process.exit(1);
		});
	});
}

async function worker(queue) {
	for (let next = queue.shift(); next !== undefined; next = queue.shift()) await check(next);
}

async function main() {
	answerHelp(__filename);
	ensureInstalled();
	ensureBuilt();
	const queue = [...CHECKS];
	await Promise.all(Array.from({ length: AT_ONCE }, () => worker(queue)));
	console.log('── Tests');
	run(bin('jest'), process.argv.slice(2));
}

main().catch((error) => {
	console.error(error);
	process.exitCode = 1;
});
