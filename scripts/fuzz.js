/** `npm run fuzz`: feeds random input to what reads strangers' data, for a bounded time (`--seconds 60`). */
const path = require('path');
const { ensureDevBuild } = require('./lib/ensure');
const { root, run } = require('./lib/run');

ensureDevBuild();
run(process.execPath, [
	path.join(root, '.build', 'test', 'fuzz', 'main.js'),
	...process.argv.slice(2),
]);
