/**
 * Runs the tests that use n8n's engine on older versions of n8n, each with the n8n-core, n8n-workflow, and zod that it
 * ships, and compares the table in docs/compatibility.md with what ran. `npm test` runs the same tests on the newest n8n
 * of both lines.
 */
const fs = require('fs');
const path = require('path');
const { spawnSync } = require('child_process');
const { createRequire } = require('module');
const { ensureInstalledIn } = require('./lib/ensure');
const { root, tool } = require('./lib/run');

const HOME = path.join(root, 'test', 'versions');
const PAGE = path.join(root, 'docs', 'compatibility.md');
const START = '<!-- versions:start -->';
const END = '<!-- versions:end -->';
const HEAD = ['n8n', 'n8n-core', 'n8n-workflow', 'zod', 'Node.js that n8n asks for', 'Tests'];

/** Tests that are about Bento or this package, not about an n8n, although an engine runs in them. */
const ELSEWHERE = ['test/judges', 'test/secrets', 'test/faults/rateLimits'].map(path.normalize);

/** The test files that run on an engine. */
function testFiles(folder = path.join(root, 'test')) {
	return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
		const full = path.join(folder, entry.name);
		if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : testFiles(full);
		if (!full.endsWith('.test.ts') || ELSEWHERE.some((part) => full.includes(part))) return [];
		return fs.readFileSync(full, 'utf8').includes('LINE_NAMES') ? [full] : [];
	});
}

/** The versions of what an n8n ships, read where its n8n-core finds them. */
function shipped({ core }) {
	const load = createRequire(path.join(root, core, 'package.json'));
	const versionOf = (name) => load(`${name}/package.json`).version;
	return [load('./package.json').version, versionOf('n8n-workflow'), versionOf('zod')];
}

/** Runs the tests on one n8n. @throws Error if one fails */
function testOn({ n8n, line, core, differs = {} }) {
	console.log(`── n8n ${n8n}, Node.js ${process.version}`);
	const report = path.join(root, '.build', 'versions.json');
	const left = Object.keys(differs).map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
	const pick = left.length === 0 ? [] : [`--testNamePattern=^(?!.*(${left.join('|')}))`];
	const args = [...testFiles(), ...pick, '--json', `--outputFile=${report}`, '--silent'];
	const env = { ...process.env, N8N_TEST_LINE: line, N8N_TEST_CORE: path.join(root, core) };
	const stdio = ['ignore', 'ignore', 'pipe'];
	const { status, stderr } = spawnSync(process.execPath, [tool('jest'), ...args], {
		cwd: root,
		env,
		stdio,
	});
	const { numPassedTests, numFailedTests } = JSON.parse(fs.readFileSync(report, 'utf8'));
	console.log(`   ${numPassedTests} passed, ${numFailedTests} failed, ${left.length} left out`);
	if (status === 0 && numPassedTests > 0) return;
	console.error(String(stderr));
	throw new Error(`The package doesn't work with n8n ${n8n} as it should`);
}

/** A row without the number of tests, which changes with every test that is written. */
function rowOf(version) {
	const told = Object.values(version.differs ?? {}).filter((text) => text !== '');
	const tests = told.length === 0 ? 'passed' : `passed, but ${told.join('; ')}`;
	return `| ${[version.n8n, ...shipped(version), `\`${version.node}\``, tests].join(' | ')} |`;
}

function table(versions) {
	const head = [HEAD, HEAD.map(() => '---')].map((cells) => `| ${cells.join(' | ')} |`);
	return [...head, ...versions.map(rowOf)].join('\n');
}

/** `npm run test:versions`. */
function main(args) {
	ensureInstalledIn(HOME);
	const versions = JSON.parse(fs.readFileSync(path.join(HOME, 'versions.json'), 'utf8'));
	const write = args.includes('--write');
	const named = args.filter((argument) => !argument.startsWith('--'));
	const older = ({ core }) => core.startsWith('test/');
	const chosen = versions.filter((one) =>
		named.length > 0 ? named.includes(one.n8n) : write || older(one),
	);
	for (const version of chosen) testOn(version);
	const page = fs.readFileSync(PAGE, 'utf8');
	const [before, rest = ''] = page.split(START);
	const [, after = ''] = rest.split(END);
	const wanted = `${before}${START}\n\n${table(versions)}\n\n${END}${after}`;
	if (write && named.length === 0) fs.writeFileSync(PAGE, wanted);
	else if (page !== wanted) {
		throw new Error('docs/compatibility.md says otherwise: npm run test:versions -- --write');
	}
}

module.exports = { main };
