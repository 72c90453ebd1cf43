const inspector = require('inspector');
const { createRequire } = require('module');
const { Worker } = require('worker_threads');
const { TestEnvironment } = require('jest-environment-node');

/** What n8n's engines start and only a server stops: it must not keep a process from ending. */
const startInterval = globalThis.setInterval;
globalThis.setInterval = (...args) => startInterval(...args).unref();

/** What n8n's dependencies do, such as naming an IP address to TLS, is theirs. */
process.noDeprecation = true;

const WATCHED = ['ProcessWrap', 'TCPServerWrap', 'TCPSocketWrap', 'Timeout'];
const MOST_PATIENCE_MS = 5000;

/** The longest file takes a minute on a busy machine. */
const MAX_FILE_MS = Number(process.env.MAX_TEST_FILE_MS ?? 5 * 60_000);

/**
 * Ends this process if a test file takes too long, with the file's name. A thread of its own, as code that never comes to
 * an end keeps a timer from firing; jest's limit for one test is such a timer.
 */
const watchdog = new Worker(
	`const { parentPort } = require('worker_threads');
	let timer;
	parentPort.on('message', ({ file, ms }) => {
		clearTimeout(timer);
		if (file === undefined) return;
		timer = setTimeout(() => {
			require('fs').writeSync(2, '\\n' + file + ' has run for ' + ms / 1000 + ' s, and was ended.\\n');
			process.kill(process.pid, 'SIGKILL');
		}, ms);
	});`,
	{ eval: true },
);
watchdog.unref();

/**
 * Jest's environment for Node, with the process's own variables and clock, as n8n's engines are loaded past jest's
 * module registry and see those. A test file that leaves a server, a connection, a process, or a timer open fails.
 */
module.exports = class Environment extends TestEnvironment {
	before = openResources();
	variables = { ...process.env };

	constructor(config, context) {
		super(config, context);
		this.file = context.testPath;
	}

	async setup() {
		await super.setup();
		// Whoever debugs a test may stop at a breakpoint for as long as they like.
		if (inspector.url() === undefined) watchdog.postMessage({ file: this.file, ms: MAX_FILE_MS });
		this.global.process.env = process.env;
		this.global.Date = Date;
		this.global.createRequireOfNode = createRequire;
	}

	async teardown() {
		await super.teardown();
		watchdog.postMessage({});
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
