/** `npm start`: installs and builds what is missing, then runs the demo on n8n's engine. */
const path = require('path');
const { answerHelp } = require('./lib/help');
const { ensureBuilt, ensureDevBuild } = require('./lib/ensure');
const { root, run } = require('./lib/run');

answerHelp(__filename, 'demo/arguments.ts');
ensureBuilt();
ensureDevBuild();
run(process.execPath, [path.join(root, '.build', 'demo', 'main.js'), ...process.argv.slice(2)]);
