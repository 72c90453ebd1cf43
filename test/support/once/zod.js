/** zod as Node loads it: once, and not for every test file. */
module.exports = globalThis.createRequireOfNode(__filename)('zod');
