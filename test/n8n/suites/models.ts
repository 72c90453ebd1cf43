import assert from 'assert/strict';
import { createRequire } from 'module';
import { existsSync, readFileSync } from 'fs';
import { join } from 'path';
import { z } from 'zod';
import { lineFolder } from '../support/install';
import { packageName, repository } from '../support/paths';
import type { World } from '../support/world';

/** n8n's own catalog search and type generator on our package, as its AI builders call them. */

const PER_QUERY = 5;

/** What a model may look for, and the node that should be among the five that it gets to see. */
const QUERIES: ReadonlyArray<readonly [query: string, ...wanted: string[]]> = [
	['send event to bento', 'bentoTrackEvent'],
	['bento webhook', 'bentoWebhookTrigger'],
	['newsletter subscribe', 'bento', 'bentoTrackEvent'],
	['track purchase', 'bentoTrackEvent'],
	['add tag to contact', 'bento', 'bentoTrackEvent'],
	['transactional email', 'bento'],
	['receive webhook from bento', 'bentoWebhookTrigger'],
	['wp fusion webhook', 'bentoWebhookTrigger'],
	['unsubscribe', 'bento', 'bentoTrackEvent'],
	['bento', 'bento'],
	['bentonow', 'bento'],
	['bento email marketing', 'bento'],
	['bento track event', 'bentoTrackEvent'],
	['bento subscriber', 'bento'],
	['email marketing', 'bento'],
	['email broadcast', 'bento'],
	['add subscriber to mailing list', 'bento'],
	['bento broadcast draft', 'bento'],
	['bento api', 'bento'],
	['wp fusion', 'bentoWebhookTrigger'],
	['import contacts bento', 'bento'],
	['marketing automation', 'bento', 'bentoTrackEvent'],
	['Bento Webhook Trigger', 'bentoWebhookTrigger'],
	['bento tool', 'bentoTool'],
	['drip campaign', 'bento'],
	['bento purchase', 'bentoTrackEvent'],
];

/**
 * Found below the five, and no search word changes that: n8n weighs display and type names more, and here other services
 * have a word of the query in theirs (Customer.io and n8n's customer stores; Zoho CRM and others).
 */
const BELOW: ReadonlyArray<readonly [query: string, rank: number]> = [
	['update customer field', 6],
	['customer event tracking', 6],
	['crm tag', 10],
];

const description = z.object({ name: z.string() }).passthrough();
const found = z.array(z.object({ id: z.string() }));

export async function modelsFindIt(world: World): Promise<void> {
	const { check, figure, heading } = world.reporter;
	// n8n 1.123 has no catalog for models.
	if (world.line === '1x') return;
	heading(`n8n ${world.line}: what its AI builders see`);
	const n8n = createRequire(join(lineFolder('2x'), 'node_modules', 'n8n', 'package.json'));
	const { NodeTypeParser, searchCodeBuilderNodes } = z
		.object({ NodeTypeParser: z.custom<CatalogClass>(), searchCodeBuilderNodes: z.function() })
		.parse(n8n('@n8n/ai-utilities/node-catalog'));
	const nodes = catalog(n8n);
	const catalogParser = new NodeTypeParser(nodes);
	const ranks = (query: string, limit: number) =>
		found.parse(catalogParser.searchNodeTypes(query, limit)).map(({ id }) => id);

	await check(
		'a search finds the node among five',
		later(() => {
			const missed = QUERIES.filter(
				([query, ...wanted]) =>
					!ranks(query, PER_QUERY).some((id) =>
						wanted.some((name) => id === `${packageName}.${name}`),
					),
			);
			figure(
				`${QUERIES.length - missed.length} of ${QUERIES.length} queries among ${nodes.length} nodes`,
			);
			assert.deepEqual(missed, []);
			for (const [query, rank] of BELOW) {
				const own = ranks(query, 200).findIndex((id) => id.startsWith(`${packageName}.`)) + 1;
				assert.ok(own > 0 && own <= rank, `${query}: ${own}`);
			}
		}),
	);

	await check(
		'a search for a Bento trigger names it, if only beside the nodes found',
		later(() => {
			for (const query of ['bento trigger', 'when bento sends a webhook', 'bento webhook']) {
				const { results } = z
					.object({ results: z.string() })
					.parse(searchCodeBuilderNodes(catalogParser, [query]));
				assert.match(results, /n8n-nodes-bentonow\.bentoWebhookTrigger/, query);
				assert.match(results, /@builderHint /, query);
			}
		}),
	);

	await check(
		'the types that n8n generates are short, with the defaults of today',
		later(() => {
			const { synthesizeNodeTypeDef } = z
				.object({ synthesizeNodeTypeDef: z.function(z.tuple([z.unknown()]), z.string()) })
				.parse(n8n('./dist/modules/mcp-registry/synthesize-type-def.js'));
			const own = nodes.filter(
				({ name }) => name.startsWith(`${packageName}.`) && !name.endsWith('Tool'),
			);
			assert.equal(own.length, 3);
			const types = own.map((one) => [one.name, synthesizeNodeTypeDef(one)] as const);
			for (const [name, type] of types) {
				figure(`${name}: ${type.length} characters`);
				// The Bento node's was 93,000; test/models limits what an operation adds.
				assert.ok(type.length < 50_000, name);
				assert.doesNotMatch(type, /@default rows\n \*\/\n {4}(fields|customFields)Mode/);
			}
		}),
	);

	await check(
		'the nodes of the example with a review step exist',
		later(() => {
			const { createHitlTools, createAiTools } = toolMakers(n8n);
			const types = { nodes: catalogOfN8n(n8n), credentials: [] };
			const known = { nodes: new Proxy({}, { get: () => ({}) }), credentials: {} };
			createAiTools(types, known);
			createHitlTools(types, known);
			const names = new Set(types.nodes.map(({ name }) => name));
			const example = z
				.object({ nodes: z.array(z.object({ type: z.string() })) })
				.parse(
					JSON.parse(readFileSync(join(repository, 'examples', 'agent-approval.json'), 'utf8')),
				);
			const missing = example.nodes.filter(
				({ type }) => !type.startsWith(packageName) && !names.has(type),
			);
			assert.deepEqual(missing, []);
		}),
	);
}

