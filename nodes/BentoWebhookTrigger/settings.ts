import type { IHookFunctions, INode, IWebhookFunctions } from 'n8n-workflow';
import { z } from 'zod';
import { readAllowList } from '../shared/http/server/addresses';
import {
	canCarrySecret,
	digest,
	hiderOf,
	isHeaderName,
	type Hide,
	type Scheme,
} from '../shared/http/server/secret';
import { isDangerousKey } from '../shared/http/server/head';
import { readPatterns, type EventFilter } from './normalize';

/** What the user chose, read and checked once: the node's parameters and its secret. */

/** The node's settings, checked; times in ms, sizes in bytes. */
export interface Settings {
	readonly scheme: Scheme;
	readonly allows: (address: string) => boolean;
	readonly wants: EventFilter;
	readonly maxBytes: number;
	readonly acceptBrokenJson: boolean;
	readonly repeats: RepeatRules;
	readonly loadPerson: 'no' | 'orRefuse' | 'orStart';
	/** The body that n8n answers with immediately; undefined in the other response modes. */
	readonly immediateBody: string | undefined;
}

export interface RepeatRules {
	readonly ignored: boolean;
	/** Whether an external ID identifies a request alone. */
	readonly byExternalId: boolean;
	/** In lower case; '' looks for the usual names. */
	readonly deliveryHeader: string;
	/** How long a request with a delivery ID or an external ID is remembered. */
	readonly idWindow: number;
	/** How long a request without one is remembered. */
	readonly bodyWindow: number;
	/**
	 * Whether the newest keys also go into n8n's static data. Not with a Respond to Webhook node: n8n then saves
	 * them before it listens to that node, and the sender gets an empty 200 (measured on 1.123 and 2.41).
	 */
	readonly stored: boolean;
}

export type SettingsResult =
	| { readonly ok: true; readonly settings: Settings }
	| { readonly ok: false; readonly problem: string };

/** Reads one of the node's parameters; '' where it is hidden. */
export type ReadParameter = (name: string) => unknown;

const MINUTE = 60_000;

/** The values of options that aren't added; the same as the defaults that the editor shows. */
export const DEFAULTS = { bodyWindow: 10, idWindow: 1440, maxKilobytes: 1024 } as const;

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

const optionsSchema = z.preprocess(
	(value) => (typeof value === 'object' && value !== null ? value : {}),
	z.object({
		acceptBrokenJson: z.boolean().default(true).catch(true),
		allowedAddresses: text,
		bodyWindow: whole(DEFAULTS.bodyWindow, 0, 1440),
		deliveryHeader: text,
		events: text,
		idWindow: whole(DEFAULTS.idWindow, 1, 43_200),
		ignoreDuplicates: z.boolean().default(true).catch(true),
		maxKilobytes: whole(DEFAULTS.maxKilobytes, 1, 16_384),
		recognizeRepeatsBy: z.enum(['externalId', 'request']).default('request').catch('request'),
		whenNotLoaded: z.enum(['refuse', 'start']).default('start').catch('start'),
	}),
);

/**
 * Reads and checks the node's parameters. A problem says which one to change; a number out of its range is
 * brought into it.
 */
export function readSettings(read: ReadParameter): SettingsResult {
	const options = optionsSchema.parse(read('settings'));
	const scheme = readScheme(read);
	if (typeof scheme === 'string') return { ok: false, problem: scheme };
	const allowList = readAllowList(options.allowedAddresses);
	if (!allowList.ok) {
		return {
			ok: false,
			problem:
				"'IP(s) Allowlist' contains an invalid entry. Use a format like 203.0.113.7, 10.0.0.0/8 or 2001:db8::/32",
		};
	}
	if (options.deliveryHeader !== '' && !isHeaderName(options.deliveryHeader)) {
		return { ok: false, problem: badHeaderName('Delivery ID Header', 'X-Delivery-ID') };
	}
	const responseMode = read('responseMode');
	const immediate = responseMode === 'onReceived' ? read('responseData') : undefined;
	return {
		ok: true,
		settings: {
			scheme,
			allows: allowList.allows,
			wants: readPatterns(options.events),
			maxBytes: options.maxKilobytes * 1024,
			acceptBrokenJson: options.acceptBrokenJson,
			repeats: {
				ignored: options.ignoreDuplicates,
				byExternalId: options.recognizeRepeatsBy === 'externalId',
				deliveryHeader: options.deliveryHeader.toLowerCase(),
				idWindow: options.idWindow * MINUTE,
				bodyWindow: options.bodyWindow * MINUTE,
				stored: responseMode !== 'responseNode',
			},
			loadPerson: readLoadPerson(read('loadPerson'), options.whenNotLoaded),
			immediateBody: typeof immediate === 'string' ? immediate : undefined,
		},
	};
}

