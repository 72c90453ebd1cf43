import { fork } from 'child_process';
import { placePackages } from '../../test/support/engine/packages';
import { line, type Line } from '../support/report';
import { serverWith, type Keys } from '../support/server';
import { eventObjects, NODE, throughNode } from '../support/work';

const COUNT = 100_000;
const EVERY = 5;

/** Peak memory above the input for 100,000 events, output included, in a fresh process, beside their size as JSON. */
export async function memory(): Promise<Line[]> {
	const { keys, stop } = await serverWith(0);
	const child = fork(__filename, [JSON.stringify(keys)], { execArgv: ['--expose-gc'] });
	const { peak, json } = await new Promise<{ peak: number; json: number }>((resolve) => {
		child.once('message', (message) => resolve(message as { peak: number; json: number }));
	});
	stop();
	const megabytes = (bytes: number) => bytes / 1_000_000;
	return [
		line(
			'100,000 events, peak memory above the input',
			'MB',
			megabytes(peak),
			'their JSON',
			megabytes(json),
			{
				text: 'at most 1.5',
				holds: (ratio) => ratio <= 1.5,
			},
		),
	];
}

/** What is alive on the heap and in buffers after a garbage collection. */
function alive(): number {
	global.gc?.();
	const { heapUsed, external } = process.memoryUsage();
	return heapUsed + external;
}

async function measure(keys: Keys): Promise<void> {
	placePackages();
	await throughNode(keys, eventObjects(1000), { inputMode: 'eventObjects' });
	const events = eventObjects(COUNT);
	const json = Buffer.byteLength(JSON.stringify(events));
	const before = alive();
	let peak = 0;
	const watch = setInterval(() => {
		peak = Math.max(peak, alive() - before);
	}, EVERY);
	const run = await throughNode(keys, events, { inputMode: 'eventObjects' });
	clearInterval(watch);
	peak = Math.max(peak, alive() - before);
	process.send?.({ peak, json, outputs: run.items(NODE).length });
	process.exit();
}

if (require.main === module) void measure(JSON.parse(process.argv[2] ?? '{}') as Keys);
