import { readFileSync } from 'fs';
import path from 'path';
import { packageFolder, requireOf } from '../support/engine/packages';
import { packedPackage } from '../support/packed';
import { ROOT } from '../support/root';

/** That n8n's engines can load what is packed is shown by every test on them: they get these files and no others. */

const MAX_PACKED_BYTES = 125_000;

const bundle = readFileSync(path.join(ROOT, 'dist', 'bundle.js'), 'utf8');

beforeAll(() => {
	if (!bundle.includes('//# sourceMappingURL=')) return;
	throw new Error('dist is what npm run watch or npm run dev has built. Build with npm run build');
});

it('is a small download with nothing in it but what n8n needs', () => {
	const { size, files } = packedPackage();
	expect(size).toBeLessThanOrEqual(MAX_PACKED_BYTES);
	for (const file of files) {
		expect(file).toMatch(/^(dist\/|index\.js$|package\.json$|README\.md$|LICENSE$)/);
	}
});

it('gives every node and credential to anyone who loads it by its name', () => {
	const found: unknown = requireOf('2x')(path.join(packageFolder('2x'), 'index.js'));
	expect(Object.keys({ ...(found as object) }).sort()).toEqual([
		'Bento',
		'BentoApi',
		'BentoTrackEvent',
		'BentoWebhookSecretApi',
		'BentoWebhookTrigger',
	]);
});

it('tells Bento its own version', () => {
	const { version } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as {
		version: string;
	};
	expect(bundle.includes(`var version = "${version}";`)).toBe(true);
});

it('ships one bundle that can be read: with names and short lines', () => {
	expect(bundle.includes('\nasync function runOperation(')).toBe(true);
	const lines = bundle.split('\n').map(({ length }) => length);
	expect(bundle.includes('\n// nodes/BentoTrackEvent/BentoTrackEvent.node.js\n')).toBe(true);
	expect(lines.length).toBeGreaterThan(3000);
	expect(lines.filter((length) => length > 200).length).toBeLessThan(lines.length / 20);
});
