import { TARGETS } from './targets';

it.each(TARGETS.map(({ name, run }) => [name, run] as const))('%s', (_name, run) => {
	run({ numRuns: 3000, seed: 20_261_121 });
});
