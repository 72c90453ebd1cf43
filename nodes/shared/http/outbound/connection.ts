import { NodeOperationError, type IAllExecuteFunctions } from 'n8n-workflow';
import type { BentoConnection } from './callBento';
import { systemClock } from './clock';
import { readKeys, type BentoKeys } from './keys';
import { n8nTransport, n8nUnsignedTransport } from './n8nTransport';
import { Pace } from './pace';
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
}

export interface Connected {
	readonly connection: BentoConnection;
	readonly keys: BentoKeys;
}

/**
 * Opens the way to Bento for one run of a node: reads the `bentoApi` credential once and stands on n8n's own
 * request helper.
 *
 * @throws NodeOperationError when the credential lacks a value or its API Base URL isn't safe
 */
export async function connectToBento(
	context: IAllExecuteFunctions,
	options: ConnectOptions = {},
): Promise<Connected> {
	const credential = await context.getCredentials('bentoApi');
	const read = readKeys(credential);
	if (!read.ok) throw new NodeOperationError(context.getNode(), read.problem);
	const { keys } = read;
	return {
		keys,
		connection: {
			transport:
				options.signed === false ? n8nUnsignedTransport(context) : n8nTransport(context, keys),
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
