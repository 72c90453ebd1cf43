const { ensureBuilt } = require('./lib/ensure');

/** `npm run build`. */
function main() {
	ensureBuilt();
	console.log('dist is up to date.');
}

if (require.main === module) main();

module.exports = { main };
