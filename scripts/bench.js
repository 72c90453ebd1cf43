/**
 * `npm run bench`: compares the nodes with the fastest way to do the same by hand. Prints a table, and writes
 * benchmarks/results.json and docs/images/benchmark.svg.
 */
const path = require('path');
const { answerHelp } = require('./lib/help');
const { ensureBuilt, ensureDevBuild } = require('./lib/ensure');
const { root, run } = require('./lib/run');

answerHelp(__filename);
ensureBuilt();
ensureDevBuild();
run(process.execPath, [
	path.join(root, '.build', 'benchmarks', 'main.js'),
	...process.argv.slice(2),
]);
