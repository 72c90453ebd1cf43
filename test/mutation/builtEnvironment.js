const Environment = require('../support/environment');

/**
 * The built package runs on n8n's engines, outside of jest's own globals: there it must find which mutant is active,
 * and count which ones a test reaches.
 */
module.exports = class BuiltEnvironment extends Environment {
	async setup() {
		await super.setup();
		globalThis.__stryker__ = this.global.__stryker__;
	}
};
