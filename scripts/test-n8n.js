/** `npm run test:n8n`: installs and builds what is missing, and tests the package in real n8n servers. */
const path = require('path');
const { answerHelp } = require('./lib/help');
const { ensureBuilt, ensureDevBuild } = require('./lib/ensure');
const { root } = require('./lib/run');

answerHelp(__filename, 'test/n8n/main.ts');
ensureBuilt();
ensureDevBuild();
// In this process, so that a signal reaches what has to stop the n8n processes.
require(path.join(root, '.build', 'test', 'n8n', 'main.js'));
