/** Ends the output with a line that machines read: `N passed, N failed`. */
module.exports = class TotalsReporter {
	onRunComplete(_contexts, { numPassedTests, numFailedTests, numRuntimeErrorTestSuites }) {
		const line = `\n${numPassedTests} passed, ${numFailedTests + numRuntimeErrorTestSuites} failed`;
		// After jest's own summary, which follows the reporters.
		process.once('exit', () => console.log(line));
	}
};
