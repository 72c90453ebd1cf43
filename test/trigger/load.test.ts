import { Agent } from 'http';
import { setFlagsFromString } from 'v8';
import { runInNewContext } from 'vm';
import type { IDataObject } from 'n8n-workflow';
import { send } from './support/client';
import { SECRET, startTrigger, type TriggerServer } from './support/triggerServer';

const REQUESTS = 20_000;
const CONNECTIONS = 64;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

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

	test('20,000 requests over 64 connections: every right one once, none of the others, with constant memory', async () => {
		const outcomes = new Map<string, number>();
		const heap: number[] = [];
		let next = 0;
		async function work(): Promise<void> {
			for (let index = next++; index < REQUESTS; index = next++) {
				const outcome = await one(index);
				outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
				if (index % 2_000 !== 1_999) continue;
				collectGarbage();
				heap.push(process.memoryUsage().heapUsed / 2 ** 20);
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
		// In MB. The test itself keeps 8,000 IDs.
		const [early, late] = [Math.min(...heap.slice(1, 4)), Math.min(...heap.slice(-3))];
		expect(late - early).toBeLessThan(8);
	}, 240_000);
});
