import { readFileSync } from 'fs';
import type { INodeProperties, INodePropertyCollection, INodePropertyOptions } from 'n8n-workflow';
import path from 'path';
import { z } from 'zod';
import { DEFAULT_RETRY_POLICY } from '../../nodes/shared/http/client/call';
import { anchorsOf } from '../support/markdown';
import { ROOT } from '../support/root';
import { engineLine } from '../support/engine/lines';
import { packageFolder } from '../support/engine/packages';

interface Manifest {
	readonly name: string;
	readonly n8n: { readonly nodes: string[]; readonly credentials: string[] };
}

interface Codex {
	readonly alias: readonly string[];
	readonly node: string;
	readonly categories: string[];
	readonly resources: Record<string, Array<{ url: string }>>;
}

const iconPair = z.object({ light: z.string(), dark: z.string() });

type Entry = INodeProperties | INodePropertyOptions | INodePropertyCollection;

const manifest = readJson<Manifest>(path.join(ROOT, 'package.json'));
const nodeFiles = manifest.n8n.nodes;
const names = nodeFiles.map((file) => path.basename(file, '.node.js'));

function readJson<T>(file: string): T {
	return JSON.parse(readFileSync(file, 'utf8')) as T;
}

async function loaded() {
	const { loader } = await engineLine('2x');
	return loader;
}

async function description(className: string) {
	const { nodeTypes } = await loaded();
	const found = Object.values(nodeTypes).find(
		({ type }) =>
			type.constructor.name === className || type.description.name === lowerFirst(className),
	);
	if (!found) throw new Error(`${className} isn't loaded`);
	return found.type.description;
}

function lowerFirst(text: string): string {
	return text.charAt(0).toLowerCase() + text.slice(1);
}

/** Every property of a list, those inside of collections too. */
function everyProperty(properties: readonly Entry[]): INodeProperties[] {
	return properties.flatMap((entry) => {
		const inside =
			'values' in entry ? entry.values : 'options' in entry ? (entry.options ?? []) : [];
		return 'type' in entry ? [entry, ...everyProperty(inside)] : everyProperty(inside);
	});
}

