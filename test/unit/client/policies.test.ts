import { callBento, GRACE } from '../../../nodes/shared/http/client/call';
import {
	CREDENTIAL_TEST_POLICY,
	DEFAULT_RETRY_POLICY,
	EDITOR_POLICY,
	TRIGGER_POLICY,
} from '../../../nodes/shared/http/client/policies';
import type { HttpResult } from '../../../nodes/shared/http/client/types';
import { SimulatedClock } from '../../simulation/clock';
import { connectionOf } from '../../support/connection';
import { answer, refusedConnection, reset } from '../../support/fakeTransport';

const SERVERS: Array<[string, HttpResult | 'silence']> = [
	['is silent', 'silence'],
	['is full', answer(429)],
	['says when to come back', answer(429, '', { 'retry-after': '3600' })],
	['is down', answer(503)],
	['breaks', answer(500)],
	['hangs up', reset],
	['isn’t there', refusedConnection],
];

/** In s, for all calls together where someone waits for them. */
const BOUNDS = [
	['the editor', EDITOR_POLICY, 20],
	['the Test button', CREDENTIAL_TEST_POLICY, 15],
	['the trigger', TRIGGER_POLICY, 8],
	['a run', DEFAULT_RETRY_POLICY, 600],
] as const;

describe.each(BOUNDS)('%s', (_name, policy, seconds) => {
	it.each(SERVERS)('has an answer in time if the server %s', async (_server, does) => {
		const clock = new SimulatedClock();
		const endsAt = policy.limits === 'connection' ? clock.now() + policy.totalTimeLimit : undefined;
		const connection = connectionOf({
			clock,
			policy,
			endsAt,
			random: () => 0.9,
			transport: async ({ timeout }) => {
				await clock.sleep(does === 'silence' ? timeout : 100);
				if (does !== 'silence') return does;
				return { kind: 'noResponse', code: 'ECONNABORTED', mayHaveArrived: true };
			},
		});
		const began = clock.now();
		const calls = async () => {
			// Someone waits for all of them, such as the pages of a list.
			const times = policy.limits === 'connection' ? 5 : 1;
			for (let time = 0; time < times; time += 1) {
				const request = { method: 'GET', path: '/fetch/tags', idempotent: true } as const;
				expect((await callBento(connection, request)).outcome.kind).not.toBe('accepted');
			}
		};
		await clock.run(calls());
		expect((clock.now() - began) / 1000).toBeLessThanOrEqual(seconds);
	});
});

it('a server that never ends its response is cut off', async () => {
	const over = new AbortController();
	const timeout = jest.spyOn(AbortSignal, 'timeout').mockReturnValue(over.signal);
	const connection = connectionOf({
		clock: { now: () => Date.now(), sleep: () => Promise.resolve() },
		policy: { ...CREDENTIAL_TEST_POLICY, timeout: 50 },
		transport: async ({ signal }) =>
			await new Promise((resolve) => {
				signal?.addEventListener('abort', () => setImmediate(resolve, reset));
				setImmediate(() => over.abort());
			}),
	});
	const request = { method: 'GET', path: '/fetch/tags', idempotent: true } as const;
	expect(await callBento(connection, request)).toMatchObject({
		outcome: { kind: 'unknown', reason: 'timeout' },
	});
	expect(timeout).toHaveBeenCalledWith(50 + GRACE);
	timeout.mockRestore();
});