function badHeaderName(label: string, example: string): string {
	return `'${label}' isn't a valid header name. Use letters, digits, and hyphens, e.g. ${example}`;
}

function readLoadPerson(
	wanted: unknown,
	whenNotLoaded: 'refuse' | 'start',
): Settings['loadPerson'] {
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
			if (name === '') return "Fill in 'Parameter Name'";
			return isDangerousKey(name)
				? "A query parameter called like this one in 'Parameter Name' is always dropped. Use another name, e.g. access_key"
				: { kind, name };
		}
		case 'header': {
			const name = text.parse(read('headerName')).toLowerCase();
			if (!isHeaderName(name)) return badHeaderName('Header Name', 'X-Bento-Secret');
			return canCarrySecret(name)
				? { kind, name }
				: "The header in 'Header Name' has a meaning of its own and can't contain a secret. Use another name, e.g. X-Bento-Secret";
		}
		default:
			return "Select an 'Authentication' option";
	}
}

/** What a request and a hook have in common. */
export type Context = IHookFunctions | IWebhookFunctions;

/** Names the node within this n8n, so that no two share what they remember. */
export function nodeKey(context: Context, node: INode): string {
	return `${context.getWorkflow().id ?? ''}:${node.id}`;
}

const PARAMETERS = [
	'authentication',
	'headerName',
	'loadPerson',
	'queryName',
	'responseData',
	'responseMode',
	'settings',
];

/** The last reading of each trigger node, for the life of this n8n process. */
const readings = new Map<string, { readonly values: string; readonly result: SettingsResult }>();

/** The settings of the node that a request or a hook belongs to; checked again only when they change. */
export function settingsOf(context: Context, node: INode): SettingsResult {
	const parameters = Object.fromEntries(
		PARAMETERS.map((name) => [name, parameterOf(context, node, name)]),
	);
	const key = nodeKey(context, node);
	const values = JSON.stringify(parameters);
	const last = readings.get(key);
	if (last?.values === values) return last.result;
	const result = readSettings((name) => parameters[name]);
	readings.set(key, { values, result });
	return result;
}

/** n8n is asked only for expressions: for a fixed value, it takes longer than all the rest of the node. */
function parameterOf(context: Context, node: INode, name: string): unknown {
	const stored: unknown = node.parameters[name] ?? '';
	const values = typeof stored === 'object' && stored !== null ? Object.values(stored) : [stored];
	const hasExpression = values.some((value) => typeof value === 'string' && value.startsWith('='));
	if (!hasExpression) return stored;
	const evaluated: unknown = context.getNodeParameter(name, '');
	return evaluated;
}

const SECRET_CREDENTIAL = 'bentoWebhookSecretApi';

export type SecretResult =
	| {
			readonly ok: true;
			/** Digests of what a request may present under the scheme. */
			readonly accepted: readonly Buffer[];
			/** Takes the secrets out of everything that leaves the node. */
			readonly hide: Hide;
			/** Otherwise senders have to write UTF-8. */
			readonly isAscii: boolean;
	  }
	| { readonly ok: false; readonly problem: string };

/** In characters. Shorter ones can be guessed. */
const SHORTEST = 16;

/** In bytes. Node takes 16 kB of headers in all, and percent-encoding makes three bytes of one. */
const LONGEST = 4096;

const value = z.string().default('').catch('');
const stored = z.object({ secret: value, previousSecret: value, userName: value });

/**
 * Reads the stored credential for a scheme. Fails where a secret is missing, too short to be safe, or can't arrive as
 * it is; the problem says what to do and never quotes a value.
 *
 * @param scheme the scheme's kind; `any` checks what applies to all of them
 */
