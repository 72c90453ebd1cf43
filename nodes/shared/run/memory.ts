import { createHash } from 'crypto';
import { NodeConnectionTypes, type IDataObject, type IExecuteFunctions } from 'n8n-workflow';
import { z } from 'zod';
import type { Memory, PreviousResult } from '../delivery/types';
import { isToolRun } from './read';
import { isRecord } from '../operation/schemas';
import type { Operation } from '../operation/types';

/**
 * What earlier tries of a run have delivered: n8n's Retry On Fail, its Retry in the list of executions, and the calls
 * of an agent's tool all begin the node again, with the same node context (measured on both engine lines).
 *
 * It contains positions, digests, and what single calls returned; no event data. A digest is made of the Bento site,
 * the input items and the parameters that shape what is sent: not of the records, since an expression such as
 * `{{ $now }}` gives another one in every try, and not of other options, which the user may change before a retry.
 */

/** The memory's key in n8n's node context. */
const KEY = 'bentoDelivered';

/** 72 bits are plenty against an accidental match. */
const DIGEST_LENGTH = 12;

const previousResults = [
	'accepted',
	'partial',
	'unconfirmed',
	'unknown',
] as const satisfies readonly PreviousResult[];
const output = z.custom<IDataObject>(isRecord);
/** Saved with executions, which later versions retry: test/fixtures/stored has one of each released version. */
const memoryEntry = z
	.tuple([
		/** The first item. */
		z.number().int(),
		/** How many records from there on. */
		z.number().int(),
		z.enum(previousResults),
		z.string(),
		/** What a single call returned. */
		z.array(output).nullable(),
	])
	.rest(z.unknown());
const storedRun = z.object({ run: z.number().int(), entries: z.array(memoryEntry) });

type MemoryEntry = z.infer<typeof memoryEntry>;

/** What an earlier try did from a position on. */
export interface Remembered {
	readonly count: number;
	readonly previous: PreviousResult;
	readonly outputs?: readonly IDataObject[];
}

interface Delivered extends Remembered {
	readonly first: number;
}

/** Where records go: scheme, host and port of the API, and the site. */
export interface Site {
	readonly origin: string;
	readonly siteUuid: string;
}

/** The memory of one run of a node, for all sites that it sends to. */
export class RunMemory {
	private readonly sites: Array<{ readonly site: SiteMemory; readonly idempotent: boolean }> = [];
	/** Entries that this try has found again. */
	private readonly used = new Set<string>();
	private readonly signal: AbortSignal | undefined;
	private readonly run: number;
	private readonly tool: boolean;
	private readonly parameters: string;
	private readonly earlier: readonly MemoryEntry[];

	constructor(
		private readonly context: IExecuteFunctions,
		operation: Operation,
	) {
		this.tool = isToolUse(context);
		this.run = Number(context.getWorkflowDataProxy(0).$runIndex);
		this.parameters = contentOf(context.getNode().parameters, operation);
		this.earlier = this.read();
		this.signal = context.getExecutionCancelSignal();
		this.signal?.addEventListener('abort', this.keepWhenStopped);
	}

	/**
	 * Opens the memory of the records that go to one site.
	 *
	 * @param items the input item of each record, in order
	 * @param idempotent whether a repeat of these records does no harm
	 */
	of(items: readonly number[], site: Site, idempotent: boolean): SiteMemory {
		const memory = new SiteMemory(items, {
			find: (item, digests) => {
				const known = this.earlier.find((one) => one[0] === item && digests(one[1]).has(one[3]));
				if (known) this.used.add(this.keyOf(known));
				return known;
			},
			digest: (records) => this.digest(records, site),
			oldDigest: (records) => this.digest(records),
		});
		this.sites.push({ site: memory, idempotent });
		return memory;
	}

	/**
	 * Ends this try.
	 *
	 * @param succeeded whether all input items succeeded, invalid ones included: a later try then needs to know nothing
	 */
	finish(succeeded: boolean): void {
		this.signal?.removeEventListener('abort', this.keepWhenStopped);
		if (!succeeded) this.write(this.sites.flatMap(({ site }) => site.delivered()));
		// What other calls of a tool may have done stays.
		else if (this.tool) this.write([], this.used);
		else delete this.context.getContext('node')[KEY];
	}

	/**
	 * n8n saves a stopped run right after this event, while requests are still in progress and their results can't be
	 * known: if a repeat does harm, they count as unknown.
	 */
	private readonly keepWhenStopped = (): void => {
		this.write(
			this.sites.flatMap(({ site, idempotent }) => [
				...site.delivered(),
				...(idempotent ? [] : site.unknown()),
			]),
		);
	};

	/** Keeps what this try and those before have delivered; in a tool, other calls may have added to it meanwhile. */
	private write(now: readonly MemoryEntry[], forgotten: ReadonlySet<string> = new Set()): void {
		const before = this.tool ? this.read() : this.earlier;
		const kept = before.filter((one) => !forgotten.has(this.keyOf(one)));
		const entries = new Map([...kept, ...now].map((one) => [this.keyOf(one), one] as const));
		const store = this.context.getContext('node');
		if (entries.size === 0) delete store[KEY];
		else store[KEY] = { run: this.run, entries: [...entries.values()] };
	}

	/** Every call of a tool has one item, the first, so there the content tells calls apart. */
	private keyOf([item, , , digest]: MemoryEntry): string {
		return this.tool ? `${item} ${digest}` : String(item);
	}

