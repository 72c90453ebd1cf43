const fs = require('fs');
const path = require('path');
const { root } = require('./run');

/**
 * Answers `--help` and ends the process, before anything is installed: with the comment at the top of the script, and
 * with the options that a TypeScript program of ours lists in a template literal named `help` or `USAGE`.
 */
function answerHelp(script, program) {
	if (!process.argv.slice(2).some((argument) => argument === '--help' || argument === '-h')) return;
	console.log(headOf(fs.readFileSync(script, 'utf8')));
	if (program !== undefined) {
		console.log(`\n${optionsOf(fs.readFileSync(path.join(root, program), 'utf8'), program)}`);
	}
	process.exit(0);
}

function headOf(source) {
	const [, comment = ''] = /^\/\*\*\s*([^]*?)\s*\*\//.exec(source) ?? [];
	return comment.replace(/^\s*\* ?/gm, '');
}

function optionsOf(source, program) {
	const [, text] = /const (?:help|USAGE) = `([^`]*)`/.exec(source) ?? [];
	if (text === undefined) throw new Error(`${program} has no text for --help`);
	return text.trimEnd();
}

module.exports = { answerHelp };
