/**
 * Does something for each entry, no more than `parallel` at once, started in order.
 *
 * @returns the results by position, whichever ended first
 */
export async function inParallel<Entry, Result>(
	entries: readonly Entry[],
	parallel: number,
	doOne: (entry: Entry) => Promise<Result>,
): Promise<Result[]> {
	const results = new Array<Result>(entries.length);
	const queue = entries.entries();
	const worker = async () => {
		for (const [position, entry] of queue) results[position] = await doOne(entry);
	};
	await Promise.all(Array.from({ length: Math.max(1, parallel) }, worker));
	return results;
}
