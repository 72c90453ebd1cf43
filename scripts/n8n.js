/** `npm run n8n`: a running n8n editor with the package, examples and a stand-in for Bento; `-- --help` lists the options. */
const path = require('path');
const { ensureBuilt, ensureDevBuild } = require('./lib/ensure');
const { root } = require('./lib/run');

ensureBuilt();
ensureDevBuild();
require(path.join(root, '.build', 'test', 'n8n', 'developer.js'));
