/** `npm run build`: installs what is missing and builds the package into `dist`. */
const { answerHelp } = require('./lib/help');
const { ensureBuilt } = require('./lib/ensure');

answerHelp(__filename);
ensureBuilt();
console.log('dist is up to date.');
