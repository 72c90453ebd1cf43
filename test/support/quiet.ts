import { format } from 'util';

/** Fails a test that writes to the console: jest's output is its own, and noise hides what matters. */
const METHODS = ['debug', 'error', 'info', 'log', 'trace', 'warn'] as const;

const written: string[] = [];
for (const method of METHODS) {
	console[method] = (...parts: unknown[]) => {
		written.push(`console.${method}: ${format(...parts)}`);
	};
}

function expectSilence(): void {
	const lines = written.splice(0);
	if (lines.length > 0) throw new Error(`This was written to the console:\n${lines.join('\n')}`);
}

afterEach(expectSilence);
afterAll(expectSilence);
