import path from 'path';
import { NodeHelpers, type INodeTypeDescription } from 'n8n-workflow';
import { z } from 'zod';
import { Bento } from '../../nodes/Bento/Bento.node';
import { RESOURCES as BENTO } from '../../nodes/Bento/resources';
import { BentoTrackEvent } from '../../nodes/BentoTrackEvent/BentoTrackEvent.node';
import { RESOURCES as TRACK_EVENT } from '../../nodes/BentoTrackEvent/operations';
import { BentoWebhookTrigger } from '../../nodes/BentoWebhookTrigger/BentoWebhookTrigger.node';
import { optionsProperty } from '../../nodes/shared/operation/options';
import { coreFolder, requireOf } from '../support/engine/packages';

/** The types that n8n 2.41 generates of our nodes: all that a model knows when it writes a workflow. */

const sdk = z.object({ generateNodeTypeFile: z.function(z.tuple([z.unknown()]), z.string()) });

/** The generator comes with n8n's engine; n8n leaves hidden properties out (synthesize-type-def in n8n 2.41). */
function typeOf(description: INodeTypeDescription): string {
	const folder = path.dirname(coreFolder('2x'));
	const { generateNodeTypeFile } = sdk.parse(
		requireOf('2x')(path.join(folder, '@n8n', 'workflow-sdk')),
	);
	const properties = description.properties.filter(({ type }) => type !== 'hidden');
	const name = `n8n-nodes-bentonow.${description.name}`;
	return generateNodeTypeFile({ ...description, name, properties });
}

const NODES = [
	{ description: new Bento().description, resources: BENTO, perOperation: 1_190 },
	{ description: new BentoTrackEvent().description, resources: TRACK_EVENT, perOperation: 3_050 },
] as const;

/** The part of a type that is about one operation. */
function partOf(type: string, resource: string, operation: string): string {
	const parts = type.split(/^export type /m);
	const own = parts.find((part) =>
		part.includes(`\n  resource: '${resource}';\n  operation: '${operation}';`),
	);
	if (own === undefined) throw new Error(`${resource}.${operation} has no type`);
	return own;
}

/** The defaults that a part prints, by parameter. */
function printedDefaults(part: string): Map<string, string> {
	const found = part.matchAll(/^ \* @default (.*)\n \*\/\n {4}(\w+)\??:/gm);
	return new Map([...found].map(([, value = '', name = '']) => [name, value]));
}

const OPERATIONS = NODES.flatMap(({ description, resources }) =>
	resources.flatMap(({ value: resource, operations }) =>
		operations.map((operation) => ({
			title: `${description.name}: ${resource}.${operation.value}`,
			description,
			resource,
			operation,
		})),
	),
);

const TYPES = new Map(NODES.map(({ description }) => [description, typeOf(description)]));

describe.each(NODES)(
	'The type of $description.name',
	({ description, resources, perOperation }) => {
		const type = TYPES.get(description) ?? '';

		it('is short: half of what Options in full would take', () => {
			const { length } = resources.flatMap(({ operations }) => operations);
			expect(type.length / length).toBeLessThan(perOperation);
		});

		it('begins with what to know of the node, and which node does the rest', () => {
			const [header = ''] = type.split('*/');
			expect(header).toContain(description.builderHint?.searchHint?.slice(0, 60));
			expect(header).toContain('typeVersion 1.1');
			expect(header).toMatch(/message what to do, and ends with 'Code: /);
		});
	},
);

describe.each(OPERATIONS)('$title', ({ description, resource, operation }) => {
	const part = partOf(TYPES.get(description) ?? '', resource, operation.value);

	it('prints the defaults that hold in the newest version', () => {
		const node = { typeVersion: 1.1 };
		const real = NodeHelpers.getNodeParameters(
			description.properties,
			{ resource, operation: operation.value },
			true,
			false,
			node,
			description,
		);
		const printed = printedDefaults(part);
		expect(printed.size).toBeGreaterThan(0);
		for (const [name, value] of Object.entries(real ?? {})) {
			const told = printed.get(name);
			if (told === undefined) continue;
			// n8n adds a mark to a resource locator's default.
			const text =
				typeof value === 'object'
					? JSON.stringify(value, (key, one: unknown) => (key === '__rl' ? undefined : one))
					: String(value);
			expect({ [name]: told }).toEqual({ [name]: text });
		}
	});

	it('names every option', () => {
		const type = TYPES.get(description) ?? '';
		const [header = ''] = type.split('*/');
		for (const { name } of optionsProperty(operation).options ?? []) {
			expect([name, header.includes(`${name}?: `) || part.includes(`${name}?: `)]).toEqual([
				name,
				true,
			]);
		}
	});
});

it('says what every choice of a set of values reads', () => {
	const text = [...TYPES.values()].join('\n');
	for (const name of ['details', 'fields', 'customFields']) {
		expect(text).toMatch(
			new RegExp(
				`@builderHint Set this whenever there are any: [^\\n]*${name}Json[^\\n]*\\n[^/]*\\*/\\n {4}${name}Mode`,
			),
		);
	}
});

it('tells of the trigger what comes out of it', () => {
	const type = typeOf(new BentoWebhookTrigger().description);
	expect(type).toContain('$json.profile.fields.first_name');
	expect(type).toContain('Output, every key always there');
	expect(type).toContain("Leave the parameter 'options' out");
});

it('names related nodes that exist', () => {
	const own = [new Bento(), new BentoTrackEvent(), new BentoWebhookTrigger()];
	const names = own.map(({ description: { name } }) => `n8n-nodes-bentonow.${name}`);
	for (const { description } of own) {
		const related = description.builderHint?.relatedNodes ?? [];
		expect(related.map(({ nodeType }) => nodeType).sort()).toEqual(
			names.filter((name) => !name.endsWith(`.${description.name}`)).sort(),
		);
	}
});