export function readSecrets(credential: unknown, scheme: Scheme['kind'] | 'any'): SecretResult {
	const parsed = stored.safeParse(credential);
	if (!parsed.success)
		return problem('The Bento Webhook Secret API credential is empty. Fill it in');
	const { secret, previousSecret, userName } = parsed.data;
	if (secret === '') return problem("Fill in 'Secret' in the Bento Webhook Secret API credential");
	for (const [label, text] of [
		['Secret', secret],
		['Previous Secret', previousSecret],
	] as const) {
		const wrong = text === '' ? undefined : problemWithSecret(text);
		if (wrong !== undefined) {
			return problem(
				wrong.replace('{field}', `'${label}' in the Bento Webhook Secret API credential`),
			);
		}
	}
	if (userName.includes(':')) {
		return problem(
			"'User Name' in the Bento Webhook Secret API credential can't contain a colon, which separates it from the secret",
		);
	}
	if (hasControlCharacter(userName)) {
		return problem(
			"'User Name' in the Bento Webhook Secret API credential contains a line break or another control character. Remove it",
		);
	}
	if (scheme === 'basic' && userName === '') {
		return problem(
			"Basic authentication requires a user name. Fill in 'User Name' in the Bento Webhook Secret API credential",
		);
	}
	const secrets = [secret, previousSecret].filter((text) => text !== '');
	const presented = scheme === 'basic' ? secrets.map((text) => `${userName}:${text}`) : secrets;
	return {
		ok: true,
		accepted: presented.map(digest),
		hide: hiderOf(secrets),
		isAscii: presented.every((text) => Buffer.byteLength(text) === text.length),
	};
}

function problem(words: string): SecretResult {
	return { ok: false, problem: words };
}

function problemWithSecret(secret: string): string | undefined {
	if (secret !== secret.trim()) return 'Remove the leading or trailing spaces from {field}';
	if (Array.from(secret).length < SHORTEST) {
		return `{field} is too short. Use at least ${SHORTEST} characters`;
	}
	if (Buffer.byteLength(secret) > LONGEST) {
		return `{field} is too long to arrive. Use at most ${LONGEST} bytes`;
	}
	if (hasControlCharacter(secret)) {
		return "{field} contains a line break or another control character, which senders can't send. Remove it";
	}
	// Half of a surrogate pair has no UTF-8.
	return Buffer.from(secret, 'utf8').toString('utf8') === secret
		? undefined
		: "{field} contains a broken character, which senders can't send. Type it again";
}

function hasControlCharacter(text: string): boolean {
	return /\p{Cc}/u.test(text);
}

/** Reads the secrets that the scheme needs; none for no authentication. */
export async function readSecretsOf(
	context: Context,
	node: INode,
	scheme: Scheme,
): Promise<SecretResult> {
	if (scheme.kind === 'none')
		return { ok: true, accepted: [], hide: (text) => text, isAscii: true };
	if (!node.credentials?.[SECRET_CREDENTIAL]) {
		return problem('Select or create a Bento Webhook Secret API credential in this node');
	}
	const credential: unknown = await context.getCredentials(SECRET_CREDENTIAL);
	return readSecrets(credential, scheme.kind);
}

/** How long a read of the credential serves, in ms: less than it takes to change a secret and try the old one. */
export const SECRET_SERVES = 5000;

interface SecretRead {
	/** Which credential was read, and for which scheme. */
	readonly what: string;
	/** In ms since the epoch. */
	readonly began: number;
	readonly result: Promise<SecretResult>;
}

/** The last read of each trigger node, for the life of this n8n process. */
const secretReads = new Map<string, SecretRead>();

/**
 * The secrets, or what they were up to five seconds ago. For every read, n8n 2.x makes an isolate for expressions, most
 * of what a rejected request costs (measured on 2.41), so that a flood of wrong secrets would be expensive. Requests
 * that come together share a read. What fails is read again by the next. A test run always reads: its builder may have
 * changed the secret just now.
 *
 * @param now in ms since the epoch
 */
export async function secretsOf(
	context: IWebhookFunctions,
	node: INode,
	scheme: Scheme,
	now: number,
): Promise<SecretResult> {
	const read = async () => await readSecretsOf(context, node, scheme);
	if (context.getMode() === 'manual') return await read();
	const what = `${scheme.kind} ${node.credentials?.[SECRET_CREDENTIAL]?.id ?? ''}`;
	return await sharedRead(nodeKey(context, node), what, now, read);
}

/** One read for all who ask within `SECRET_SERVES`; exported for its tests. */
export async function sharedRead(
	node: string,
	what: string,
	now: number,
	read: () => Promise<SecretResult>,
): Promise<SecretResult> {
	const last = secretReads.get(node);
	if (last?.what === what && now >= last.began && now - last.began < SECRET_SERVES) {
		return await last.result;
	}
	const own: SecretRead = { what, began: now, result: read() };
	secretReads.set(node, own);
	let serves = false;
	try {
		const result = await own.result;
		serves = result.ok;
		return result;
	} finally {
		if (!serves && secretReads.get(node) === own) secretReads.delete(node);
	}
}

/** Forgets what was read for a node: it was activated or deactivated. */
export function forgetSecrets(node: string): void {
	secretReads.delete(node);
}
