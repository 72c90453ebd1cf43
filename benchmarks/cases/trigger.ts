import { Agent, createServer } from 'http';
import type { AddressInfo } from 'net';
import { send, type Sent } from '../../test/trigger/support/client';
import { measureSecretTiming } from '../../test/trigger/support/secretTiming';
import { SECRET, startTrigger } from '../../test/trigger/support/triggerServer';
import { line, type Line } from '../support/report';
import { percentile } from '../support/stats';

const REQUESTS = 1500;
const AT_ONCE = 16;

/** The trigger's code behind a real HTTP server, beside a handler that reads the body and answers. */
export async function trigger(): Promise<Line[]> {
	const ours = await startTrigger({ record: false });
	const nothing = createServer((request, response) => {
		request.resume();
		request.on('end', () => response.end('{}'));
	});
	await new Promise<void>((resolve) => nothing.listen(0, '127.0.0.1', resolve));
	const floor = `http://127.0.0.1:${(nothing.address() as AddressInfo).port}/`;
	const lines: Line[] = [];
	for (const [name, sent] of Object.entries(REQUESTS_OF)) {
		const one = await load(ours.url, sent);
		const other = await load(floor, sent);
		lines.push(
			line(`Webhook, ${name}`, 'per second', one.rate, 'an empty handler', other.rate),
			line(`Webhook, ${name}, 99th percentile`, 'ms', one.p99, 'an empty handler', other.p99),
		);
	}
	await ours.close();
	nothing.close();
	const timing = measureSecretTiming().map(({ median }) => median);
	lines.push(
		line(
			'Secret check, slowest of six kinds',
			'ms',
			Math.max(...timing) / 1e6,
			'the fastest',
			Math.min(...timing) / 1e6,
		),
	);
	return lines;
}

const body = (bytes: number, index: number) => ({
	event: 'x',
	external_id: `id-${index}`,
	filler: 'x'.repeat(bytes - 60),
});

const right = { 'x-bento-secret': SECRET };
const REQUESTS_OF: Record<string, (index: number) => Sent> = {
	'1 kB, right secret': (index) => ({ headers: right, body: body(1000, index) }),
	'1 kB, wrong secret': (index) => ({
		headers: { 'x-bento-secret': 'wrong secret here' },
		body: body(1000, index),
	}),
	'1 kB, duplicate': () => ({ headers: right, body: body(1000, -1) }),
	'100 kB, right secret': (index) => ({ headers: right, body: body(100_000, 10_000 + index) }),
};

async function load(url: string, sent: (index: number) => Sent) {
	const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
	const times: number[] = [];
	let next = 0;
	const began = performance.now();
	await Promise.all(
		Array.from({ length: AT_ONCE }, async () => {
			while (next < REQUESTS) {
				const index = next++;
				const start = performance.now();
				await send(url, { ...sent(index), agent });
				times.push(performance.now() - start);
			}
		}),
	);
	const seconds = (performance.now() - began) / 1000;
	agent.destroy();
	times.sort((one, other) => one - other);
	return { rate: REQUESTS / seconds, p99: percentile(times, 0.99) };
}
