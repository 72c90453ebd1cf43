import { z } from 'zod';
import { plain } from '../../../shared/operation/answers';
import { defineCall } from '../../../shared/operation/define';
import { collection, optionalText } from '../../../shared/operation/schemas';
import { filtersProperty } from '../../../shared/operation/parameters';

export const getAds = defineCall({
	value: 'getAds',
	name: 'Get Ads',
	action: 'Get statistics of ads',
	description:
		'Get signups, customers and revenue by where people came from. Bento allows about 30 statistics calls an hour.',
	route: { method: 'GET', path: '/stats/ads' },
	// A read.
	whenUnknown: 'resend',
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
				description: 'What the numbers are broken down by',
			},
			{
				displayName: 'End',
				name: 'end',
				type: 'string',
				default: '',
				placeholder: 'e.g. 2026-11-20 or today',
				description: 'Last day that counts, as a date or in plain English',
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
				description: 'Which revenue counts',
			},
			{
				displayName: 'Start',
				name: 'start',
				type: 'string',
				default: '',
				placeholder: 'e.g. 2026-11-01 or last week',
				description: 'First day that counts, as a date or in plain English',
			},
			{
				displayName: 'Value',
				name: 'value',
				type: 'string',
				default: '',
				placeholder: 'e.g. google',
				description: 'Only this value of the dimension',
			},
		]),
	],
	input: z.object({
		filters: collection({
			dimension: optionalText,
			end: optionalText,
			revenueMode: optionalText,
			start: optionalText,
			value: optionalText,
		}),
	}),
	request: ({ filters }) => ({
		query: {
			dimension: filters.dimension,
			value: filters.value,
			start_date: filters.start,
			end_date: filters.end,
			revenue_mode: filters.revenueMode,
		},
	}),
	answer: plain,
});
