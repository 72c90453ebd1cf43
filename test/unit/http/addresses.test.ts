import { readAllowList } from '../../../nodes/shared/http/inbound/addresses';

describe('Allowed addresses', () => {
	test.each([
		['203.0.113.7', '203.0.113.7', true],
		['203.0.113.7', '203.0.113.8', false],
		['203.0.113.7', '::ffff:203.0.113.7', true],
		['10.0.0.0/8', '10.255.3.4', true],
		['10.0.0.0/8', '11.0.0.1', false],
		['0.0.0.0/0', '198.51.100.1', true],
		['0.0.0.0/0', '2001:db8::1', false],
		['192.0.2.128/25', '192.0.2.127', false],
		['192.0.2.128/25', '192.0.2.200', true],
		['2001:db8::/32', '2001:db8:ffff::1', true],
		['2001:db8::/32', '2001:db9::1', false],
		['2001:db8::1', '2001:0db8:0:0:0:0:0:1', true],
		['::1', '::1', true],
		['fe80::/10', 'fe80::1%eth0', true],
		['::ffff:10.0.0.0/104', '10.9.9.9', true],
		['198.51.100.1, 10.0.0.0/8\n::1', '10.1.1.1', true],
		['198.51.100.1', '', false],
		['198.51.100.1', 'unknown', false],
		['', 'unknown', true],
	])('%s and %s: %s', (list, address, allowed) => {
		const read = readAllowList(list);
		expect(read.ok && read.allows(address)).toBe(allowed);
	});

	test.each([
		'10.0.0.0/33',
		'10.0.0',
		'10.0.0.256',
		'010.0.0.1',
		'example.com',
		'2001:db8::/129',
		'1::2::3',
		':::',
		'10.0.0.0/8/8',
		'1:2:3:4:5:6:7',
		'1:2:3:4:5:6:7:8:9',
		'10.0.0.1/',
		'::ffff:10.0.0.0/95',
	])('%s is not an address', (entry) => {
		expect(readAllowList(`127.0.0.1 ${entry}`)).toEqual({ ok: false, entry });
	});
});
