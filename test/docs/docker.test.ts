import { execFileSync } from 'child_process';
import {
	cpSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from 'fs';
import { tmpdir } from 'os';
import path from 'path';
import { ROOT } from '../support/root';

const read = (file: string) => readFileSync(path.join(ROOT, 'docker', file), 'utf8');
const script = path.join(ROOT, 'docker', 'with-bento.sh');
const onPosix = process.platform === 'win32' ? it.skip : it;

let folder = '';
beforeEach(() => {
	folder = mkdtempSync(path.join(tmpdir(), 'with-bento-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the script with the built package as the image's, and a program in place of n8n's own start. */
function start(...args: string[]): string {
	const packages = path.join(folder, 'image');
	for (const part of ['dist', 'package.json']) {
		cpSync(path.join(ROOT, part), path.join(packages, 'n8n-nodes-bentonow', part), {
			recursive: true,
		});
	}
	const env = { BENTO_PACKAGES: packages, N8N_USER_FOLDER: folder, N8N_ENTRYPOINT: '/bin/echo' };
	return execFileSync('/bin/sh', [script, ...args], { env: { ...process.env, ...env } }).toString();
}

const installed = (...parts: string[]) =>
	path.join(folder, '.n8n', 'nodes', 'node_modules', 'n8n-nodes-bentonow', ...parts);

describe('docker/with-bento.sh', () => {
	onPosix('puts the package where n8n looks for it, and starts n8n with its arguments', () => {
		expect(start('worker', '--concurrency=10')).toBe('worker --concurrency=10\n');
		for (const file of ['package.json', 'dist/bundle.js']) {
			expect(readFileSync(installed(file), 'utf8')).toBe(
				readFileSync(path.join(ROOT, file), 'utf8'),
			);
		}
	});

	onPosix('replaces an older copy in the volume, and leaves other packages and n8n’s list', () => {
		const nodes = path.join(folder, '.n8n', 'nodes');
		mkdirSync(installed(), { recursive: true });
		writeFileSync(installed('left.js'), '');
		writeFileSync(path.join(nodes, 'node_modules', 'other.js'), '');
		writeFileSync(path.join(nodes, 'package.json'), '{ "name": "mine" }');
		start();
		expect(existsSync(installed('left.js'))).toBe(false);
		expect(existsSync(path.join(nodes, 'node_modules', 'other.js'))).toBe(true);
		expect(readFileSync(path.join(nodes, 'package.json'), 'utf8')).toContain('mine');
	});
});

describe('The image', () => {
	it('is of the newest n8n that is tested', () => {
		const tested = readFileSync(path.join(ROOT, 'test', 'n8n', '2x', 'package.json'), 'utf8');
		const version = /"n8n": "([^"]+)"/.exec(tested)?.[1];
		expect(read('Dockerfile')).toContain(`ARG N8N_VERSION=${version}\n`);
		expect(read('compose.yaml')).toContain(`:-${version}}`);
	});

	it('turns on packages that n8n hasn’t verified, in every process', () => {
		expect(read('Dockerfile')).toContain('ENV N8N_UNVERIFIED_PACKAGES_ENABLED=true');
		expect(read('compose.yaml')).toContain("N8N_UNVERIFIED_PACKAGES_ENABLED: 'true'");
	});
});
