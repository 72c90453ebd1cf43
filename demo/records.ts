import { readFileSync } from 'fs';
import type { IDataObject } from 'n8n-workflow';
import { z } from 'zod';
import { parseCsv } from './csv';

const list = z.array(z.record(z.unknown()));

/**
 * Reads a file of records: a JSON list of objects, or CSV with a header line.
 *
 * @throws Error that says so if the file is neither
 */
export function readRecords(file: string): IDataObject[] {
	const text = readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
	const records = /^\s*\[/.test(text) ? readJson(text) : parseCsv(text);
	if (records.length === 0) throw new Error(`${file} contains no records.`);
	return records;
}

function readJson(text: string): IDataObject[] {
	const parsed = list.safeParse(JSON.parse(text));
	if (!parsed.success) throw new Error('The JSON file must contain a list of objects.');
	return JSON.parse(JSON.stringify(parsed.data)) as IDataObject[];
}
