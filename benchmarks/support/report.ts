import type { Figures } from './stats';

/** One line of the table: the node, what it is compared with, and the target for their ratio. */
export interface Line {
	readonly name: string;
	readonly unit: 'MB' | 'kB' | 'ms' | 'per second' | 'requests';
	readonly ours: Figures | number;
	readonly beside: string;
	readonly theirs: Figures | number;
	/** `ratio` is ours divided by theirs. */
	readonly ratio: number;
	readonly target?: { readonly text: string; readonly met: boolean };
}

export function line(
	name: string,
	unit: Line['unit'],
	ours: Figures | number,
	beside: string,
	theirs: Figures | number,
	target?: { readonly text: string; readonly holds: (ratio: number) => boolean },
): Line {
	const ratio = middle(ours) / middle(theirs);
	return {
		name,
		unit,
		ours,
		beside,
		theirs,
		ratio,
		...(target && { target: { text: target.text, met: target.holds(ratio) } }),
	};
}

export function middle(figures: Figures | number): number {
	return typeof figures === 'number' ? figures : figures.median;
}

/** The table for a terminal. */
export function printTable(lines: readonly Line[]): void {
	const rows = lines.map(({ name, unit, ours, beside, theirs, ratio, target }) => [
		name,
		`${digits(middle(ours))} ${unit}`,
		`${digits(middle(theirs))} ${unit}  (${beside})`,
		ratio.toFixed(2),
		target ? `${target.text}: ${target.met ? 'met' : 'missed'}` : '',
	]);
	const header = ['case', 'node', 'beside', 'ratio', 'target'];
	const widths = header.map((title, column) =>
		Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
	);
	for (const row of [header, ...rows]) {
		console.log(
			row
				.map((cell, column) => cell.padEnd(widths[column] ?? 0))
				.join('  ')
				.trimEnd(),
		);
	}
}

export function digits(value: number): string {
	if (value >= 100) return Math.round(value).toLocaleString('en-US');
	return value >= 1 ? value.toFixed(1) : value.toFixed(3);
}
