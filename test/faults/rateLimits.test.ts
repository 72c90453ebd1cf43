import { callBento } from '../../nodes/shared/http/client/call';
import { deliver } from '../../nodes/shared/delivery/deliver';
import { plainMemory } from '../support/plainMemory';
import { startBentoServer, type BentoServer } from '../bentoServer';
import { LINE_NAMES } from '../support/engine/packages';
import { runWorkflow } from '../support/engine/run';
import { axiosTransport } from '../support/axiosTransport';
import { connectionOf } from '../support/connection';
import { withBody } from '../support/sends';
import { VirtualClock } from '../support/virtualClock';
import { inALoop, people } from './support';

const BATCHES = 300;

/** A real server that enforces sixty per minute, and a clock that only waits move. */
async function sendMany(style: 'bucket' | 'fixed' | 'sliding', retryAfter: boolean) {
	const clock = new VirtualClock();
	const server: BentoServer = await startBentoServer({ now: () => clock.now() });
	server.limitRate(60, style, retryAfter);
	let dice = 1;
	const connection = connectionOf({
		transport: axiosTransport(server.credentials),
		baseUrl: server.baseUrl,
		siteUuid: server.credentials.siteUuid,
		clock,
		random: () => (dice = (dice * 16_807) % 2_147_483_647) / 2_147_483_647,
	});
	const began = clock.now();
	const { results } = await deliver(people(BATCHES), {
		wrapper: 'events',
		maxCount: 1,
		maxBytes: 1_000_000,
		parallel: 2,
		stopOnFailure: true,
		counted: true,
		failUnconfirmed: false,
		rememberUnknown: false,
		memory: plainMemory(),
		send: withBody((body) =>
			callBento(connection, { method: 'POST', path: '/batch/events', body, idempotent: true }),
		),
	});
	const refused = server.requests.filter(({ status }) => status === 429).length;
	const result = {
		accepted: results.filter(({ kind }) => kind === 'accepted').length,
		held: server.events.length,
		refusedShare: refused / server.requests.length,
		minutes: (clock.now() - began) / 60_000,
	};
	await server.close();
	return result;
}

describe.each(['fixed', 'sliding', 'bucket'] as const)(
	'sixty per minute, counted in a %s way',
	(style) => {
		it.each([
			['with Retry-After', true],
			['without', false],
		])('%s: all of 300 small batches arrive, few are refused', async (_name, retryAfter) => {
			const { accepted, held, refusedShare, minutes } = await sendMany(style, retryAfter);
			expect(accepted).toBe(BATCHES);
			expect(held).toBe(BATCHES);
			expect(refusedShare).toBeLessThanOrEqual(0.1);
			expect(minutes).toBeLessThan(8);
		});
	},
);

describe.each(LINE_NAMES)('the pace of a loop on engine %s', (line) => {
	let server: BentoServer;
	beforeEach(async () => {
		server = await startBentoServer();
	});
	afterEach(() => server.close());

	it('is kept from one round to the next', async () => {
		const batchInterval = 300;
		const began = performance.now();
		const run = await runWorkflow(line, inALoop(server, 4, people(2), { batchInterval }));
		expect(run.error).toBeUndefined();
		expect(server.requests).toHaveLength(4);
		// Without the limiter, all of it takes a fraction of one interval.
		expect(performance.now() - began).toBeGreaterThan(3 * batchInterval - 5);
	});
});
