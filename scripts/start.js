/** `npm start`: installs and builds what is missing, then runs the demo on n8n's engine. */
const path = require('path');
const { ensureBuilt, ensureDevBuild } = require('./lib/ensure');
const { root, run } = require('./lib/run');

ensureBuilt();
ensureDevBuild();
run(process.execPath, [path.join(root, '.build', 'demo', 'main.js'), ...process.argv.slice(2)]);
