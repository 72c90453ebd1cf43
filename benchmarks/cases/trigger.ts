import { createServer } from 'http';
import type { AddressInfo } from 'net';
import type { Sent } from '../../test/trigger/support/client';
import { measureSecretTiming } from '../../test/trigger/support/secretTiming';
import { SECRET, startTrigger } from '../../test/trigger/support/triggerServer';
import { inRounds, load } from '../support/load';
import { line, type Line } from '../support/report';
import { figuresOf } from '../support/stats';

const AMOUNT = { requests: 800, atOnce: 16, warmUp: 1, rounds: 5 };

/** The trigger's code behind a real HTTP server, beside a handler that reads the body and responds. */
export async function trigger(): Promise<Line[]> {
	const ours = await startTrigger({ record: false });
	const nothing = createServer((request, response) => {
		request.resume();
		request.on('end', () => response.end('{}'));
	});
	await new Promise<void>((resolve) => nothing.listen(0, '127.0.0.1', resolve));
	const floor = `http://127.0.0.1:${(nothing.address() as AddressInfo).port}/`;
	const lines: Line[] = [];
	for (const [name, sent] of allRequests()) {
		const [own, other] = await inRounds({ urls: [ours.url, floor], sent, ...AMOUNT });
		if (own === undefined || other === undefined) continue;
		lines.push(
			line(`Webhook, ${name}`, 'per second', own.rate, 'an empty handler', other.rate),
			line(`Webhook, ${name}, 99th percentile`, 'ms', own.p99, 'an empty handler', other.p99),
		);
	}
	await ours.close();
	lines.push(await oneCall(floor));
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

/** Each kind of request in both sizes. */
function allRequests(): Array<readonly [string, (index: number) => Sent]> {
	return [1000, 100_000].flatMap((bytes) =>
		Object.entries(KINDS).map(
			([name, make]) =>
				[`${bytes / 1000} kB, ${name}`, (index: number) => make(bytes, index)] as const,
		),
	);
}

/**
 * The time that the node's own code takes for a request that comes alone: from n8n's call to the item it starts with.
 */
async function oneCall(floor: string): Promise<Line> {
	const spent: number[] = [];
	const ours = await startTrigger({ record: false, onCall: (time) => spent.push(time) });
	const sent = (index: number) => ({ headers: right, body: body(1000, index) });
	const alone = { requests: 2000, atOnce: 1 };
	await load(ours.url, { sent, ...alone });
	await ours.close();
	const { rate } = await load(floor, { sent, ...alone });
	const own = figuresOf(spent);
	return line(
		"Webhook, 1 kB, the node's part of it",
		'ms',
		own,
		'all of an empty handler',
		1000 / rate,
		{
			text: 'at most 0.12 ms',
			holds: () => own.median <= 0.12,
		},
	);
}

const body = (bytes: number, index: number) => ({
	event: 'x',
	external_id: `id-${index}`,
	filler: 'x'.repeat(bytes - 60),
});

const right = { 'x-bento-secret': SECRET };
const wrong = { 'x-bento-secret': 'wrong secret here' };
const KINDS: Record<string, (bytes: number, index: number) => Sent> = {
	'right secret': (bytes, index) => ({ headers: right, body: body(bytes, bytes + index) }),
	'wrong secret': (bytes, index) => ({ headers: wrong, body: body(bytes, index) }),
	'no secret': (bytes, index) => ({ body: body(bytes, index) }),
	duplicate: (bytes) => ({ headers: right, body: body(bytes, -1) }),
};
