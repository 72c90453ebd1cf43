/** One entry of an allow-list: the leading `bits` of `value` count. */
interface Network {
	readonly family: 4 | 6;
	readonly value: bigint;
	readonly bits: number;
}

interface Address {
	readonly family: 4 | 6;
	readonly value: bigint;
}

export type AllowList =
	| { readonly ok: true; readonly allows: (address: string) => boolean }
	/** `entry` is the first one that isn't an address or network. */
	| { readonly ok: false; readonly entry: string };

const BITS = { 4: 32, 6: 128 } as const;

/**
 * Reads a list of IPv4 and IPv6 addresses and networks in CIDR notation, separated by commas, spaces or line
 * breaks. An empty list allows every address. An IPv4-mapped IPv6 address (`::ffff:192.0.2.1`, RFC 4291 section
 * 2.5.5.2) is treated as IPv4. What can't be read is never allowed.
 */
export function readAllowList(text: string): AllowList {
	const networks: Network[] = [];
	for (const entry of text.split(/[\s,]+/)) {
		if (entry === '') continue;
		const network = parseNetwork(entry);
		if (!network) return { ok: false, entry };
		networks.push(network);
	}
	if (networks.length === 0) return { ok: true, allows: () => true };
	return {
		ok: true,
		allows(text) {
			const address = parseAddress(withoutPort(text));
			return address !== undefined && networks.some((network) => contains(network, address));
		},
	};
}

/** Some proxies write the port into X-Forwarded-For: `192.0.2.1:443`, `[2001:db8::1]:443`. */
function withoutPort(text: string): string {
	const match = /^\[([^\]]*)\](?::\d{1,5})?$|^([\d.]+):\d{1,5}$/.exec(text.trim());
	return match?.[1] ?? match?.[2] ?? text;
}

function contains(network: Network, address: Address): boolean {
	if (network.family !== address.family) return false;
	const shift = BigInt(BITS[network.family] - network.bits);
	return network.value >> shift === address.value >> shift;
}

function parseNetwork(entry: string): Network | undefined {
	const [text, suffix, ...more] = entry.split('/');
	const address = parseAddress(text ?? '');
	if (!address || more.length > 0) return undefined;
	const widest = BITS[address.family];
	if (suffix === undefined) return { ...address, bits: widest };
	if (!/^\d{1,3}$/.test(suffix)) return undefined;
	// The prefix of an IPv4-mapped network counts from the start of the IPv6 address.
	const mapped = address.family === 4 && (text ?? '').includes(':');
	const bits = Number(suffix) - (mapped ? 96 : 0);
	return bits >= 0 && bits <= widest ? { ...address, bits } : undefined;
}

function parseAddress(text: string): Address | undefined {
	const withoutZone = text.split('%')[0] ?? '';
	if (!withoutZone.includes(':')) {
		const value = parseIPv4(withoutZone);
		return value === undefined ? undefined : { family: 4, value };
	}
	const value = parseIPv6(withoutZone);
	if (value === undefined) return undefined;
	return value >> 32n === 0xffffn
		? { family: 4, value: value & 0xffffffffn }
		: { family: 6, value };
}

function parseIPv4(text: string): bigint | undefined {
	const parts = text.split('.');
	if (parts.length !== 4) return undefined;
	let value = 0n;
	for (const part of parts) {
		// No leading zeros: some readers take them for octal.
		if (!/^(0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255) return undefined;
		value = (value << 8n) | BigInt(part);
	}
	return value;
}

function parseIPv6(text: string): bigint | undefined {
	const [start = '', end, ...more] = text.split('::');
	// An IPv4 address can only be the end.
	if (more.length > 0 || (end !== undefined && start.includes('.'))) return undefined;
	const front = parseGroups(start);
	const back = parseGroups(end ?? '');
	if (!front || !back) return undefined;
	const missing = 8 - front.length - back.length;
	if (end === undefined ? missing !== 0 : missing < 1) return undefined;
	const groups = [...front, ...Array.from({ length: missing }, () => 0n), ...back];
	return groups.reduce((value, group) => (value << 16n) | group, 0n);
}

function parseGroups(text: string): bigint[] | undefined {
	if (text === '') return [];
	const groups: bigint[] = [];
	const parts = text.split(':');
	for (const [index, part] of parts.entries()) {
		if (part.includes('.')) {
			const value = index === parts.length - 1 ? parseIPv4(part) : undefined;
			if (value === undefined) return undefined;
			groups.push(value >> 16n, value & 0xffffn);
		} else {
			if (!/^[0-9a-f]{1,4}$/i.test(part)) return undefined;
			groups.push(BigInt(`0x${part}`));
		}
	}
	return groups;
}
