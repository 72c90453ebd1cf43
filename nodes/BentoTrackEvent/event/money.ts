/** Currencies whose minor unit isn't a hundredth (ISO 4217, list one). */
const DECIMALS = new Map<string, number>([
	...[
		'BIF',
		'CLP',
		'DJF',
		'GNF',
		'ISK',
		'JPY',
		'KMF',
		'KRW',
		'PYG',
		'RWF',
		'UGX',
		'UYI',
		'VND',
	].map((code): [string, number] => [code, 0]),
	...['VUV', 'XAF', 'XOF', 'XPF'].map((code): [string, number] => [code, 0]),
	...['BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND'].map((code): [string, number] => [code, 3]),
	['CLF', 4],
	['UYW', 4],
]);

const CURRENCIES = new Set(Intl.supportedValuesOf('currency'));

export type Amount =
	{ readonly ok: true; readonly minor: number } | { readonly ok: false; readonly text: string };

/** A currency code in capitals; undefined for what is no ISO 4217 code. */
export function toCurrency(value: unknown): string | undefined {
	if (typeof value !== 'string') return undefined;
	const code = value.trim().toUpperCase();
	return CURRENCIES.has(code) ? code : undefined;
}

/**
 * An amount in the currency's minor unit, which is what Bento counts in (bentonow.com/docs/concepts/unique-events).
 * Major units are shifted as digits, not multiplied: 19.99 × 100 isn't 1999 in floating point.
 */
export function toMinorUnits(value: unknown, unit: 'major' | 'minor', currency: string): Amount {
	const digits = decimalText(value);
	if (digits === undefined) return { ok: false, text: 'is no number' };
	const decimals = unit === 'major' ? (DECIMALS.get(currency) ?? 2) : 0;
	const [whole = '', fraction = ''] = digits.split('.');
	const used = fraction.replace(/0+$/, '');
	if (used.length > decimals) {
		return {
			ok: false,
			text:
				unit === 'major'
					? `has more decimals than its currency, which has ${decimals}`
					: "must be a whole number of minor units, such as cents. Set 'Amount Is In' to major units to have it converted",
		};
	}
	const minor = Number(whole + used.padEnd(decimals, '0'));
	return Number.isSafeInteger(minor)
		? { ok: true, minor }
		: { ok: false, text: 'is too large to be counted exactly' };
}

/** Plain decimal digits of a number or of text that holds one; JavaScript writes no exponent below 1e21. */
function decimalText(value: unknown): string | undefined {
	if (typeof value === 'number')
		return Number.isFinite(value) ? decimalText(String(value)) : undefined;
	if (typeof value !== 'string') return undefined;
	const text = value.trim();
	return /^-?\d+(\.\d+)?$/.test(text) ? text : undefined;
}
