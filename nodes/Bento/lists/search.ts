import {
	NodeApiError,
	type IDataObject,
	type ILoadOptionsFunctions,
	type INodeListSearchResult,
} from 'n8n-workflow';
import { connectToBento } from '../../shared/http/outbound/connect';
import { explain } from '../../shared/http/outbound/explain';
import {
	DEFAULT_WAITING,
	type BentoConnection,
	type WaitingPolicy,
} from '../../shared/http/outbound/call';
import { readPages } from '../../shared/operation/define';
import type { Route } from '../../shared/operation/types';
import { sharedReads, UNEXPECTED_RESPONSE } from '../../shared/operation/calls';

/** Someone is waiting in front of a dropdown. Times in ms. */
const PATIENCE: WaitingPolicy = {
	...DEFAULT_WAITING,
	maxAttempts: 2,
	longestWait: 3_000,
	timeout: 15_000,
	totalTimeLimit: 20_000,
};

/** More entries than anyone scrolls through; the search finds among all of these. */
const MOST_ROWS = 2_000;

/** One entry of a dropdown. */
export interface Entry {
	readonly name: string;
	readonly value: string;
}

/** A list of the account that a dropdown can show. */
export interface Source {
	readonly route: Route;
	readonly paged: boolean;
	/** What the dropdown says when the list is empty. */
	readonly empty: string;
	readonly toEntries: (row: IDataObject) => readonly Entry[];
}

type Search = (this: ILoadOptionsFunctions, filter?: string) => Promise<INodeListSearchResult>;

/**
 * A list search over one or more lists of the account, filtered here: Bento searches none of them. Works before
 * the node has run.
 *
 * @throws NodeApiError with what to do when Bento can't be asked
 */
export function searchIn(...sources: readonly Source[]): Search {
	return async function search(this: ILoadOptionsFunctions, filter?: string) {
		const { connection } = await connectToBento(this, { policy: PATIENCE });
		const entries: Entry[] = [];
		for (const source of sources) entries.push(...(await load(this, connection, source)));
		if (entries.length === 0) return nothing(sources);
		const wanted = filter?.trim().toLowerCase() ?? '';
		const found = unique(entries).filter(
			({ name, value }) =>
				name.toLowerCase().includes(wanted) || value.toLowerCase().includes(wanted),
		);
		return { results: found.sort((one, other) => one.name.localeCompare(other.name, 'en')) };
	};
}

/** An entry with words: an empty dropdown would leave the builder guessing. It stands for no value. */
function nothing(sources: readonly Source[]): INodeListSearchResult {
	return { results: [{ name: sources[0]?.empty ?? 'Nothing there yet', value: '' }] };
}

async function load(
	context: ILoadOptionsFunctions,
	connection: BentoConnection,
	{ route, paged, toEntries }: Source,
): Promise<Entry[]> {
	const call = sharedReads(connection);
	const found = await readPages(call, { ...route, whenUnknown: 'resend' }, paged, MOST_ROWS);
	if (found.kind === 'items') return found.items.flatMap(toEntries);
	const report = 'report' in found ? found.report : undefined;
	const { message, description, httpCode } = report ? explain(report) : UNREADABLE;
	throw new NodeApiError(
		context.getNode(),
		{ message, httpCode: httpCode ?? null },
		{ message, description, httpCode },
	);
}

const UNREADABLE = {
	message: UNEXPECTED_RESPONSE.problems[0].message,
	description: "Check 'API Base URL' in the Bento API credential",
	httpCode: undefined,
};

function unique(entries: readonly Entry[]): Entry[] {
	return [...new Map(entries.map((entry) => [entry.value, entry])).values()];
}
