import { digest, isAcceptedSecret } from '../../../nodes/shared/http/server/secret';

export interface TimingCase {
	readonly name: string;
	/** Median of one comparison, in ns. */
	readonly median: number;
	/** Half of the values lie within this distance around the median, in ns. */
	readonly spread: number;
}

/**
 * Times comparisons of one presented text with secrets that it resembles more or less. The cases take turns, so that
 * other load on the machine affects all of them equally. Equal medians mean that time reveals nothing; the spread says
 * how precise the measurement is. For the benchmark: no absolute time is a pass or a fail.
 */
export function measureSecretTiming(rounds = 20_000, perRound = 20): TimingCase[] {
	const presented = 'p'.repeat(32);
	const readings = [Buffer.from(presented)];
	const cases: ReadonlyArray<readonly [string, string]> = [
		['first character differs', `q${'p'.repeat(31)}`],
		['last character differs', `${'p'.repeat(31)}q`],
		['all characters differ', 'q'.repeat(32)],
		['half as long', 'p'.repeat(16)],
		['one character longer', 'p'.repeat(33)],
		['equal', presented],
	];
	const times = cases.map(() => new Float64Array(rounds));
	for (let round = 0; round < rounds; round += 1) {
		for (const [index, [, secret]] of cases.entries()) {
			const accepted = [digest(secret)];
			const begun = process.hrtime.bigint();
			for (let again = 0; again < perRound; again += 1) isAcceptedSecret(readings, accepted);
			const column = times[index];
			if (column) column[round] = Number(process.hrtime.bigint() - begun) / perRound;
		}
	}
	return cases.map(([name], index) => {
		const sorted = (times[index] ?? new Float64Array()).slice().sort();
		const at = (part: number) => sorted[Math.floor(sorted.length * part)] ?? 0;
		return { name, median: at(0.5), spread: at(0.75) - at(0.25) };
	});
}
