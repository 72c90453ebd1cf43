import { TARGETS } from './targets';

/** The short form of `npm run fuzz`, the same every time. */
it.each(TARGETS.map(({ name, run }) => [name, run] as const))('%s', (_name, run) => {
	run({ numRuns: 500, seed: 20_261_121 });
});
