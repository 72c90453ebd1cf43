import { randomUUID } from 'crypto';
import type { N8nClient, StoredCredential } from '../../test/n8n/support/client';
import { bentoTrigger, sendWhenReady } from '../../test/n8n/support/hooks';
import type { NodeDraft } from '../../test/n8n/support/workflows';
import { chain, end, node } from '../../test/n8n/support/workflows';
import { secretData } from '../../test/n8n/support/world';
import type { Sent } from '../../test/trigger/support/client';
import { inRounds } from '../support/load';
import { line, type Line } from '../support/report';

const HEADER = 'X-Bento-Secret';
const ROUNDS = { warmUp: 3, rounds: 12 };

/** How many requests a round has at each concurrency: some seconds' worth of what is accepted. */
const AMOUNTS = [
	{ atOnce: 1, requests: 30 },
	{ atOnce: 16, requests: 48 },
];

const KINDS = [
	{
		name: 'right secret',
		headers: { [HEADER]: secretData.secret },
		status: [200],
		target: 0.95,
	},
	{
		name: 'wrong secret',
		headers: { [HEADER]: 'not-the-secret-of-the-tests-01' },
		status: [401, 403],
		target: 1,
	},
	{ name: 'no secret', headers: {}, status: [401, 403], target: 1.3 },
] as const;

/**
 * The trigger beside n8n's own Webhook node with header authentication, in turn, in the same n8n. While no
 * parameter of its Webhook node is an expression, n8n 2.41 spares that node, and no other, an isolate for each
 * request (`webhookPhaseNeedsIsolate` in n8n's live-webhooks), so there is one that has an expression as well.
 */
export async function n8nWebhooks(origin: string, client: N8nClient): Promise<Line[]> {
	const httpHeaderAuth = await client.createCredential('httpHeaderAuth', 'Theirs', {
		name: HEADER,
		value: secretData.secret,
		allowedHttpRequestDomains: 'all',
	});
	const secret = await client.createCredential('bentoWebhookSecretApi', 'Ours', secretData);
	const contenders: Contender[] = [];
	for (const [name, trigger] of [
		['ours', bentoTrigger('bench-ours', secret)],
		["n8n's Webhook", n8nWebhook('bench-plain', httpHeaderAuth, {})],
		[
			"n8n's Webhook with an expression",
			n8nWebhook('bench-expression', httpHeaderAuth, { responseData: '={{ "received" }}' }),
		],
	] as const) {
		contenders.push({ name, url: await activate(origin, client, trigger) });
	}
	const lines: Line[] = [];
	for (const amount of AMOUNTS) {
		for (const kind of KINDS) lines.push(...(await compare(client, contenders, kind, amount)));
	}
	return lines;
}

interface Contender {
	readonly name: string;
	readonly url: string;
}

async function compare(
	client: N8nClient,
	contenders: readonly Contender[],
	{ name, headers, status, target }: (typeof KINDS)[number],
	amount: (typeof AMOUNTS)[number],
): Promise<Line[]> {
	const figures = await inRounds({
		urls: contenders.map(({ url }) => url),
		sent: () => request(headers),
		accepts: status,
		// An accepted execution continues after its response; the next turn must not pay for it.
		rest: async () => await client.idle(),
		...ROUNDS,
		...amount,
	});
	const [own, ...others] = figures.map(({ rate }) => rate);
	if (own === undefined) return [];
	return others.map((other, index) =>
		line(
			`${name}, ${amount.atOnce} at once`,
			'per second',
			own,
			contenders[index + 1]?.name ?? '',
			other,
			{ text: `at least ${target}`, holds: (ratio) => ratio >= target },
		),
	);
}

/** About 1 kB, and different from all others. */
function request(headers: Readonly<Record<string, string>>): Sent {
	return {
		headers,
		body: { event: 'x', external_id: randomUUID(), filler: 'x'.repeat(930) },
	};
}

/** The same check as n8n offers it: a header with a secret value, and an immediate response. */
function n8nWebhook(
	path: string,
	httpHeaderAuth: StoredCredential,
	options: Record<string, unknown>,
): NodeDraft {
	return node(
		'Webhook',
		'n8n-nodes-base.webhook',
		{ httpMethod: 'POST', path, authentication: 'headerAuth', options },
		{ typeVersion: 2.1, webhookId: randomUUID(), credentials: { httpHeaderAuth } },
	);
}

/** Activates a workflow that does nothing after its trigger; returns the trigger's address. */
async function activate(origin: string, client: N8nClient, trigger: NodeDraft): Promise<string> {
	const path = `webhook/${String(trigger.parameters.path)}`;
	await client.activate(await client.createWorkflow(chain(path, trigger, end())));
	await sendWhenReady(origin, path);
	return `${origin}/${path}`;
}
