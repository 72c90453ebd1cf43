/**
 * n8n-workflow as Node loads it: once, like the engines, and not for every test file. Only its `sleep` is made here, so
 * that jest's timers move it.
 */
const shared = globalThis.createRequireOfNode(__filename)('n8n-workflow');

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

module.exports = Object.create(shared, { sleep: { value: sleep } });
