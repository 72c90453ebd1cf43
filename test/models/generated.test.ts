import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'fs';
import path from 'path';
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { z } from 'zod';
import { Bento } from '../../nodes/Bento/Bento.node';
import { RESOURCES as BENTO } from '../../nodes/Bento/resources';
import { BentoTrackEvent } from '../../nodes/BentoTrackEvent/BentoTrackEvent.node';
import { RESOURCES as TRACK_EVENT } from '../../nodes/BentoTrackEvent/operations';
import { BentoWebhookTrigger } from '../../nodes/BentoWebhookTrigger/BentoWebhookTrigger.node';
import type { Operation } from '../../nodes/shared/operation/types';
import { CASES } from '../bento/cases';
import { coreFolder, packageFolder, requireOf, type LineName } from '../support/engine/packages';
import { runWorkflow } from '../support/engine/run';
import { ROOT } from '../support/root';
import { exampleOf } from './examples';
import { pageOf } from './page';
import { misfits, schemaOf, type Schema } from './schemas';
import { useBento } from '../support/useBento';

/**
 * What is generated for models and for n8n's editor from the descriptions and from what the nodes output: output schemas
 * and docs/for-ai.md. `npm run models` runs this file to write them anew.
 */

const WRITE = process.env.WRITE_MODELS === 'true';
/** Stands in the difference that a test shows. */
const ANEW = '`npm run models` writes it anew';
const VERSION = 'v1.1.0';
const PAGE = path.join(ROOT, 'docs', 'for-ai.md');
const ITEM: IDataObject = { email: 'ada.byron@example.com' };

interface Tried {
	readonly title: string;
	readonly node: 'Bento' | 'BentoTrackEvent';
	readonly resource: string;
	readonly operation: Operation;
	/** As a model writes it. */
	readonly example: INodeParameters;
	/** The same with IDs that the stand-in has. */
	readonly works: INodeParameters;
}

const TRIED: readonly Tried[] = [
	...BENTO.flatMap(({ value: resource, operations }) =>
		operations.map((operation): Tried => {
			const title = `${resource}.${operation.value}`;
			const example = exampleOf(resource, operation);
			const works = { resource, operation: operation.value, ...CASES[title]?.parameters };
			return { title, node: 'Bento', resource, operation, example, works };
		}),
	),
	...TRACK_EVENT.flatMap(({ value: resource, operations }) =>
		operations.map((operation): Tried => {
			const example = exampleOf(resource, operation);
			const title = `${resource}.${operation.value} of Bento Track Event`;
			return { title, node: 'BentoTrackEvent', resource, operation, example, works: example };
		}),
	),
];

/** Any call to Bento: its output can't be known. */
const UNKNOWN = 'apiCall.make';
const KNOWN = TRIED.filter(({ title }) => title !== UNKNOWN);

const server = useBento({ enterprise: true });

async function output(
	{ node }: Tried,
	parameters: INodeParameters,
	item: IDataObject = ITEM,
	line: LineName = '2x',
) {
	const type = node === 'Bento' ? 'bento' : 'bentoTrackEvent';
	const run = await runWorkflow(line, {
		nodes: [{ name: 'Node', type, typeVersion: 1.1, parameters }],
		items: [item],
		credentials: { bentoApi: server.credentials },
	});
	return { error: run.error, rows: run.json('Node') };
}

function fileOf({ node, resource, operation }: Tried): string {
	const name = `${operation.value}.json`;
	return path.join(ROOT, 'nodes', node, '__schema__', VERSION, resource, name);
}

function write(file: string, text: string): void {
	mkdirSync(path.dirname(file), { recursive: true });
	writeFileSync(file, text);
}

const schemaFile = z.custom<Schema>((value) => typeof value === 'object' && value !== null);

function readSchema(file: string): Schema {
	return schemaFile.parse(JSON.parse(readFileSync(file, 'utf8')));
}

const resolver = z.object({ loadOutputSchema: z.function(z.tuple([z.unknown()]), z.unknown()) });

