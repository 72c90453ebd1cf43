/**
 * `npm run fuzz`: feeds random input to the code that reads untrusted data, for a limited time.
 *
 *   --seconds 60   how long
 */
const path = require('path');
const { answerHelp } = require('./lib/help');
const { ensureDevBuild } = require('./lib/ensure');
const { root, run } = require('./lib/run');

answerHelp(__filename);
ensureDevBuild();
run(process.execPath, [
	path.join(root, '.build', 'test', 'fuzz', 'main.js'),
	...process.argv.slice(2),
]);
