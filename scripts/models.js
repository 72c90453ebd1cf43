/**
 * Writes what is generated for models and for n8n's editor: docs/for-ai.md, and what the operations output. The test that
 * checks both knows how, as it has to run the nodes for it.
 */
const { run, tool } = require('./lib/run');

/** `npm run models`. */
function main() {
	const env = { ...process.env, WRITE_MODELS: 'true' };
	run(process.execPath, [tool('jest'), 'test/models/generated.test.ts', '--silent'], { env });
}

module.exports = { main };
