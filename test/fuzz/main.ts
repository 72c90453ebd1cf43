/** `npm run fuzz`: the targets in turn, with new seeds, until the time is up. A failure prints its seed. */
import { parseArgs } from 'util';
import { TARGETS } from './targets';

const RUNS = 2000;

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '60' } } });
const until = Date.now() + Number(values.seconds) * 1000;
let rounds = 0;
while (Date.now() < until) {
	for (const { run } of TARGETS) run({ numRuns: RUNS, seed: Math.floor(Math.random() * 2 ** 31) });
	rounds += 1;
}
console.log(
	`${TARGETS.length} targets, ${(rounds * RUNS).toLocaleString('en-US')} inputs each: nothing found`,
);
