import { startBentoServer, type BentoServer } from '../bentoServer';
import { runChaos } from '../chaos/run';

/** The small form of `npm run chaos`, which carries the load. */
const EVENTS = 1_000;

let server: BentoServer;
beforeAll(async () => {
	server = await startBentoServer();
});
afterAll(() => server.close());

it('at least once loses nothing, and reports every duplicate', async () => {
	const account = await runChaos(server, { events: EVENTS, seed: 1, guarantee: 'atLeastOnce' });
	expect(account.mismatch).toBeUndefined();
	expect(account.held).toBe(EVENTS);
	expect(account.accepted + account.unconfirmed).toBe(EVENTS);
	expect(account.doubled).toBeGreaterThan(0);
	expect(account.unconfirmed).toBeGreaterThan(0);
});

it('at most once duplicates nothing, and reports what is unknown', async () => {
	const seed = 20_261_121;
	const account = await runChaos(server, { events: EVENTS, seed, guarantee: 'atMostOnce' });
	expect(account.mismatch).toBeUndefined();
	expect(account.doubled).toBe(0);
	expect(account.failed).toBeGreaterThan(0);
	expect(account.accepted + account.unconfirmed + account.failed).toBe(EVENTS);
});
