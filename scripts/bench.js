/** `npm run bench`: builds what is missing and compares the nodes with their floors. */
const path = require('path');
const { ensureBuilt, ensureDevBuild } = require('./lib/ensure');
const { root, run } = require('./lib/run');

ensureBuilt();
ensureDevBuild();
run(process.execPath, [path.join(root, '.build', 'benchmarks', 'main.js')]);
