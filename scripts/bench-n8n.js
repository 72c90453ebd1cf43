/** `npm run bench:n8n`: compares the trigger with n8n's Webhook node in a real n8n. */
const path = require('path');
const { answerHelp } = require('./lib/help');
const { ensureBuilt, ensureDevBuild } = require('./lib/ensure');
const { root } = require('./lib/run');

answerHelp(__filename);
ensureBuilt();
ensureDevBuild();
// In this process, so that a signal reaches what has to stop n8n.
require(path.join(root, '.build', 'benchmarks', 'n8n.js'));
