/** `npm run test:n8n`: builds what is missing and proves the package in real n8n; `-- --help` lists the options. */
const path = require('path');
const { ensureBuilt, ensureDevBuild } = require('./lib/ensure');
const { root } = require('./lib/run');

ensureBuilt();
ensureDevBuild();
// In this process, so that a signal reaches what has to stop the n8n processes.
require(path.join(root, '.build', 'test', 'n8n', 'main.js'));
