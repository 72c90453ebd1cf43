/** What a suite says about one line, in the order it was said. */
export interface Totals {
	passed: number;
	failed: number;
	readonly skipped: string[];
	readonly failures: string[];
}

export interface Reporter {
	readonly totals: Totals;
	/** Runs one check; a rejection is counted and shown, and the run continues. */
	check(name: string, body: () => Promise<void>, within?: number): Promise<void>;
	/** Counts and shows something that failed outside of a check. */
	fail(name: string, error: Error): void;
	/** Says loudly that something was left out, and why. */
	skip(name: string, reason: string): void;
	heading(text: string): void;
	/** Keeps a figure that a check has measured, and prints it below that check. */
	figure(text: string): void;
}

/** A reporter that prints each check with its time as it ends. `only` picks checks whose name contains it. */
export function createReporter(print: (line: string) => void, only?: string): Reporter {
	const totals: Totals = { passed: 0, failed: 0, skipped: [], failures: [] };
	let chapter = '';
	let announced = true;
	// A suite of which no check is picked prints nothing.
	const announce = () => {
		if (!announced) print(`\n${chapter}`);
		announced = true;
	};
	const figures: string[] = [];
	const printFigures = () => {
		for (const figure of figures.splice(0)) print(`      ${figure}`);
	};
	const failed = (name: string, error: Error, seconds: string) => {
		announce();
		totals.failed += 1;
		totals.failures.push(`${chapter} › ${name}`);
		print(`  ✗ ${name} (${seconds})`);
		for (const line of shortStack(error)) print(`      ${line}`);
		printFigures();
	};
	return {
		totals,
		heading(text) {
			chapter = text;
			announced = false;
		},
		fail(name, error) {
			failed(name, error, 'outside of a check');
		},
		figure(text) {
			figures.push(text);
		},
		skip(name, reason) {
			announce();
			totals.skipped.push(`${name}: ${reason}`);
			print(`  SKIPPED ${name}: ${reason}`);
		},
		async check(name, body, within = 180_000) {
			if (only !== undefined && !`${chapter} ${name}`.includes(only)) return;
			announce();
			const begin = Date.now();
			const outcome = await limited(body, within);
			const seconds = `${((Date.now() - begin) / 1000).toFixed(1)} s`;
			if (outcome === undefined) {
				totals.passed += 1;
				print(`  ✓ ${name} (${seconds})`);
				printFigures();
				return;
			}
			failed(name, outcome, seconds);
		},
	};
}

async function limited(body: () => Promise<void>, within: number): Promise<Error | undefined> {
	let timer: NodeJS.Timeout | undefined;
	const late = new Promise<never>((_, reject) => {
		timer = setTimeout(() => reject(new Error(`Not done after ${within / 1000} s`)), within);
	});
	try {
		await Promise.race([body(), late]);
		return undefined;
	} catch (error) {
		return error instanceof Error ? error : new Error(String(error));
	} finally {
		clearTimeout(timer);
	}
}

/** The message, and of the stack only where in the suites it happened. */
function shortStack(error: Error): string[] {
	const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at .*suites/.test(line));
	return [...error.message.slice(0, 1500).split('\n'), ...frames.slice(0, 3)];
}
