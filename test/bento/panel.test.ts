import { readFileSync } from 'fs';
import path from 'path';
import type { INodeProperties, INodePropertyCollection, INodePropertyOptions } from 'n8n-workflow';
import { Bento } from '../../nodes/Bento/Bento.node';
import { optionsOf } from '../../nodes/shared/operation/options';
import { optionsProperty } from '../../nodes/shared/batchRun/options';
import { RESOURCES } from '../../nodes/Bento/resources';
import { operationsTable, withTable } from '../../scripts/operations-table';
import { ROOT } from '../support/root';

const { description, methods } = new Bento();

const OPERATIONS = RESOURCES.flatMap((resource) =>
	resource.operations.map((operation) => ({
		title: `${resource.name} > ${operation.name}`,
		resource,
		operation,
		parameters: [...operation.properties, optionsProperty(optionsOf(operation))].flatMap(withInner),
	})),
);

/** A parameter and what a collection holds. */
function withInner(property: INodeProperties): INodeProperties[] {
	const inner = (property.options ?? []).filter(isProperty);
	return property.type === 'collection' ? [property, ...inner] : [property];
}

type Option = INodeProperties | INodePropertyCollection | INodePropertyOptions;

function isProperty(option: Option): option is INodeProperties {
	return 'type' in option;
}

function isSorted(names: readonly string[]): boolean {
	return names.every(
		(name, index) => index === 0 || (names[index - 1] ?? '').localeCompare(name, 'en') <= 0,
	);
}

describe.each(OPERATIONS)('$title', ({ resource, operation, parameters }) => {
	it('has its texts', () => {
		for (const text of [operation.name, operation.action, operation.description]) {
			expect(text.trim()).toBe(text);
			expect(text).toMatch(/^[A-Z]/);
		}
		expect(operation.description.length).toBeGreaterThan(20);
		expect(operation.action).not.toMatch(/\b(a|an|the)\b/i);
		const sentences = operation.description.split(/\. (?=[A-Z])/);
		expect(operation.description.endsWith('.')).toBe(sentences.length > 1);
	});

	it('describes every parameter', () => {
		for (const parameter of parameters) {
			const { type, displayName, description: text = '' } = parameter;
			expect(displayName).toMatch(/^[A-Z]/);
			if (['collection', 'notice', 'options'].includes(type)) continue;
			expect([displayName, text]).toEqual([displayName, expect.stringMatching(/^[A-Z].{5,}/)]);
			if (type === 'boolean') expect(text).toMatch(/^Whether /);
		}
	});

	it('shows lifelike examples', () => {
		for (const { type, placeholder, modes = [], displayName } of parameters) {
			if (type === 'string' || type === 'json') {
				expect([displayName, placeholder]).toEqual([
					displayName,
					expect.stringMatching(/^e\.g\. /),
				]);
			}
			for (const mode of modes.filter((one) => one.type === 'string')) {
				expect(mode.placeholder).toMatch(/^e\.g\. /);
			}
		}
	});

	it('sorts what can be chosen', () => {
		for (const { options = [] } of parameters) {
			const labels = options.map((option) =>
				'displayName' in option ? option.displayName : option.name,
			);
			expect([labels, isSorted(labels)]).toEqual([labels, true]);
		}
	});

	it('searches with a method that there is', () => {
		for (const { modes = [] } of parameters) {
			for (const { typeOptions } of modes) {
				const method = typeOptions?.searchListMethod;
				if (method !== undefined) expect(Object.keys(methods.listSearch)).toContain(method);
			}
		}
	});

	it('names each parameter once', () => {
		const names = operation.properties.map(({ name }) => name);
		expect(new Set(names).size).toBe(names.length);
	});

	it('has a switch in front of what deletes or sends', () => {
		const risky = /^(delete|deleteData|schedule|send)$/.test(operation.value);
		const confirm = operation.properties.find(({ name }) => name === 'confirm');
		expect(confirm !== undefined).toBe(risky);
		if (confirm) expect(confirm).toMatchObject({ default: false, noDataExpression: true });
	});

	it('stands in the panel', () => {
		const shown = description.properties.filter(({ displayOptions }) => {
			const { show = {} } = displayOptions ?? {};
			const operations: unknown[] = show.operation ?? [];
			const resources: unknown[] = show.resource ?? [];
			return resources.includes(resource.value) && operations.includes(operation.value);
		});
		expect(shown.map(({ name }) => name)).toEqual([
			...operation.properties.map(({ name }) => name),
			'options',
		]);
	});
});

it('sorts resources and operations', () => {
	for (const property of description.properties) {
		if (property.name !== 'resource' && property.name !== 'operation') continue;
		const names = (property.options ?? []).map(({ name }) => name);
		expect([names, isSorted(names)]).toEqual([names, true]);
		const values = (property.options ?? []).map((option) => 'value' in option && option.value);
		expect(values).toContain(property.default);
	}
});

it('is what an AI agent may use', () => {
	expect(description.usableAsTool).toBe(true);
});

it('has its operations in docs/bento.md, as they are', () => {
	const page = readFileSync(path.join(ROOT, 'docs', 'bento.md'), 'utf8');
	expect(withTable(page, operationsTable(RESOURCES))).toBe(page);
});

it('has the same node in the codex', () => {
	const codex: unknown = JSON.parse(
		readFileSync(path.join(ROOT, 'nodes/Bento/Bento.node.json'), 'utf8'),
	);
	expect(codex).toMatchObject({ node: `n8n-nodes-bentonow.${description.name}` });
});
