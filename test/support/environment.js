const { createRequire } = require('module');
const { TestEnvironment } = require('jest-environment-node');

/** What n8n's engines start and only a server stops: it must not keep a process from ending. */
const startInterval = globalThis.setInterval;
globalThis.setInterval = (...args) => startInterval(...args).unref();

/** What n8n's dependencies do, such as naming an IP address to TLS, is theirs. */
process.noDeprecation = true;

const WATCHED = ['ProcessWrap', 'TCPServerWrap', 'TCPSocketWrap', 'Timeout'];
const MOST_PATIENCE_MS = 5000;

/**
 * Jest's environment for Node, with the process's own variables and clock, as n8n's engines are loaded past jest's
 * module registry and see those. A test file that leaves a server, a connection, a process, or a timer open fails.
 */
module.exports = class Environment extends TestEnvironment {
	before = openResources();
	variables = { ...process.env };

	async setup() {
		await super.setup();
		this.global.process.env = process.env;
		this.global.Date = Date;
		this.global.createRequireOfNode = createRequire;
	}

	async teardown() {
		await super.teardown();
		for (const name of Object.keys(process.env)) {
			if (!(name in this.variables)) delete process.env[name];
		}
		Object.assign(process.env, this.variables);
		const left = await stillOpen(this.before);
		if (left.length > 0) throw new Error(`This file leaves something open: ${left.join(', ')}`);
	}
};

/** How many of each kind that keeps a process from ending. */
function openResources() {
	const counts = new Map();
	for (const kind of process.getActiveResourcesInfo()) {
		if (WATCHED.includes(kind)) counts.set(kind, (counts.get(kind) ?? 0) + 1);
	}
	return counts;
}

/** What is open now and wasn't before, once what was closed a moment ago has had time to end. */
async function stillOpen(before) {
	const giveUpAt = performance.now() + MOST_PATIENCE_MS;
	for (;;) {
		const left = [...openResources()].filter(([kind, count]) => count > (before.get(kind) ?? 0));
		if (left.length === 0 || performance.now() > giveUpAt) {
			return left.map(([kind, count]) => `${count - (before.get(kind) ?? 0)} ${kind}`);
		}
		await new Promise((resolve) => setTimeout(resolve, 20).unref());
	}
}
