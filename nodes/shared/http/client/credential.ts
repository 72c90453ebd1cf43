import { createHash } from 'crypto';
import { NodeOperationError, type IAllExecuteFunctions } from 'n8n-workflow';
import { z } from 'zod';
import type { BentoConnection, CallKind } from './call';
import type { RetryPolicy } from './policies';
import { Caller, RateLimiter, systemClock } from './rateLimiter';
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
	readonly policy: RetryPolicy;
	/** Requests per minute that the account may make, where that is known. */
	readonly requestsPerMinute?: number;
	/** Minimum time between the starts of two requests, in ms; default 0. */
	readonly interval?: number;
	/** Aborted when the execution is stopped. */
	readonly signal?: AbortSignal;
	/** Default true; false for the tracking webhook, which asks for no keys and so gets none. */
	readonly signed?: boolean;
	/**
	 * Whether the node goes on when items fail; default false. n8n then counts a thrown error as success, so a
	 * credential that can't be used has to fail every item instead.
	 */
	readonly continueOnFail?: boolean;
}

export interface Connected {
	readonly connection: BentoConnection;
	readonly keys: BentoKeys;
}

/**
 * Connects one run of a node to Bento: reads the `bentoApi` credential once and uses n8n's own request helper. n8n's
 * debug log gets a line for each attempt.
 *
 * @throws NodeOperationError when the credential can't be read or lacks a value, or its API Base URL isn't allowed;
 * with `continueOnFail` the connection then refuses every call instead
 */
