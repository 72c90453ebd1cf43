const { spawn, spawnSync } = require('child_process');
const { root, tool } = require('./lib/run');

/** What each check runs with Node, by its name. */
const CHECKS = {
	Build: () => ['scripts/cli.js', 'build'],
	'Verification scan': () => ['scripts/cli.js', 'scan'],
	'Types and lint': () => ['scripts/lib/checkCode.js'],
	'Format (npm run fix)': () => [tool('prettier'), '--check', '--log-level=warn', '.'],
};

/** Any machine for this has at least two cores. The scan reads what the build has written; both halves take as long. */
const SIDE_BY_SIDE = [['Build', 'Verification scan', 'Format (npm run fix)'], ['Types and lint']];

/** Runs checks one after another, and prints the result of each, with its output if it failed; returns those. */
async function failuresOf(names) {
	const failed = [];
	for (const name of names) {
		const { code, output } = await runCheck(CHECKS[name]());
		console.log(`── ${name}: ${code === 0 ? 'passed' : 'failed'}`);
		if (code === 0) continue;
		console.error(output);
		failed.push(name);
		// What follows a build needs it.
		if (name === 'Build') break;
	}
	return failed;
}

function runCheck(args) {
	return new Promise((resolve, reject) => {
		const child = spawn(process.execPath, args, { cwd: root });
		const output = [];
		child.stdout.on('data', (chunk) => output.push(chunk));
		child.stderr.on('data', (chunk) => output.push(chunk));
		child.on('error', reject);
		child.on('close', (code) =>
			resolve({ code, output: Buffer.concat(output).toString('utf8').trim() }),
		);
	});
}

/** `npm test`: the tests run also after a check has failed, so that one run says everything. */
async function main(args) {
	const failed = (await Promise.all(SIDE_BY_SIDE.map(failuresOf))).flat();
	if (failed.includes('Build'))
		throw new Error('The tests need a package: correct the build first.');
	console.log('── Tests');
	process.env.FAILED_CHECKS = failed.join(', ');
	const tests = [tool('jest'), ...args];
	const { status } = spawnSync(process.execPath, tests, { cwd: root, stdio: 'inherit' });
	process.exitCode = status === 0 && failed.length === 0 ? 0 : 1;
}

module.exports = { main };
