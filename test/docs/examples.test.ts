import { readdirSync, readFileSync } from 'fs';
import path from 'path';
import type { INode, INodeParameters, INodeType } from 'n8n-workflow';
import { z } from 'zod';
import triggerSchema from '../../nodes/BentoWebhookTrigger/__schema__/v1.0.0.json';
import { engineLine } from '../support/engine/lines';
import { LINE_NAMES, type LineName } from '../support/engine/packages';
import { runWorkflow } from '../support/engine/run';
import { ROOT } from '../support/root';
import { useBento } from '../support/useBento';

/** What doesn't need a whole n8n: that examples hold together, and what their Bento nodes send for a sample item. */

const FOLDER = path.join(ROOT, 'examples');
const PACKAGE = 'n8n-nodes-bentonow.';

const workflow = z.object({
	nodes: z.array(
		z.object({
			id: z.string(),
			name: z.string(),
			type: z.string(),
			typeVersion: z.number(),
			parameters: z.record(z.unknown()),
			onError: z.enum(['continueErrorOutput', 'continueRegularOutput', 'stopWorkflow']).optional(),
		}),
	),
	connections: z.record(z.record(z.array(z.array(z.object({ node: z.string() }))))),
	pinData: z.record(z.array(z.object({ json: z.record(z.unknown()) }))).optional(),
});

/** The keys that the trigger always puts out, by its schema. */
const TRIGGER_OUTPUT = Object.keys(
	z.object({ properties: z.record(z.unknown()) }).parse(triggerSchema).properties,
).sort();

const FILES = readdirSync(FOLDER).filter((name) => name.endsWith('.json'));

function read(file: string): z.output<typeof workflow> {
	return workflow.parse(JSON.parse(readFileSync(path.join(FOLDER, file), 'utf8')));
}

async function typeOf(line: LineName, type: string): Promise<INodeType> {
	const { loader } = await engineLine(line);
	const found = loader.nodeTypes[type.slice(PACKAGE.length).replace(/Tool$/, '')]?.type;
	if (!found) throw new Error(`There is no ${type}`);
	return found;
}

const server = useBento();

