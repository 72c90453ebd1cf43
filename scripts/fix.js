const { run, tool } = require('./lib/run');

/** `npm run fix`: ESLint first, as it may leave lines that Prettier breaks. What nothing can correct stays printed. */
function main() {
	const commands = [
		[tool('prettier'), ['--write', '--log-level=warn', '.']],
		[tool('eslint'), ['--fix', '.']],
	];
	for (const [program, args] of commands) run(process.execPath, [program, ...args]);
}

module.exports = { main };
