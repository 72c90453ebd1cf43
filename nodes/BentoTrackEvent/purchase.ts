import { parseJson } from '../shared/http/client/classify';
import { isMissing, isRecord, readKey } from '../shared/operation/values';
import type { InputIssue, InputValues } from '../shared/operation/types';

/** Money in Bento's minor units, and the details that make an event a purchase. */

/** Currencies whose minor unit isn't a hundredth (ISO 4217, list one), by their number of decimals. */
const DECIMALS: ReadonlyMap<string, number> = new Map(
	(
		[
			[0, 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'],
			[3, 'BHD IQD JOD KWD LYD OMR TND'],
			[4, 'CLF UYW'],
		] as const
	).flatMap(([decimals, codes]) => codes.split(' ').map((code) => [code, decimals] as const)),
);

const CURRENCIES = new Set(Intl.supportedValuesOf('currency'));

/** What floating point may add to an amount, in proportion: 1.1 × 3 is 3.3000000000000003. */
const NOISE = 1e-11;

export type AmountUnit = 'major' | 'minor';

export type Amount =
	{ readonly ok: true; readonly minor: number } | { readonly ok: false; readonly text: string };

/** A currency code in capitals; undefined for what isn't an ISO 4217 code. */
export function toCurrency(value: unknown): string | undefined {
	if (typeof value !== 'string') return undefined;
	const code = value.trim().toUpperCase();
	return CURRENCIES.has(code) ? code : undefined;
}

/**
 * An amount in the currency's minor unit, which is what Bento counts in (bentonow.com/docs/concepts/unique-events).
 * Major units are shifted as digits, not multiplied: 19.99 * 100 isn't 1999 in floating point. What floating point
 * itself has added is rounded away; any other fraction of a minor unit is refused.
 */
export function toMinorUnits(value: unknown, unit: AmountUnit, currency: string): Amount {
	const decimals = unit === 'major' ? (DECIMALS.get(currency) ?? 2) : 0;
	const written = decimalText(value);
	if (written === undefined) return { ok: false, text: notANumber(value) };
	const [whole = '', fraction = ''] = withoutNoise(written, decimals).split('.');
	const used = withoutZeros(fraction);
	if (used.length > decimals) {
		return {
			ok: false,
			text:
				unit === 'major'
					? `has too many decimals for its currency, which has ${decimals}`
					: "must be a whole number of minor units, such as cents. To enter 49.00, set 'Amount Is In' to Major Units",
		};
	}
	const minor = Number(whole + used.padEnd(decimals, '0'));
	return Number.isSafeInteger(minor)
		? { ok: true, minor }
		: { ok: false, text: 'is too large to be counted exactly' };
}

/** Without zeros at its end. A loop: a pattern would look from every zero to the next other digit. */
function withoutZeros(fraction: string): string {
	let end = fraction.length;
	while (fraction[end - 1] === '0') end -= 1;
	return fraction.slice(0, end);
}

function notANumber(value: unknown): string {
	if (typeof value !== 'string' || !/\d/.test(value)) return "isn't a number";
	return "isn't a plain number such as 1234.50. Remove currency signs and thousands separators, and write decimals with a dot";
}

/** Plain decimal digits of a number or of text that contains one; JavaScript writes no exponent below 1e21. */
function decimalText(value: unknown): string | undefined {
	if (typeof value === 'number')
		return Number.isFinite(value) ? decimalText(String(value)) : undefined;
	if (typeof value !== 'string') return undefined;
	const text = value.trim();
	return /^-?\d+(\.\d+)?$/.test(text) ? text : undefined;
}

function withoutNoise(digits: string, decimals: number): string {
	const exact = Number(digits);
	const rounded = exact.toFixed(decimals);
	const difference = Math.abs(Number(rounded) - exact);
	const isNoise = difference > 0 && difference < NOISE * Math.max(1, Math.abs(exact));
	return isNoise ? rounded : digits;
}

export type PurchaseDetails =
	| { readonly ok: true; readonly details: Readonly<Record<string, unknown>> }
	| { readonly ok: false; readonly issues: readonly InputIssue[] };

/**
 * The details that make an event a purchase: a unique key, the value in minor units, and the cart
 * (bentonow.com/docs/concepts/unique-events).
 */
export function purchaseDetails(values: InputValues): PurchaseDetails {
	const issues: InputIssue[] = [];
	const key = readKey(values.uniqueKey);
	if (key === undefined) issues.push({ field: 'Unique Key', text: 'is missing' });
	const currency = toCurrency(values.currency);
	if (currency === undefined) {
		issues.push({ field: 'Currency', text: "isn't a three-letter currency code. Example: USD" });
	}
	const unit = readUnit(values.amountUnit);
	if (unit === undefined) issues.push({ field: 'Amount Is In', text: NO_UNIT });
	const amount = readAmount(values.amount, unit ?? 'major', currency ?? '');
	if (!amount.ok) issues.push({ field: 'Amount', text: amount.text });
	const cart = readCart(values.additionalFields, unit ?? 'major', currency ?? '');
	issues.push(...cart.issues);
	if (issues.length > 0 || !amount.ok) return { ok: false, issues };
	return {
		ok: true,
		details: {
			unique: { key },
			value: { currency, amount: amount.minor },
			...(cart.items.length > 0 && { cart: { items: cart.items } }),
		},
	};
}

const NO_UNIT =
	"isn't chosen. Say whether 49 stands for 49.00 (Major Units) or for 0.49 (Minor Units)";

function readUnit(value: unknown): AmountUnit | undefined {
	return value === 'major' || value === 'minor' ? value : undefined;
}

function readAmount(value: unknown, unit: AmountUnit, currency: string): Amount {
	return isMissing(value) ? { ok: false, text: 'is missing' } : toMinorUnits(value, unit, currency);
}

interface Cart {
	readonly items: ReadonlyArray<Record<string, unknown>>;
	readonly issues: readonly InputIssue[];
}

const EMPTY: Cart = { items: [], issues: [] };

/** The cart, from rows of the panel, whose prices are in the unit of the amount, or from JSON, which is sent as it is. */
function readCart(additionalFields: unknown, unit: AmountUnit, currency: string): Cart {
	if (!isRecord(additionalFields)) return EMPTY;
	const { cartItems, cartItemsJson: json } = additionalFields;
	if (!isMissing(json)) return jsonCart(json);
	const rows: unknown = isRecord(cartItems) ? cartItems.item : undefined;
	if (!Array.isArray(rows)) return EMPTY;
	const issues: InputIssue[] = [];
	const items = rows.filter(isRecord).map((row, index) => {
		const item = Object.fromEntries(Object.entries(row).filter(hasValue));
		if (!('product_price' in item)) return item;
		const price = toMinorUnits(item.product_price, unit, currency);
		if (price.ok) return { ...item, product_price: price.minor };
		issues.push({ field: 'Cart Items', key: `${index + 1} > Price`, text: price.text });
		return item;
	});
	return { items, issues };
}

function jsonCart(json: unknown): Cart {
	const list = typeof json === 'string' ? parseJson(json) : json;
	if (Array.isArray(list) && list.every(isRecord)) return { items: list, issues: [] };
	const text = "isn't a valid JSON list of objects. Check its quotes, commas, and brackets";
	return { ...EMPTY, issues: [{ field: 'Cart Items (JSON)', text }] };
}

function hasValue([, value]: readonly [string, unknown]): boolean {
	return !isMissing(value);
}
