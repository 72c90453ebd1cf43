import assert from 'assert/strict';
import { createServer } from 'http';
import { z } from 'zod';
import {
	exampleFiles,
	makeTable,
	readExample,
	readTable,
	tableToChoose,
} from '../support/examples';
import { outputOf } from '../support/executions';
import { sendWhenReady, type HookRequest } from '../support/hooks';
import { listen } from '../support/ports';
import { until } from '../support/until';
import { chain, manual, node } from '../support/workflows';
import { webhookSecret, type World } from '../support/world';
import { words } from './trackEvent';

const withSecret = { 'X-Bento-Secret': webhookSecret };

/** Item 6: every file under `examples/`, imported and run. */
export async function examplesRun(world: World): Promise<void> {
	const { check, heading } = world.reporter;
	heading(`n8n ${world.line}: the examples`);
	// These have chapters of their own: approval.ts, agent.ts, outbox.ts, and night.ts, which has a PostgreSQL.
	const tried = new Set([
		'agent-approval.json',
		'agent-support.json',
		'outbox.json',
		'webhook-once.json',
	]);
	const imported = async (file: string, replace?: Record<string, string>) => {
		tried.add(file);
		world.bento.reset();
		const credentials = {
			...(await world.bentoCredential()),
			bentoWebhookSecretApi: await world.webhookCredential(),
		};
		return await world.client.createWorkflow(readExample(file, credentials, replace));
	};
	const hook = async (path: string, request: HookRequest) =>
		await sendWhenReady(world.instance.origin, path, request);

	await check('orders-to-purchases.json', async () => {
		const id = await imported('orders-to-purchases.json');
		const trigger = 'When Clicking Execute';
		const execution = await world.client.finished(await world.client.start(id, trigger));
		assert.equal(execution.status, 'success', words(execution));
		const amounts = world.bento.events.map(({ type, email, details }) => [
			type,
			email,
			z.object({ value: z.object({ amount: z.number() }) }).parse(details).value.amount,
		]);
		assert.deepEqual(amounts, [
			['$purchase', 'ada@example.com', 4900],
			['$purchase', 'grace@example.com', 1850],
			['$purchase', 'alan@example.com', 4900],
		]);
		assert.equal(world.bento.events[0]?.fields?.first_name, 'Ada');
	});

	await check('form-to-events.json', async () => {
		const table = await makeTable(world.client, 'form-to-events.json');
		assert.ok(table);
		const id = await imported('form-to-events.json', { [tableToChoose]: table.id });
		await world.client.activate(id);
		const fill = async (email: string) => {
			const form = new FormData();
			form.set('field-0', email);
			form.set('field-1', 'Ada');
			const path = `${world.instance.origin}/form/bento-sign-up`;
			const answer = await fetch(path, { method: 'POST', body: form });
			assert.equal(answer.status, 200, await answer.text());
		};
		await fill('ada@example.com');
		await fill('ada@example');
		const [last] = await world.client.executionsReach(id, 2);
		const execution = await world.client.finished(last?.id ?? '');
		assert.equal(execution.status, 'success', words(execution));
		assert.deepEqual(
			world.bento.events.map(({ type, email }) => [type, email]),
			[['signed_up', 'ada@example.com']],
		);
		const kept = await readTable(world.client, table);
		assert.equal(kept.data.length, 1);
		assert.equal(kept.data[0]?.email, 'ada@example');
		assert.ok(String(kept.data[0]?.reason).length > 10);
	});

	await check('webhook-to-crm.json', async () => {
		const crm = await startCrm();
		const id = await imported('webhook-to-crm.json', { 'https://crm.example.com': crm.origin });
		await world.client.activate(id);
		const person = { first_name: 'Ada' };
		const body = { event: 'x', workflow: 'Upgrade', email: 'ada@example.com', person };
		await hook('webhook/bento-to-crm', { headers: withSecret, body });
		await hook('webhook/bento-to-crm', { headers: withSecret, body: { event: 'nobody' } });
		const ended = await world.client.executionsReach(id, 2);
		assert.ok(ended.every(({ status }) => status === 'success'));
		crm.close();
		const contact = {
			email: 'ada@example.com',
			firstName: 'Ada',
			source: 'Upgrade',
			details: null,
		};
		assert.deepEqual(crm.contacts, [contact]);
	});

	await check('subscribers-from-spreadsheet.json', async () => {
		const table = await makeTable(world.client, 'subscribers-from-spreadsheet.json');
		assert.ok(table);
		const replace = { [tableToChoose]: table.id };
		const id = await imported('subscribers-from-spreadsheet.json', replace);
		const execution = await world.client.finished(
			await world.client.start(id, 'When Clicking Execute'),
		);
		assert.equal(execution.status, 'success', words(execution));
		assert.equal(outputOf(execution, 'Imported').length, 3);
		const kept = await readTable(world.client, table);
		assert.deepEqual(
			kept.data.map(({ email }) => email),
			['alan@example'],
		);
		assert.ok(String(kept.data[0]?.reason).length > 10);
		assert.equal(world.bento.events.length, 0);
	});

	await check('shop-order-to-purchase.json', async () => {
		const id = await imported('shop-order-to-purchase.json');
		await world.client.activate(id);
		const body = {
			admin_graphql_api_id: 'gid://shopify/Order/820982911946154508',
			email: 'ada@example.com',
			created_at: '2026-11-02T09:15:00-05:00',
			currency: 'USD',
			current_total_price: '49.00',
			line_items: [{ sku: 'PLAN-TEAM', name: 'Team plan', quantity: 1 }],
		};
		const secret = encodeURIComponent(webhookSecret);
		const path = `webhook/bento-shop-order?access_key=${secret}`;
		await hook(path, { headers: { 'X-Shopify-Webhook-Id': '1' }, body });
		const ended = await world.client.executionsReach(id, 1);
		assert.ok(ended.every(({ status }) => status === 'success'));
		assert.deepEqual(world.bento.events[0]?.details, {
			unique: { key: body.admin_graphql_api_id },
			value: { currency: 'USD', amount: 4900 },
			cart: { items: [{ product_sku: 'PLAN-TEAM', product_name: 'Team plan', quantity: 1 }] },
		});
	});

	await check('bolten-won-deal.json', async () => {
		const id = await imported('bolten-won-deal.json');
		await world.client.activate(id);
		const send = async (event: string, type: string, data: unknown) =>
			await hook('webhook/bolten-to-bento', {
				headers: { 'X-API-KEY': webhookSecret },
				body: { id: event, type, data },
			});
		const person = { Nome: 'Mika', 'E-mail': 'mika@example.net' };
		const opportunity = { id: 'opp-88', Valor: 12000, Contato: person };
		await send('7b0f4c1e-58a1-4c0e-9b62-0d7a3f1c2e44', 'opportunity.won', { opportunity });
		await send('7b0f4c1e-58a1-4c0e-9b62-0d7a3f1c2e44', 'opportunity.won', { opportunity });
		await send('7b0f4c1e-58a1-4c0e-9b62-0d7a3f1c2e45', 'opportunity.transitioned', { opportunity });
		await send('7b0f4c1e-58a1-4c0e-9b62-0d7a3f1c2e46', 'contact.created', { contact: person });
		const ended = await world.client.executionsReach(id, 2);
		assert.ok(ended.every(({ status }) => status === 'success'));
		assert.deepEqual(
			world.bento.events.map(({ type, email, details }) => [type, email, details]),
			[
				[
					'$purchase',
					'mika@example.net',
					{ unique: { key: 'bolten-opp-88' }, value: { currency: 'BRL', amount: 1_200_000 } },
				],
			],
		);
		assert.equal(
			world.bento.state.people.get('mika@example.net')?.fields.get('first_name'),
			'Mika',
		);
	});

	await check('wp-fusion-to-wordpress.json', async () => {
		const site = await startWordPress();
		const id = await imported('wp-fusion-to-wordpress.json', {
			'https://wordpress.example.com': site.origin,
			'"authentication": "predefinedCredentialType"': '"authentication": "none"',
		});
		await world.client.activate(id);
		const [person] = [...world.bento.state.people.values()];
		assert.ok(person);
		const secret = encodeURIComponent(webhookSecret);
		const call = async (action: string) =>
			await hook(
				`webhook/bento-to-wordpress?wpf_action=${action}&access_key=${secret}&contact_id=${person.uuid}`,
				{ body: {} },
			);
		await call('update&role=customer');
		await world.client.executionsReach(id, 1);
		assert.equal(site.users.length, 0);
		await call('add&role=administrator&send_notification=true');
		await world.client.executionsReach(id, 2);
		await call('update');
		const ended = await world.client.executionsReach(id, 3);
		site.close();
		assert.ok(ended.every(({ status }) => status === 'success'));
		assert.equal(site.users.length, 1);
		const [user] = site.users;
		assert.ok(user);
		assert.deepEqual([user.email, user.roles, user.updates], [person.email, ['subscriber'], 1]);
		assert.match(user.password, /^[0-9a-f]{32}$/);
		const changed = world.bento.state.people.get(person.email);
		assert.equal(changed?.fields.get('wordpress_password'), user.password);
		assert.deepEqual(
			world.bento.events.map(({ type, email }) => [type, email]),
			[['wordpress_user_created', person.email]],
		);
	});

	await check('receipt-by-email.json, once sending is confirmed', async () => {
		const confirm = { '"confirm": false': '"confirm": true' };
		const id = await imported('receipt-by-email.json', confirm);
		const execution = await world.client.finished(
			await world.client.start(id, 'When Clicking Execute'),
		);
		assert.equal(execution.status, 'success', words(execution));
		assert.equal(outputOf(execution, 'Sent').length, 1);
		const [sent] = world.bento.state.emails;
		assert.match(JSON.stringify(sent), /visitor\.first_name/);
		assert.match(JSON.stringify(sent), /1042/);
	});

	await check(
		'collect-events.json: 600 events, one request a minute',
		async () => {
			// Without it, executions of n8n 1.x that use data tables at the same time break each other's transactions.
			await world.restart({ DB_SQLITE_POOL_SIZE: '2' });
			const table = await makeTable(world.client, 'collect-events.json');
			assert.ok(table);
			const id = await imported('collect-events.json', { [tableToChoose]: table.id });
			await world.client.activate(id);
			const emails = Array.from({ length: 600 }, (_, index) => `person${index}@example.com`);
			const waiting = [...emails];
			const sender = async () => {
				for (let email = waiting.pop(); email !== undefined; email = waiting.pop()) {
					const body = { event: 'signed_up', email };
					const { status } = await hook('webhook/bento-collect', { headers: withSecret, body });
					assert.equal(status, 202);
				}
			};
			await Promise.all(Array.from({ length: 10 }, sender));
			const empty = async () => {
				const { count } = await readTable(world.client, table);
				return count === 0 ? true : undefined;
			};
			await until('an empty table', empty, { within: 240_000, every: 1000 });
			assert.deepEqual(world.bento.events.map(({ email }) => email).sort(), [...emails].sort());
			const { length } = world.bento.requests;
			world.reporter.figure(`600 events in ${length} requests`);
			await world.client.deactivate(id);
			await world.restart();
		},
		400_000,
	);

	await check(
		'scheduled-backfill.json: 50,000 events, once',
		async () => {
			const table = await makeTable(world.client, 'scheduled-backfill.json');
			assert.ok(table);
			const id = await imported('scheduled-backfill.json', { [tableToChoose]: table.id });
			world.bento.keepBodies = false;
			const started = await world.client.start(id, 'When Clicking Execute');
			const execution = await world.client.finished(started, 240_000);
			assert.equal(execution.status, 'success', words(execution));
			assert.equal(world.bento.events.length, 50_000);
			assert.equal(new Set(world.bento.events.map(({ email }) => email)).size, 50_000);
			assert.equal(world.bento.requests.length, 50);
			const first = world.bento.events.find(({ email }) => email === 'customer0@example.com');
			assert.equal(Date.parse(first?.date ?? ''), Date.UTC(2026, 0, 1));
			const again = await world.client.start(id, 'When Clicking Execute');
			assert.equal((await world.client.finished(again)).status, 'success');
			assert.equal(world.bento.requests.length, 50);
			world.bento.keepBodies = true;
			world.bento.reset();
		},
		300_000,
	);

	await check('every file under examples is in this list', async () => {
		await Promise.resolve();
		assert.deepEqual([...tried].sort(), exampleFiles());
	});

	// n8n 1.123 has no report on what comes after 2.x.
	if (world.line === '1x') return;
	await check("n8n's own report on 3.0 names none of them", async () => {
		const credentials = {
			...(await world.bentoCredential()),
			bentoWebhookSecretApi: await world.webhookCredential(),
		};
		const drafts = exampleFiles().map((file) => readExample(file, credentials));
		for (const draft of drafts) await world.client.createWorkflow(draft);
		await world.client.createWorkflow(ofToday);
		const names = new Set([ofToday, ...drafts].map(({ name }) => name));
		const affected = (await affectedBy3(world)).filter((name) => names.has(name));
		assert.deepEqual(affected, [ofToday.name]);
	});
}

