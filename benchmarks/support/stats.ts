/** Figures of several runs of the same thing, in ms. */
export interface Figures {
	readonly median: number;
	readonly least: number;
	readonly most: number;
}

export function figuresOf(values: readonly number[]): Figures {
	const sorted = [...values].sort((one, other) => one - other);
	return { median: percentile(sorted, 0.5), least: sorted[0] ?? 0, most: sorted.at(-1) ?? 0 };
}

/** @param sorted ascending */
export function percentile(sorted: readonly number[], share: number): number {
	return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

/** Runs two things in turn, so that other load on the machine affects both equally; the first round only warms up. */
export async function inTurn(
	rounds: number,
	one: () => Promise<unknown>,
	other: () => Promise<unknown>,
): Promise<[Figures, Figures]> {
	const times: [number[], number[]] = [[], []];
	for (let round = 0; round <= rounds; round += 1) {
		const first = await timed(one);
		const second = await timed(other);
		if (round === 0) continue;
		times[0].push(first);
		times[1].push(second);
	}
	return [figuresOf(times[0]), figuresOf(times[1])];
}

export async function timed(work: () => Promise<unknown>): Promise<number> {
	const began = performance.now();
	await work();
	return performance.now() - began;
}
