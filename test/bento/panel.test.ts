import { readFileSync } from 'fs';
import path from 'path';
import type {
	INodeProperties,
	INodePropertyCollection,
	INodePropertyOptions,
	NodeParameterValue,
} from 'n8n-workflow';
import { Bento } from '../../nodes/Bento/Bento.node';
import { LIQUID_HINT } from '../../nodes/Bento/mail';
import { RESOURCES } from '../../nodes/Bento/resources';
import { operationsTable, withTable } from '../../scripts/operations-table';
import { ROOT } from '../support/root';

/** Rules for all operations, read from the panel as n8n gets it. */

const { description, methods } = new Bento();

type Option = INodeProperties | INodePropertyCollection | INodePropertyOptions;

interface Shown extends INodePropertyOptions {
	readonly title: string;
	/** In the order of the panel. */
	readonly own: readonly INodeProperties[];
	/** The same with everything inside of it. */
	readonly parameters: readonly INodeProperties[];
}

const OPERATIONS: readonly Shown[] = description.properties
	.filter(({ name }) => name === 'operation')
	.flatMap(({ options = [], displayOptions }) =>
		options.filter(isChoice).map((option): Shown => {
			const shownFor: readonly unknown[] = displayOptions?.show?.resource ?? [];
			const resource = shownFor.find((one) => typeof one === 'string') ?? '';
			const own = description.properties.filter((property) =>
				isFor(property, resource, option.value),
			);
			const title = `${resource}.${String(option.value)}`;
			return { ...option, title, own, parameters: own.flatMap(withInner) };
		}),
	);

const PARAMETERS = OPERATIONS.flatMap(({ title, parameters }) =>
	parameters.map((parameter) => ({ title, ...parameter })),
);

function isChoice(option: Option): option is INodePropertyOptions {
	return 'value' in option;
}

function isFor(
	{ displayOptions }: INodeProperties,
	resource: string,
	operation: NodeParameterValue,
): boolean {
	const { resource: resources = [], operation: operations = [] } = displayOptions?.show ?? {};
	// What is for version 0 no panel shows: it is there for n8n's types.
	if (displayOptions?.show?.['@version']?.includes(0)) return false;
	return [...resources].includes(resource) && [...operations].includes(operation);
}

/** A parameter and everything inside of it. */
function withInner(property: INodeProperties): INodeProperties[] {
	const inner = (property.options ?? []).flatMap((option: Option) => {
		if ('values' in option) return option.values;
		return 'type' in option ? [option] : [];
	});
	return [property, ...inner.flatMap(withInner)];
}

function isSorted(names: readonly string[]): boolean {
	return names.every(
		(name, index) => index === 0 || (names[index - 1] ?? '').localeCompare(name, 'en') <= 0,
	);
}

it('has every operation in the panel, with an Options collection', () => {
	expect(OPERATIONS.map(({ title }) => title).sort()).toEqual(
		RESOURCES.flatMap(({ value, operations }) =>
			operations.map((one) => `${value}.${one.value}`),
		).sort(),
	);
	for (const { title, own } of OPERATIONS)
		expect([title, own.at(-1)?.name]).toEqual([title, 'options']);
});

it('names each parameter of an operation once, or shows one of a name at a time', () => {
	for (const { title, own } of OPERATIONS) {
		const names = own.map(
			({ name, displayOptions }) => `${name} ${JSON.stringify(displayOptions)}`,
		);
		expect([title, new Set(names).size]).toEqual([title, names.length]);
	}
});

it('describes every operation in sentences, without articles in its action', () => {
	for (const { title, action = '', description: text = '' } of OPERATIONS) {
		expect([title, action]).toEqual([title, expect.stringMatching(/^[A-Z]/)]);
		expect([title, action]).toEqual([title, expect.not.stringMatching(/\b(a|an|the)\b/i)]);
		expect([title, text]).toEqual([title, expect.stringMatching(/^[A-Z].{20,}/)]);
		expect([title, text.endsWith('.')]).toEqual([title, /\. [A-Z]/.test(text)]);
	}
});

it('describes every parameter', () => {
	for (const { title, type, displayName, description: text = '' } of PARAMETERS) {
		const at = `${title} > ${displayName}`;
		expect([at, displayName]).toEqual([at, expect.stringMatching(/^[A-Z]/)]);
		if (['collection', 'fixedCollection', 'notice', 'options'].includes(type)) continue;
		expect([at, text]).toEqual([at, expect.stringMatching(/^[A-Z].{5,}/)]);
	}
});

it('shows realistic examples', () => {
	for (const { title, type, placeholder, modes = [], displayName } of PARAMETERS) {
		const typed = modes.filter((mode) => mode.type === 'string');
		const shown = [
			...(type === 'string' || type === 'json' ? [placeholder] : []),
			...typed.map((mode) => mode.placeholder),
		];
		for (const example of shown) {
			const at = `${title} > ${displayName}`;
			expect([at, example]).toEqual([at, expect.stringMatching(/^e\.g\. /)]);
		}
	}
});