/** Uses something that 3.0 removes, so that a report without it would be no report. */
const ofToday = chain(
	'Works until 3.0',
	manual(),
	node('Paired', 'n8n-nodes-base.set', {
		mode: 'raw',
		jsonOutput: "={{ $getPairedItem('Trigger', $prevNode, $input.item.pairedItem) }}",
		options: {},
	}),
);

/** The names of the workflows that n8n says work differently in 3.0. */
async function affectedBy3({ client }: World): Promise<string[]> {
	const report = z.object({
		report: z.object({ workflowResults: z.array(z.object({ ruleId: z.string() })) }),
	});
	const rule = z.object({ affectedWorkflows: z.array(z.object({ name: z.string() })) });
	const path = '/rest/breaking-changes/report';
	const found = await client.session.call(report, 'POST', `${path}/refresh?version=v3`);
	const names = [];
	for (const { ruleId } of found.report.workflowResults) {
		const { affectedWorkflows } = await client.session.call(rule, 'GET', `${path}/${ruleId}`);
		names.push(...affectedWorkflows.map(({ name }) => name));
	}
	return names;
}

interface Crm {
	readonly origin: string;
	readonly contacts: unknown[];
	close(): void;
}

/** A CRM that keeps what it is sent. */
async function startCrm(): Promise<Crm> {
	const contacts: unknown[] = [];
	const server = createServer((request, response) => {
		let text = '';
		request.setEncoding('utf8').on('data', (piece: string) => {
			text += piece;
		});
		request.on('end', () => {
			contacts.push(JSON.parse(text));
			response.setHeader('content-type', 'application/json').end('{"id":1}');
		});
	});
	return {
		origin: `http://127.0.0.1:${await listen(server)}`,
		contacts,
		close: () => server.close(),
	};
}

const userShape = z.object({
	email: z.string(),
	password: z.string(),
	roles: z.array(z.string()),
});

interface WordPress {
	readonly origin: string;
	readonly users: Array<z.output<typeof userShape> & { updates: number }>;
	close(): void;
}

/** The users of a WordPress site: found by search, created, updated. */
async function startWordPress(): Promise<WordPress> {
	const users: WordPress['users'] = [];
	const server = createServer((request, response) => {
		let text = '';
		request.setEncoding('utf8').on('data', (piece: string) => {
			text += piece;
		});
		request.on('end', () => {
			const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
			const shown = users.map(({ email }, index) => ({ id: index + 1, email }));
			response.setHeader('content-type', 'application/json');
			if (request.method === 'GET') {
				const search = searchParams.get('search') ?? '';
				response.end(JSON.stringify(shown.filter(({ email }) => email.includes(search))));
				return;
			}
			const known = users[Number(/\/users\/(\d+)$/.exec(pathname)?.[1] ?? 0) - 1];
			if (known) known.updates += 1;
			else users.push({ ...userShape.parse(JSON.parse(text)), updates: 0 });
			response.end('{"id":1}');
		});
	});
	return { origin: `http://127.0.0.1:${await listen(server)}`, users, close: () => server.close() };
}
