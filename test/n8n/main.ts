import { parseArgs } from 'util';
import { onEnd } from './support/children';
import { createReporter, type Reporter, type Totals } from './support/checks';
import { findChromium } from './support/browser';
import { installLine, n8nVersion } from './support/install';
import { lines, type Line } from './support/paths';
import { findPrograms, installPrograms, startServices, type Services } from './support/services';
import { createWorld, type World } from './support/world';
import { agentWorks } from './suites/agent';
import { personApproves } from './suites/approval';
import { backFillHolds } from './suites/backfill';
import { bentoRuns } from './suites/bento';
import { besideOtherPackage } from './suites/besideOther';
import { communityInstall } from './suites/community';
import { credentialTest } from './suites/credentials';
import { crowdInOneProcess, crowdInTheQueue } from './suites/crowd';
import { editorAsSeen } from './suites/editor';
import { endsOfARun } from './suites/ends';
import { examplesRun } from './suites/examples';
import { fullLoop } from './suites/loop';
import { modelsFindIt } from './suites/models';
import { nightInTheQueue } from './suites/night';
import { outboxHolds } from './suites/outbox';
import { queueMode } from './suites/queueMode';
import { trackEventRuns } from './suites/trackEvent';
import { upgradeHolds } from './suites/upgrade';
import { webhookTriggerRuns } from './suites/webhookTrigger';

const { values } = parseArgs({
	options: {
		line: { type: 'string', default: 'both' },
		parts: { type: 'string', default: 'single,queue,editor' },
		only: { type: 'string' },
		screenshots: { type: 'string' },
		whole: { type: 'boolean', default: false },
		crowds: { type: 'boolean', default: false },
		install: { type: 'boolean', default: false },
		again: { type: 'boolean', default: false },
	},
});

const print = (line: string) => console.log(line);
const cleanUps = new Set<() => Promise<void>>();

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
	personApproves,
	modelsFindIt,
	backFillHolds,
	endsOfARun,
	upgradeHolds,
	besideOtherPackage,
];

/** Crowds of webhooks and the faults of a night take half an hour, and judge how fast the machine is too. */
const crowds = values.crowds || values.whole;

async function main(): Promise<void> {
	onEnd(cleanUp);
	const begin = Date.now();
	if (values.install) installPrograms(print);
	const chosenLines = lines.filter((line) => values.line === 'both' || values.line === line);
	const chosenParts = parts.filter((part) => values.parts.includes(part));
	const all: Totals[] = [];
	for (const part of chosenParts) {
		for (const line of chosenLines) {
			let totals = await runPart(part, line);
			if (totals.failed > 0 && values.again) {
				print(`\nOnce more, as something failed: ${totals.failures.join(', ')}`);
				totals = await runPart(part, line);
			}
			all.push(totals);
		}
	}
	print(`\n${Math.round((Date.now() - begin) / 60_000)} minutes in all`);
	process.exit(summary(all) ? 0 : 1);
}

/** Runs a part; one that can't start counts as failed. */
async function runPart(part: Part, line: Line): Promise<Totals> {
	const reporter = createReporter(print, values.only);
	const name = `n8n ${n8nVersion(line)}, ${titles[part]}`;
	try {
		await installLine(line, print);
		print(`\n${name}`);
		if (part === 'single') await runSingle(line, reporter);
		else if (part === 'queue') await runQueue(line, reporter, name);
		else await runEditor(line, reporter, name);
	} catch (error) {
		reporter.fail(`${name} starts`, error instanceof Error ? error : new Error(String(error)));
	} finally {
		await cleanUp();
	}
	return reporter.totals;
}

/** A part that lacks a program is skipped where it may be, and fails where everything has to be there. */
function lacking(reporter: Reporter, name: string, what: string): void {
	if (values.install) reporter.fail(name, new Error(what));
	else reporter.skip(name, `${what}. npm run test:n8n -- --install installs it`);
}

async function runSingle(line: Line, reporter: Reporter): Promise<void> {
	// Where a few checks are picked, the one that installs the package may not be among them.
	const options = { installed: values.only !== undefined, whole: values.whole };
	const world = await createWorld(line, reporter, options, (stop) => cleanUps.add(stop));
	for (const suite of suites) await suite(world);
	if (crowds) await crowdInOneProcess(world);
}

async function runQueue(line: Line, reporter: Reporter, name: string): Promise<void> {
	const programs = findPrograms();
	if (typeof programs === 'string') return lacking(reporter, name, programs);
	const services: Services = await startServices(programs);
	cleanUps.add(() => services.stop());
	const onStarted = (stop: () => Promise<void>) => cleanUps.add(stop);
	await queueMode(line, services, reporter, onStarted);
	if (!crowds) return;
	await crowdInTheQueue(line, services, reporter, values.whole, onStarted);
	// Most of what happens there is n8n's, and takes minutes; the newest n8n is enough to watch it.
	if (line === '2x' || values.whole)
		await nightInTheQueue(line, services, reporter, values.whole, onStarted);
}

async function runEditor(line: Line, reporter: Reporter, name: string): Promise<void> {
	const chromium = findChromium();
	if (chromium === undefined) return lacking(reporter, name, 'Chromium is not installed');
	const world = await createWorld(
		line,
		reporter,
		{ installed: true, whole: values.whole },
		(stop) => cleanUps.add(stop),
	);
	await editorAsSeen(world, { chromium, screenshots: values.screenshots });
}

/** Stops everything that was started, in reverse order. */
async function cleanUp(): Promise<void> {
	const stops = [...cleanUps].reverse();
	cleanUps.clear();
	for (const stop of stops) await stop();
}

/** Prints the results of all parts; returns whether all passed. */
function summary(all: readonly Totals[]): boolean {
	const skipped = all.flatMap((totals) => totals.skipped);
	const failures = all.flatMap((totals) => totals.failures);
	const passed = all.reduce((sum, totals) => sum + totals.passed, 0);
	if (skipped.length > 0) {
		print(`\nSKIPPED, so not proven by this run (${skipped.length}):`);
		for (const one of skipped) print(`  ${one}`);
	}
	if (failures.length > 0) {
		print('\nFailed:');
		for (const failure of failures) print(`  ${failure}`);
	}
	print(`\n${passed} passed, ${failures.length} failed`);
	return failures.length === 0 && passed > 0;
}

main().catch(async (error: unknown) => {
	console.error(error);
	await cleanUp();
	process.exit(1);
});
