import { line, type Line } from '../support/report';
import { serverWith } from '../support/server';
import { figuresOf, inTurn, timed } from '../support/stats';
import { byHand, eventObjects, oneByOne, throughNode } from '../support/work';

const WHOLE = { inputMode: 'eventObjects' };
const ROUNDS = 7;
const FEW_ROUNDS = 5;

/** Whole events in bulk, beside the same bodies posted by hand. */
export async function bulk(): Promise<Line[]> {
	const lines: Line[] = [];
	const times = new Map<string, number>();
	for (const latency of [0, 50]) {
		const { keys, stop } = await serverWith(latency);
		for (const count of [10_000, 100_000]) {
			const events = eventObjects(count);
			const rounds = count > 10_000 ? FEW_ROUNDS : ROUNDS;
			const [ours, floor] = await inTurn(
				rounds,
				() => throughNode(keys, events, WHOLE),
				() => byHand(keys, events),
			);
			times.set(`${latency} ${count}`, ours.median);
			const target =
				latency === 50 && count === 10_000
					? { text: 'at most 1.3', holds: (ratio: number) => ratio <= 1.3 }
					: undefined;
			const name = `${count.toLocaleString('en-US')} events, ${latency} ms latency`;
			lines.push(line(name, 'ms', ours, 'axios by hand', floor, target));
		}
		stop();
	}
	for (const latency of [0, 50]) {
		const few = times.get(`${latency} 10000`) ?? 1;
		const many = times.get(`${latency} 100000`) ?? 0;
		lines.push(
			line(`100,000 events, ${latency} ms latency`, 'ms', many, '10,000 events', few, {
				text: 'at most 11',
				holds: (ratio) => ratio <= 11,
			}),
		);
	}
	return lines;
}

/** Two hundred items, beside one request for each. */
export async function sequential(): Promise<Line[]> {
	const { keys, stop } = await serverWith(50);
	const events = eventObjects(200);
	const ours: number[] = [];
	for (let round = 0; round < 5; round += 1)
		ours.push(await timed(() => throughNode(keys, events, WHOLE)));
	const theirs = await timed(() => oneByOne(keys, events));
	stop();
	return [line('200 events, 50 ms latency', 'ms', figuresOf(ours), 'one request an event', theirs)];
}
