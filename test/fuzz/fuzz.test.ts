import { TARGETS } from './targets';

/** The short form of `npm run fuzz`, the same every time. */
it.each(TARGETS.map(({ name, run }) => [name, run] as const))('%s', async (_name, run) => {
	await run({ numRuns: 500, seed: 20_261_121 });
});
