const { createRequire } = require('module');
const path = require('path');

/** The package's own: this folder has another jest. */
const requireOfPackage = createRequire(path.resolve(__dirname, '..', '..', 'package.json'));
const { TestEnvironment } = requireOfPackage('jest-environment-node');
const { n8nEnvironment } = require('../../scripts/lib/n8nEnvironment');

Object.assign(process.env, n8nEnvironment, { ENGINE_LINES: '2x' });
/** What n8n's engine starts and only a server stops: it must not keep a process from ending. */
const startInterval = globalThis.setInterval;
globalThis.setInterval = (...args) => startInterval(...args).unref();

/** Jest's environment for Node, with what test/support needs to load large modules, n8n's engine among them, once for all mutants. */
module.exports = class Environment extends TestEnvironment {
	async setup() {
		await super.setup();
		this.global.process.env = process.env;
		this.global.Date = Date;
		this.global.createRequireOfNode = createRequire;
	}
};
