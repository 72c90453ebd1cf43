import { parseArgs } from 'util';
import { onEnd } from './support/children';
import type { Reporter } from './support/checks';
import { findChromium } from './support/browser';
import { createReporter } from './support/checks';
import { installLine, n8nVersion } from './support/install';
import { lines, type Line } from './support/paths';
import { findPrograms, installPrograms, startServices, type Services } from './support/services';
import { createWorld, type World } from './support/world';
import { agentWorks } from './suites/agent';
import { bentoRuns } from './suites/bento';
import { besideOtherPackage } from './suites/besideOther';
import { communityInstall } from './suites/community';
import { credentialTest } from './suites/credentials';
import { editorAsSeen } from './suites/editor';
import { examplesRun } from './suites/examples';
import { fullLoop } from './suites/loop';
import { outboxHolds } from './suites/outbox';
import { queueMode } from './suites/queueMode';
import { trackEventRuns } from './suites/trackEvent';
import { upgradeHolds } from './suites/upgrade';
import { webhookTriggerRuns } from './suites/webhookTrigger';

const help = `npm run test:n8n -- [options]

  --line 2x|1x|both     which n8n to test on; both if not given
  --parts single,queue  what to test: single (one n8n process), queue (queue mode), editor (2x, in Chromium);
                        all three if not given
  --minutes 45          begin nothing after this time that could take longer; 120 if not given
  --only <text>         only the checks whose chapter or name contains this text
  --whole               the long chapters in their whole size, which takes about an hour more
  --screenshots <path>  keep what the editor showed
  --install-services    install Redis and PostgreSQL with apt-get where they are missing (as root)
`;

const { values } = parseArgs({
	options: {
		line: { type: 'string', default: 'both' },
		parts: { type: 'string', default: 'single,queue,editor' },
		minutes: { type: 'string', default: '120' },
		only: { type: 'string' },
		screenshots: { type: 'string' },
		whole: { type: 'boolean', default: false },
		'install-services': { type: 'boolean', default: false },
		help: { type: 'boolean', default: false },
	},
});

const print = (line: string) => console.log(line);
const cleanUps = new Set<() => Promise<void>>();
const endOfTime = Date.now() + Number(values.minutes) * 60_000;

/** What a part takes at most, in minutes, n8n's installation included; measured on two cores, and doubled. */
const expected = { single: 10, queue: 8, editor: 6 };
const parts = ['single', 'queue', 'editor'] as const;
type Part = (typeof parts)[number];

const titles: Record<Part, string> = {
	single: 'one process',
	queue: 'queue mode',
	editor: 'the editor',
};

const suites: ReadonlyArray<(world: World) => Promise<void>> = [
	communityInstall,
	credentialTest,
	trackEventRuns,
	bentoRuns,
	webhookTriggerRuns,
	fullLoop,
	examplesRun,
	outboxHolds,
	agentWorks,
	upgradeHolds,
	besideOtherPackage,
];

async function main(): Promise<void> {
	if (values.help) return print(help);
	onEnd(cleanUp);
	const reporter = createReporter(print, values.only);
	const chosenLines = lines.filter((line) => values.line === 'both' || values.line === line);
	const chosenParts = parts.filter((part) => values.parts.includes(part));
	for (const part of chosenParts) {
		for (const line of chosenLines) {
			if (part === 'editor' && line !== '2x') continue;
			await runPart(part, line, reporter);
		}
	}
	await cleanUp();
	summary(reporter);
}

/** Runs a part unless the time left is too short for it; what can't even start counts as failed. */
async function runPart(part: Part, line: Line, reporter: Reporter): Promise<void> {
	const name = `n8n ${n8nVersion(line)}, ${titles[part]}`;
	const minutesLeft = Math.round((endOfTime - Date.now()) / 60_000);
	if (minutesLeft < expected[part]) {
		reporter.skip(name, `it may take ${expected[part]} minutes, and ${minutesLeft} are left`);
		return;
	}
	try {
		await installLine(line, print);
		if (part === 'single') await runSingle(line, reporter);
		else if (part === 'queue') await runQueue(line, reporter, name);
		else await runEditor(line, reporter, name);
	} catch (error) {
		await reporter.check(`${name} starts`, () => {
			throw error instanceof Error ? error : new Error(String(error));
		});
	} finally {
		await cleanUp();
	}
}

async function runSingle(line: Line, reporter: Reporter): Promise<void> {
	print(`\nStarting n8n ${n8nVersion(line)} …`);
	// Where a few checks are picked, the one that installs the package may not be among them.
	const options = { installed: values.only !== undefined, whole: values.whole };
	const world = await createWorld(line, reporter, options, (stop) => cleanUps.add(stop));
	for (const suite of suites) await suite(world);
}

async function runQueue(line: Line, reporter: Reporter, name: string): Promise<void> {
	if (values['install-services']) installPrograms(print);
	const programs = findPrograms();
	if (typeof programs === 'string') {
		reporter.skip(name, `${programs}. On Debian: apt-get install redis-server postgresql`);
		return;
	}
	const services: Services = await startServices(programs);
	cleanUps.add(() => services.stop());
	await queueMode(line, services, reporter, (stop) => cleanUps.add(stop));
}

async function runEditor(line: Line, reporter: Reporter, name: string): Promise<void> {
	const chromium = findChromium();
	if (chromium === undefined) {
		reporter.skip(name, 'Chromium is not installed. On Debian: apt-get install chromium');
		return;
	}
	const world = await createWorld(
		line,
		reporter,
		{ installed: true, whole: values.whole },
		(stop) => cleanUps.add(stop),
	);
	await editorAsSeen(world, { chromium, screenshots: values.screenshots });
}

/** Stops everything that was started, what came last first. */
async function cleanUp(): Promise<void> {
	const stops = [...cleanUps].reverse();
	cleanUps.clear();
	for (const stop of stops) await stop();
}

function summary({ totals }: Reporter): void {
	if (totals.skipped.length > 0) {
		print(`\nSKIPPED, so not proven by this run (${totals.skipped.length}):`);
		for (const skipped of totals.skipped) print(`  ${skipped}`);
	}
	if (totals.failures.length > 0) {
		print('\nFailed:');
		for (const failure of totals.failures) print(`  ${failure}`);
	}
	print(`\n${totals.passed} passed, ${totals.failed} failed`);
	process.exit(totals.failed === 0 && totals.passed > 0 ? 0 : 1);
}

main().catch(async (error: unknown) => {
	console.error(error);
	await cleanUp();
	process.exit(1);
});
