import { setTimeout as sleep } from 'timers/promises';
import { Memory } from '../../nodes/BentoWebhookTrigger/repeats';
import { LINE_NAMES } from '../support/engine/packages';
import { send, sendRaw, type Sent } from './support/client';
import {
	SECRET,
	startTrigger,
	type TriggerOptions,
	type TriggerServer,
} from './support/triggerServer';

const header = { 'x-bento-secret': SECRET };

let server: TriggerServer;
afterEach(async () => await server.close());

async function start(options: TriggerOptions = {}): Promise<TriggerServer> {
	server = await startTrigger(options);
	return server;
}

async function post(body: object | string, more: Sent = {}) {
	return await send(server.url, { ...more, headers: { ...header, ...more.headers }, body });
}

describe.each(LINE_NAMES)('Repeats on n8n %s', (line) => {
	test('the same method, path, query and body is a repeat, in any order of query and headers', async () => {
		await start({ line });
		const repeat = { query: 'b=2&a=1&a=3', headers: { 'x-b': '2', 'x-a': '1' } };
		expect((await post({ n: 1 }, { query: 'a=1&a=3&b=2', headers: { 'x-a': '1' } })).json).toEqual({
			received: true,
		});
		expect((await post({ n: 1 }, repeat)).json).toEqual({ duplicate: true });
		const others: Array<[object, Sent, string?]> = [
			[{ n: 2 }, repeat],
			[{ n: 1 }, { query: 'a=3&a=1&b=2' }],
			[{ n: 1 }, { query: 'a=1' }],
			[{ n: 1 }, { ...repeat, method: 'PUT' }],
			[{ n: 1 }, repeat, '/of/another/step'],
		];
		for (const [body, sent, path = ''] of others) {
			const answer = await send(`${server.url}${path}`, {
				...sent,
				headers: { ...header, ...sent.headers },
				body,
			});
			expect(answer.json).toEqual({ received: true });
		}
		expect(server.started).toHaveLength(1 + others.length);
	});

	test('one subscriber, two steps of a Bento workflow, the same external_id: both start', async () => {
		await start({ line });
		const step = (details: object) => ({ event: 'step', external_id: 'crm-4711', details });
		await post(step({ step: 1 }));
		await post(step({ step: 2 }));
		expect((await post(step({ step: 1 }))).json).toEqual({ duplicate: true });
		expect(server.started.map(({ details }) => details)).toEqual([{ step: 1 }, { step: 2 }]);
	});

	test('an external ID identifies by itself if the builder says so', async () => {
		await start({ line, parameters: { settings: { recognizeRepeatsBy: 'externalId' } } });
		for (const details of [{ step: 1 }, { step: 2 }]) {
			await post({ event: 'step', external_id: 'order-1042-paid', details });
		}
		for (const more of [{ event: 'other' }, { workflow: 'Other' }, { external_id: 'order-2' }]) {
			await post({ event: 'step', external_id: 'order-1042-paid', ...more });
		}
		await post({ n: 1 });
		await post({ n: 2 });
		expect(server.started).toHaveLength(6);
	});

	test.each([
		['a usual one', {}, 'idempotency-key'],
		['the chosen one', { deliveryHeader: 'X-Own' }, 'x-own'],
	])('a delivery ID identifies alone, in a header: %s', async (_name, settings, name) => {
		await start({ line, parameters: { settings } });
		const of = (id: string): Sent => ({ headers: { [name]: id } });
		await post({ event: 'x', external_id: 'a' }, of('1'));
		expect((await post({ event: 'y' }, { ...of('1'), query: 'a=2' })).json).toEqual({
			duplicate: true,
		});
		expect((await post({ event: 'x', external_id: 'a' }, of('2'))).json).toEqual({
			received: true,
		});
	});

	test('an external ID makes the window a day, without one it is ten minutes', async () => {
		await start({ line });
		const began = Date.now();
		const clock = jest.spyOn(Date, 'now').mockReturnValue(began);
		const minutes = (after: number) => clock.mockReturnValue(began + after * 60_000);
		await post({ n: 1 });
		await post({ external_id: 'x' });
		minutes(9.9);
		expect((await post({ n: 1 })).json).toEqual({ duplicate: true });
		minutes(10);
		expect((await post({ n: 1 })).json).toEqual({ received: true });
		minutes(24 * 60 - 1);
		expect((await post({ external_id: 'x' })).json).toEqual({ duplicate: true });
		minutes(24 * 60);
		expect((await post({ external_id: 'x' })).json).toEqual({ received: true });
		clock.mockRestore();
	});

	test('fifty that arrive together count as one', async () => {
		await start({ line });
		const answers = await Promise.all(
			Array.from({ length: 50 }, async () => await post({ external_id: 'x' })),
		);
		expect(answers.filter(({ json }) => json?.duplicate === true)).toHaveLength(49);
		expect(server.started).toHaveLength(1);
	});

	test('a try after n8n could not start the workflow isn’t a duplicate', async () => {
		let down = true;
		await start({
			line,
			run: () => (down ? Promise.reject(new Error('database')) : Promise.resolve()),
		});
		expect((await post({ external_id: 'x' })).status).toBe(500);
		down = false;
		expect((await post({ external_id: 'x' })).json).toEqual({ received: true });
		expect((await post({ external_id: 'x' })).json).toEqual({ duplicate: true });
		expect(server.started).toHaveLength(1);
	});

	test('test runs and the switched-off option let repeats through', async () => {
		await start({ line, mode: 'manual' });
		for (let index = 0; index < 2; index += 1) await post({ external_id: 'x' });
		expect(server.started).toHaveLength(2);
		await server.close();
		await start({ line, parameters: { settings: { ignoreDuplicates: false } } });
		for (let index = 0; index < 2; index += 1) await post({ external_id: 'x' });
		expect(server.started).toHaveLength(2);
		expect(server.started[0]?.idempotencyKey).toBe(server.started[1]?.idempotencyKey);
	});

	test('over a restart: what n8n saved of a call that starts an execution', async () => {
		await start({ line });
		await post({ external_id: 'x' });
		const saved = server.staticData();
		await server.close();
		// A node ID of its own stands for a process that remembers nothing.
		await start({ line, staticData: saved });
		const again = await post({ external_id: 'x' });
		expect(again.json).toEqual(line === '1x' ? { duplicate: true } : { received: true });
	});

	test('over a restart: what a call without an execution saved is known on both lines', async () => {
		await start({ line });
		for (const id of ['x', 'y', 'y']) await post({ external_id: id });
		const saved = server.staticData();
		await server.close();
		await start({ line, staticData: saved });
		for (const id of ['x', 'y'])
			expect((await post({ external_id: id })).json).toEqual({ duplicate: true });
		expect((await post({ external_id: 'z' })).json).toEqual({ received: true });
	});

	test('rejected requests write nothing that n8n would save', async () => {
		await start({ line });
		for (let index = 0; index < 5; index += 1)
			await send(server.url, { body: { external_id: `${index}` } });
		expect(server.staticData()).toEqual({});
	});
});

