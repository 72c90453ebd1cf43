import { domain, optionalDay } from '../../../nodes/shared/operation/schemas';

describe('a domain', () => {
	it.each([
		['example.com', 'example.com'],
		[' Example.COM. ', 'example.com'],
		['https://shop.example.com:8443/a?b#c', 'shop.example.com'],
		['//example.com/x', 'example.com'],
		['example.com/path', 'example.com'],
		['bücher.example', 'xn--bcher-kva.example'],
		['_dmarc.example.com', '_dmarc.example.com'],
	])('%j is sent as %s', (value, sent) => {
		expect(domain.parse(value)).toBe(sent);
	});

	it.each([
		'ada@example.com',
		'203.0.113.7',
		'[::1]',
		'localhost',
		'a b.com',
		'https://',
		'.com',
		'2130706433',
	])('%j is none', (value) => expect(domain.safeParse(value).success).toBe(false));
});

it.each([
	['2026-11-01', '2026-11-01'],
	['2026-11-01T00:00:00', '2026-11-01'],
	['2026-11-01T23:30:00Z', '2026-11-02'],
	['2026-11-02T00:15:00.000+01:00', '2026-11-02'],
	[new Date('2026-11-01T23:30:00Z'), '2026-11-02'],
	['', undefined],
	[undefined, undefined],
])('%j is the day %s in Berlin', (value, day) => {
	expect(optionalDay('Europe/Berlin').parse(value)).toBe(day);
});
