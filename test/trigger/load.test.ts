import { Agent } from 'http';
import type { IDataObject } from 'n8n-workflow';
import { send } from './support/client';
import { SECRET, startTrigger, type TriggerServer } from './support/triggerServer';

/** Enough for every kind of request on every connection; `npm run bench` measures what more of them keep in memory. */
const REQUESTS = 640;
const CONNECTIONS = 64;

describe('Load', () => {
	const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
	const starts = new Map<unknown, number>();
	let server: TriggerServer;

	beforeAll(async () => {
		server = await startTrigger({
			record: false,
			run: (item: IDataObject) => {
				starts.set(item.externalId, (starts.get(item.externalId) ?? 0) + 1);
				return Promise.resolve();
			},
		});
	});
	afterAll(async () => {
		agent.destroy();
		await server.close();
	});

	/** In turn: right, wrong, right, its repeat, none. */
	async function one(index: number): Promise<string> {
		const kind = ['right', 'wrong', 'right', 'repeat', 'none'][index % 5] ?? 'none';
		const id = kind === 'repeat' ? index - 1 : index;
		const secret = { right: SECRET, repeat: SECRET, wrong: `${SECRET}!`, none: undefined }[kind];
		const answer = await send(server.url, {
			agent,
			headers: secret === undefined ? {} : { 'x-bento-secret': secret },
			body: { event: 'load', external_id: `id-${id}`, padding: 'x'.repeat(900) },
		});
		if (answer.status === 401) return 'refused';
		return answer.json?.duplicate === true ? 'duplicate' : 'taken';
	}

	test('hundreds of requests over 64 connections: every right one once, none of the others', async () => {
		const outcomes = new Map<string, number>();
		let next = 0;
		async function work(): Promise<void> {
			for (let index = next++; index < REQUESTS; index = next++) {
				const outcome = await one(index);
				outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
			}
		}
		await Promise.all(Array.from({ length: CONNECTIONS }, work));

		const fifth = REQUESTS / 5;
		expect(outcomes.get('refused')).toBe(2 * fifth);
		// A repeat may overtake its first, so which of the two was taken doesn't matter.
		expect(outcomes.get('taken')).toBe(2 * fifth);
		expect(outcomes.get('duplicate')).toBe(fifth);
		expect(starts.size).toBe(2 * fifth);
		expect([...starts.values()].every((count) => count === 1)).toBe(true);
	});
});
