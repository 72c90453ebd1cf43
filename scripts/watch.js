/** `npm run watch`: gulp's task in this process, so that nothing goes on once it has ended. */
function main() {
	console.log('Building dist on every change. Ctrl-C ends it.');
	require('../gulpfile').watch((error) => {
		if (error) throw error;
	});
}

module.exports = { main };
