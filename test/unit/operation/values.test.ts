import {
	cleanEmail,
	dateAsText,
	emailProblem,
	readAddresses,
	readNames,
	readSwitch,
	readTag,
	unusualKeys,
	withExpectedNames,
} from '../../../nodes/shared/operation/values';

it.each([
	['vip', ['vip']],
	['vip; beta,gamma\ndelta', ['vip', 'beta', 'gamma', 'delta']],
	['["vip", "beta, gamma"]', ['vip', 'beta, gamma']],
	[
		['vip', ' beta ', 7],
		['vip', 'beta', '7'],
	],
	['Product news, Events', ['Product news', 'Events']],
	['', []],
	[null, []],
])('reads %j as names', (value, found) => {
	expect(readNames(value)).toEqual({ ok: true, value: found });
});

it('takes one tag, and says what to do with several or with what is no text', () => {
	expect(readTag(['vip'])).toEqual({ ok: true, value: 'vip' });
	expect(readTag('a;b')).toMatchObject({ ok: false });
	expect(readTag(true)).toEqual({ ok: false, text: 'must be text' });
	expect(readTag(' ')).toEqual({ ok: false, text: 'is missing' });
});

it.each([undefined, null, '', 'perhaps', 2, {}, [true]])('takes no switch from %j', (value) => {
	expect(readSwitch(value).ok).toBe(false);
});

it('cleans what surrounds an address, and refuses what is in it', () => {
	expect(cleanEmail(' \u200B"ann@example.com"\u00A0')).toBe('ann@example.com');
	for (const email of ['a@b', 'a@b..co', 'a@b-.co', 'a\u0000@b.co', 'a@b.co/x', 'a b@c.co']) {
		expect(emailProblem(email)).toBeDefined();
	}
});

it('keeps a date that is none, so that no field is emptied', () => {
	const none = new Date(Number.NaN);
	expect(dateAsText(none)).toBe(none);
	expect(dateAsText(new Date(0))).toBe('1970-01-01T00:00:00.000Z');
});

it('renames columns to what is expected only if that is certain', () => {
	const expected = new Set(['email']);
	expect(withExpectedNames({ ' E-Mail': 1, Email: 2 }, expected)).toEqual({
		' E-Mail': 1,
		email: 2,
	});
	expect(withExpectedNames({ EMAIL: 1, Email: 2 }, expected)).toEqual({ EMAIL: 1, Email: 2 });
	expect(withExpectedNames({ email: 1, Email: 2 }, expected)).toEqual({ email: 1, Email: 2 });
	expect(unusualKeys({ first_name: 1, 'First Name': 1, row_number: 1, ' ': 1 })).toEqual([
		'First Name',
		'row_number',
		' ',
	]);
});

describe('several email addresses', () => {
	it.each([
		['a@example.com, \u200Bb@example.com', ['a@example.com', 'b@example.com']],
		[
			['a@example.com', "'b@example.com'"],
			['a@example.com', 'b@example.com'],
		],
		['Ann <ann@example.com>', ['Ann <ann@example.com>']],
		['{{ visitor.manager }}', ['{{ visitor.manager }}']],
		['', []],
	])('%j are %j', (given, value) => {
		expect(readAddresses(given)).toEqual({ ok: true, value });
	});

	it.each(['a@example.com, nobody', 'a@-example.com', 'a\u0000@example.com', 7])(
		'%j are refused as a whole',
		(given) => {
			expect(readAddresses(given).ok).toBe(false);
		},
	);
});
