/** `npm run n8n`: an n8n editor with the package, the example workflows, and a stand-in for Bento. */
const path = require('path');
const { answerHelp } = require('./lib/help');
const { ensureBuilt, ensureDevBuild } = require('./lib/ensure');
const { root } = require('./lib/run');

answerHelp(__filename, 'test/n8n/developer.ts');
ensureBuilt();
ensureDevBuild();
require(path.join(root, '.build', 'test', 'n8n', 'developer.js'));
