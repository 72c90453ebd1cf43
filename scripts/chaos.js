/**
 * `npm run chaos`: sends events through the built node on n8n's engine to a stand-in for Bento while a third of all
 * requests meets a fault: errors, resets, silence, garbage, slow, cut-off and empty responses. Does so once for each
 * delivery guarantee, prints the node's account beside the server's, and fails on the first event that differs.
 *
 *   --events 100000   how many events to send
 *   --seed N          which faults, in which order; a new one if not given, which is printed
 */
const path = require('path');
const { answerHelp } = require('./lib/help');
const { ensureBuilt, ensureDevBuild } = require('./lib/ensure');
const { root, run } = require('./lib/run');

answerHelp(__filename);
ensureBuilt();
ensureDevBuild();
run(process.execPath, [
	path.join(root, '.build', 'test', 'chaos', 'main.js'),
	...process.argv.slice(2),
]);
