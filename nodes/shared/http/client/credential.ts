import {
	NodeOperationError,
	type IAllExecuteFunctions,
	type IExecuteFunctions,
	type INodeProperties,
} from 'n8n-workflow';
import { z } from 'zod';
import type { BentoConnection } from './call';
import { placeOf, tellVersion, WORTH_TELLING } from './log';
import { DEFAULT_RETRY_POLICY, type RetryPolicy } from './policies';
import { systemClock } from './rateLimiter';
import { accountKey, callerOf, siteLimiter } from './siteLimiter';
import { isSameOrigin, n8nTransport, n8nUnsignedTransport } from './transport';
import type { AttemptNote, Transport } from './types';

export const DEFAULT_BASE_URL = 'https://app.bentonow.com/api/v1';

const BENTO = 'bentonow.com';
const DEFAULT_PATH = '/api/v1';
const TRACKING_ORIGIN = 'https://track.bentonow.com';

/** The `bentoApi` credential's values, trimmed and checked. */
export interface BentoKeys {
	readonly publishableKey: string;
	readonly secretKey: string;
	readonly siteUuid: string;
	/** Without a trailing slash. */
	readonly baseUrl: string;
	/** Scheme, host and port of the tracking webhook. */
	readonly trackingOrigin: string;
}

export interface ConnectOptions {
	/** Default: `DEFAULT_RETRY_POLICY`. */
	readonly policy?: RetryPolicy;
	/** Requests per minute that the account may make, if that is known. */
	readonly requestsPerMinute?: number;
	/** Minimum time between the starts of two requests, in ms; default 0. */
	readonly interval?: number;
	/** Aborted when the execution is stopped. */
	readonly signal?: AbortSignal;
	/** Default true; false for the tracking webhook, which asks for no keys and so gets none. */
	readonly signed?: boolean;
}

export interface Connected {
	readonly connection: BentoConnection;
	readonly keys: BentoKeys;
}

/**
 * Connects to Bento: reads the `bentoApi` credential once and uses n8n's own request helper. n8n's debug log gets a
 * line for each attempt.
 *
 * @throws NodeOperationError when the credential can't be read or lacks a value, or its API Base URL isn't allowed
 */
export async function connectToBento(
	context: IAllExecuteFunctions,
	options: ConnectOptions = {},
): Promise<Connected> {
	const read = await readCredential(context);
	if (!read.ok) throw new NodeOperationError(context.getNode(), read.problem);
	return connect(context, read, options);
}

/** Connects with a credential that was read; the connection of an unusable one refuses every call. */
export function connect(
	context: IAllExecuteFunctions,
	read: KeysResult,
	options: ConnectOptions = {},
): Connected {
	tellVersion(context);
	const keys = read.ok ? read.keys : NO_KEYS;
	const { policy = DEFAULT_RETRY_POLICY, requestsPerMinute } = options;
	return {
		keys,
		connection: {
			transport: read.ok ? transportFor(context, keys, options) : refusing(read.problem),
			baseUrl: keys.baseUrl,
			siteUuid: keys.siteUuid,
			account: accountKey(keys),
			policy,
			endsAt:
				policy.limits === 'connection' ? systemClock.now() + policy.totalTimeLimit : undefined,
			clock: systemClock,
			random: Math.random,
			limiterFor: (kind) => siteLimiter(keys, kind, requestsPerMinute),
			caller: callerOf(context, options.interval),
			signal: options.signal,
			onAttempt: (note) => context.logger.debug(logLine(context, note)),
		},
	};
}

/** Items that go by one credential. */
export interface CredentialGroup {
	readonly read: KeysResult;
	readonly items: readonly number[];
}

/**
 * Reads the credential of each item, and groups the items by it. n8n evaluates a credential's expressions for one item
 * at a time, and takes a read of its database for each, so a credential without expressions is read once.
 */
export async function readCredentials(
	context: IExecuteFunctions,
	items: readonly number[],
): Promise<CredentialGroup[]> {
	const [first = 0] = items;
	const stored = await storedCredential(context, first);
	const read = readStored(context, stored);
	if (items.length < 2 || (stored !== undefined && isFixed(stored))) return [{ read, items }];
	const groups = new Map<string, { read: KeysResult; items: number[] }>();
	for (const item of items) {
		const own = item === first ? read : await readCredential(context, item);
		const key = JSON.stringify(own);
		const group = groups.get(key) ?? { read: own, items: [] };
		group.items.push(item);
		groups.set(key, group);
	}
	return [...groups.values()];
}

const CREDENTIAL_FIELDS = ['publishableKey', 'secretKey', 'siteUuid', 'baseUrl'] as const;

/** There if this package defines the credential type. Bento's own package defines it too, without these properties. */
const TELLS_EXPRESSIONS = 'tellsExpressions';

/** No field has this value, so n8n leaves the property out, unless the field is an expression. */
const NEVER = '\u0000';

/**
 * Hidden properties by which a run learns whether fields of the credential are expressions: n8n doesn't say so, but before
 * it evaluates any, it leaves out properties that aren't shown, and shows those that depend on an expression (both
 * lines, `displayParameter` in n8n-workflow).
 */
