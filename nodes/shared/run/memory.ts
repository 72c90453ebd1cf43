import { createHash } from 'crypto';
import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { z } from 'zod';
import type { Memory, PreviousResult } from '../delivery/types';
import { isToolRun } from './read';
import { isRecord } from '../operation/schemas';
import type { Operation } from '../operation/types';

/**
 * What earlier tries of a run have delivered: n8n's Retry On Fail, its Retry in the list of executions, and the tries
 * of an agent's tool all begin the node again, with the same node context (measured on both engine lines).
 *
 * It contains positions, digests, and what single calls returned; no event data. A digest is made of the input items
 * and the parameters that shape what is sent: not of the records, since an expression such as `{{ $now }}` gives
 * another one in every try, and not of other options, which the user may change before a retry.
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
const entry = z.tuple([
	/** The first item. */
	z.number().int(),
	/** How many records from there on. */
	z.number().int(),
	z.enum(previousResults),
	z.string(),
	/** What a single call returned. */
	z.array(output).nullable(),
]);
const stored = z.object({ run: z.number().int(), entries: z.array(entry) });

type Entry = z.infer<typeof entry>;

/** What an earlier try did from a position on. */
export interface Remembered {
	readonly count: number;
	readonly previous: PreviousResult;
	readonly outputs?: readonly IDataObject[];
}

interface Delivered extends Remembered {
	readonly first: number;
}

export class RunMemory implements Memory {
	private readonly earlier: ReadonlyMap<number, Entry>;
	private readonly delivered: Delivered[] = [];
	/** How many records are being sent, by the position of the first. */
	private readonly inProgress = new Map<number, number>();
	private readonly signal: AbortSignal | undefined;
	private readonly run: number;
	private readonly tool: boolean;
	private readonly parameters: string;

	/** @param items the input item of each record, in order */
	constructor(
		private readonly context: IExecuteFunctions,
		private readonly items: readonly number[],
		operation: Operation,
		private readonly idempotent: boolean,
	) {
		this.tool = isToolRun(context);
		this.run = Number(context.getWorkflowDataProxy(0).$runIndex);
		this.parameters = contentOf(context.getNode().parameters, operation);
		this.earlier = this.open();
		this.signal = context.getExecutionCancelSignal();
		this.signal?.addEventListener('abort', this.keepWhenStopped);
	}

	at(position: number): Remembered | undefined {
		const item = this.items[position];
		const known = item === undefined ? undefined : this.earlier.get(item);
		if (!known) return undefined;
		const [, count, previous, digest, outputs] = known;
		if (this.digest(position, count) !== digest) return undefined;
		return { count, previous, ...(outputs && { outputs }) };
	}

	add(delivered: Delivered): void {
		this.delivered.push(delivered);
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

	/** The end of this try: a later one needs to know nothing where all succeeded. */
	finish(succeeded: boolean): void {
		this.signal?.removeEventListener('abort', this.keepWhenStopped);
		if (succeeded) delete this.context.getContext('node')[KEY];
		else this.write(this.delivered);
	}

	/**
	 * n8n takes its picture of a stopped run right after this event, while requests are still in progress: what
	 * becomes of them it never learns, so where a repeat does harm, they count as unknown.
	 */
	private readonly keepWhenStopped = (): void => {
		const unknown = !this.idempotent ? [...this.inProgress] : [];
		const previous = 'unknown';
		this.write([
			...this.delivered,
			...unknown.map(([first, count]) => ({ first, count, previous }) as const),
		]);
	};

	/** Keeps what this try and those before have delivered. */
	private write(delivered: readonly Delivered[]): void {
		const now = delivered.map(({ first, count, previous, outputs }): Entry => {
			const item = this.items[first] ?? 0;
			const digest = this.digest(first, count);
			return [item, count, previous, digest, outputs ? [...outputs] : null];
		});
		const entries = new Map([...this.earlier, ...now.map((one) => [one[0], one] as const)]);
		this.context.getContext('node')[KEY] = { run: this.run, entries: [...entries.values()] };
	}

	/**
	 * Each run in a loop has items of its own, and two of them may look the same: what another run left says nothing
	 * about this one. For an agent's tool, n8n begins a new run with each try, so there the content alone decides.
	 */
	private open(): Map<number, Entry> {
		const parsed = stored.safeParse(this.context.getContext('node')[KEY]);
		const known = parsed.success && (this.tool || parsed.data.run === this.run);
		return new Map(known ? parsed.data.entries.map((one) => [one[0], one]) : []);
	}

	private digest(position: number, count: number): string {
		const inputs = this.context.getInputData();
		const hash = createHash('sha256').update(this.parameters);
		for (const item of this.items.slice(position, position + count)) {
			hash.update(textOf(inputs[item]?.json));
			if (this.tool) hash.update(textOf(agentInput(this.context, item)));
		}
		return hash.digest('base64').slice(0, DIGEST_LENGTH);
	}
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
	const shaping = (operation.contentOptions ?? []).map((name) =>
		isRecord(options) ? options[name] : undefined,
	);
	// Simplify shapes the output only.
	const content = { ...parameters, options: undefined, simplify: undefined };
	return textOf([operation.value, content, shaping]);
}

/** As JSON, where possible: an item that refers to itself can't be written. */
function textOf(value: unknown): string {
	try {
		return JSON.stringify(value) ?? '';
	} catch {
		return '';
	}
}