export async function connectToBento(
	context: IAllExecuteFunctions,
	options: ConnectOptions,
): Promise<Connected> {
	const read = await readCredential(context);
	if (!read.ok && !options.continueOnFail) {
		throw new NodeOperationError(context.getNode(), read.problem);
	}
	const keys = read.ok ? read.keys : NO_KEYS;
	const { policy, requestsPerMinute } = options;
	return {
		keys,
		connection: {
			transport: read.ok ? transportFor(context, keys, options) : refusing(read.problem),
			baseUrl: keys.baseUrl,
			siteUuid: keys.siteUuid,
			account: accountOf(keys),
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

/** A digest of a credential's values: what has an equal one may share requests. */
export function accountOf({ publishableKey, secretKey, siteUuid, baseUrl }: BentoKeys): string {
	const values = JSON.stringify([publishableKey, secretKey, siteUuid, baseUrl]);
	return createHash('sha256').update(values).digest('base64');
}

/** All limiters of this process, by origin, site and kind of call; in all executions, workflows and nodes. */
const limiters = new Map<string, RateLimiter>();

/** A limiter that wasn't used for so long, in ms, is forgotten. */
const FORGET_AFTER = 300_000;

/** The limiter that all calls of a kind to a site share. */
export function siteLimiter(
	{ baseUrl, siteUuid }: Pick<BentoKeys, 'baseUrl' | 'siteUuid'>,
	kind: CallKind,
	requestsPerMinute?: number,
): RateLimiter {
	const key = JSON.stringify([new URL(baseUrl).origin, siteUuid, kind]);
	let limiter = limiters.get(key);
	if (!limiter) {
		for (const [other, known] of limiters) {
			if (known.isIdle(FORGET_AFTER)) limiters.delete(other);
		}
		limiter = new RateLimiter(systemClock);
		limiters.set(key, limiter);
	}
	if (requestsPerMinute !== undefined) limiter.documented = requestsPerMinute;
	return limiter;
}

/**
 * By n8n's node context, which all runs of a node in an execution share, and all tries of Retry On Fail (measured on
 * both engine lines): a loop would otherwise begin each round as if nothing had been sent before.
 */
const callers = new WeakMap<object, Caller>();

function callerOf(context: IAllExecuteFunctions, interval = 0): Caller {
	// A trigger and a dropdown have no such context, and each of their calls is one by itself.
	if (!('getContext' in context)) return new Caller({}, interval);
	const key = context.getContext('node');
	const execution: string | undefined = context.getExecutionId();
	const caller = callers.get(key) ?? new Caller(execution ?? key);
	caller.interval = interval;
	callers.set(key, caller);
	return caller;
}

const NO_KEYS: BentoKeys = {
	publishableKey: '',
	secretKey: '',
	siteUuid: '',
	baseUrl: DEFAULT_BASE_URL,
	trackingOrigin: TRACKING_ORIGIN,
};

async function readCredential(context: IAllExecuteFunctions): Promise<KeysResult> {
	try {
		return readKeys(await context.getCredentials('bentoApi'));
	} catch {
		// What n8n says of it may name other people's credentials.
		return { ok: false, problem: 'Select the Bento API credential again' };
	}
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

/** Shorter waits for a turn, in ms, are no news. */
const WORTH_TELLING = 50;

/** Shape, status and times, with the execution's ID; never values. */
function logLine(context: IAllExecuteFunctions, note: AttemptNote): string {
	const { request, attempt, outcome, duration, waited = 0, shared, wait } = note;
	const execution: string | undefined = context.getExecutionId();
	const parts = [
		`${request.method} ${withoutValues(request.path)}`,
		request.label,
		`attempt ${attempt}: ${outcome.kind}`,
		'reason' in outcome ? outcome.reason : undefined,
		'status' in outcome && outcome.status !== undefined ? `HTTP ${outcome.status}` : undefined,
		'code' in outcome ? outcome.code : undefined,
		`${Math.round(duration)} ms`,
		waited < WORTH_TELLING ? undefined : `waited ${Math.round(waited)} ms for its turn`,
		shared && `in one request of ${shared.executions} executions`,
		wait === undefined ? undefined : `next attempt in ${Math.round(wait)} ms or more`,
	];
	const place = execution === undefined ? '' : ` [execution ${execution}]`;
	const told = parts.filter((part) => part !== undefined);
	return `${context.getNode().name}${place}: ${told.join(', ')}`;
}

/** The fixed words of a path; what is between them may be an ID, a site, or an email address. */
function withoutValues(path: string): string {
	const { pathname } = new URL(path, TRACKING_ORIGIN);
	return pathname.replace(/[^/]+/g, (segment) => (/^[a-z_]+$/.test(segment) ? segment : '…'));
}

export type KeysResult =
	| { readonly ok: true; readonly keys: BentoKeys }
	| { readonly ok: false; readonly problem: string };

const text = z
	.string()
	.catch('')
	.transform((value) => value.trim());

const stored = z.object({
	publishableKey: text,
	secretKey: text,
	siteUuid: text,
	baseUrl: text,
});

/**
 * Reads a stored credential. Spaces that were pasted along with a value are trimmed. What is missing or in the
 * wrong field is named by its label; no value is ever quoted.
 */
export function readKeys(credential: unknown): KeysResult {
	const parsed = stored.safeParse(credential);
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
	if (publishableKey.startsWith('sk_') || secretKey.startsWith('pk_')) {
		return {
			ok: false,
			problem: "'Publishable Key' and 'Secret Key' are swapped in the Bento API credential",
		};
	}
	const url = readBaseUrl(baseUrl);
	if (!url.ok) return url;
	const { url: base, trackingOrigin } = url;
	return {
		ok: true,
		keys: { publishableKey, secretKey, siteUuid, baseUrl: base, trackingOrigin },
	};
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
		return problem(`'API Base URL' isn't a valid URL. Use ${DEFAULT_BASE_URL}`);
	}
	const url = new URL(given);
	if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
		return problem("'API Base URL' can't contain credentials or query parameters");
	}
	const path = url.pathname.replace(/\/+$/, '');
	if (isLoopback(url.hostname) && (url.protocol === 'http:' || url.protocol === 'https:')) {
		return { ok: true, url: url.origin + path, trackingOrigin: url.origin };
	}
	if (url.origin === TRACKING_ORIGIN || !isBento(url.hostname)) {
		return problem(
			`'API Base URL' must be Bento's own, such as ${DEFAULT_BASE_URL}, or a server on this machine. Your keys aren't sent anywhere else`,
		);
	}
	if (url.protocol !== 'https:') {
		return problem(
			"'API Base URL' must start with https://. http:// is only allowed for localhost",
		);
	}
	const base = url.origin + (path === '' ? DEFAULT_PATH : path);
	return { ok: true, url: base, trackingOrigin: TRACKING_ORIGIN };
}

function problem(sentence: string): BaseUrl {
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
		(one) => typeof one === 'string' && isSameOrigin(whole(one, baseURL), baseUrl),
	);
}

/**
 * A relative address behind its base, as axios joins them, but for the number of slashes between them: the origin is the
 * same with any. `//host` counts as whole, and is then no URL.
 */
function whole(address: string, base: unknown): string {
	if (typeof base !== 'string' || base === '' || /^([a-z][a-z\d+.-]*:)?\/\//i.test(address)) {
		return address;
	}
	return `${base}/${address}`;
}
