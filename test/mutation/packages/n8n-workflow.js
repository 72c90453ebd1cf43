/** `sleep` has the timers of the test, which may be replaced. */
module.exports = {
	...globalThis.loadedOnce['n8n-workflow'],
	sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};
