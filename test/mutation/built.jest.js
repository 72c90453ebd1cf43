/**
 * The trigger's suites, which run the built package on n8n's engines: Stryker builds it from the sources with all
 * mutants in them. Without the long runs.
 */
const path = require('path');
const base = require('../../jest.config');
const { chosenTests } = require('./chosenTests');

module.exports = {
	...base,
	rootDir: path.resolve(__dirname, '..', '..'),
	testMatch: chosenTests() ?? ['<rootDir>/test/trigger/*.test.ts'],
	testPathIgnorePatterns: [
		...base.testPathIgnorePatterns,
		'/(filesPassed|hostile|liquid|load|properties)\\.test\\.ts$',
	],
	// Stryker resolves it by itself.
	testEnvironment: path.join(__dirname, 'builtEnvironment.js'),
	reporters: [],
};
