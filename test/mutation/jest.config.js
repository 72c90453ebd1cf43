/**
 * The suites that run the sources themselves, in this process: fast enough to run for every mutant. What runs the
 * built package on n8n's engines sees no mutant. Left out too are the account over generated runs and the walk
 * over all operations, which take seconds for each mutant.
 */
const path = require('path');
const base = require('../../jest.config');

/** The test files that `npm run mutate -- --tests=` names. */
const chosen = process.env.MUTATION_TESTS?.split(',').map((file) => `<rootDir>/${file}`);

module.exports = {
	...base,
	rootDir: path.resolve(__dirname, '..', '..'),
	testMatch: chosen ?? ['<rootDir>/test/unit/**/*.test.ts', '<rootDir>/test/bento/pure.test.ts'],
	testPathIgnorePatterns: [
		...base.testPathIgnorePatterns,
		'<rootDir>/test/unit/(descriptions|package|delivery/account|operation/throwing).test.ts',
	],
	// Stryker resolves it by itself.
	testEnvironment: path.join(__dirname, 'environment.js'),
	globalSetup: undefined,
	setupFilesAfterEnv: [],
	reporters: [],
};