describe('Output schemas', () => {
	it.each(KNOWN)('$title: what n8n finds is what the node outputs', async (tried) => {
		const { error, rows } = await output(tried, tried.works, CASES[tried.title]?.item);
		expect(error).toBeUndefined();
		expect(rows.length).toBeGreaterThan(0);
		const made = { ...schemaOf(rows), version: 1 };
		if (WRITE) write(fileOf(tried), `${JSON.stringify(made, null, '\t')}\n`);
		const { loadOutputSchema } = resolver.parse(
			requireOf('2x')(path.join(coreFolder('2x'), 'dist/nodes-loader/output-schema-resolver.js')),
		);
		const { node, resource, operation } = tried;
		const nodeDir = WRITE
			? path.join(ROOT, 'nodes', node)
			: path.join(packageFolder('2x'), 'dist', 'nodes', node);
		const asked = { nodeDir, version: 1.1, resource, operation: operation.value };
		expect({ [ANEW]: loadOutputSchema(asked) }).toEqual({ [ANEW]: made });
	});

	it('says what does not fit', () => {
		const schema = schemaOf([
			{ a: 1, b: [{ c: 'x' }], fields: { x: 1 } },
			{ a: null, d: true },
		]);
		expect(misfits({ a: 2, b: [{ c: 'y' }], fields: { y: 2 }, d: false }, schema)).toEqual([]);
		expect(misfits({ a: 'x', b: [{ c: 1 }], e: 1 }, schema)).toEqual([
			'$.a: string, not number',
			'$.b[0].c: number, not string',
			'$.e: not in the schema',
		]);
	});

	it.each(KNOWN)('$title: the other engine line gives the same', async (tried) => {
		const { rows } = await output(tried, tried.works, CASES[tried.title]?.item, '1x');
		const schema = readSchema(fileOf(tried));
		expect(rows.flatMap((row) => misfits(row, schema))).toEqual([]);
	});
});

describe('The page for models', () => {
	const nodes = [
		{ description: new Bento().description, resources: BENTO },
		{ description: new BentoTrackEvent().description, resources: TRACK_EVENT },
	];
	const schemas = (node: string, resource: string, operation: string) => {
		const file = path.join(
			ROOT,
			'nodes',
			node,
			'__schema__',
			VERSION,
			resource,
			`${operation}.json`,
		);
		return existsSync(file) ? readSchema(file) : undefined;
	};

	it('is what the descriptions say today', () => {
		const page = pageOf({
			nodes,
			trigger: new BentoWebhookTrigger().description,
			triggerSchema: readSchema(
				path.join(ROOT, 'nodes/BentoWebhookTrigger/__schema__/v1.0.0.json'),
			),
			schemas,
		});
		if (WRITE) write(PAGE, page);
		expect({ [ANEW]: readFileSync(PAGE, 'utf8') }).toEqual({ [ANEW]: page });
	});

	const pasted = () =>
		[...readFileSync(PAGE, 'utf8').matchAll(/^```json\n(.+)\n```$/gm)].map(
			([, text = '']) => workflow.parse(JSON.parse(text)).nodes[0],
		);

	it('has a node for every operation, and the trigger', () => {
		const named = pasted().map((node) => [
			node?.type.split('.')[1],
			node?.parameters.resource,
			node?.parameters.operation,
		]);
		const all = TRIED.map(({ node, resource, operation }) => [
			node.charAt(0).toLowerCase() + node.slice(1),
			resource,
			operation.value,
		]);
		expect(named).toEqual(expect.arrayContaining(all));
		expect(named).toContainEqual(['bentoWebhookTrigger', undefined, undefined]);
		expect(named).toHaveLength(all.length + 1);
	});

	it.each(TRIED)('$title runs as it is on the page, once a person has confirmed', async (tried) => {
		const own = pasted().find(
			(node) =>
				node?.type.toLowerCase() === `n8n-nodes-bentonow.${tried.node.toLowerCase()}` &&
				node.parameters.resource === tried.resource &&
				node.parameters.operation === tried.operation.value,
		);
		const { confirm, ...parameters } = own?.parameters ?? {};
		const all = { ...parameters, ...(confirm !== undefined && { confirm: true }) };
		const { error } = await output(tried, z.custom<INodeParameters>().parse(all));
		// The stand-in doesn't have every ID of the examples; what counts is that Bento was asked.
		if (error) expect(error.message).toMatch(/^Bento has no |wasn't found in Bento/);
		expect(server.requests.length).toBeGreaterThan(0);
		if (confirm === undefined) return;
		server.reset();
		expect(
			(await output(tried, z.custom<INodeParameters>().parse({ ...parameters, confirm }))).error
				?.message,
		).toMatch(/^'Confirm /);
	});
});

const workflow = z.object({
	nodes: z
		.array(
			z.object({ type: z.string(), typeVersion: z.number(), parameters: z.record(z.unknown()) }),
		)
		.length(1),
});
