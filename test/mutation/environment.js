const { createRequire } = require('module');
const path = require('path');

/** The package's own: this folder has another jest. */
const requireOfPackage = createRequire(path.resolve(__dirname, '..', '..', 'package.json'));
const { TestEnvironment } = requireOfPackage('jest-environment-node');

/** Jest's environment for Node, with what test/support/once needs to load large modules once for all mutants. */
module.exports = class Environment extends TestEnvironment {
	async setup() {
		await super.setup();
		this.global.createRequireOfNode = createRequire;
	}
};
