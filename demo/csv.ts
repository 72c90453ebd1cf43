/** Reads CSV (RFC 4180): quoted fields may contain commas, quotes written twice, and line breaks. Numbers stay text. */
export function parseCsv(text: string): Array<Record<string, string>> {
	const [header = [], ...rows] = splitRows(text).filter((row) => row.some((field) => field !== ''));
	const names = header.map((name) => name.trim());
	return rows.map((row) =>
		Object.fromEntries(names.map((name, index) => [name, row[index] ?? ''])),
	);
}

function splitRows(text: string): string[][] {
	const rows: string[][] = [];
	let row: string[] = [];
	// A field, quoted or not, and what ends it.
	for (const [whole, quoted, plain, end] of text.matchAll(
		/(?:"((?:[^"]|"")*)"|([^,"\r\n]*))(,|\r?\n|$)/g,
	)) {
		if (whole === '' && row.length === 0) continue;
		row.push(quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'));
		if (end === ',') continue;
		rows.push(row);
		row = [];
	}
	return rows;
}
