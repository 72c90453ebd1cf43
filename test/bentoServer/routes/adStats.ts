import type { ParsedResponse } from '../types';
import { ok, refusal } from '../values';

const DIMENSIONS: ReadonlyMap<string, string> = new Map([
	['ad', 'Ad'],
	['campaign', 'Campaign'],
	['content', 'Content'],
	['medium', 'Medium'],
	['source', 'Source'],
]);

const MODES: ReadonlyMap<string, string> = new Map([
	['all_revenue', 'All revenue'],
	['first_revenue', 'First revenue'],
	['subscriptions', 'Subscriptions'],
]);

const UNKNOWN = 'is not included in the list';

/** `GET /stats/ads`, in no documentation: its shape is bento-node-sdk's, src/sdk/stats/types.ts. */
export function adStats(query: Readonly<Record<string, string>>): ParsedResponse {
	const { dimension = 'source', revenue_mode: mode = 'all_revenue', value } = query;
	const dimensionLabel = DIMENSIONS.get(dimension);
	const modeLabel = MODES.get(mode);
	if (dimensionLabel === undefined) return refusal({ field: 'dimension', message: UNKNOWN });
	if (modeLabel === undefined) return refusal({ field: 'revenue_mode', message: UNKNOWN });
	const rows = [row('newsletter', 40, 10, 129_900), row('search', 25, 3, 44_700)];
	const breakdown = rows.filter(({ key }) => value === undefined || key === value);
	const signups = sum(breakdown.map((entry) => entry.signups));
	const customers = sum(breakdown.map((entry) => entry.customers));
	const revenueCents = sum(breakdown.map((entry) => entry.revenueCents));
	return ok({
		dimension,
		dimensionLabel,
		attribution: {
			mode: 'first_touch',
			modeLabel: 'First touch',
			windowDays: 30,
			settingsPath: '/account/settings',
			appliesToAdRevenue: true,
		},
		revenueMode: { mode, label: modeLabel, description: modeLabel },
		totals: {
			signups,
			customers,
			...money(revenueCents),
			revenueVisitorCount: customers,
			customerRate: signups === 0 ? 0 : customers / signups,
			topSource: breakdown[0]?.key ?? '',
		},
		chartData: [{ x: 1_763_424_000, signups, customers, revenue: revenueCents }],
		breakdown,
		revenueTruncated: false,
	});
}

function row(key: string, signups: number, customers: number, revenueCents: number) {
	return {
		key,
		label: key,
		signups,
		customers,
		customerRate: customers / signups,
		...money(revenueCents),
		revenuePerSignupCents: Math.round(revenueCents / signups),
	};
}

function money(revenueCents: number) {
	return { revenueCents, revenueCurrency: 'USD', revenueByCurrency: { USD: revenueCents } };
}

function sum(numbers: readonly number[]): number {
	return numbers.reduce((total, number) => total + number, 0);
}
