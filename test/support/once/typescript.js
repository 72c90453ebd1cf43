/** TypeScript as Node loads it: once, also for the transformer. */
module.exports = globalThis.createRequireOfNode(__filename)('typescript');
