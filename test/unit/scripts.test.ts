import { spawnSync } from 'child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs';
import os from 'os';
import path from 'path';
import { z } from 'zod';
import { COMMANDS } from '../../scripts/commands';
import { isInstalled } from '../../scripts/lib/ensure';
import { ROOT } from '../support/root';

const { scripts } = z
	.object({ scripts: z.record(z.string()) })
	.parse(JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')));

function runCli(...args: readonly string[]) {
	return spawnSync(process.execPath, ['scripts/cli.js', ...args], { cwd: ROOT, encoding: 'utf8' });
}

it.each(Object.entries(scripts).filter(([, command]) => command.startsWith('node ')))(
	'`%s` has a help text with its own name',
	(name, command) => {
		expect(command).toBe(`node scripts/cli.js ${name}`);
		const help = ['start', 'test'].includes(name) ? `npm ${name}:` : `npm run ${name}:`;
		expect(COMMANDS[name]?.help).toContain(help);
	},
);

it('--help prints that text, and nothing else happens', () => {
	const { status, stdout } = runCli('build', '--help');
	expect([status, stdout]).toEqual([0, `${COMMANDS.build?.help}\n`]);
});

it('a command that does not exist fails, and says which there are', () => {
	const { status, stderr } = runCli('strat');
	expect(status).toBe(1);
	expect(stderr).toMatch(/^Choose one of start, test, /);
});

describe('packages are installed', () => {
	let folder: string;
	beforeEach(() => {
		folder = mkdtempSync(path.join(os.tmpdir(), 'installed-'));
		mkdirSync(path.join(folder, 'node_modules'));
	});
	afterEach(() => rmSync(folder, { recursive: true }));

	const WANTED = {
		'': { name: 'it' },
		'node_modules/a': { version: '1.0.0' },
		'node_modules/b': { version: '2.0.0', optional: true },
	};

	/** A lockfile, and what npm notes of its own installation. */
	function write(wanted: object, installed: object | undefined): void {
		writeFileSync(path.join(folder, 'package-lock.json'), JSON.stringify({ packages: wanted }));
		if (installed === undefined) return;
		const hidden = path.join(folder, 'node_modules', '.package-lock.json');
		writeFileSync(hidden, JSON.stringify({ packages: installed }));
	}

	it.each([
		[
			'by anyone, in the versions of the lockfile',
			{ 'node_modules/a': { version: '1.0.0' } },
			true,
		],
		['not if one has another version', { 'node_modules/a': { version: '1.0.1' } }, false],
		['not if one is missing', { 'node_modules/b': { version: '2.0.0' } }, false],
		['not if npm has noted nothing', undefined, false],
	])('%s', (_title, installed, expected) => {
		write(WANTED, installed);
		expect(isInstalled(folder)).toBe(expected);
	});
});
