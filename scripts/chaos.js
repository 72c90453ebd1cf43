/** `npm run chaos -- --events 100000 --seed 1`: what the node says it delivered beside what the server has. */
const path = require('path');

const HELP = `Usage: npm run chaos -- [--events N] [--seed N]

Sends events through the built node on n8n's engine to a stand-in for Bento while a third of all requests
meets a fault: errors, resets, silence, garbage, slow, cut-off and empty responses. Does so once for each
delivery guarantee, prints the node's account beside the server's, and fails on the first event that differs.

  --events N   how many events to send (default 100000)
  --seed N     which faults, in which order (default: a new one, which is printed)`;

if (process.argv.includes('--help') || process.argv.includes('-h')) {
	console.log(HELP);
} else {
	const { ensureBuilt, ensureDevBuild } = require('./lib/ensure');
	const { root, run } = require('./lib/run');
	ensureBuilt();
	ensureDevBuild();
	run(process.execPath, [
		path.join(root, '.build', 'test', 'chaos', 'main.js'),
		...process.argv.slice(2),
	]);
}
