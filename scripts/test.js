/** `npm test`: every check in turn: build, types, lint, the verification scan, jest. Extra arguments go to jest. */
const { ensureBuilt, ensureInstalled } = require('./lib/ensure');
const { bin, run } = require('./lib/run');

function step(title, command, args, options) {
	console.log(`\n── ${title}`);
	run(command, args, options);
}

ensureInstalled();
ensureBuilt();
step('Types', bin('tsc'), ['--noEmit', '-p', 'tsconfig.dev.json']);
step('Lint', bin('eslint'), ['.', '--max-warnings', '0']);
step('Format', bin('prettier'), ['--check', '--log-level', 'warn', '.']);
step('Verification scan', process.execPath, ['scripts/scan.js']);
step('Tests', bin('jest'), process.argv.slice(2));
