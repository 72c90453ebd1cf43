import type { INodeProperties } from 'n8n-workflow';
import { z } from 'zod';
import { flatten } from '../../../shared/operation/answers';
import { defineList } from '../../../shared/operation/define';
import { collection, names, optionalDate } from '../../../shared/operation/schemas';
import type { PlanContext } from '../../../shared/operation/types';
import { filtersProperty, notice } from '../../../shared/operation/parameters';
import { tidy } from './lookUp';

/** What people can be searched by (bentonow.com/docs/subscribers; the names are Bento's). */
const DATES = ['created_at', 'last_event_at', 'unsubscribed_at', 'updated_at'] as const;

const LABELS: Readonly<Record<(typeof DATES)[number], string>> = {
	created_at: 'Created',
	last_event_at: 'Last Event',
	unsubscribed_at: 'Unsubscribed',
	updated_at: 'Updated',
};

const tags: INodeProperties = {
	displayName: 'Tags',
	name: 'tags',
	type: 'string',
	default: '',
	placeholder: 'e.g. customer, vip',
	description: 'Comma-separated names of tags that the person has',
};

export const searchSubscribers = defineList({
	value: 'search',
	name: 'Search',
	action: 'Search subscribers',
	description: 'Find people by dates and tags. Bento offers this to Enterprise accounts only.',
	route: { method: 'GET', path: '/fetch/search' },
	paged: true,
	blocked: 'Bento lets Enterprise accounts search subscribers, and no others',
	properties: [
		notice(
			'searchNotice',
			'Bento offers search to Enterprise accounts only and blocks it for everyone else',
		),
		filtersProperty(
			[...DATES.flatMap(dateFilters), tags].sort((one, other) =>
				one.displayName.localeCompare(other.displayName, 'en'),
			),
		),
	],
	input: (context: PlanContext) => filtersIn(context.timeZone),
	request: ({ filters }) => ({ query: filters }),
	simplify: (row) => tidy(flatten(row)),
});

function dateFilters(date: (typeof DATES)[number]): INodeProperties[] {
	return [
		{
			displayName: `${LABELS[date]} After`,
			name: `${date}_gt`,
			type: 'dateTime',
			default: '',
			description: `Only people with a later time for ${LABELS[date].toLowerCase()}`,
		},
		{
			displayName: `${LABELS[date]} Before`,
			name: `${date}_lt`,
			type: 'dateTime',
			default: '',
			description: `Only people with an earlier time for ${LABELS[date].toLowerCase()}`,
		},
	];
}

/** Nested parameters travel as `created_at[gt]`, the way Rails reads a query. */
function filtersIn(timeZone: string) {
	const date = optionalDate(timeZone);
	const shape = Object.fromEntries(
		DATES.flatMap((name) => [
			[`${name}_gt`, date],
			[`${name}_lt`, date],
		]),
	);
	return z.object({
		filters: collection({ ...shape, tags: names }).transform((filters) =>
			Object.fromEntries(
				Object.entries(filters).map(([name, value]) => [
					name.replace(/_(gt|lt)$/, '[$1]'),
					typeof value === 'string' ? value : undefined,
				]),
			),
		),
	});
}
