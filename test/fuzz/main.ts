/** `npm run fuzz`: the targets in turn, with new seeds, until the time is up. A failure prints its seed. */
import { parseArgs } from 'util';
import { placePackages } from '../support/engine/packages';
import { sendHostile } from '../trigger/support/hostile';
import { TARGETS } from './targets';

const RUNS = 500;
/** Each goes over a real socket through n8n's engine. */
const REQUESTS = 250;

const newSeed = () => Math.floor(Math.random() * 2 ** 31);

async function main(seconds: number): Promise<void> {
	placePackages();
	const until = Date.now() + seconds * 1000;
	let rounds = 0;
	while (Date.now() < until) {
		for (const { run } of TARGETS) await run({ numRuns: RUNS, seed: newSeed() });
		const seed = newSeed();
		await sendHostile(REQUESTS, seed).catch((error: unknown) => {
			throw new Error(`Hostile requests with the seed ${seed}`, { cause: error });
		});
		rounds += 1;
	}
	const [inputs, requests] = [rounds * RUNS, rounds * REQUESTS].map((count) =>
		count.toLocaleString('en-US'),
	);
	console.log(
		`${TARGETS.length} targets, ${inputs} inputs each, and ${requests} requests: nothing found`,
	);
}

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '60' } } });
main(Number(values.seconds)).then(
	// n8n's engine starts intervals that nobody stops.
	() => process.exit(),
	(error: unknown) => {
		console.error(error);
		process.exit(1);
	},
);
