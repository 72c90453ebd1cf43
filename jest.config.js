/** Types are checked by `npm run typecheck`; here ts-jest only strips them. */
module.exports = {
	testEnvironment: 'node',
	roots: ['<rootDir>/test'],
	testMatch: ['**/*.test.ts'],
	testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/n8n/'],
	modulePathIgnorePatterns: [
		'<rootDir>/dist/package.json',
		'<rootDir>/.n8n-dev',
		'<rootDir>/test/n8n',
	],
	transform: {
		'^.+\\.ts$': ['ts-jest', { tsconfig: 'tsconfig.dev.json', transpilation: true }],
	},
	testTimeout: 30_000,
	// n8n-core's 1.x line starts intervals (SSH clients, cron log) that nothing outside a server stops.
	forceExit: true,
	reporters: ['default', '<rootDir>/test/support/totalsReporter.js'],
	globalSetup: '<rootDir>/test/support/globalSetup.ts',
};
