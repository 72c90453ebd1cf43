import { setTimeout as sleep } from 'timers/promises';
import { LINE_NAMES } from '../support/engine/packages';
import { send, sendRaw, type Sent } from './support/client';
import { SECRET, type TriggerOptions } from './support/triggerServer';
import { header, useTrigger } from './support/useTrigger';

const { server, start, post } = useTrigger();

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

	test('one person, two steps of a workflow, the same external_id: both start', async () => {
		await start({ line });
		const step = (details: object) => ({ event: 'step', external_id: 'crm-4711', details });
		await post(step({ step: 1 }));
		await post(step({ step: 2 }));
		expect((await post(step({ step: 1 }))).json).toEqual({ duplicate: true });
		expect(server.started.map(({ details }) => details)).toEqual([{ step: 1 }, { step: 2 }]);
	});

	test('an external ID identifies alone where the builder says so', async () => {
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

	test('a try after n8n could not start the workflow is no duplicate', async () => {
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

	test('requests that are turned away write nothing that n8n would save', async () => {
		await start({ line });
		for (let index = 0; index < 5; index += 1)
			await send(server.url, { body: { external_id: `${index}` } });
		expect(server.staticData()).toEqual({});
	});
});

describe.each(LINE_NAMES)('A request that came to nothing, on n8n %s', (line) => {
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

	test('the sender leaves, the workflow works: the next try is a repeat', async () => {
		await start(slowly(['works'], 300));
		await leave();
		await sleep(500);
		expect((await post(body)).json).toEqual({ duplicate: true });
		expect(server.started).toHaveLength(1);
	});

	test('a repeat while the workflow runs hears what becomes of the first', async () => {
		await start(slowly(['fails', 'works'], 200));
		const statuses = async () =>
			(await Promise.all([post(body), post(body)])).map((one) => one.status);
		expect(await statuses()).toEqual([500, 500]);
		expect(server.started).toHaveLength(0);
		expect(await statuses()).toEqual([200, 200]);
		expect(server.started).toHaveLength(1);
	});

	test('a repeat waits 25 seconds at most, and is then told to come again', async () => {
		await start(slowly(['works'], 1_600));
		const first = post(body);
		await sleep(100);
		const waiting = post(body);
		await sleep(100);
		// The wait looks at the clock once a second.
		const now = Date.now.bind(Date);
		const clock = jest.spyOn(Date, 'now').mockImplementation(() => now() + 25_000);
		const repeat = await waiting;
		clock.mockRestore();
		expect([repeat.status, repeat.json]).toMatchObject([503, { error: { code: 'still_running' } }]);
		expect((await first).status).toBe(200);
		expect((await post(body)).json).toEqual({ duplicate: true });
	});

	test('fifty at once while n8n can’t start anything: none is told that all is well', async () => {
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
