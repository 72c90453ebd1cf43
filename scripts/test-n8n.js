/** `npm run test:n8n`: builds what is missing and proves the package in real n8n; `-- --help` lists the options. */
const path = require('path');
const { ensureBuilt, ensureDevBuild } = require('./lib/ensure');
const { root, run } = require('./lib/run');

ensureBuilt();
ensureDevBuild();
run(process.execPath, [
	path.join(root, '.build', 'test', 'n8n', 'main.js'),
	...process.argv.slice(2),
]);
