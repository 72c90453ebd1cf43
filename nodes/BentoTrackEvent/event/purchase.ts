import { toCurrency, toMinorUnits } from './money';
import type { EventIssue } from './types';

/** What a builder fills in for a purchase, for one item. */
export interface PurchaseDraft {
	readonly uniqueKey: unknown;
	readonly currency: unknown;
	readonly amount: unknown;
	readonly amountUnit: 'major' | 'minor';
	readonly cartItems: readonly unknown[];
}

export type PurchaseDetails =
	| { readonly ok: true; readonly details: Record<string, unknown> }
	| { readonly ok: false; readonly issues: readonly EventIssue[] };

/**
 * The details that make an event a purchase: a unique key, the value in minor units, and the cart
 * (bentonow.com/docs/concepts/unique-events).
 */
export function purchaseDetails(draft: PurchaseDraft): PurchaseDetails {
	const issues: EventIssue[] = [];
	const key = readKey(draft.uniqueKey);
	if (key === undefined) issues.push({ field: 'Unique Key', text: 'is missing' });
	const currency = toCurrency(draft.currency);
	if (currency === undefined) {
		issues.push({ field: 'Currency', text: 'must be a three-letter currency code, such as USD' });
	}
	const missing = draft.amount === undefined || draft.amount === null || draft.amount === '';
	const amount = toMinorUnits(draft.amount, draft.amountUnit, currency ?? '');
	if (missing) issues.push({ field: 'Amount', text: 'is missing' });
	else if (!amount.ok) issues.push({ field: 'Amount', text: amount.text });
	if (issues.length > 0 || !amount.ok) return { ok: false, issues };
	const details: Record<string, unknown> = {
		unique: { key },
		value: { currency, amount: amount.minor },
	};
	if (draft.cartItems.length > 0) details.cart = { items: draft.cartItems };
	return { ok: true, details };
}

function readKey(value: unknown): string | number | undefined {
	if (typeof value === 'number' && Number.isFinite(value)) return value;
	if (typeof value !== 'string' || value.trim() === '') return undefined;
	return value.trim();
}