it('searches with a method that exists', () => {
	const named = PARAMETERS.flatMap(({ modes = [] }) =>
		modes.flatMap(({ typeOptions }) => typeOptions?.searchListMethod ?? []),
	);
	expect([...new Set(named)].sort()).toEqual(Object.keys(methods.listSearch).sort());
});

it('has a switch in front of what deletes or sends, and of every call but GET', () => {
	for (const { title, value, own } of OPERATIONS) {
		const risky = /^(delete|deleteData|make|schedule|send)$/.test(String(value));
		const confirm = own.find(({ name }) => name === 'confirm');
		if (risky) expect([title, confirm]).toEqual([title, expect.anything()]);
		if (confirm) expect(confirm).toMatchObject({ type: 'boolean', default: false });
		if (value === 'make') {
			expect(confirm?.displayOptions?.show?.method).toEqual(['DELETE', 'PATCH', 'POST', 'PUT']);
		}
	}
});

it('leaves to the builder what neither data nor an agent may decide', () => {
	for (const { title, name, noDataExpression } of PARAMETERS) {
		if (!['confirm', 'method', 'transactional'].includes(name)) continue;
		expect([title, name, noDataExpression]).toEqual([title, name, true]);
	}
});

it('warns where Liquid would be lost to an expression', () => {
	const liquid = PARAMETERS.filter(({ name, typeOptions }) => {
		return typeOptions?.rows !== undefined && ['content', 'html'].includes(name);
	}).filter(({ title }) => title !== 'validation.moderateContent');
	expect(liquid.length).toBe(5);
	for (const { title, hint } of liquid) expect([title, hint]).toEqual([title, LIQUID_HINT]);
});

it('picks dates with a date picker', () => {
	for (const { title, displayName, type } of PARAMETERS) {
		if (!/( After| Before| At|^Start|^End)$/.test(displayName)) continue;
		expect([title, displayName, type]).toEqual([title, displayName, 'dateTime']);
	}
});

it("tells Bento's workflows from n8n's", () => {
	const texts = [
		...OPERATIONS.flatMap(({ action = '', description: text = '' }) => [action, text]),
		...PARAMETERS.flatMap(({ description: text = '', hint = '', type, displayName }) => [
			text,
			hint,
			type === 'notice' ? displayName : '',
		]),
	];
	for (const text of texts) expect(text).not.toMatch(/(?<!Bento )workflows?\b/i);
});

it('says what starts Bento workflows, and names the sibling that does it by an event', () => {
	for (const name of ['addTag', 'addTagViaEvent', 'removeTag', 'subscribe', 'unsubscribe']) {
		const { description: text } = OPERATIONS.find(({ value }) => value === name) ?? {};
		expect(text).toMatch(/start(ing)? (the )?Bento workflows/);
		expect(text).toMatch(/'(Add Tag|Remove Tag|Subscribe|Unsubscribe)' in Bento Track Event/);
	}
});

it('keeps Send Email to its required fields', () => {
	const send = OPERATIONS.find(({ title }) => title === 'email.send');
	expect(send?.own.map(({ name, required = false }) => [name, required])).toEqual([
		['toEmail', true],
		['from', true],
		['subject', true],
		['content', true],
		['confirm', false],
		['additionalFields', false],
		['options', false],
	]);
});

it('sorts resources and operations, and begins with one of them', () => {
	for (const { name, options = [], default: first } of description.properties) {
		if (name !== 'resource' && name !== 'operation') continue;
		expect(isSorted(options.map((option) => option.name))).toBe(true);
		expect(options.map((option) => 'value' in option && option.value)).toContain(first);
	}
});

const page = readFileSync(path.join(ROOT, 'docs', 'bento.md'), 'utf8');

it('names each operation that has such a switch in docs/bento.md', () => {
	const [line = ''] = /^- \*\*Confirm\*\*: .*$/m.exec(page) ?? [];
	const missing = RESOURCES.flatMap((resource) =>
		resource.operations
			.filter(({ properties }) => properties.some(({ name }) => name === 'confirm'))
			.map(({ name }) =>
				resource.value === 'apiCall' ? resource.name : `${resource.name} > ${name}`,
			)
			.filter((name) => !line.includes(name)),
	);
	expect(
		missing.map((name) => `${name}: add it to Confirm in docs/bento.md and README.md`),
	).toEqual([]);
});

it('has its operations in docs/bento.md, as they are', () => {
	const isCurrent = withTable(page, operationsTable(RESOURCES)) === page;
	expect(isCurrent ? '' : 'Write the table anew: npm run operations').toBe('');
});
