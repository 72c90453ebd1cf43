import { callBento, type BentoConnection } from './call';
import type { BentoRequest, CallReport } from './types';

interface Read {
	readonly report: Promise<CallReport>;
	readonly startedAt: number;
}

/** By credential and request. */
const reads = new Map<string, Read>();

/** A response this old, in ms, is asked for again. */
const FRESH = 3_000;

/**
 * Makes a read that others of this process may have made a moment ago: equal ones by an equal credential share a
 * request. Only for lists that many ask for at once; a failure is shared by those that waited for it, and by no later one.
 */
export async function readShared(
	connection: BentoConnection,
	request: BentoRequest,
): Promise<CallReport> {
	const now = connection.clock.now();
	for (const [key, { startedAt }] of reads) if (now - startedAt > FRESH) reads.delete(key);
	const key = JSON.stringify([connection.account, request.path, request.query]);
	const known = reads.get(key);
	if (known) return await known.report;
	const read = { report: callBento(connection, request), startedAt: now };
	reads.set(key, read);
	const report = await read.report;
	if (report.outcome.kind !== 'accepted' && reads.get(key) === read) reads.delete(key);
	return report;
}