describe.each(names)('%s', (className) => {
	const folder = path.join(packageFolder('2x'), 'dist', 'nodes', className);

	it('has the codex file of its own name, with links into the README', async () => {
		const codex = readJson<Codex>(path.join(folder, `${className}.node.json`));
		expect(codex.node).toBe(`${manifest.name}.${(await description(className)).name}`);
		expect(codex.alias.length).toBeGreaterThan(5);
		const links = Object.values(codex.resources).flat();
		expect(links.length).toBeGreaterThan(0);
		const headings = anchorsOf(readFileSync(path.join(ROOT, 'README.md'), 'utf8'));
		for (const { url } of links) {
			const { origin, pathname, hash } = new URL(url);
			expect(origin + pathname).toBe('https://github.com/n8n-nodes-bentonow/n8n-nodes-bentonow');
			expect(headings).toContain(hash.slice(1));
		}
	});

	it('writes into notices only what n8n shows there: links and plain lists', async () => {
		const { properties } = await description(className);
		const notices = everyProperty(properties).filter(({ type }) => type === 'notice');
		for (const { displayName } of notices) {
			const tags = [...displayName.matchAll(/<\/?(\w+)/g)].map(([, tag]) => tag);
			expect(['a', 'li', 'ul']).toEqual(expect.arrayContaining(tags));
		}
	});

	it('says above rows what they are for, as n8n shows no description of the rows', async () => {
		const { properties } = await description(className);
		const modes = properties.filter(({ displayName }) => displayName.startsWith('Specify '));
		for (const mode of modes) expect(mode.description).toMatch(/\. Optional\./);
	});

	it('says on a button which field it adds, where there is only one', async () => {
		const { properties } = await description(className);
		const collections = properties.filter(({ name }) => name === 'additionalFields');
		for (const { options = [], placeholder } of collections) {
			const [only] = options;
			const alone = only !== undefined && options.length === 1;
			expect(placeholder).toBe(
				alone && 'displayName' in only ? `Add ${only.displayName}` : 'Add Field',
			);
		}
	});

	it('needs its credentials under conditions that both lines of n8n understand', async () => {
		const { credentials = [] } = await description(className);
		const conditional = credentials.filter(({ displayOptions }) => displayOptions?.show);
		expect(credentials.length > 1 ? conditional : []).toEqual([]);
	});

	it('has a light and a dark icon that differ', async () => {
		expectTwoIcons((await description(className)).iconUrl);
	});

	it('has a subtitle, and is usable as a tool unless it is a trigger', async () => {
		const { subtitle, usableAsTool, group } = await description(className);
		expect(subtitle).toBeTruthy();
		expect(Boolean(usableAsTool)).toBe(!group.includes('trigger'));
	});

	it('sorts every list of options by name', async () => {
		const { properties } = await description(className);
		for (const property of everyProperty(properties)) {
			if (!['options', 'multiOptions', 'collection'].includes(property.type)) continue;
			const shown = (property.options ?? []).map((option) =>
				'displayName' in option ? option.displayName : option.name,
			);
			const sorted = [...shown].sort((one, other) => one.localeCompare(other, 'en'));
			expect({ [property.name]: shown }).toEqual({ [property.name]: sorted });
		}
	});

	it('begins placeholders with “e.g.”, except for buttons', async () => {
		const { properties } = await description(className);
		for (const { name, type, placeholder } of everyProperty(properties)) {
			if (placeholder === undefined || placeholder === '') continue;
			const isButton = type === 'collection' || type === 'fixedCollection';
			expect({ [name]: placeholder }).toEqual({
				[name]: expect.stringMatching(isButton ? /^Add / : /^(e\.g\. |Choose)/) as string,
			});
		}
	});

	it('begins descriptions of booleans with “Whether”, and doesn’t end a single sentence with a period', async () => {
		const { properties } = await description(className);
		for (const { name, type, description: text } of everyProperty(properties)) {
			if (type === 'boolean') {
				expect({ [name]: text }).toEqual({ [name]: expect.stringMatching(/^Whether /) as string });
			}
			if (text !== undefined && !/[.!?] /.test(text)) {
				expect({ [name]: text }).toEqual({ [name]: expect.not.stringMatching(/\.$/) as string });
			}
		}
	});

	it('gives every operation an action', async () => {
		const { properties } = await description(className);
		const operations = properties.filter(({ name }) => name === 'operation');
		for (const { options = [] } of operations) {
			for (const option of options) {
				expect(option).toMatchObject({ action: expect.stringMatching(/^[A-Z]/) as string });
			}
		}
	});
});

describe('the credentials', () => {
	it.each(manifest.n8n.credentials)(
		'%s has two icons, and a password field for every secret',
		async (file) => {
			const { credentialTypes } = await loaded();
			const className = path.basename(file, '.credentials.js');
			const type = credentialTypes[lowerFirst(className)]?.type;
			if (!type) throw new Error(`${className} isn't loaded`);
			expect(type.documentationUrl).toMatch(/^https:\/\//);
			expectTwoIcons(type.iconUrl);
			for (const { name, type: kind, typeOptions } of type.properties) {
				if (kind === 'hidden' || !/secret|password/i.test(name)) continue;
				expect({ [name]: typeOptions?.password }).toEqual({ [name]: true });
			}
		},
	);
});

it('the waiting options show the actual defaults', async () => {
	const { properties } = await description('BentoTrackEvent');
	const shown = properties.filter(({ name, options }) => name === 'options' && options);
	const options = shown.flatMap((property) => property.options ?? []);
	// These two aren't options.
	const { patience, limits, ...shownThere } = DEFAULT_RETRY_POLICY;
	expect([patience, limits]).toEqual([75_000, 'call']);
	for (const [name, value] of Object.entries(shownThere)) {
		expect(options).toContainEqual(expect.objectContaining({ name, default: value }));
	}
});

/** The loader turns an icon's file into an address below the package's name. */
function expectTwoIcons(icon: unknown): void {
	const { light, dark } = iconPair.parse(icon);
	const [one, other] = [light, dark].map((address) =>
		readFileSync(
			path.join(packageFolder('2x'), address.replace(`icons/${manifest.name}/`, '')),
			'utf8',
		),
	);
	expect(one).toContain('<svg');
	expect(other).toContain('<svg');
	expect(one).not.toBe(other);
}
