import fc from 'fast-check';
import { purchaseDetails, toCurrency, toMinorUnits } from '../../../nodes/BentoTrackEvent/purchase';

/** An amount as a builder writes it: `units` of the currency's smallest part. */
function written(units: number, decimals: number): string {
	const digits = String(Math.abs(units)).padStart(decimals + 1, '0');
	const whole = digits.slice(0, digits.length - decimals);
	const fraction = decimals === 0 ? '' : `.${digits.slice(-decimals)}`;
	return `${units < 0 ? '-' : ''}${whole}${fraction}`;
}

describe('amounts', () => {
	it.each([
		['JPY', 0],
		['KRW', 0],
		['USD', 2],
		['XXX', 2],
		['KWD', 3],
		['TND', 3],
		['CLF', 4],
		['UYW', 4],
	])('in %s have %d decimals', (currency, decimals) => {
		fc.assert(
			fc.property(fc.integer({ min: -10_000_000, max: 10_000_000 }), (minor) => {
				const text = written(minor, decimals);
				expect(toMinorUnits(text, 'major', currency)).toEqual({ ok: true, minor: minor || 0 });
				expect(toMinorUnits(` ${minor}\n`, 'minor', currency)).toEqual({
					ok: true,
					minor: minor || 0,
				});
			}),
		);
		const tooFine = `1.${'0'.repeat(decimals)}5`;
		const text = `has too many decimals for its currency, which has ${decimals}`;
		expect(toMinorUnits(tooFine, 'major', currency)).toEqual({ ok: false, text });
	});

	it.each([
		'',
		' ',
		'1.',
		'.5',
		'+5',
		'1e3',
		'1,5',
		'$5',
		'5 USD',
		'--5',
		'1.2.3',
		'0x10',
		true,
		[5],
	])('%p isn’t one', (value) => {
		const read = toMinorUnits(value, 'major', 'USD');
		expect(read.ok ? '' : read.text).toMatch(/^isn't a (plain )?number/);
	});

	it.each([
		[1_000_000_000.4, 'minor'],
		['1000000000.4', 'minor'],
		[10_000_000.004, 'major'],
	] as const)('of %p in %s units keep no fraction quietly, however large', (value, unit) => {
		expect(toMinorUnits(value, unit, 'USD')).toMatchObject({ ok: false });
	});

	it('may have any number of zeros at the end', () => {
		expect(toMinorUnits('1.50000', 'major', 'USD')).toEqual({ ok: true, minor: 150 });
		expect(toMinorUnits('7.000', 'minor', 'USD')).toEqual({ ok: true, minor: 7 });
	});

	it('in minor units have no fraction, and the message says what to do about one', () => {
		expect(toMinorUnits('49.5', 'minor', 'USD')).toEqual({
			ok: false,
			text: "must be a whole number of minor units, such as cents. To enter 49.00, set 'Amount Is In' to Major Units",
		});
	});

	it('lose what floating point has added, and nothing that somebody wrote', () => {
		expect(toMinorUnits(-1.1 * 3, 'major', 'USD')).toEqual({ ok: true, minor: -330 });
		expect(toMinorUnits(1_000_000.1 + 0.2, 'major', 'USD')).toEqual({
			ok: true,
			minor: 100_000_030,
		});
		expect(toMinorUnits(0.1 + 0.2, 'major', 'USD')).toEqual({ ok: true, minor: 30 });
		expect(toMinorUnits('0.00000000001', 'major', 'USD')).toMatchObject({ ok: false });
		expect(toMinorUnits('0.000000000001', 'major', 'USD')).toEqual({ ok: true, minor: 0 });
		expect(toMinorUnits('100.0000000001', 'major', 'USD')).toEqual({ ok: true, minor: 10_000 });
	});

	it('are counted exactly, or not at all', () => {
		const most = String(Number.MAX_SAFE_INTEGER);
		expect(toMinorUnits(most, 'minor', 'USD')).toEqual({ ok: true, minor: Number(most) });
		// The nearest number that JavaScript has ends in .90625, which rounds to .91.
		expect(toMinorUnits('90071992547409.90', 'major', 'USD')).toEqual({
			ok: true,
			minor: 9_007_199_254_740_990,
		});
		const text = 'is too large to be counted exactly';
		expect(toMinorUnits('9007199254740992', 'minor', 'USD')).toEqual({ ok: false, text });
	});
});

describe('a currency', () => {
	it.each(['usd', ' Eur', 'JPY\n'])('%p is one', (value) => {
		expect(toCurrency(value)).toBe(value.trim().toUpperCase());
	});

	it.each(['', 'US', 'US D', 'QQQ', 840, null, ['USD']])('%p isn’t one', (value) => {
		expect(toCurrency(value)).toBeUndefined();
	});
});

describe('the details of a purchase', () => {
	const FULL = { uniqueKey: ' K-1 ', currency: 'usd', amountUnit: 'major', amount: '49.5' };
	const DETAILS = { unique: { key: 'K-1' }, value: { currency: 'USD', amount: 4950 } };
	const issuesOf = (values: Record<string, unknown>) => {
		const read = purchaseDetails({ ...FULL, ...values });
		return read.ok ? [] : read.issues.map(({ field, key, text }) => [field, key, text]);
	};

	it('are its key, its value, and its cart', () => {
		expect(purchaseDetails(FULL)).toEqual({ ok: true, details: DETAILS });
		expect(purchaseDetails({ ...FULL, amount: 4950, amountUnit: 'minor' })).toEqual({
			ok: true,
			details: DETAILS,
		});
	});

	it('count the amount in the units of its currency', () => {
		expect(purchaseDetails({ ...FULL, currency: 'JPY', amount: 980 })).toEqual({
			ok: true,
			details: { ...DETAILS, value: { currency: 'JPY', amount: 980 } },
		});
	});

	it.each<[string, unknown, string, RegExp]>([
		['uniqueKey', ' ', 'Unique Key', /^is missing$/],
		['currency', 'dollars', 'Currency', /^isn't a three-letter currency code/],
		['amountUnit', 'cents', 'Amount Is In', /^isn't chosen.*49\.00 \(Major.*0\.49 \(Minor/],
		['amount', undefined, 'Amount', /^is missing$/],
		['amount', null, 'Amount', /^is missing$/],
		['amount', '', 'Amount', /^is missing$/],
		['amount', 'x', 'Amount', /^isn't a number$/],
		['amount', 1.234, 'Amount', /which has 2$/],
	])('need a right %s: %p', (name, value, field, text) => {
		expect(issuesOf({ [name]: value })).toEqual([
			[field, undefined, expect.stringMatching(text) as string],
		]);
	});

	it('name everything that is wrong at once, in the units that a builder expects', () => {
		const wrong = { uniqueKey: '', currency: '', amountUnit: '', amount: '' };
		expect(issuesOf(wrong).map(([field]) => field)).toEqual([
			'Unique Key',
			'Currency',
			'Amount Is In',
			'Amount',
		]);
		// Without a unit, 49.50 isn't wrong as well.
		expect(issuesOf({ amountUnit: '' })).toHaveLength(1);
		const additionalFields = { cartItems: { item: [{ product_price: 19.99 }] } };
		expect(issuesOf({ amountUnit: '', additionalFields })).toHaveLength(1);
	});

	const withCart = (additionalFields: unknown, more: Record<string, unknown> = {}) => {
		const read = purchaseDetails({ ...FULL, ...more, additionalFields });
		return read.ok ? read.details.cart : read.issues;
	};

	it('take the rows of the panel, prices in the unit of the amount', () => {
		const item = [
			{ product_id: 'A', product_name: '', product_price: '19.99', quantity: 0 },
			{ product_id: 'B', product_sku: null, product_price: undefined },
		];
		expect(withCart({ cartItems: { item } })).toEqual({
			items: [{ product_id: 'A', product_price: 1999, quantity: 0 }, { product_id: 'B' }],
		});
		const yen = { cartItems: { item: [{ product_price: 980 }] } };
		expect(withCart(yen, { amount: 980, currency: 'JPY' })).toEqual({
			items: [{ product_price: 980 }],
		});
		const minor = { cartItems: { item: [{ product_price: 5 }] } };
		expect(withCart(minor, { amount: 1, amountUnit: 'minor' })).toEqual({
			items: [{ product_price: 5 }],
		});
	});

	it('name the row whose price is wrong', () => {
		const item = [{ product_price: '1' }, { product_price: 'x' }, { product_price: '0.001' }];
		expect(withCart({ cartItems: { item } })).toEqual([
			{ field: 'Cart Items', key: '2 > Price', text: "isn't a number" },
			{
				field: 'Cart Items',
				key: '3 > Price',
				text: 'has too many decimals for its currency, which has 2',
			},
		]);
	});

	it('take a cart from JSON as it is, before the rows', () => {
		const items = [{ product_price: 19.99, extra: '' }];
		const rows = { cartItems: { item: [{ product_id: 'row' }] } };
		expect(withCart({ ...rows, cartItemsJson: JSON.stringify(items) })).toEqual({ items });
		expect(withCart({ cartItemsJson: items })).toEqual({ items });
	});

	it.each(['{', '{}', '[1]', [{}, 'x'], 7])('refuse %p for a cart', (cartItemsJson) => {
		expect(withCart({ cartItemsJson })).toEqual([
			{
				field: 'Cart Items (JSON)',
				text: "isn't a valid JSON list of objects. Check its quotes, commas, and brackets",
			},
		]);
	});

	it.each([
		undefined,
		null,
		[],
		{},
		{ cartItemsJson: '', cartItems: {} },
		{ cartItemsJson: null, cartItems: 'x' },
		{ cartItems: { item: 'x' } },
		{ cartItems: { item: [7, 'x'] } },
		{ cartItemsJson: '[]' },
	])('have no cart where %j gives none', (additionalFields) => {
		expect(purchaseDetails({ ...FULL, additionalFields })).toEqual({ ok: true, details: DETAILS });
	});
});
