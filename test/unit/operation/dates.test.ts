import fc from 'fast-check';
import { toIsoDate } from '../../../nodes/shared/operation/dates';

const pad = (value: number, length = 2) => String(value).padStart(length, '0');

/** The parts of a date and time, and every way of writing what stands between and after them. */
const written = fc.record({
	instant: fc.date({
		min: new Date('1000-01-02'),
		max: new Date('9999-12-30'),
		noInvalidDate: true,
	}),
	between: fc.constantFrom('T', 't', ' '),
	precision: fc.constantFrom('minutes', 'seconds', 'fraction'),
	point: fc.constantFrom('.', ','),
	digits: fc.integer({ min: 1, max: 9 }),
	space: fc.constantFrom('', ' '),
	zone: fc.constantFrom('Z', 'z', '+05:30', '-0830', '+01', '-11:00', '+0000'),
	around: fc.constantFrom('', ' ', '\n'),
});

const OFFSETS: Readonly<Record<string, number>> = {
	'+05:30': 330,
	'-0830': -510,
	'+01': 60,
	'-11:00': -660,
};

it('a date is read in every spelling of ISO 8601, whatever the zone of the run', () => {
	fc.assert(
		fc.property(written, fc.constantFrom('UTC', 'Asia/Tokyo'), (given, runZone) => {
			const { instant, between, precision, point, digits, space, zone, around } = given;
			const day = `${pad(instant.getUTCFullYear(), 4)}-${pad(instant.getUTCMonth() + 1)}-${pad(instant.getUTCDate())}`;
			const seconds = precision === 'minutes' ? 0 : instant.getUTCSeconds();
			const fraction = pad(instant.getUTCMilliseconds(), 3).padEnd(9, '7').slice(0, digits);
			const ms = precision === 'fraction' ? Number(fraction.padEnd(3, '0').slice(0, 3)) : 0;
			const clock =
				`${pad(instant.getUTCHours())}:${pad(instant.getUTCMinutes())}` +
				(precision === 'minutes' ? '' : `:${pad(seconds)}`) +
				(precision === 'fraction' ? point + fraction : '');
			const text = around + day + between + clock + space + zone + around;
			const expected = new Date(instant);
			expected.setUTCMinutes(instant.getUTCMinutes() - (OFFSETS[zone] ?? 0), seconds, ms);
			expect(toIsoDate(text, runZone)).toBe(expected.toISOString());
		}),
		{ numRuns: 500 },
	);
});

it('a date that is final already stays as it is, and a day or time that does not exist is none', () => {
	const numbers = (from: number, to: number) =>
		Array.from({ length: to - from + 1 }, (_, index) => pad(from + index));
	for (const year of ['1999', '2000', '2023', '2024']) {
		for (const month of numbers(0, 13)) {
			for (const day of numbers(0, 32)) {
				const text = `${year}-${month}-${day}T23:59:59.999Z`;
				const exists = !Number.isNaN(Date.parse(text)) && new Date(text).toISOString() === text;
				expect([text, toIsoDate(text, 'UTC')]).toEqual([text, exists ? text : undefined]);
			}
		}
	}
	for (const time of ['24:00:00', '12:60:00', '23:59:61']) {
		expect(toIsoDate(`2026-01-01T${time}Z`, 'UTC')).toBeUndefined();
	}
	expect(toIsoDate('2026-01-31T23:59:59Z', 'Asia/Tokyo')).toBe('2026-01-31T23:59:59.000Z');
});

it('a time without a zone is what a clock of the zone shows', () => {
	const zones = ['UTC', 'America/New_York', 'Asia/Kolkata', 'Pacific/Auckland'];
	fc.assert(
		fc.property(
			fc.date({ min: new Date('1990-01-01'), max: new Date('2040-01-01'), noInvalidDate: true }),
			fc.constantFrom(...zones),
			(instant, zone) => {
				const wall = instant.toLocaleString('sv-SE', { timeZone: zone });
				const ms = instant.getUTCMilliseconds();
				const read = toIsoDate(`${wall}.${pad(ms, 3)}`, zone);
				// An hour that a zone has twice a year stands for either of the two instants.
				const shown = new Date(read ?? NaN).toLocaleString('sv-SE', { timeZone: zone });
				expect(shown).toBe(wall);
				expect(new Date(read ?? NaN).getUTCMilliseconds()).toBe(ms);
			},
		),
	);
});

it.each([
	['America/New_York', '2026-03-08T01:30', '2026-03-08T06:30:00.000Z'],
	['America/New_York', '2026-03-08T03:30', '2026-03-08T07:30:00.000Z'],
	['America/New_York', '2026-11-01T00:30', '2026-11-01T04:30:00.000Z'],
	['America/New_York', '2026-11-01T03:30', '2026-11-01T08:30:00.000Z'],
	['Europe/Berlin', '2026-03-29T01:30', '2026-03-29T00:30:00.000Z'],
	['Europe/Berlin', '2026-03-29T03:30', '2026-03-29T01:30:00.000Z'],
])('in %s, the night the clocks change, %s is %s', (zone, text, iso) => {
	expect(toIsoDate(text, zone)).toBe(iso);
});

it('a day without a time begins at midnight of the zone', () => {
	expect(toIsoDate('2026-11-20', 'UTC')).toBe('2026-11-20T00:00:00.000Z');
	expect(toIsoDate('2026-11-20', 'America/New_York')).toBe('2026-11-20T05:00:00.000Z');
});

it.each([
	...['2026-00-10', '2026-13-10', '2026-02-29', '2026-04-31', '2026-11-00', '2026-11-32'],
	...['2026-11-20T24:00Z', '2026-11-20T08:60Z', '2026-11-20T08:30:60Z', '0050-11-20'],
	...['x2026-11-20', '2026-11-20x', '2026-11-20T', '2026-11-20Z', '2026-11-20T08Z', '2026-11-20TZ'],
	...['26-11-20', '20266-11-20', '2026-1-20', '2026-11-2', '2026-11-20T8:30', '2026-11-20T08:3'],
	...['2026-11-20T08:30:1Z', '2026-11-20T08:30:10.Z', '2026-11-20T08:30:10.1234567890Z'],
	...['2026-11-20T08:30+5', '2026-11-20T08:30+05:3', '2026-11-20T08:30+', '2026-11-20T08:30U'],
	...['2026-11-20T08:30.5Z', '2026/11/20', '2026-11-20T08.30', '2026-11-20X08:30', '', null, true],
])('%p isn’t a date', (value) => {
	expect(toIsoDate(value, 'UTC')).toBeUndefined();
});

it('a date of JavaScript is the instant that it stands for', () => {
	const date = new Date('2026-11-20T08:30:00.5Z');
	expect(toIsoDate(date, 'Asia/Tokyo')).toBe('2026-11-20T08:30:00.500Z');
	expect(toIsoDate(new Date(NaN), 'UTC')).toBeUndefined();
});

it('data that only looks like a date of an expression isn’t one', () => {
	expect(toIsoDate({ toISO: '2026-11-20' }, 'UTC')).toBeUndefined();
});

it.each([
	['2026-11-20T08:30:00.000+01:00', '2026-11-20T07:30:00.000Z'],
	[null, undefined],
	[undefined, undefined],
	[5, undefined],
	['soon', undefined],
])('a date of an expression that writes itself as %p becomes %p', (json, iso) => {
	expect(toIsoDate({ toISO: () => 'not asked', toJSON: () => json }, 'UTC')).toBe(iso);
	expect(toIsoDate({ toJSON: () => json }, 'UTC')).toBeUndefined();
});
