/**
 * A program of `npm test`: checks types, and then runs ESLint. Both work on one TypeScript program, as either alone
 * spends most of its time on finding out the types.
 */
const path = require('path');
const { ESLint } = require('eslint');
const ts = require('typescript');
const { root } = require('./run');

/** The program that a tsconfig file describes. */
function programOf(configFile) {
	const { config } = ts.readConfigFile(configFile, ts.sys.readFile);
	const { fileNames, options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
	return ts.createProgram(fileNames, { ...options, noEmit: true });
}

/** What is wrong with the types, as tsc prints it; empty if nothing is. */
function typeErrors(program) {
	const host = {
		getCanonicalFileName: (name) => name,
		getCurrentDirectory: () => root,
		getNewLine: () => '\n',
	};
	return ts.formatDiagnostics(ts.getPreEmitDiagnostics(program), host);
}

/** What ESLint finds, warnings too; empty if nothing. */
async function lintErrors(program) {
	const eslint = new ESLint({
		cwd: root,
		overrideConfig: {
			files: ['{nodes,credentials,test,demo,benchmarks}/**/*.ts'],
			languageOptions: { parserOptions: { programs: [program] } },
		},
	});
	const results = await eslint.lintFiles('.');
	if (results.every(({ messages }) => messages.length === 0)) return '';
	return (await eslint.loadFormatter('stylish')).format(results);
}

async function main() {
	const program = programOf(path.join(root, 'tsconfig.dev.json'));
	const found = typeErrors(program) + (await lintErrors(program));
	if (found === '') return;
	console.error(found);
	process.exitCode = 1;
}

main().catch((error) => {
	console.error(error);
	process.exitCode = 1;
});
