import { digits, middle, type Line } from './report';

const WIDTH = 760;
const LEFT = 300;
const ROW = 46;

/** Bars, two for each line: the node and what it is compared with. Lengths are logarithmic within the chart. */
export function drawChart(lines: readonly Line[], caption: string): string {
	const timed = lines.filter(({ unit }) => unit === 'ms');
	const most = Math.max(...timed.flatMap(({ ours, theirs }) => [middle(ours), middle(theirs)]));
	const scale = (value: number) =>
		Math.max(2, (Math.log10(value + 1) / Math.log10(most + 1)) * (WIDTH - LEFT - 90));
	const rows = timed.map((row, index) => drawRow(row, 64 + index * ROW, scale));
	const height = 64 + timed.length * ROW + 16;
	return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" font-family="system-ui, sans-serif" font-size="12">
<rect width="${WIDTH}" height="${height}" rx="8" fill="#ffffff"/>
<text x="16" y="26" font-size="15" font-weight="600" fill="#1f2a44">${escape(caption)}</text>
<text x="16" y="46" fill="#5a6479">Shorter is faster; logarithmic. Orange: this package. Gray: what it is compared with.</text>
${rows.join('\n')}
</svg>
`;
}

function drawRow(row: Line, top: number, scale: (value: number) => number): string {
	const [ours, theirs] = [middle(row.ours), middle(row.theirs)];
	const bar = (value: number, y: number, color: string, words: string) =>
		`<rect x="${LEFT}" y="${y}" width="${scale(value).toFixed(1)}" height="13" rx="3" fill="${color}"/><text x="${(LEFT + scale(value) + 6).toFixed(1)}" y="${y + 11}" fill="#1f2a44">${words}</text>`;
	return [
		`<text x="16" y="${top + 12}" fill="#1f2a44">${escape(row.name)}</text>`,
		`<text x="16" y="${top + 28}" fill="#5a6479">beside ${escape(row.beside)}</text>`,
		bar(ours, top, '#ff7a59', `${digits(ours)} ms`),
		bar(theirs, top + 16, '#b8c0d0', `${digits(theirs)} ms`),
	].join('');
}

function escape(text: string): string {
	return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