describe.each(LINE_NAMES)('A request that failed, on n8n %s', (line) => {
	const body = { event: 'x', external_id: 'order-1042-paid' };

	test('503 while the subscriber is loaded: new at another process too', async () => {
		const options: TriggerOptions = {
			line,
			parameters: { loadPerson: true, settings: { whenNotLoaded: 'refuse' } },
			credentials: {
				bentoWebhookSecretApi: { secret: SECRET },
				bentoApi: {
					publishableKey: 'pk_1',
					secretKey: 'sk_1',
					siteUuid: 'site-1',
					baseUrl: 'http://127.0.0.1:9/api/v1',
				},
			},
		};
		await start(options);
		const person = { ...body, email: 'mika@example.net' };
		const [refused, other] = await Promise.all([post(person), post({ event: 'y' })]);
		expect([refused.status, other.status]).toEqual([503, 200]);
		await post({ event: 'y' });
		const saved = server.staticData();
		expect(JSON.stringify(saved)).toContain('body-');
		await server.close();
		// A node ID of its own stands for a process that remembers nothing.
		await start({ line, staticData: saved });
		expect((await post({ event: 'y' })).json).toEqual({ duplicate: true });
		expect((await post(person)).json).toEqual({ received: true });
	}, 60_000);

	/** A workflow that takes its time and then fails or not; When Last Node Finishes. */
	function slowly(outcomes: Array<'fails' | 'works'>, ms: number): TriggerOptions {
		let runs = 0;
		return {
			line,
			parameters: { responseMode: 'lastNode' },
			run: async () => {
				const outcome = outcomes[runs] ?? 'works';
				runs += 1;
				await sleep(ms);
				if (outcome === 'fails') throw new Error('Error in workflow');
			},
		};
	}

	function leave(path = ''): Promise<string> {
		const text = JSON.stringify(body);
		return sendRaw(
			`${server.url}${path}`,
			`POST /webhook/bento HTTP/1.1\r\nHost: x\r\nX-Bento-Secret: ${SECRET}\r\nContent-Type: application/json\r\nContent-Length: ${text.length}\r\n\r\n${text}`,
			{ hangUp: true },
		);
	}

	test('the sender leaves, the workflow fails: the next try starts', async () => {
		await start(slowly(['fails'], 300));
		await leave();
		await sleep(500);
		const retry = await post(body);
		expect(retry.status).toBe(200);
		expect(retry.json).not.toHaveProperty('duplicate');
		expect(server.started).toHaveLength(1);
	});

	test('the sender leaves, the workflow succeeds: the next try is a repeat', async () => {
		await start(slowly(['works'], 300));
		await leave();
		await sleep(500);
		expect((await post(body)).json).toEqual({ duplicate: true });
		expect(server.started).toHaveLength(1);
	});

	test('a repeat while the workflow runs gets the result of the first', async () => {
		await start(slowly(['fails', 'works'], 200));
		const statuses = async () =>
			(await Promise.all([post(body), post(body)])).map((one) => one.status);
		expect(await statuses()).toEqual([500, 500]);
		expect(server.started).toHaveLength(0);
		expect(await statuses()).toEqual([200, 200]);
		expect(server.started).toHaveLength(1);
	});

	test('a repeat waits 25 seconds at most, and is then told to retry', async () => {
		await start(slowly(['works'], 400));
		const real = global.setTimeout;
		const clock = jest
			.spyOn(global, 'setTimeout')
			.mockImplementation((run: () => void, ms?: number) => real(run, ms === 25_000 ? 50 : ms));
		const first = post(body);
		await sleep(100);
		const repeat = await post(body);
		clock.mockRestore();
		expect([repeat.status, repeat.json]).toMatchObject([503, { error: { code: 'still_running' } }]);
		expect((await first).status).toBe(200);
		expect((await post(body)).json).toEqual({ duplicate: true });
	});

	test('fifty at the same time while n8n can’t start anything: none gets a success', async () => {
		let down = true;
		await start({
			line,
			run: async () => {
				await sleep(20);
				if (down) throw new Error('database');
			},
		});
		const answers = await Promise.all(Array.from({ length: 50 }, async () => await post(body)));
		expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([500]));
		down = false;
		expect((await post(body)).json).toEqual({ received: true });
		expect(server.started).toHaveLength(1);
	});

	test('"Listen for test event" leaves production’s memory alone, and so does saving the workflow', async () => {
		await start({ line });
		await post(body);
		await server.listenForTest();
		expect((await post(body)).json).toEqual({ duplicate: true });
		await server.remove();
		await server.create();
		expect((await post(body)).json).toEqual({ duplicate: true });
		expect(server.started).toHaveLength(1);
	});
});

