/** `npm run build`: installs what is missing and builds the package into `dist`. */
const { ensureBuilt } = require('./lib/ensure');

ensureBuilt();
console.log('dist is up to date.');
