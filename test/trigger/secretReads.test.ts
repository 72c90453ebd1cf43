import { TriggerState, type SecretResult } from '../../nodes/BentoWebhookTrigger/state';
import { LINE_NAMES } from '../support/engine/packages';
import { send } from './support/client';
import { startTrigger, type TriggerOptions, type TriggerServer } from './support/triggerServer';

const OLD = 'the-secret-until-today';
const NEW = 'the-secret-from-now-on';
const FIVE_SECONDS = 5000;

/** How often requests make n8n read the credential, and what a changed one does. */
describe.each(LINE_NAMES)('Reading the secret on n8n %s', (line) => {
	let server: TriggerServer;
	let clock: jest.SpyInstance<number> | undefined;
	afterEach(async () => {
		clock?.mockRestore();
		await server.close();
	});

	async function start(options: TriggerOptions = {}) {
		const credential = { secret: OLD };
		server = await startTrigger({
			line,
			credentials: { bentoWebhookSecretApi: credential },
			...options,
		});
		const began = Date.now();
		clock = jest.spyOn(Date, 'now').mockReturnValue(began);
		return { credential, wait: (ms: number) => clock?.mockReturnValue(began + ms) };
	}

	let sent = 0;
	async function status(secret: string): Promise<number> {
		const headers = { 'x-bento-secret': secret };
		return (await send(server.url, { headers, body: { n: (sent += 1) } })).status;
	}

	test('requests that come together share one read, wrong and right ones', async () => {
		await start();
		const secrets = Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? OLD : 'wrong'));
		const statuses = await Promise.all(secrets.map(status));
		expect(statuses).toEqual(secrets.map((secret) => (secret === OLD ? 200 : 401)));
		expect(server.credentialReads()).toBe(1);
	});

	test('a changed secret takes effect within five seconds', async () => {
		const { credential, wait } = await start();
		expect(await status(OLD)).toBe(200);
		credential.secret = NEW;
		wait(FIVE_SECONDS - 1);
		expect([await status(OLD), await status(NEW)]).toEqual([200, 401]);
		wait(FIVE_SECONDS);
		expect([await status(OLD), await status(NEW)]).toEqual([401, 200]);
		expect(server.credentialReads()).toBe(2);
	});

	test('a clock that was set back doesn’t make a read last longer', async () => {
		const { credential, wait } = await start();
		expect(await status(OLD)).toBe(200);
		credential.secret = NEW;
		wait(-60_000);
		expect([await status(OLD), await status(NEW)]).toEqual([401, 200]);
	});

	test('a test run reads every time', async () => {
		const { credential } = await start({ mode: 'manual' });
		expect(await status(OLD)).toBe(200);
		credential.secret = NEW;
		expect([await status(OLD), await status(NEW)]).toEqual([401, 200]);
	});

	test('activating and deactivating forget what was read', async () => {
		const { credential } = await start();
		expect(await status(OLD)).toBe(200);
		credential.secret = NEW;
		await server.create();
		expect(await status(NEW)).toBe(200);
		credential.secret = OLD;
		await server.remove();
		expect(await status(OLD)).toBe(200);
	});

	test('a credential that isn’t valid serves as long as a valid one', async () => {
		const { credential, wait } = await start();
		credential.secret = 'short';
		const reads = server.credentialReads();
		for (let time = 0; time < 20; time += 1) expect(await status('short')).toBe(503);
		expect(server.credentialReads() - reads).toBe(1);
		credential.secret = NEW;
		wait(FIVE_SECONDS);
		expect(await status(NEW)).toBe(200);
	});
});

describe('What was read a moment ago', () => {
	const fine: SecretResult = { ok: true, accepted: [], redact: (text) => text, isAscii: true };

	test('serves one credential and one scheme only', async () => {
		const state = new TriggerState();
		const read = jest.fn(async () => await Promise.resolve(fine));
		for (const [what, now] of [
			['header 1', 0],
			['header 1', 1],
			['basic 1', 1],
			['basic 2', 1],
		] as const) {
			await state.sharedRead(what, now, read).result;
		}
		expect(read).toHaveBeenCalledTimes(3);
	});

	test('a read that failed is shared by those that waited for it, and by none after', async () => {
		const state = new TriggerState();
		const read = jest
			.fn<Promise<SecretResult>, []>()
			.mockRejectedValueOnce(new Error('database is locked'))
			.mockResolvedValue(fine);
		const both = [0, 1].map(async () => await state.sharedRead('header 1', 0, read).result);
		const outcomes = await Promise.allSettled(both);
		expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
		await expect(state.sharedRead('header 1', 1, read).result).resolves.toBe(fine);
		expect(read).toHaveBeenCalledTimes(2);
	});
});
