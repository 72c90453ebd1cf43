import { n8nCommunityNodesPlugin } from '@n8n/eslint-plugin-community-nodes';
import n8nNodesBase from 'eslint-plugin-n8n-nodes-base';
import tseslint from 'typescript-eslint';

/** n8n's own exceptions, the same as its verification scanner makes. */
const scannerExceptions = {
	credentials: {
		'n8n-nodes-base/cred-class-field-documentation-url-miscased': 'off',
		'n8n-nodes-base/cred-class-field-type-options-password-missing': 'off',
	},
	nodes: {
		'n8n-nodes-base/node-class-description-inputs-wrong-regular-node': 'off',
		'n8n-nodes-base/node-class-description-outputs-wrong': 'off',
		'n8n-nodes-base/node-param-type-options-max-value-present': 'off',
	},
};

const published = ['nodes/**/*.ts', 'credentials/**/*.ts'];
const developed = ['{test,demo,benchmarks}/**/*.ts'];

export default tseslint.config(
	{
		ignores: [
			'**/node_modules/',
			'dist/',
			'.build/',
			'.n8n-dev/',
			'coverage/',
			'release/',
			'**/package-lock.json',
			'test/n8n/{1x,2x}/',
		],
	},
	{ linterOptions: { reportUnusedDisableDirectives: 'error' } },
	// What n8n's reviewers run, with the rules for n8n Cloud.
	{
		files: [...published, 'package.json'],
		extends: [n8nCommunityNodesPlugin.configs.recommended],
		rules: { 'no-console': 'error' },
	},
	{ plugins: { 'n8n-nodes-base': n8nNodesBase } },
	{ files: ['package.json'], rules: n8nNodesBase.configs.community.rules },
	{
		files: ['credentials/**/*.ts'],
		rules: { ...n8nNodesBase.configs.credentials.rules, ...scannerExceptions.credentials },
	},
	{
		files: ['nodes/**/*.ts'],
		rules: { ...n8nNodesBase.configs.nodes.rules, ...scannerExceptions.nodes },
	},
	{ files: ['package.json'], languageOptions: { parser: tseslint.parser } },
	// The project's own bar.
	{
		files: [...published, ...developed],
		extends: [tseslint.configs.recommendedTypeChecked],
		languageOptions: {
			parserOptions: { project: './tsconfig.dev.json', tsconfigRootDir: import.meta.dirname },
		},
		rules: {
			'@typescript-eslint/consistent-type-imports': 'error',
			'@typescript-eslint/no-explicit-any': 'error',
			'@typescript-eslint/no-non-null-assertion': 'error',
			'@typescript-eslint/switch-exhaustiveness-check': [
				'error',
				{ considerDefaultExhaustiveForUnions: true },
			],
			'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
			eqeqeq: 'error',
		},
	},
	{
		files: ['test/**/*.ts'],
		rules: {
			'max-lines': 'off',
			// Test contexts are records of functions that don't use `this`, written as methods for brevity.
			'@typescript-eslint/unbound-method': 'off',
		},
	},
);
