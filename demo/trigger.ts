import bento from '../test/trigger/fixtures/bento-send-webhook.json';
import bolten from '../test/trigger/fixtures/bolten.json';
import wpFusion from '../test/trigger/fixtures/wp-fusion.json';
import { send, type Sent } from '../test/trigger/support/client';
import { SECRET, startTrigger, type TriggerOptions } from '../test/trigger/support/triggerServer';

interface Step {
	readonly says: string;
	readonly sent: Sent;
}

interface Scene {
	readonly title: string;
	readonly options: TriggerOptions;
	readonly steps: readonly Step[];
}

const header = { 'x-bento-secret': SECRET };
const basic = `Basic ${Buffer.from(`bolten:${SECRET}`).toString('base64')}`;
const key = `access_key=${encodeURIComponent(SECRET)}`;

const scenes: readonly Scene[] = [
	{
		title: 'Bento, Send webhook action (secret header)',
		options: {},
		steps: [
			{ says: 'a step was reached', sent: { headers: header, body: bento.body } },
			{ says: 'the same again', sent: { headers: header, body: bento.body } },
			{
				says: 'a wrong secret',
				sent: { headers: { 'x-bento-secret': 'guess' }, body: bento.body },
			},
			{ says: 'no secret', sent: { body: bento.body } },
			{
				says: 'a quote that breaks the JSON',
				sent: {
					headers: { ...header, 'content-type': 'application/json' },
					body: '{"event": "bento.step", "name": "Mika "the" Lund"}',
				},
			},
		],
	},
	{
		title: 'Bento as WP Fusion users set it up (key in the URL)',
		options: { parameters: { authentication: 'query' } },
		steps: [
			{
				says: 'update_tags',
				sent: { query: `${wpFusion.queries.update_tags}&${key}`, body: wpFusion.body },
			},
			{
				says: 'add, with role and email',
				sent: { query: `${wpFusion.queries.add}&${key}`, body: wpFusion.bodyWithEmail },
			},
			{
				says: 'a wrong key',
				sent: { query: `${wpFusion.queries.update}&access_key=guess`, body: wpFusion.body },
			},
		],
	},
	{
		title: 'Bolten (Basic)',
		options: {
			parameters: { authentication: 'basic' },
			credentials: { bentoWebhookSecretApi: { secret: SECRET, userName: 'bolten' } },
		},
		steps: [
			{ says: 'won', sent: { headers: { authorization: basic }, body: bolten.won } },
			{
				says: 'transitioned, of the same move',
				sent: { headers: { authorization: basic }, body: bolten.transitioned },
			},
			{ says: 'won, tried again', sent: { headers: { authorization: basic }, body: bolten.won } },
		],
	},
	{
		title: 'Any other (bearer token, a form)',
		options: { parameters: { authentication: 'bearer' } },
		steps: [
			{
				says: 'a sign-up form',
				sent: {
					headers: {
						authorization: `Bearer ${SECRET}`,
						'content-type': 'application/x-www-form-urlencoded',
					},
					body: 'type=signup&email=lin%40example.net',
				},
			},
		],
	},
];

/** Posts the four senders' webhooks, wrong secrets, and repeats, and prints which of them started a workflow. */
export async function demoTrigger(print: (line: string) => void): Promise<void> {
	for (const { title, options, steps } of scenes) {
		print(title);
		const server = await startTrigger(options);
		try {
			for (const { says, sent } of steps) {
				const startedBefore = server.started.length;
				const answer = await send(server.url, sent);
				const item = server.started[startedBefore];
				const outcome = item ? `started the workflow: ${summary(item)}` : 'started nothing';
				print(`  ${says.padEnd(32)} ${answer.status}  ${outcome}${item ? '' : ` ${answer.text}`}`);
			}
		} finally {
			await server.close();
		}
	}
}

function summary(item: Readonly<Record<string, unknown>>): string {
	const parts = ['event', 'action', 'email', 'visitorUuid', 'externalId', 'parseError']
		.filter((name) => typeof item[name] === 'string')
		.map((name) => `${name} ${String(item[name])}`);
	return parts.join(', ');
}
