const { createRequire } = require('module');
const path = require('path');

/** The package's own: this folder has another zod. */
const requireOfPackage = createRequire(path.resolve(__dirname, '..', '..', 'package.json'));
const { TestEnvironment } = requireOfPackage('jest-environment-node');

/** Jest would load them again for every mutant, which takes longer than most tests do. */
const loadedOnce = {
	'n8n-workflow': requireOfPackage('n8n-workflow'),
	zod: requireOfPackage('zod'),
};

/** Jest's environment for Node, with the packages that sources import loaded once for all mutants. */
module.exports = class Environment extends TestEnvironment {
	async setup() {
		await super.setup();
		this.global.loadedOnce = loadedOnce;
	}
};
