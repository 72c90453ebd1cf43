import type { IDataObject } from 'n8n-workflow';
import { z } from 'zod';
import {
	defineLongCall,
	namedFields,
	simplifiedBy,
	type CallTools,
} from '../../../shared/operation/define';
import {
	filtersProperty,
	limitProperty,
	outputFieldsProperty,
	returnAllProperty,
} from '../../../shared/operation/properties';
import { readPages } from '../../../shared/operation/requests';
import { items, withoutHtml } from '../../../shared/operation/responses';
import {
	collection,
	names,
	oneOf,
	optionalDay,
	returnAllAndLimit,
} from '../../../shared/operation/schemas';
import type { OperationResult, PlanContext } from '../../../shared/operation/types';

const STATUSES = ['draft', 'scheduled', 'sending', 'sent', 'archived'] as const;

const PAGE_SIZE = 100;

function inputIn({ timeZone }: PlanContext) {
	return z.object({
		...returnAllAndLimit,
		status: oneOf('any', ...STATUSES),
		filters: collection({ createdAfter: optionalDay(timeZone), tagIds: names }),
		options: namedFields,
	});
}

type Input = z.output<ReturnType<typeof inputIn>>;

export const getBroadcasts = defineLongCall<Input>(
	{
		value: 'getAll',
		name: 'Get Many',
		action: 'Get many broadcasts',
		description:
			'Retrieve a list of broadcasts by status, with their templates, dates, and open rates',
		route: { method: 'GET', path: '/fetch/broadcasts' },
		properties: [
			{
				displayName: 'Status',
				name: 'status',
				type: 'options',
				default: 'sent',
				options: [
					{ name: 'Any', value: 'any', description: 'Sends one request per status' },
					{ name: 'Archived', value: 'archived' },
					{ name: 'Draft', value: 'draft' },
					{ name: 'Scheduled', value: 'scheduled' },
					{ name: 'Sending', value: 'sending' },
					{ name: 'Sent', value: 'sent' },
				],
				description: 'Status of the broadcasts to return',
			},
			filtersProperty([
				{
					displayName: 'Created After',
					name: 'createdAfter',
					type: 'dateTime',
					default: '',
					description: 'Return broadcasts created after this day. May not be supported by Bento.',
				},
				{
					displayName: 'Tag IDs',
					name: 'tagIds',
					type: 'string',
					default: '',
					placeholder: 'e.g. 12, 34',
					description: 'Comma-separated list of tag IDs. May not be supported by Bento.',
				},
			]),
			returnAllProperty,
			limitProperty,
		],
		options: [outputFieldsProperty],
		input: inputIn,
		execute: listBroadcasts,
	},
	{ simplified: true },
);

/** Without a status, Bento lists what is sent (bento-skills, July 2026), so Any reads one list after another. */
async function listBroadcasts(
	{ status, filters, returnAll, limit, options: fields }: Input,
	{ call, own }: CallTools,
	simplify: boolean,
): Promise<OperationResult> {
	const most = returnAll ? Infinity : limit;
	const found = new Map<string, IDataObject>();
	for (const one of status === 'any' ? STATUSES : [status]) {
		const query = {
			status: one,
			per_page: PAGE_SIZE,
			created_after: filters.createdAfter,
			tag_ids: filters.tagIds,
		};
		const pages = await readPages(call, own({ query }), true, most - found.size);
		if (pages.kind !== 'items') return pages;
		// If Bento ignores the status, the same broadcasts come again.
		for (const row of pages.items) found.set(JSON.stringify(row.id ?? row), row);
		if (found.size >= most) break;
	}
	const rows = [...found.values()];
	return items(...(simplify ? rows.map(simplifiedBy(withoutHtml, fields)) : rows));
}