describe.each(FILES)('%s', (file) => {
	it('connects, pins, and names only nodes that exist', () => {
		const { nodes, connections, pinData = {} } = read(file);
		const names = nodes.map(({ name }) => name);
		expect(new Set(names).size).toBe(names.length);
		const targets = Object.values(connections).flatMap((outputs) =>
			Object.values(outputs).flatMap((ends) => ends.flat().map(({ node }) => node)),
		);
		const inExpressions = nodes.flatMap(({ parameters }) =>
			[...JSON.stringify(parameters).matchAll(/\$\('([^']+)'\)/g)].map(([, name = '']) => name),
		);
		const used = [
			...targets,
			...inExpressions,
			...Object.keys(connections),
			...Object.keys(pinData),
		];
		expect(used.filter((name) => !names.includes(name))).toEqual([]);
	});

	it('has only parameters that the panel of this package knows', async () => {
		for (const { name, type, parameters } of read(file).nodes) {
			if (!type.startsWith(PACKAGE)) continue;
			const { description } = await typeOf('2x', type);
			const known = description.properties.map((property) => property.name);
			const more = ['toolDescription', 'descriptionType'];
			const unknown = Object.keys(parameters).filter((key) => ![...known, ...more].includes(key));
			expect([name, unknown]).toEqual([name, []]);
		}
	});

	it('pins a sample for each trigger of this package, with what it puts out', () => {
		const { nodes, pinData = {} } = read(file);
		const triggers = nodes.filter(({ type }) => type === `${PACKAGE}bentoWebhookTrigger`);
		expect(Object.keys(pinData)).toEqual(triggers.map(({ name }) => name));
		for (const { json } of Object.values(pinData).flat()) {
			expect(Object.keys(json).sort()).toEqual(TRIGGER_OUTPUT);
			expect(json.rawBody).toEqual(expect.any(String));
		}
	});
});

/** Runs one Bento node of an example for items of the test's own. */
async function run(
	line: LineName,
	file: string,
	name: string,
	items: Parameters<typeof runWorkflow>[1]['items'],
	more: INodeParameters = {},
) {
	const node = read(file).nodes.find((one) => one.name === name);
	if (!node) throw new Error(`There is no ${name}`);
	const parameters = structuredClone(node.parameters) as INode['parameters'];
	return await runWorkflow(line, {
		nodes: [
			{
				name,
				type: node.type.slice(PACKAGE.length),
				typeVersion: node.typeVersion,
				onError: node.onError,
				parameters: { ...parameters, ...more },
			},
		],
		items,
		credentials: { bentoApi: server.credentials },
	});
}

describe.each(LINE_NAMES)('What the examples send, on engine %s', (line) => {
	it('imports subscribers with fields and tags, and names the row that it rejects', async () => {
		const rows = [
			{ Email: 'ada@example.com', 'First Name': 'Ada', Plan: 'team', Tags: 'customer, vip' },
			{ Email: 'alan@example', 'First Name': 'Alan', Plan: 'solo', Tags: 'customer' },
		];
		const name = 'Create or Update Subscribers';
		const result = await run(line, 'subscribers-from-spreadsheet.json', name, rows);
		expect(result.json(name)).toMatchObject([{ status: 'accepted', email: 'ada@example.com' }]);
		expect(result.json(name, 1)).toMatchObject([
			{ Email: 'alan@example', error: expect.any(String) as string },
		]);
		expect(server.requests.map(({ body }) => body)).toEqual([
			{
				subscribers: [
					{ plan: 'team', first_name: 'Ada', tags: 'customer,vip', email: 'ada@example.com' },
				],
			},
		]);
	});

	it('sends a shop order as a purchase in minor units', async () => {
		const [pinned] = read('shop-order-to-purchase.json').pinData?.['Order Paid'] ?? [];
		const items = [JSON.parse(JSON.stringify(pinned?.json ?? {}))] as Parameters<typeof run>[3];
		await run(line, 'shop-order-to-purchase.json', 'Track Purchase', items);
		expect(server.events).toMatchObject([
			{
				type: '$purchase',
				email: 'ada@example.com',
				details: {
					unique: { key: 'gid://shopify/Order/5432109876543' },
					value: { currency: 'USD', amount: 4900 },
					cart: { items: [{ product_sku: 'PLAN-TEAM', product_name: 'Team plan', quantity: 1 }] },
				},
			},
		]);
	});

	it('sends a won deal as a purchase that counts once, and a new contact as a subscriber', async () => {
		const file = 'bolten-won-deal.json';
		const [pinned] = read(file).pinData?.['Bolten Webhook'] ?? [];
		const items = [JSON.parse(JSON.stringify(pinned?.json ?? {}))] as Parameters<typeof run>[3];
		await run(line, file, 'Track Purchase', items);
		expect(server.events).toMatchObject([
			{
				type: '$purchase',
				email: 'mika@example.net',
				details: {
					unique: { key: 'bolten-opp-88' },
					value: { currency: 'BRL', amount: 1_200_000 },
				},
			},
		]);
		await run(line, file, 'Create or Update Subscriber', items);
		expect(server.requests.at(-1)?.body).toEqual({
			subscribers: [{ email: 'mika@example.net', first_name: 'Mika Lund', tags: 'bolten' }],
		});
	});

	it('sends no receipt until that is confirmed, and leaves Liquid to Bento', async () => {
		const order = { email: 'ada@example.com', order: '1042', total: '$49.00' };
		const unsure = await run(line, 'receipt-by-email.json', 'Send Receipt', [order]);
		expect(unsure.json('Send Receipt', 1)).toMatchObject([
			{ error: expect.stringContaining("'Confirm Sending' is off") as string },
		]);
		expect(server.state.emails).toEqual([]);
		await run(line, 'receipt-by-email.json', 'Send Receipt', [order], { confirm: true });
		expect(JSON.stringify(server.requests.at(-1)?.body)).toContain('{{ visitor.first_name');
		expect(server.requests.at(-1)?.body).toMatchObject({
			emails: [{ personalizations: { order: '1042', total: '$49.00' }, transactional: true }],
		});
	});

	it('sends 600 collected events in one request', async () => {
		const items = Array.from({ length: 600 }, (_, index) => ({
			type: 'signed_up',
			email: `person${index}@example.com`,
			date: '2026-11-02T09:15:00Z',
			details: {},
		}));
		await run(line, 'collect-events.json', 'Send Together', items);
		expect(server.events).toHaveLength(600);
		expect(server.requests).toHaveLength(1);
	});
});
