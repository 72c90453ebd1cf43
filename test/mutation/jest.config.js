/**
 * The suites that run the sources in this process: the unit tests, and those of the suites on n8n's engine that try what
 * operations share. The engine gets the sources from test/mutation/loader.ts, on one line. Left out are the account over
 * generated runs and the walk over all operations, which take seconds for each mutant, and what measures time.
 */
const path = require('path');
const base = require('../../jest.config');

/** The test files that `npm run mutate -- --tests=` names. */
const chosen = process.env.MUTATION_TESTS?.split(',').map((file) => `<rootDir>/${file}`);

module.exports = {
	...base,
	rootDir: path.resolve(__dirname, '..', '..'),
	// Sources too: only what is below one of these can relate a test to a source by way of others.
	roots: ['<rootDir>/test', '<rootDir>/nodes', '<rootDir>/credentials'],
	testMatch: chosen ?? [
		'<rootDir>/test/unit/**/*.test.ts',
		'<rootDir>/test/bento/(apiCall|behavior|promises).test.ts',
		'<rootDir>/test/engine/(trackEvent|values).test.ts',
		'<rootDir>/test/judges/answers.test.ts',
	],
	moduleNameMapper: {
		...base.moduleNameMapper,
		'^\\./loader$': '<rootDir>/test/mutation/loader.ts',
	},
	modulePathIgnorePatterns: base.modulePathIgnorePatterns.filter(
		(pattern) => !pattern.endsWith('test/mutation'),
	),
	testPathIgnorePatterns: [
		...base.testPathIgnorePatterns,
		'<rootDir>/test/unit/(descriptions|package|rooms|scripts|zod|delivery/account|operation/patterns|run/throwing).test.ts',
	],
	// Stryker resolves it by itself.
	testEnvironment: path.join(__dirname, 'environment.js'),
	globalSetup: undefined,
	setupFilesAfterEnv: [],
	reporters: [],
};
