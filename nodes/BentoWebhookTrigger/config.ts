import { z } from 'zod';
import { readAllowList } from '../shared/http/inbound/addresses';
import { isHeaderName, type Scheme } from '../shared/http/inbound/schemes';
import { readPatterns, type EventFilter } from './eventFilter';

/** The node's settings, checked; times in ms, sizes in bytes. */
export interface TriggerConfig {
	readonly scheme: Scheme;
	readonly allows: (address: string) => boolean;
	readonly wants: EventFilter;
	readonly maxBytes: number;
	readonly maxDepth: number;
	readonly acceptBrokenJson: boolean;
	readonly duplicates: DuplicateRules;
	readonly loadPerson: 'no' | 'orRefuse' | 'orStart';
	/** The body that n8n answers with at once; undefined in the other response modes. */
	readonly immediateBody: string | undefined;
}

export interface DuplicateRules {
	readonly ignored: boolean;
	readonly deliveryHeader: string;
	/** How long the sender's own IDs are remembered. */
	readonly idWindow: number;
	/** How long the hash of a request without an ID is remembered. */
	readonly bodyWindow: number;
	readonly maxKeys: number;
	/**
	 * Whether the newest keys also go into n8n's static data. Not with a Respond to Webhook node: n8n then saves
	 * them before it listens to that node, and the sender gets an empty 200 (measured on 1.123 and 2.41).
	 */
	readonly stored: boolean;
}

export type ConfigResult =
	| { readonly ok: true; readonly config: TriggerConfig }
	| { readonly ok: false; readonly problem: string };

/** Reads one of the node's parameters; '' where it is hidden. */
export type ReadParameter = (name: string) => unknown;

const MINUTE = 60_000;

/** What holds while an option is not added; the same as the defaults that the editor shows. */
export const DEFAULTS = {
	bodyWindow: 10,
	idWindow: 1440,
	maxDepth: 32,
	maxKeys: 10_000,
	maxKilobytes: 1024,
} as const;

function whole(fallback: number, least: number, most: number) {
	return z.coerce
		.number()
		.default(fallback)
		.catch(fallback)
		.transform((value) => Math.min(most, Math.max(least, Math.round(value))));
}

const text = z
	.string()
	.default('')
	.catch('')
	.transform((value) => value.trim());

const settingsSchema = z.preprocess(
	(value) => (typeof value === 'object' && value !== null ? value : {}),
	z.object({
		acceptBrokenJson: z.boolean().default(true).catch(true),
		allowedAddresses: text,
		bodyWindow: whole(DEFAULTS.bodyWindow, 0, 1440),
		deliveryHeader: text,
		events: text,
		idWindow: whole(DEFAULTS.idWindow, 1, 43_200),
		ignoreDuplicates: z.boolean().default(true).catch(true),
		maxDepth: whole(DEFAULTS.maxDepth, 1, 100),
		maxKeys: whole(DEFAULTS.maxKeys, 1, 100_000),
		maxKilobytes: whole(DEFAULTS.maxKilobytes, 1, 16_384),
		whenNotLoaded: z.enum(['refuse', 'start']).default('start').catch('start'),
	}),
);

/**
 * Reads and checks the node's settings. Problems say which one to change; a setting out of its range is
 * brought into it.
 */
export function readConfig(read: ReadParameter): ConfigResult {
	const settings = settingsSchema.parse(read('settings'));
	const scheme = readScheme(read);
	if (typeof scheme === 'string') return { ok: false, problem: scheme };
	const allowList = readAllowList(settings.allowedAddresses);
	if (!allowList.ok) {
		return {
			ok: false,
			problem:
				"An entry of 'Allowed Addresses' is no IP address or network. Write it like 203.0.113.7, 10.0.0.0/8 or 2001:db8::/32",
		};
	}
	if (settings.deliveryHeader !== '' && !isHeaderName(settings.deliveryHeader)) {
		return problemWithName('Delivery ID Header');
	}
	const { ignoreDuplicates, deliveryHeader, idWindow, bodyWindow, maxKeys } = settings;
	const immediate = read('responseMode') === 'onReceived' ? read('responseData') : undefined;
	return {
		ok: true,
		config: {
			scheme,
			allows: allowList.allows,
			wants: readPatterns(settings.events),
			maxBytes: settings.maxKilobytes * 1024,
			maxDepth: settings.maxDepth,
			acceptBrokenJson: settings.acceptBrokenJson,
			duplicates: {
				ignored: ignoreDuplicates,
				deliveryHeader,
				idWindow: idWindow * MINUTE,
				bodyWindow: bodyWindow * MINUTE,
				maxKeys,
				stored: read('responseMode') !== 'responseNode',
			},
			loadPerson: readLoadPerson(read('loadPerson'), settings.whenNotLoaded),
			immediateBody: typeof immediate === 'string' ? immediate : undefined,
		},
	};
}

function problemWithName(label: string): ConfigResult {
	return { ok: false, problem: badHeaderName(label) };
}

function badHeaderName(label: string): string {
	return `'${label}' can't be the name of a header. Use letters, digits and hyphens, as in X-Bento-Secret`;
}

function readLoadPerson(
	wanted: unknown,
	whenNotLoaded: 'refuse' | 'start',
): TriggerConfig['loadPerson'] {
	if (wanted !== true) return 'no';
	return whenNotLoaded === 'refuse' ? 'orRefuse' : 'orStart';
}

/** The scheme, or the problem with it. */
function readScheme(read: ReadParameter): Scheme | string {
	const kind = read('authentication');
	switch (kind) {
		case 'none':
		case 'basic':
		case 'bearer':
			return { kind };
		case 'apiKey':
			return { kind: 'header', name: 'x-api-key' };
		case 'query': {
			const name = text.parse(read('queryName'));
			return name === '' ? "Fill in 'Parameter Name'" : { kind, name };
		}
		case 'header': {
			const name = text.parse(read('headerName')).toLowerCase();
			return isHeaderName(name) ? { kind, name } : badHeaderName('Header Name');
		}
		default:
			return "Choose one of the options of 'Authentication'";
	}
}
