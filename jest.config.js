/** Types are checked by `npm run typecheck`; here ts-jest only strips them. */
module.exports = {
	testEnvironment: '<rootDir>/test/support/environment.js',
	setupFilesAfterEnv: ['<rootDir>/test/support/quiet.ts'],
	maxWorkers: '100%',
	roots: ['<rootDir>/test'],
	testMatch: ['**/*.test.ts'],
	// Large modules that keep nothing of a test.
	moduleNameMapper: {
		'^(n8n-workflow|typescript|zod)$': '<rootDir>/test/support/once/$1.js',
	},
	testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/n8n/'],
	modulePathIgnorePatterns: [
		'<rootDir>/dist/package.json',
		'<rootDir>/.n8n-dev',
		'<rootDir>/test/n8n',
		'<rootDir>/test/mutation',
		'<rootDir>/test/versions',
	],
	transform: {
		'^.+\\.ts$': ['ts-jest', { tsconfig: 'tsconfig.dev.json', transpilation: true }],
	},
	testTimeout: 30_000,
	reporters: ['default', '<rootDir>/test/support/totalsReporter.js'],
	globalSetup: '<rootDir>/test/support/globalSetup.ts',
	testSequencer: '<rootDir>/test/support/sequencer.js',
};
