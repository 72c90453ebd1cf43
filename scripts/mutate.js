const fs = require('fs');
const path = require('path');
const { ensureInstalledIn } = require('./lib/ensure');
const { root, run } = require('./lib/run');

const MIN_SCORE = 90;
const HOME = path.join(root, 'test', 'mutation');

/** The code whose mistakes cost events, money, or secrets: all that operations share, and what each sender meets. */
const WATCHED = [
	'nodes/BentoTrackEvent/event.ts',
	'nodes/BentoTrackEvent/purchase.ts',
	'nodes/BentoWebhookTrigger/conditions.ts',
	'nodes/BentoWebhookTrigger/receive.ts',
	'nodes/BentoWebhookTrigger/normalize.ts',
	'nodes/BentoWebhookTrigger/duplicates.ts',
	'nodes/shared/**/*.ts',
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
 * How many mutants of each file were reached, noticed, and reached by no test. The report also holds what earlier runs
 * found in other files: that may be out of date.
 */
function scoresOf(report, patterns) {
	const wanted = patterns.map((pattern) => pattern.replace('**/*.ts', ''));
	return Object.entries(report.files)
		.filter(([file]) => wanted.some((start) => file.startsWith(start)))
		.map(([file, { mutants }]) => {
			const count = (states) => mutants.filter(({ status }) => states.includes(status)).length;
			const [reached, noticed, unreached] = [REACHED, SURE, ['NoCoverage']].map(count);
			return { file, reached, noticed, unreached, score: percent(noticed, reached) };
		})
		.filter(({ reached, unreached }) => reached + unreached > 0)
		.sort((one, other) => one.file.localeCompare(other.file, 'en'));
}

/** The scores as a Markdown table, which a terminal shows well enough. */
function tableOf(scores) {
	const rows = scores.map(
		({ file, reached, noticed, unreached, score }) =>
			`| ${score.toFixed(1)} % | ${noticed} of ${reached} | ${unreached} | ${file} |`,
	);
	return ['| Score | Noticed | Not reached | File |', '| --- | --- | --- | --- |', ...rows].join(
		'\n',
	);
}

function percent(part, whole) {
	return whole === 0 ? 100 : (100 * part) / whole;
}

/** Runs Stryker; returns the scores by file. Jest's configuration reads which tests are to run. */
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
	const table = tableOf(scores);
	fs.writeFileSync(path.join(root, '.build', 'mutation', 'scores.md'), `${table}\n`);
	console.log(`\n${table}`);
	const weak = scores.filter(({ score }) => score < MIN_SCORE);
	if (weak.length === 0) return;
	console.error(`\nLess than ${MIN_SCORE} %: ${weak.map(({ file }) => file).join(', ')}`);
	process.exitCode = 1;
}

module.exports = { main };
