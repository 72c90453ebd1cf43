import { z } from 'zod';
import { plain } from '../../../shared/operation/responses';
import { defineCall } from '../../../shared/operation/define';
import { filtersProperty } from '../../../shared/operation/properties';
import { collection, optionalDay, optionalText } from '../../../shared/operation/schemas';
import type { PlanContext } from '../../../shared/operation/types';

export const getAds = defineCall({
	value: 'getAds',
	name: 'Get Ad Metrics',
	action: 'Get ad metrics',
	description:
		'Retrieve signups, customers, and revenue by traffic source. Limited to about 30 calls per hour.',
	route: { method: 'GET', path: '/stats/ads' },
	properties: [
		filtersProperty([
			{
				displayName: 'Dimension',
				name: 'dimension',
				type: 'options',
				default: 'source',
				options: [
					{ name: 'Ad', value: 'ad' },
					{ name: 'Campaign', value: 'campaign' },
					{ name: 'Content', value: 'content' },
					{ name: 'Medium', value: 'medium' },
					{ name: 'Source', value: 'source' },
				],
				description: 'Dimension to group the metrics by',
			},
			{
				displayName: 'Dimension Value',
				name: 'value',
				type: 'string',
				default: '',
				placeholder: 'e.g. google',
				description: 'Return only this value of the dimension',
			},
			{
				displayName: 'End',
				name: 'end',
				type: 'dateTime',
				default: '',
				description:
					"Last day of the period. An expression can also give plain English, such as 'last week'.",
			},
			{
				displayName: 'Revenue Mode',
				name: 'revenueMode',
				type: 'options',
				default: 'all_revenue',
				options: [
					{ name: 'All Revenue', value: 'all_revenue' },
					{ name: 'First Revenue', value: 'first_revenue' },
					{ name: 'Subscriptions', value: 'subscriptions' },
				],
				description: 'Revenue to include',
			},
			{
				displayName: 'Start',
				name: 'start',
				type: 'dateTime',
				default: '',
				description:
					"First day of the period. An expression can also give plain English, such as 'last week'.",
			},
		]),
	],
	input: ({ timeZone }: PlanContext) => {
		// "last week" is in bento-node-sdk's tests, so text that isn't a date is sent to Bento as it is.
		const day = z.union([optionalDay(timeZone), optionalText]);
		return z.object({
			filters: collection({
				dimension: optionalText,
				end: day,
				revenueMode: optionalText,
				start: day,
				value: optionalText,
			}),
		});
	},
	request: ({ filters }) => ({
		query: {
			dimension: filters.dimension,
			value: filters.value,
			start_date: filters.start,
			end_date: filters.end,
			revenue_mode: filters.revenueMode,
		},
	}),
	response: plain,
});