	/**
	 * Each run in a loop has items of its own, and two of them may look the same: what another run left says nothing
	 * about this one. For an agent's tool, n8n numbers runs by its agent's version, so there the content alone decides.
	 */
	private read(): readonly MemoryEntry[] {
		const parsed = storedRun.safeParse(this.context.getContext('node')[KEY]);
		const known = parsed.success && (this.tool || parsed.data.run === this.run);
		return known ? parsed.data.entries : [];
	}

	/** @param site left out as in version 0.1.0, whose entries name none */
	private digest(records: readonly number[], site?: Site): string {
		const inputs = this.context.getInputData();
		const hash = createHash('sha256');
		if (site) hash.update(textOf([site.origin, site.siteUuid]));
		hash.update(this.parameters);
		const called = isToolRun(this.context);
		for (const item of records) {
			const json: unknown = inputs[item]?.json;
			hash.update(textOf(this.tool ? withoutCallId(json) : json));
			if (called) hash.update(textOf(agentInput(this.context, item)));
		}
		return hash.digest('base64').slice(0, DIGEST_LENGTH);
	}
}

interface Store {
	readonly find: (
		item: number,
		digests: (count: number) => ReadonlySet<string>,
	) => MemoryEntry | undefined;
	readonly digest: (items: readonly number[]) => string;
	readonly oldDigest: (items: readonly number[]) => string;
}

/** What this try and earlier ones have delivered to one site, by position in its records. */
export class SiteMemory implements Memory {
	private readonly added: Delivered[] = [];
	/** How many records are being sent, by the position of the first. */
	private readonly inProgress = new Map<number, number>();

	constructor(
		private readonly items: readonly number[],
		private readonly store: Store,
	) {}

	at(position: number): Remembered | undefined {
		const item = this.items[position];
		if (item === undefined) return undefined;
		const known = this.store.find(item, (count) => {
			const records = this.items.slice(position, position + count);
			return new Set([this.store.digest(records), this.store.oldDigest(records)]);
		});
		if (!known) return undefined;
		const [, count, previous, , outputs] = known;
		return { count, previous, ...(outputs && { outputs }) };
	}

	add(delivered: Delivered): void {
		this.added.push(delivered);
	}

	/** Knows that something is being sent until the function that it returns is called. */
	sending(first: number, count: number): () => void {
		this.inProgress.set(first, count);
		return () => this.inProgress.delete(first);
	}

	/** Does something, and knows meanwhile that it is in progress. */
	async during<Result>(first: number, count: number, send: () => Promise<Result>): Promise<Result> {
		const end = this.sending(first, count);
		const result = await send();
		end();
		return result;
	}

	delivered(): MemoryEntry[] {
		return this.added.map((one) => this.entryOf(one));
	}

	/** What is in progress, as if no response had come. */
	unknown(): MemoryEntry[] {
		return [...this.inProgress].map(([first, count]) =>
			this.entryOf({ first, count, previous: 'unknown' }),
		);
	}

	private entryOf({ first, count, previous, outputs }: Delivered): MemoryEntry {
		const digest = this.store.digest(this.items.slice(first, first + count));
		return [this.items[first] ?? 0, count, previous, digest, outputs ? [...outputs] : null];
	}
}

/**
 * Whether an AI agent uses the node as its tool, however it runs it. Agents of version 3 have n8n run the tool as a node
 * of its own, whose type n8n names with `Tool` at the end (`prepareRequestedNodesForExecution` in n8n-core, both lines).
 */
function isToolUse(context: IExecuteFunctions): boolean {
	const { type, rewireOutputLogTo } = context.getNode();
	return (
		isToolRun(context) || rewireOutputLogTo === NodeConnectionTypes.AiTool || /Tool$/.test(type)
	);
}

/** The arguments of a tool's call without its ID, which agents of version 3 add and which is another one each time. */
function withoutCallId(json: unknown): unknown {
	return isRecord(json) ? { ...json, toolCallId: undefined } : json;
}

/** What expressions of an agent's tool see, beside the agent's arguments. */
function agentInput(context: IExecuteFunctions, item: number): unknown {
	try {
		return context.evaluateExpression('{{ $json }}', item);
	} catch {
		return undefined;
	}
}

/** The parameters that shape what is sent. */
function contentOf(parameters: Readonly<Record<string, unknown>>, operation: Operation): string {
	const { options } = parameters;
	const given = isRecord(options) ? options : {};
	const shaping = (operation.contentOptions ?? []).map((name) => given[name]);
	// Came later: what was stored without it still counts.
	const later = given.extraFields === undefined ? [] : [given.extraFields];
	// Simplify shapes the output only.
	const content = { ...parameters, options: undefined, simplify: undefined };
	return textOf([operation.value, content, shaping, ...later]);
}

/** As JSON, also of an item that refers to itself or has numbers that JSON doesn't know; '' if it can't be read. */
function textOf(value: unknown): string {
	try {
		return JSON.stringify(value) ?? '';
	} catch {
		return textOfParts(value);
	}
}

function textOfParts(value: unknown): string {
	const above: unknown[] = [];
	try {
		return (
			JSON.stringify(value, function (this: unknown, _key, part: unknown) {
				while (above.length > 0 && above.at(-1) !== this) above.pop();
				if (typeof part === 'bigint') return `${part}n`;
				if (above.includes(part)) return '[itself]';
				above.push(part);
				return part;
			}) ?? ''
		);
	} catch {
		return '';
	}
}
