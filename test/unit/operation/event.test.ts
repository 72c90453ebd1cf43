import fc from 'fast-check';
import {
	checkEvent,
	looksSecret,
	normalizeKey,
	type CheckOptions,
	type EventDraft,
} from '../../../nodes/BentoTrackEvent/event';
import { toCurrency, toMinorUnits } from '../../../nodes/BentoTrackEvent/purchase';
import { toIsoDate } from '../../../nodes/shared/operation/dates';

const OPTIONS: CheckOptions = {
	labels: {
		type: 'Event Type',
		email: 'Email',
		fields: 'Fields',
		details: 'Details',
		date: 'Date',
	},
	timeZone: 'UTC',
	normalizeFieldKeys: false,
};
const check = (draft: EventDraft, options: Partial<CheckOptions> = {}) =>
	checkEvent({ type: 'x', email: 'a@b.co', ...draft }, { ...OPTIONS, ...options });
const issues = (draft: EventDraft) => {
	const checked = check(draft);
	return checked.ok
		? []
		: checked.issues.map(({ field, key, text }) => [field, key, text].filter(Boolean).join(' '));
};

describe('an event', () => {
	it('loses spaces and empty parts', () => {
		expect(check({ type: ' x ', email: '\ta@b.co\n', fields: {}, details: {}, date: '' })).toEqual({
			ok: true,
			event: { type: 'x', email: 'a@b.co' },
		});
	});

	it.each([undefined, null, '', '   '])(
		'without an email (%p) gets an issue that says so',
		(email) => {
			expect(issues({ email })).toEqual(['Email is missing']);
		},
	);

	it.each(['a', 'a@b', '@b.co', 'a b@c.de', 'a@b.co,c@d.ef', 'Ari <a@b.co>', 'a@b..', 'a@@b.co'])(
		'with %p for an email gets an issue that doesn’t quote it',
		(email) => {
			expect(issues({ email })).toEqual([
				"Email isn't a valid email address. Example: nathan@example.com",
			]);
		},
	);

	it.each(["o'neil+tag@sub.example.co.uk", 'ü@exämple.de', 'a-b_c@x.museum'])(
		'takes %p',
		(email) => {
			expect(check({ email }).ok).toBe(true);
		},
	);

	it('keeps false, zero, empty text and null among its fields', () => {
		const fields = { a: false, b: 0, c: '', d: null };
		expect(check({ fields })).toMatchObject({ ok: true, event: { fields } });
	});

	it('names each nested field', () => {
		expect(
			issues({ fields: { ok: 1, address: { city: 'x' }, tags: ['a'], bad: Number.NaN } }),
		).toEqual(
			['address', 'tags', 'bad'].map(
				(key) => `Fields ${key} must be text, a number, or true or false. Bento keeps fields flat`,
			),
		);
	});

	it('lists everything that is wrong in one go', () => {
		expect(issues({ type: true, email: 5, fields: [], details: 'x', date: 'soon' })).toEqual([
			'Event Type must be text',
			'Email must be text with an email address',
			'Fields must be an object with keys and values',
			'Details must be an object with keys and values',
			expect.stringContaining("Date isn't a date"),
		]);
	});

	it('as a purchase needs key, currency and amount', () => {
		expect(issues({ type: '$purchase', details: {} })).toHaveLength(3);
		const details = { unique: { key: 'K' }, value: { currency: 'USD', amount: 4900 } };
		expect(issues({ type: '$purchase', details })).toEqual([]);
		expect(
			issues({
				type: '$purchase',
				details: { ...details, value: { currency: 'USD', amount: 49.5 } },
			}),
		).toEqual(['Details value.amount must be a whole number of minor units, such as cents']);
	});

	const purchase = { unique: { key: 'K' }, value: { currency: 'USD', amount: 4900 } };
	const KEY = 'Details unique.key is missing, and a purchase needs a unique key';
	const CURRENCY = 'Details value.currency must be a currency code. Example: USD';
	const AMOUNT = 'Details value.amount must be a whole number of minor units, such as cents';

	it.each<[object, string[]]>([
		[{}, []],
		[{ unique: { key: 0 } }, []],
		[{ value: { currency: 'jpy', amount: 0 } }, []],
		[{ value: { currency: 'USD', amount: -4900 } }, []],
		[{ value: { currency: 'USD', amount: Number.MAX_SAFE_INTEGER } }, []],
		[{ unique: { key: '' } }, [KEY]],
		[{ unique: { key: null } }, [KEY]],
		[{ unique: { key: ['K'] } }, [KEY]],
		[{ unique: 'K' }, [KEY]],
		[{ unique: undefined }, [KEY]],
		[{ value: { currency: ' usd ', amount: '4900' } }, []],
		[{ value: { currency: 'USD', amount: '49.00' } }, [AMOUNT]],
		[{ value: { currency: 'USD', amount: '49.50' } }, [AMOUNT]],
		[{ unique: { key: '  ' } }, [KEY]],
		[{ value: { currency: 'USD', amount: 49.5 } }, [AMOUNT]],
		[{ value: { currency: 'USD', amount: 1e20 } }, [AMOUNT]],
		[{ value: { currency: 'EURO', amount: 4900 } }, [CURRENCY]],
		[{ value: 4900 }, [CURRENCY, AMOUNT]],
		[{ value: null, unique: null }, [KEY, CURRENCY, AMOUNT]],
	])('as a purchase with %j has the issues %j', (changes, expected) => {
		const details = { ...purchase, ...changes };
		expect(issues({ type: '$purchase', details })).toEqual(expected);
		expect(issues({ type: 'purchase', details })).toEqual([]);
		expect(issues({ type: '$purchase' })).toEqual([KEY, CURRENCY, AMOUNT]);
	});

	it.each([
		[[{ sku: 'a' }], { items: [{ sku: 'a' }] }],
		[[], { items: [] }],
		[{ items: [1] }, { items: [1] }],
		['x', 'x'],
	])('has a list %j in a cart as the items of one: %j', (cart, expected) => {
		const details = { ...purchase, cart };
		expect(check({ type: '$purchase', details })).toMatchObject({
			event: { details: { ...purchase, cart: expected } },
		});
		expect(check({ details: { cart } })).toMatchObject({ event: { details: { cart: expected } } });
		expect(details.cart).toBe(cart);
	});

	it('as a tag names the field of the tag where it has one', () => {
		const labels = { ...OPTIONS.labels, tag: 'Tag' };
		expect(check({ type: '$tag', details: { a: 1 } }, { labels })).toEqual({
			ok: false,
			issues: [{ field: 'Tag', text: 'is missing' }],
		});
		expect(check({ type: '$remove_tag' })).toEqual({
			ok: false,
			issues: [{ field: 'Details', key: 'tag', text: 'is missing' }],
		});
	});

	it('has its other details as they were, with a tag too', () => {
		const details = { tag: ' x ', source: 'y' };
		expect(check({ type: '$remove_tag', details })).toMatchObject({
			event: { details: { tag: 'x', source: 'y' } },
		});
		expect(check({ type: 'other', details })).toMatchObject({ event: { details } });
	});

	it.each([undefined, null, ''])('with the date %p is one of now', (date) => {
		expect(check({ date })).toEqual({ ok: true, event: { type: 'x', email: 'a@b.co' } });
	});

	it('has a date in UTC', () => {
		const date = '2026-11-20T08:30:00+01:00';
		expect(check({ date })).toMatchObject({ event: { date: '2026-11-20T07:30:00.000Z' } });
		expect(check({ date: '2026-11-20' }, { timeZone: 'Asia/Tokyo' })).toMatchObject({
			event: { date: '2026-11-19T15:00:00.000Z' },
		});
		expect(issues({ date: 'soon' })).toEqual([expect.stringMatching(/^Date isn't a date/)]);
	});

	it.each([undefined, null, {}, Object.create({ inherited: 1 }) as object])(
		'without fields and details (%p) has neither',
		(nothing) => {
			const event = { type: 'x', email: 'a@b.co' };
			expect(check({ fields: nothing, details: nothing })).toStrictEqual({ ok: true, event });
			const normalized = check({ fields: nothing }, { normalizeFieldKeys: true });
			expect(normalized).toStrictEqual({ ok: true, event });
		},
	);

	it('is the same whether its texts need trimming or not', () => {
		const parts = { fields: { a: 1 }, details: { b: { c: [1] } }, date: '2026-11-20T08:30:00Z' };
		const plain = check({ ...parts, type: 'x y', email: 'a@b.co' });
		expect(plain.ok).toBe(true);
		for (const [type, email] of [
			[' x y', 'a@b.co'],
			['x y\n', 'a@b.co'],
			['x y', ' a@b.co'],
			['x y', 'a@b.co\t'],
		] as const) {
			expect(check({ ...parts, type, email })).toEqual(plain);
		}
	});

	it.each<[EventDraft, string]>([
		[{ type: undefined }, 'Event Type is missing'],
		[{ type: null }, 'Event Type is missing'],
		[{ type: '' }, 'Event Type is missing'],
		[{ type: ' ' }, 'Event Type is missing'],
		[{ email: '' }, 'Email is missing'],
		[{ type: ['x'] }, 'Event Type must be text'],
		[{ fields: [1] }, 'Fields must be an object with keys and values'],
		[{ fields: 'x' }, 'Fields must be an object with keys and values'],
		[{ details: [1] }, 'Details must be an object with keys and values'],
		[{ details: 7 }, 'Details must be an object with keys and values'],
	])('of %j has one issue: %s', (draft, issue) => {
		expect(issues(draft)).toEqual([issue]);
	});

	it('as a tag needs the tag', () => {
		expect(issues({ type: '$tag' })).toEqual(['Details tag is missing']);
		expect(issues({ type: '$remove_tag', details: { tag: 'x' } })).toEqual([]);
		expect(issues({ type: '$tag', details: { tag: ['x', 'y'] } })[0]).toContain('several tags');
		expect(check({ type: '$tag', details: { tag: 7 } })).toMatchObject({
			event: { details: { tag: '7' } },
		});
	});
});

describe('dates', () => {
	it.each([
		['2026-11-20T08:30:00Z', '2026-11-20T08:30:00.000Z'],
		['2026-11-20T08:30:00.1234+05:30', '2026-11-20T03:00:00.123Z'],
		['2026-11-20 08:30', '2026-11-20T07:30:00.000Z'],
		['2026-07-20T08:30:00', '2026-07-20T06:30:00.000Z'],
		['2026-11-20', '2026-11-19T23:00:00.000Z'],
		['2026-07-20', '2026-07-19T22:00:00.000Z'],
		[new Date('2026-11-20T08:30:00Z'), '2026-11-20T08:30:00.000Z'],
		[
			{ toISO: () => '', toJSON: () => '2026-11-20T09:30:00.000+01:00' },
			'2026-11-20T08:30:00.000Z',
		],
	])('%p in Berlin becomes %p', (value, iso) => {
		expect(toIsoDate(value, 'Europe/Berlin')).toBe(iso);
	});

	it.each([
		'2026-02-30',
		'2026-13-01',
		'tomorrow',
		'20.11.2026',
		'2026-11-20T25:00',
		5,
		{},
		new Date('x'),
	])('%p is none', (value) => {
		expect(toIsoDate(value, 'UTC')).toBeUndefined();
	});

	it('agree with the clock change of a zone', () => {
		expect(toIsoDate('2026-03-29T01:59:59', 'Europe/Berlin')).toBe('2026-03-29T00:59:59.000Z');
		expect(toIsoDate('2026-03-29T03:00:00', 'Europe/Berlin')).toBe('2026-03-29T01:00:00.000Z');
	});

	it('keep every instant that JavaScript writes', () => {
		fc.assert(
			fc.property(
				fc.date({ min: new Date(0), max: new Date('9000-01-01'), noInvalidDate: true }),
				(date) => {
					expect(toIsoDate(date.toISOString(), 'Asia/Tokyo')).toBe(date.toISOString());
				},
			),
		);
	});
});

describe('amounts', () => {
	it.each([
		['19.99', 'USD', 1999],
		[19.99, 'USD', 1999],
		[1.005, 'KWD', 1005],
		['5000', 'JPY', 5000],
		[0.1, 'EUR', 10],
		['1.2000', 'EUR', 120],
		[-4.5, 'USD', -450],
		[0, 'USD', 0],
		[1.1 * 3, 'USD', 330],
		[(0.1 + 0.2) * 10, 'JPY', 3],
	])('%p %s in major units are %d', (value, currency, minor) => {
		expect(toMinorUnits(value, 'major', currency)).toEqual({ ok: true, minor });
	});

	it.each([
		['19.999', 'major', 'USD', /too many decimals for its currency, which has 2/],
		[5.5, 'major', 'JPY', /which has 0/],
		[19.9901, 'major', 'USD', /which has 2/],
		[49.5, 'minor', 'USD', /whole number of minor units/],
		['abc', 'minor', 'USD', /isn't a number/],
		[Number.POSITIVE_INFINITY, 'minor', 'USD', /isn't a number/],
		['99999999999999999', 'minor', 'USD', /too large/],
	] as const)('%p %s %s are refused', (value, unit, currency, text) => {
		expect(toMinorUnits(value, unit, currency)).toMatchObject({
			ok: false,
			text: expect.stringMatching(text) as string,
		});
	});

	it('never differ from exact arithmetic', () => {
		fc.assert(
			fc.property(fc.integer({ min: 0, max: 1_000_000_000 }), (cents) => {
				const text = `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;
				expect(toMinorUnits(text, 'major', 'USD')).toEqual({ ok: true, minor: cents });
				expect(toMinorUnits(Number(text), 'major', 'USD')).toEqual({ ok: true, minor: cents });
			}),
		);
	});

	it('know ISO 4217 codes in any case', () => {
		expect(toCurrency(' eur ')).toBe('EUR');
		expect(toCurrency('EURO')).toBeUndefined();
		expect(toCurrency(978)).toBeUndefined();
	});
});

describe('field keys', () => {
	it.each([
		['firstName', 'first_name'],
		['First name', 'first_name'],
		['first-name', 'first_name'],
		['HTTPServer2Go', 'http_server2_go'],
		['  émile.Zola ', 'émile_zola'],
		['already_fine', 'already_fine'],
	])('%p becomes %p', (key, normalized) => {
		expect(normalizeKey(key)).toBe(normalized);
	});

	it('are refused if two become one', () => {
		for (const fields of [{ firstName: 1, first_name: 2 }, { '!!': 1 }]) {
			expect(check({ fields }, { normalizeFieldKeys: true })).toMatchObject({ ok: false });
		}
	});

	it('are normalized where the builder wants that, and else left alone', () => {
		const fields = { firstName: 1, 'Last name': 2 };
		expect(check({ fields })).toMatchObject({ event: { fields } });
		expect(check({ fields }, { normalizeFieldKeys: true })).toMatchObject({
			event: { fields: { first_name: 1, last_name: 2 } },
		});
		const text = "has keys that become the same, or empty, with 'Normalize Field Keys'";
		expect(check({ fields: { a: 1, A: 2 } }, { normalizeFieldKeys: true })).toEqual({
			ok: false,
			issues: [{ field: 'Fields', text }],
		});
	});

	it.each([
		['a1B', 'a1_b'],
		['ABc', 'a_bc'],
		['ABC', 'abc'],
		['userID', 'user_id'],
		['éÉ', 'é_é'],
		['ÉÉé', 'é_éé'],
		['a--b  c', 'a_b_c'],
		['__a__', 'a'],
		['-a_', 'a'],
		['名前', '名前'],
		['№5½', '5½'],
		['!?', ''],
	])('%p becomes %p, too', (key, normalized) => {
		expect(normalizeKey(key)).toBe(normalized);
	});

	it('are a fixed point', () => {
		fc.assert(
			fc.property(fc.string(), (key) => {
				expect(normalizeKey(normalizeKey(key))).toBe(normalizeKey(key));
			}),
		);
	});
});

describe('secrets', () => {
	it.each([
		...['password', 'passwd', 'passphrase', 'secret', 'apikey', 'api_key', 'API-Key'],
		...['accesstoken', 'access_token', 'access-token', 'privatekey', 'private_key'],
		...['cardnumber', 'card_number', 'card-number', 'cvv', 'CVC', 'user_password', 'my-old-secret'],
	])('are seen under the key %p', (key) => {
		for (const value of ['x', 0, 7, {}, []]) expect(looksSecret({ [key]: value })).toBe(true);
		for (const value of ['', null, true, false]) expect(looksSecret({ [key]: value })).toBe(false);
		expect(looksSecret({ [`${key}_at`]: 'x' })).toBe(false);
	});

	it.each(['mypassword', 'pass', 'passport', 'secretary', 'api', 'access', 'cvvc', 'card'])(
		'aren’t seen under the key %p',
		(key) => {
			expect(looksSecret({ [key]: 'x' })).toBe(false);
		},
	);

	it.each([
		...['30569309025904', '378282246310005', '4111111111111111', '5500005555555559'],
		...['6011000990139424', '6304000000000000000', '4111 1111 1111 1111', '4111-1111-1111-1111'],
		...['3782 822463 10005', 'card 4111111111111111, thanks', '(4111111111111111)'],
	])('are seen in %p', (text) => {
		expect(looksSecret({ note: text })).toBe(true);
		expect(looksSecret([['x', { note: text }]])).toBe(true);
		expect(looksSecret(text)).toBe(true);
	});

	it.each([
		...['4111111111111112', '4111111111111121', '2221000000000009', '7000000000000000'],
		...['4222222222222', '41111111111111111111', 'x4111111111111111', '4111111111111111x'],
		...['4111  1111 1111 1111', '4111.1111.1111.1111', '', 'no digits'],
	])('aren’t seen in %p', (text) => {
		expect(looksSecret({ note: text })).toBe(false);
	});

	it.each([1411111111111114, 9411111111111117, 4.3e20])('aren’t seen in the number %d', (n) => {
		expect(looksSecret({ n })).toBe(false);
	});

	it('are looked for ten levels deep, also in details that contain themselves', () => {
		const nested = (levels: number): unknown =>
			levels === 0 ? '4111111111111111' : { a: nested(levels - 1) };
		expect([looksSecret(nested(10)), looksSecret(nested(11))]).toEqual([true, false]);
		const circle: Record<string, unknown> = {};
		circle.circle = circle;
		expect(looksSecret(circle)).toBe(false);
	});

	it.each([
		{ password: 'x' },
		{ user: { api_key: 'x' } },
		{ note: 'my card is 4111-1111-1111-1111.' },
		{ list: [{ cardNumber: '5500005555555559' }] },
		{ number: 378282246310005 },
	])('are seen in %j', (details) => {
		expect(looksSecret(details)).toBe(true);
	});

	it.each([
		{ password: '' },
		{ password_changed: true },
		{ order: '4111111111111112' },
		{ at: 1763627400000 },
		{ phone: '+49 30 1234 5678 90' },
		{ secretary: 'Ms. Doe' },
		undefined,
	])('aren’t seen in %j', (details) => {
		expect(looksSecret(details)).toBe(false);
	});
});
