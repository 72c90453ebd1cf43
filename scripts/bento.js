/**
 * `npm run bento`: a stand-in for Bento on this machine, to develop against. It prints the values for a credential.
 *
 *   --port 4400    the port; 0 takes any free one
 *   --enterprise   allows the search for subscribers
 */
const path = require('path');
const { answerHelp } = require('./lib/help');
const { ensureDevBuild } = require('./lib/ensure');
const { root, run } = require('./lib/run');

answerHelp(__filename);
ensureDevBuild();
run(process.execPath, [
	path.join(root, '.build', 'test', 'bentoServer', 'cli.js'),
	...process.argv.slice(2),
]);
