import type { ParsedResponse, Fault, RouteRequest } from './types';
import { badRequest, isRecord, refusal, type Problem } from './values';

/** How a kind of record is taken in batches. */
export interface BatchKind<T> {
	/** The key that the records come under. */
	readonly wrapper: string;
	/** Most records in one request. */
	readonly most: number;
	/** A record, or undefined after adding to the problems. */
	readonly read: (entry: unknown, problems: Problem[]) => T | undefined;
	/** Whether the whole batch is refused for this record's sake. */
	readonly refuse: ((record: T) => boolean) | undefined;
	/** Whether this record alone is counted as failed. */
	readonly fail: ((record: T) => boolean) | undefined;
	readonly take: (record: T) => void;
	/** Whether the response counts failed records even if there are none. */
	readonly alwaysCountsFailed: boolean;
}

/** The records under a wrapper key, or the response if there are none or too many. */
export function readList(
	body: unknown,
	wrapper: string,
	most: number,
): { readonly entries: readonly unknown[] } | { readonly answer: ParsedResponse } {
	const entries: unknown = isRecord(body) ? body[wrapper] : undefined;
	if (!Array.isArray(entries)) return { answer: badRequest(`${wrapper} is missing`) };
	if (entries.length < 1 || entries.length > most) {
		return { answer: badRequest(`${wrapper} must hold 1 to ${most} records`) };
	}
	return { entries };
}

/** Takes a batch, or refuses it whole. Plain loops: the server is the floor that benchmarks compare with. */
export function takeBatch<T>(kind: BatchKind<T>, { body, fault }: RouteRequest): ParsedResponse {
	const list = readList(body, kind.wrapper, kind.most);
	if ('answer' in list) return list.answer;
	const records: T[] = [];
	const problems: Problem[] = [];
	for (const entry of list.entries) {
		const record = kind.read(entry, problems);
		if (record !== undefined) records.push(record);
	}
	if (problems.length > 0) return refusal(...problems);
	if (kind.refuse && records.some(kind.refuse)) {
		return refusal({ field: 'email', message: 'is invalid' });
	}
	const { fail } = kind;
	const good = fail ? records.filter((record) => !fail(record)) : records;
	const taken = good.length - Math.min(good.length, lostTo(fault));
	for (const record of good.slice(0, taken)) kind.take(record);
	return { status: 200, body: count(kind, fault, taken, records.length - taken) };
}

function lostTo(fault: Fault | undefined): number {
	return fault?.kind === 'partial' ? fault.failed : 0;
}

function count<T>(
	{ alwaysCountsFailed }: BatchKind<T>,
	fault: Fault | undefined,
	taken: number,
	failed: number,
): unknown {
	if (fault?.kind === 'fewer') return { results: fault.results, failed: 0 };
	return alwaysCountsFailed || failed > 0 ? { results: taken, failed } : { results: taken };
}
