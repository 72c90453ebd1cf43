/**
 * `npm run fuzz`: feeds random input to the code that reads untrusted data, and sends hostile requests to the trigger on
 * n8n's engine, for a limited time.
 *
 *   --seconds 60   how long
 */
const path = require('path');
const { answerHelp } = require('./lib/help');
const { ensureBuilt, ensureDevBuild } = require('./lib/ensure');
const { root, run } = require('./lib/run');

answerHelp(__filename);
ensureBuilt();
ensureDevBuild();
run(process.execPath, [
	path.join(root, '.build', 'test', 'fuzz', 'main.js'),
	...process.argv.slice(2),
]);
