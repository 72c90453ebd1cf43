/**
 * Ends the output with a line that machines read: `N passed, N failed`. The checks that `npm test` ran before count too,
 * and so does a file that couldn't run.
 */
module.exports = class TotalsReporter {
	onRunComplete(_contexts, { numPassedTests, numFailedTests, numRuntimeErrorTestSuites }) {
		const checks = (process.env.FAILED_CHECKS ?? '').split(', ').filter((name) => name !== '');
		const broken = numFailedTests + numRuntimeErrorTestSuites + checks.length;
		const lines = [
			...(checks.length > 0
				? [`Failed before the tests, with its output there: ${checks.join(', ')}`]
				: []),
			`${numPassedTests} passed, ${broken} failed`,
		];
		// After jest's own summary, which follows the reporters.
		process.once('exit', () => console.log(`\n${lines.join('\n')}`));
	}
};
