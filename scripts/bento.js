/** `npm run bento`: installs and compiles what is missing, then runs the stand-in for Bento. */
const path = require('path');
const { ensureDevBuild } = require('./lib/ensure');
const { root, run } = require('./lib/run');

ensureDevBuild();
run(process.execPath, [
	path.join(root, '.build', 'test', 'bentoServer', 'cli.js'),
	...process.argv.slice(2),
]);