export const EXPRESSION_FLAGS: readonly INodeProperties[] = [
	{ displayName: 'Tells Expressions', name: TELLS_EXPRESSIONS, type: 'hidden', default: true },
	...CREDENTIAL_FIELDS.map((field): INodeProperties => ({
		displayName: `Expression in ${field}`,
		name: flagOf(field),
		type: 'hidden',
		default: true,
		displayOptions: { show: { [field]: [NEVER] } },
	})),
];

/** Without the field's name, so that no flag of a secret looks like a secret. */
function flagOf(field: (typeof CREDENTIAL_FIELDS)[number]): string {
	return `expressionInField${CREDENTIAL_FIELDS.indexOf(field) + 1}`;
}

/** Whether a credential is certainly the same for all items. */
function isFixed(stored: object): boolean {
	return TELLS_EXPRESSIONS in stored && !CREDENTIAL_FIELDS.some((field) => flagOf(field) in stored);
}

const NO_KEYS: BentoKeys = {
	publishableKey: '',
	secretKey: '',
	siteUuid: '',
	baseUrl: DEFAULT_BASE_URL,
	trackingOrigin: TRACKING_ORIGIN,
};

async function readCredential(context: IAllExecuteFunctions, item?: number): Promise<KeysResult> {
	return readStored(context, await storedCredential(context, item));
}

/** Undefined if n8n can't give it: what n8n says of it may name other people's credentials. */
async function storedCredential(
	context: IAllExecuteFunctions,
	item?: number,
): Promise<object | undefined> {
	try {
		return await context.getCredentials('bentoApi', item);
	} catch {
		return undefined;
	}
}

function readStored(context: IAllExecuteFunctions, credential: object | undefined): KeysResult {
	if (credential) return readKeys(credential);
	const isSelected = context.getNode().credentials?.bentoApi !== undefined;
	const problem = isSelected
		? "n8n can't read the Bento API credential. Select it again, or create a new one"
		: 'No Bento API credential is selected. Select or create one';
	return { ok: false, problem };
}

function transportFor(
	context: IAllExecuteFunctions,
	keys: BentoKeys,
	{ signed = true }: ConnectOptions,
): Transport {
	return signed ? n8nTransport(context, keys) : n8nUnsignedTransport(context, keys);
}

function refusing(problem: string): Transport {
	return () => Promise.resolve({ kind: 'unconfigured', problem });
}

/** Shape, status and times, and where they come from; never values. */
function logLine(context: IAllExecuteFunctions, note: AttemptNote): string {
	const { request, attempt, outcome, duration, waited = 0, shared, wait } = note;
	const parts = [
		`${request.method} ${withoutValues(request.path)}`,
		request.label,
		`attempt ${attempt}: ${outcome.kind}`,
		'reason' in outcome ? outcome.reason : undefined,
		'status' in outcome && outcome.status !== undefined ? `HTTP ${outcome.status}` : undefined,
		'code' in outcome ? outcome.code : undefined,
		'requestId' in outcome ? outcome.requestId : undefined,
		`${Math.round(duration)} ms`,
		waited < WORTH_TELLING ? undefined : `waited ${Math.round(waited)} ms for its turn`,
		shared && `in one request of ${shared.executions} executions`,
		wait === undefined ? undefined : `next attempt in ${Math.round(wait)} ms or more`,
	];
	return `${placeOf(context)}: ${parts.filter((part) => part !== undefined).join(', ')}`;
}

/** The fixed words of a path; what is between them may be an ID, a site, or an email address. */
function withoutValues(path: string): string {
	const { pathname } = new URL(path, TRACKING_ORIGIN);
	return pathname.replace(/[^/]+/g, (segment) => (/^[a-z_]+$/.test(segment) ? segment : '…'));
}

export type KeysResult =
	| { readonly ok: true; readonly keys: BentoKeys }
	| { readonly ok: false; readonly problem: string };

const trimmed = z
	.string()
	.catch('')
	.transform((value) => value.trim());

const storedFields = z.object({
	publishableKey: trimmed,
	secretKey: trimmed,
	siteUuid: trimmed,
	baseUrl: trimmed,
});

/**
 * Reads a stored credential. Spaces that were pasted along with a value are trimmed. What is missing or in the
 * wrong field is named by its label; no value is ever quoted.
 */
export function readKeys(credential: unknown): KeysResult {
	const parsed = storedFields.safeParse(credential);
	if (!parsed.success)
		return { ok: false, problem: 'The credential is empty. Fill it in and save it' };
	const { publishableKey, secretKey, siteUuid, baseUrl } = parsed.data;
	const missing = [
		publishableKey === '' ? "'Publishable Key'" : '',
		secretKey === '' ? "'Secret Key'" : '',
		siteUuid === '' ? "'Site UUID'" : '',
	].filter((label) => label !== '');
	if (missing.length > 0) {
		const verb = missing.length === 1 ? 'is' : 'are';
		const problem = `${missing.join(' and ')} ${verb} missing in the Bento API credential`;
		return { ok: false, problem };
	}
	const mixedUp = keyProblem(publishableKey, secretKey) ?? siteProblem(siteUuid);
	if (mixedUp !== undefined) return { ok: false, problem: mixedUp };
	const url = readBaseUrl(baseUrl);
	if (!url.ok) return url;
	const { url: base, trackingOrigin } = url;
	return {
		ok: true,
		keys: { publishableKey, secretKey, siteUuid, baseUrl: base, trackingOrigin },
	};
}

