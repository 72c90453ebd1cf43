import { existsSync, readdirSync, readFileSync } from 'fs';
import path from 'path';
import { z } from 'zod';
import { anchorsOf, blocksOf, linksOf } from '../support/markdown';
import { ROOT } from '../support/root';

const MOST_README_BYTES = 12_000;

const manifest = z
	.object({ scripts: z.record(z.string()) })
	.parse(JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')));

const pages = ['.', 'benchmarks', 'docs', 'examples'].flatMap((folder) =>
	readdirSync(path.join(ROOT, folder))
		.filter((name) => name.endsWith('.md'))
		.map((name) => path.posix.join(folder, name)),
);

function read(page: string): string {
	return readFileSync(path.join(ROOT, page), 'utf8');
}

describe.each(pages)('%s', (page) => {
	const text = read(page);

	it('links to files and headings that exist', () => {
		const broken = linksOf(text).filter((link) => !/^https?:/.test(link) && !leads(page, link));
		expect(broken).toEqual([]);
	});

	it('has JSON blocks that parse', () => {
		for (const block of blocksOf(text, 'json')) {
			expect(() => JSON.parse(block) as unknown).not.toThrow();
		}
	});

	it('names commands that exist', () => {
		const named = [...text.matchAll(/npm run ([a-z0-9:]+)/g)].map(([, name = '']) => name);
		expect(named.filter((name) => !(name in manifest.scripts))).toEqual([]);
	});
});

function leads(from: string, link: string): boolean {
	const [file = '', anchor] = link.split('#');
	const target = file === '' ? from : path.posix.join(path.posix.dirname(from), file);
	if (!existsSync(path.join(ROOT, target))) return false;
	return anchor === undefined || anchorsOf(read(target)).includes(anchor);
}

it('the README is short', () => {
	expect(Buffer.byteLength(read('README.md'))).toBeLessThanOrEqual(MOST_README_BYTES);
});

it('CONTRIBUTING.md lists every command', () => {
	const page = read('CONTRIBUTING.md');
	const missing = Object.keys(manifest.scripts).filter((name) => {
		return !page.includes(`\`npm ${['start', 'test'].includes(name) ? name : `run ${name}`}`);
	});
	expect(missing).toEqual([]);
});