interface Description {
	readonly name: string;
}

interface Catalog {
	searchNodeTypes(query: string, limit: number): unknown;
}

type CatalogClass = new (nodes: readonly Description[]) => Catalog;

/** As a check's body: what throws rejects. */
function later(body: () => void): () => Promise<void> {
	return () => Promise.resolve().then(body);
}

/** Everything that n8n offers its AI builders: its own nodes, ours, and the tools that it makes of both. */
function catalog(n8n: NodeJS.Require): Description[] {
	const types = { nodes: [...catalogOfN8n(n8n), ...ownNodes()], credentials: [] };
	const known = { nodes: new Proxy({}, { get: () => ({}) }), credentials: {} };
	const { createAiTools, createHitlTools } = toolMakers(n8n);
	createAiTools(types, known);
	createHitlTools(types, known);
	return types.nodes;
}

function toolMakers(n8n: NodeJS.Require) {
	const make = z.function(z.tuple([z.unknown(), z.unknown()]), z.unknown());
	return z
		.object({ createAiTools: make, createHitlTools: make })
		.parse(n8n('./dist/tool-generation/index.js'));
}

function catalogOfN8n(n8n: NodeJS.Require): Description[] {
	return ['n8n-nodes-base', '@n8n/n8n-nodes-langchain'].flatMap((name) => {
		const folders = n8n.resolve.paths(name) ?? [];
		const files = folders.map((folder) => join(folder, name, 'dist', 'types', 'nodes.json'));
		const file = files.find((one) => existsSync(one)) ?? name;
		const nodes = z.array(description).parse(JSON.parse(readFileSync(file, 'utf8')));
		return nodes.map((one) => ({ ...one, name: `${name}.${one.name}` }));
	});
}

/** The built nodes with the search words of their codex files, as n8n's loader joins them. */
function ownNodes(): Description[] {
	const built = createRequire(join(repository, 'package.json'));
	const { n8n } = z
		.object({ n8n: z.object({ nodes: z.array(z.string()) }) })
		.parse(built('./package.json'));
	return n8n.nodes.map((file) => {
		const [Node] = Object.values(z.record(z.custom<new () => object>()).parse(built(`./${file}`)));
		const own = z.object({ description }).parse(Node ? new Node() : {}).description;
		const { alias } = z
			.object({ alias: z.array(z.string()) })
			.parse(built(`./${file.replace(/\.js$/, '.json')}`));
		return { ...structuredCloneOf(own), name: `${packageName}.${own.name}`, codex: { alias } };
	});
}

/** As n8n hands it out: as JSON. */
function structuredCloneOf(own: object): object {
	return z
		.object({})
		.passthrough()
		.parse(JSON.parse(JSON.stringify(own)));
}