describe('The memory of a node', () => {
	const id = (key: string, window = 1000) => ({ key, window });
	beforeEach(async () => await start());

	function first(memory: Memory, key: string, now: number) {
		const claimed = memory.claim(id(key), now);
		if (claimed.kind === 'repeat') throw new Error('A repeat');
		return claimed.claim;
	}
	const stored = (memory: Memory): { seen?: string } => {
		const staticData: { seen?: string } = {};
		memory.store(staticData);
		return staticData;
	};

	test('a late release never drops a newer claim of the same key', () => {
		const memory = new Memory();
		const late = first(memory, 'a', 0);
		const newer = first(memory, 'a', 1000);
		late.release({ code: 'workflow_failed' });
		expect(memory.claim(id('a'), 1001).kind).toBe('repeat');
		newer.release({ code: 'workflow_failed' });
		expect(memory.claim(id('a'), 1002).kind).toBe('first');
	});

	test('a settled claim can’t be released anymore', () => {
		const memory = new Memory();
		const claim = first(memory, 'a', 0);
		claim.settle();
		claim.release({ code: 'workflow_failed' });
		expect(memory.claim(id('a'), 1)).toEqual({ kind: 'repeat', fate: 'settled' });
	});

	test('only what is settled or committed is stored, and a release takes it out again', () => {
		const [one, other] = [new Memory(), new Memory()];
		const claims = ['a', 'b', 'c'].map((key) => first(one, key, 0));
		claims[0]?.settle();
		claims[1]?.commit();
		const before = stored(one);
		expect(before).toEqual({ seen: 'a@1000 b@1000' });
		claims[1]?.release({ code: 'workflow_failed' });
		// Another process had read it by then, and hands it back.
		one.adopt({ seen: `${before.seen} d@1000` }, 1);
		expect(stored(one)).toEqual({ seen: 'a@1000 d@1000' });
		expect(one.claim(id('b'), 2).kind).toBe('first');
		other.adopt(stored(one), 2);
		expect(['a', 'b', 'c', 'd'].map((key) => other.claim(id(key), 3).kind)).toEqual([
			'repeat',
			'first',
			'first',
			'repeat',
		]);
	});

	test('keys end with their time; ten thousand are remembered, some hundreds stored', () => {
		const memory = new Memory();
		for (let index = 0; index < 12_000; index += 1) first(memory, `k${index}`, 0).settle();
		expect(memory.size).toBe(10_000);
		expect(stored(memory).seen?.split(' ').length).toBeLessThanOrEqual(400);
		expect(stored(memory).seen).toContain('k11999@1000');
		expect(memory.isOver(999)).toBe(false);
		expect(memory.isOver(1000)).toBe(true);
		first(memory, 'new', 1000);
		expect(memory.size).toBe(1);
	});

	test('other content in static data does no harm', () => {
		const memory = new Memory();
		for (const seen of [undefined, 7, {}, '', '@', 'a', 'a@', 'a@x', '@5', ' a@@1 ', 'x@1e9']) {
			memory.adopt({ seen }, 0);
		}
		expect(memory.size).toBe(0);
		expect(stored(memory)).toEqual({});
	});
});
