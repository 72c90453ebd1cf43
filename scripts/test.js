/**
 * `npm test`: installs and builds what is missing, then runs every check: types, lint, format, n8n's verification
 * scan, and the tests. Arguments go to jest: `npm test -- test/trigger` runs all checks and the tests in one folder.
 */
const { spawn } = require('child_process');
const { answerHelp } = require('./lib/help');
const { ensureInstalled } = require('./lib/ensure');
const { bin, root, run } = require('./lib/run');

const program = (file) => [process.execPath, [`scripts/${file}`]];
const BUILD = ['Build', ...program('build.js')];
const SCAN = ['Verification scan', ...program('scan.js')];
const CODE = ['Types and lint', ...program('lib/checkCode.js')];
const FORMAT = ['Format', bin('prettier'), ['--check', '--log-level', 'warn', '.']];

/** Any machine for this has at least two cores. The scan reads what the build has written; both halves take as long. */
const SIDE_BY_SIDE = [[BUILD, SCAN, FORMAT], [CODE]];

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

async function inTurn(checks) {
	for (const one of checks) await check(one);
}

async function main() {
	answerHelp(__filename);
	ensureInstalled();
	await Promise.all(SIDE_BY_SIDE.map(inTurn));
	console.log('── Tests');
	run(bin('jest'), process.argv.slice(2));
}

main().catch((error) => {
	console.error(error);
	process.exitCode = 1;
});
