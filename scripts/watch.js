/** `npm run watch`: gulp's task in this process; a build that is in progress ends with it. */
function main() {
	console.log('Building dist on every change. Ctrl-C ends it.');
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(0));
	require('../gulpfile').watch((error) => {
		if (error) throw error;
	});
}

module.exports = { main };
