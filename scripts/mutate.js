const fs = require('fs');
const path = require('path');
const { ensureInstalledIn } = require('./lib/ensure');
const { root, run } = require('./lib/run');

const LEAST_SCORE = 90;
const HOME = path.join(root, 'test', 'mutation');

/** The code whose mistakes cost events, money, or secrets. */
const WATCHED = [
	'nodes/BentoTrackEvent/event.ts',
	'nodes/BentoTrackEvent/purchase.ts',
	'nodes/BentoWebhookTrigger/receive.ts',
	'nodes/BentoWebhookTrigger/normalize.ts',
	'nodes/BentoWebhookTrigger/duplicates.ts',
	'nodes/shared/delivery/**/*.ts',
	'nodes/shared/http/**/*.ts',
	'nodes/shared/operation/dates.ts',
	'nodes/shared/run/memory.ts',
	'nodes/shared/operation/properties.ts',
	'nodes/shared/run/read.ts',
];
const TESTS = '--tests=';
const SURE = ['Killed', 'Timeout'];
const REACHED = [...SURE, 'Survived'];

/** A folder stands for the sources below it. */
function asPattern(target) {
	const full = path.join(root, target);
	return fs.existsSync(full) && fs.statSync(full).isDirectory()
		? `${target.replace(/\/$/, '')}/**/*.ts`
		: target;
}

/**
 * How many mutants of each folder were reached, noticed, and reached by no test. The report also holds what earlier
 * runs found in other files: that may be out of date.
 */
function scoresOf(report, patterns) {
	const folders = new Map();
	const wanted = patterns.map((pattern) => pattern.replace('**/*.ts', ''));
	for (const [file, { mutants }] of Object.entries(report.files)) {
		if (!wanted.some((start) => file.startsWith(start))) continue;
		const folder = path.posix.dirname(file);
		const score = folders.get(folder) ?? { reached: 0, noticed: 0, unreached: 0 };
		const count = (states) => mutants.filter(({ status }) => states.includes(status)).length;
		score.reached += count(REACHED);
		score.noticed += count(SURE);
		score.unreached += count(['NoCoverage']);
		folders.set(folder, score);
	}
	return [...folders].sort(([one], [other]) => one.localeCompare(other, 'en'));
}

function print(scores) {
	console.log(
		`\n${'Score'.padStart(6)}  ${'Noticed'.padStart(11)}  ${'Not reached'.padStart(11)}  Folder`,
	);
	for (const [folder, { reached, noticed, unreached }] of scores) {
		const score = `${percent(noticed, reached).toFixed(1)} %`.padStart(6);
		console.log(
			`${score}  ${`${noticed}/${reached}`.padStart(11)}  ${String(unreached).padStart(11)}  ${folder}`,
		);
	}
}

function percent(part, whole) {
	return whole === 0 ? 100 : (100 * part) / whole;
}

/** Runs Stryker; returns the scores by folder. Jest's configuration reads which tests are to run. */
function mutate(patterns, flags, tests) {
	const reportFile = path.join(root, '.build', 'mutation', 'report.json');
	fs.rmSync(reportFile, { force: true });
	if (tests !== undefined) process.env.MUTATION_TESTS = tests;
	run(process.execPath, [
		path.join(HOME, 'node_modules', '@stryker-mutator', 'core', 'bin', 'stryker.js'),
		'run',
		'test/mutation/stryker.json',
		'--mutate',
		patterns.join(','),
		...flags,
	]);
	if (!fs.existsSync(reportFile)) throw new Error(`Nothing to mutate in ${patterns.join(', ')}`);
	return scoresOf(JSON.parse(fs.readFileSync(reportFile, 'utf8')), patterns);
}

/** `npm run mutate`. */
function main(given) {
	ensureInstalledIn(HOME);
	const tests = given.find((argument) => argument.startsWith(TESTS))?.slice(TESTS.length);
	const flags = given.filter((one) => one.startsWith('--') && !one.startsWith(TESTS));
	const targets = given.filter((argument) => !argument.startsWith('--'));
	const scores = mutate(targets.length === 0 ? WATCHED : targets.map(asPattern), flags, tests);
	print(scores);
	const weak = scores.filter(([, { reached, noticed }]) => percent(noticed, reached) < LEAST_SCORE);
	if (weak.length === 0) return;
	console.error(`\nLess than ${LEAST_SCORE} %: ${weak.map(([folder]) => folder).join(', ')}`);
	process.exitCode = 1;
}

module.exports = { main };
