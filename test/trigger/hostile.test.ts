import { sendHostile } from './support/hostile';

/** The short form of what `npm run fuzz` does with a new seed each time. */
test('of 1,000 hostile requests none throws, hangs, or starts a workflow without the secret', async () => {
	const statuses = await sendHostile(1_000, 20_261_121);
	expect(statuses.get(401)).toBeGreaterThan(400);
	expect(statuses.get(200)).toBeGreaterThan(50);
});
