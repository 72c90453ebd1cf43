import type { INodeProperties } from 'n8n-workflow';
import { z } from 'zod';
import { flatten } from '../../../shared/operation/responses';
import { defineList } from '../../../shared/operation/define';
import { tagsProperties } from '../../../shared/operation/lists';
import { byLabel, filtersProperty, notice } from '../../../shared/operation/properties';
import { allNames, collection, names, optionalDate } from '../../../shared/operation/schemas';
import type { PlanContext } from '../../../shared/operation/types';
import { tidy } from './profile';

/** By Bento's name and direction (bentonow.com/docs/subscribers): label and description. */
const DATES = {
	created_at_gt: ['Created After', 'Return subscribers created after this date'],
	created_at_lt: ['Created Before', 'Return subscribers created before this date'],
	last_event_at_gt: ['Last Event After', 'Return subscribers whose last event was after this date'],
	last_event_at_lt: [
		'Last Event Before',
		'Return subscribers whose last event was before this date',
	],
	unsubscribed_at_gt: ['Unsubscribed After', 'Return subscribers who unsubscribed after this date'],
	unsubscribed_at_lt: [
		'Unsubscribed Before',
		'Return subscribers who unsubscribed before this date',
	],
	updated_at_gt: ['Updated After', 'Return subscribers updated after this date'],
	updated_at_lt: ['Updated Before', 'Return subscribers updated before this date'],
} as const;

const TAG_FILTERS = tagsProperties(
	{ displayName: 'Tags', name: 'tags' },
	{ list: 'tagList', placeholder: 'e.g. customer, vip' },
	'The subscriber has them.',
);

const FILTERS = Object.entries(DATES)
	.map(([name, [displayName, description]]): INodeProperties => ({
		displayName,
		name,
		type: 'dateTime',
		default: '',
		description,
	}))
	.concat(...TAG_FILTERS)
	.sort((one, other) => byLabel(one.displayName, other.displayName));

export const getSubscribers = defineList({
	value: 'getAll',
	name: 'Get Many',
	action: 'Get many subscribers',
	description:
		"Retrieve subscribers by dates and tags. Only available on Bento's Enterprise plan; on other plans, use Get.",
	route: { method: 'GET', path: '/fetch/search' },
	paged: true,
	blocked: "Searching subscribers is only available on Bento's Enterprise plan",
	properties: [
		notice(
			'searchNotice',
			"Only available on Bento's Enterprise plan. On other plans, use 'Get', which looks up one subscriber per item.",
		),
		filtersProperty(FILTERS),
	],
	input: ({ timeZone }: PlanContext) => filtersIn(timeZone),
	request: ({ filters }) => ({ query: filters }),
	simplify: (row) => tidy(flatten(row)),
});

/** Nested parameters travel as `created_at[gt]`, the way Rails reads a query. */
function filtersIn(timeZone: string) {
	const date = optionalDate(timeZone);
	const shape = Object.fromEntries(Object.keys(DATES).map((name) => [name, date]));
	return z.object({
		filters: collection({ ...shape, tagList: names, tags: names }).transform(
			({ tagList, tags, ...filters }) =>
				Object.fromEntries(
					Object.entries({ ...filters, tags: allNames(tagList, tags) }).map(([name, value]) => [
						name.replace(/_(gt|lt)$/, '[$1]'),
						typeof value === 'string' ? value : undefined,
					]),
				),
		),
	});
}
