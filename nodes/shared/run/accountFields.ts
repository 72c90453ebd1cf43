import type { IExecuteFunctions } from 'n8n-workflow';
import type { Noun, Problem } from '../http/problem';
import {
	FIELD_LIST,
	type FieldNames,
	namesOf,
	needsAccountFields,
	unreadList,
} from '../operation/accountFields';
import { readCallSettings } from '../operation/options';
import { readPages, sharedReads } from '../operation/requests';
import { ACCOUNT_FIELDS } from '../operation/types';
import { isRecord } from '../operation/values';
import { rawReader } from './read';
import { connectGroups } from './sites';

/** What an item's values have beside its parameters, or why that can't be read. */
export type AccountFields =
	{ readonly [ACCOUNT_FIELDS]: FieldNames } | { readonly problem: Problem };

/**
 * Reads the fields of the account that each item goes to, if what the items give depends on them. One request for
 * each site.
 */
export async function readAccountFields(
	context: IExecuteFunctions,
	noun: Noun,
): Promise<(item: number) => AccountFields | undefined> {
	const read = rawReader(context);
	if (!needsAccountFields(read)) return () => undefined;
	const options = read('options');
	const { waiting, ...pace } = readCallSettings(isRecord(options) ? options : {});
	const unplanned = context
		.getInputData()
		.map((_input, item) => ({ item, plan: {}, options: {}, about: {} }));
	const groups = await connectGroups(context, unplanned, noun, { policy: waiting, ...pace });
	const known = new Map<number, AccountFields>();
	for (const { connection, items } of groups) {
		const found = await readPages(sharedReads(connection), FIELD_LIST, false, Infinity);
		const fields: AccountFields =
			found.kind === 'items'
				? { [ACCOUNT_FIELDS]: namesOf(found.items) }
				: { problem: unreadList(found) };
		for (const item of items) known.set(item, fields);
	}
	return (item) => known.get(item);
}
