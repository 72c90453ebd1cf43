import { NodeOperationError, type IAllExecuteFunctions } from 'n8n-workflow';
import type { BentoConnection } from './callBento';
import { systemClock } from './clock';
import { DEFAULT_BASE_URL } from './baseUrl';
import { readKeys, type BentoKeys, type KeysResult } from './keys';
import { n8nTransport, n8nUnsignedTransport } from './n8nTransport';
import { Pace } from './pace';
import type { Transport } from './types';
import { DEFAULT_WAITING, type WaitingPolicy } from './waiting';

export interface ConnectOptions {
	/** Default: `DEFAULT_WAITING`. */
	readonly policy?: WaitingPolicy;
	/** Least time between the starts of two requests, in ms; default 0. */
	readonly interval?: number;
	/** Aborted when the execution is stopped. */
	readonly signal?: AbortSignal;
	/** Default true; false for the tracking webhook, which asks for no keys and so gets none. */
	readonly signed?: boolean;
	/**
	 * Whether the node goes on when items fail; default false. n8n then takes a thrown error for success, so a
	 * credential that can't be used has to fail every item instead.
	 */
	readonly continueOnFail?: boolean;
}

export interface Connected {
	readonly connection: BentoConnection;
	readonly keys: BentoKeys;
}

/**
 * Opens the way to Bento for one run of a node: reads the `bentoApi` credential once and stands on n8n's own
 * request helper.
 *
 * @throws NodeOperationError when the credential can't be read, lacks a value or its API Base URL isn't safe;
 * with `continueOnFail` the connection then refuses every call instead
 */
export async function connectToBento(
	context: IAllExecuteFunctions,
	options: ConnectOptions = {},
): Promise<Connected> {
	const read = await readCredential(context);
	if (!read.ok && !options.continueOnFail) {
		throw new NodeOperationError(context.getNode(), read.problem);
	}
	const keys = read.ok ? read.keys : NO_KEYS;
	return {
		keys,
		connection: {
			transport: read.ok ? transportFor(context, keys, options) : refusing(read.problem),
			baseUrl: keys.baseUrl,
			siteUuid: keys.siteUuid,
			policy: options.policy ?? DEFAULT_WAITING,
			clock: systemClock,
			random: Math.random,
			pace: new Pace(systemClock, options.interval),
			signal: options.signal,
		},
	};
}

const NO_KEYS: BentoKeys = {
	publishableKey: '',
	secretKey: '',
	siteUuid: '',
	baseUrl: DEFAULT_BASE_URL,
	trackingOrigin: DEFAULT_BASE_URL,
};

async function readCredential(context: IAllExecuteFunctions): Promise<KeysResult> {
	try {
		return readKeys(await context.getCredentials('bentoApi'));
	} catch {
		// What n8n says of it may name other people's credentials.
		return { ok: false, problem: 'Choose the Bento API credential of this node again' };
	}
}

function transportFor(
	context: IAllExecuteFunctions,
	keys: BentoKeys,
	{ signed = true }: ConnectOptions,
): Transport {
	return signed ? n8nTransport(context, keys) : n8nUnsignedTransport(context);
}

function refusing(problem: string): Transport {
	return () => Promise.resolve({ kind: 'unconfigured', problem });
}
