/** `npm run dev`: installs what is missing, builds the package into `dist`, and again on every change. */
const { answerHelp } = require('./lib/help');
const { ensureInstalled } = require('./lib/ensure');
const { bin, run } = require('./lib/run');

answerHelp(__filename);
ensureInstalled();
run(bin('gulp'), ['watch']);