/** Bento's keys begin with their kind (bentonow.com/docs/authentication); other ones are left to Bento. */
function keyProblem(publishableKey: string, secretKey: string): string | undefined {
	if (publishableKey === secretKey) {
		return "'Publishable Key' and 'Secret Key' are the same in the Bento API credential. Copy each of them from Bento";
	}
	const secretFirst = publishableKey.startsWith('sk_');
	const publishableSecond = secretKey.startsWith('pk_');
	if (secretFirst && publishableSecond) {
		return "'Publishable Key' and 'Secret Key' are swapped in the Bento API credential";
	}
	if (secretFirst) return "'Publishable Key' contains a secret key in the Bento API credential";
	if (publishableSecond) {
		return "'Secret Key' contains a publishable key in the Bento API credential";
	}
	return undefined;
}

/** Bento has site keys of other forms too, so only what is certainly something else is refused. */
function siteProblem(siteUuid: string): string | undefined {
	return /^[pP][kK]_|^[sS][kK]_|[\s/@]/.test(siteUuid)
		? "'Site UUID' isn't a site's UUID in the Bento API credential. Example: 2a7c1f60-58b3-4d0e-9c14-6f0b7d1e9a35"
		: undefined;
}

export type BaseUrl =
	| { readonly ok: true; readonly url: string; readonly trackingOrigin: string }
	| { readonly ok: false; readonly problem: string };

/**
 * Checks the credential's API Base URL and brings it into the form that paths are appended to. Keys travel in every
 * request, and n8n's Test button sends a stored key to any address that was typed in just before, so only Bento's own
 * hosts and this machine are allowed.
 *
 * An empty value means Bento itself, and so does Bento's bare host, as credentials made for Bento's own package store
 * it. The tracking webhook has a host of its own at Bento and stands beside the API elsewhere.
 */
export function readBaseUrl(value: string | undefined): BaseUrl {
	const given = value?.trim() ?? '';
	if (given === '') return { ok: true, url: DEFAULT_BASE_URL, trackingOrigin: TRACKING_ORIGIN };
	if (!URL.canParse(given)) {
		return invalidUrl(`'API Base URL' isn't a valid URL. Use ${DEFAULT_BASE_URL}`);
	}
	const url = new URL(given);
	if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
		return invalidUrl("'API Base URL' can't contain credentials or query parameters");
	}
	// The lookbehind keeps a long run of slashes from being tried from each of them.
	const path = url.pathname.replace(/(?<!\/)\/+$/, '');
	if (isLoopback(url.hostname) && (url.protocol === 'http:' || url.protocol === 'https:')) {
		return { ok: true, url: url.origin + path, trackingOrigin: url.origin };
	}
	if (url.origin === TRACKING_ORIGIN || !isBento(url.hostname)) {
		return invalidUrl(
			`'API Base URL' must be Bento's own, such as ${DEFAULT_BASE_URL}, or a server on this machine. Your keys aren't sent anywhere else`,
		);
	}
	if (url.protocol !== 'https:') {
		return invalidUrl(
			"'API Base URL' must start with https://. http:// is only allowed for localhost",
		);
	}
	const base = url.origin + (path === '' ? DEFAULT_PATH : path);
	return { ok: true, url: base, trackingOrigin: TRACKING_ORIGIN };
}

function invalidUrl(sentence: string): BaseUrl {
	return { ok: false, problem: sentence };
}

function isBento(hostname: string): boolean {
	return hostname === BENTO || hostname.endsWith(`.${BENTO}`);
}

function isLoopback(hostname: string): boolean {
	return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

/** The parts of a request that say where it goes; n8n's two request helpers name them differently. */
export interface Destination {
	readonly baseURL?: unknown;
	readonly url?: unknown;
	readonly uri?: unknown;
}

/**
 * Whether a request goes to the credential's API and nowhere else, as n8n and axios put its address together.
 *
 * @param baseUrl of the credential, as `readBaseUrl` gives it
 */
export function isForBento({ baseURL, url, uri }: Destination, baseUrl: string): boolean {
	const given = [url, uri].filter((one) => one !== undefined && one !== '');
	if (given.length === 0) return false;
	return given.every(
		(one) => typeof one === 'string' && isSameOrigin(joinAddress(one, baseURL), baseUrl),
	);
}

/**
 * A relative address behind its base, as axios joins them, but for the number of slashes between them: the origin is the
 * same with any. `//host` counts as whole, and is then no URL.
 */
function joinAddress(address: string, base: unknown): string {
	if (typeof base !== 'string' || base === '' || /^([a-z][a-z\d+.-]*:)?\/\//i.test(address)) {
		return address;
	}
	return `${base}/${address}`;
}
