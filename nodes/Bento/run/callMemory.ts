import { createHash } from 'crypto';
import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { z } from 'zod';
import { isItem } from '../../shared/operation/answers';

/** Where the memory lies in n8n's node context. */
const KEY = 'bentoCalls';

/** What an earlier try of this run came to for an item. */
export type RememberedCall =
	| { readonly kind: 'done'; readonly outputs: readonly IDataObject[] }
	/** Bento may have it, but no answer said so. */
	| { readonly kind: 'uncertain' };

const entry = z.tuple([
	z.number().int(),
	z.string(),
	z.array(z.custom<IDataObject>(isItem)).nullable(),
]);
const stored = z.object({ run: z.number().int(), calls: z.array(entry) });

type Entry = z.infer<typeof entry>;

/**
 * Remembers calls that a repeat would double, over all tries of n8n's Retry On Fail: n8n hands the same node
 * context to each of them (measured on both engine lines), so the next try makes only the calls that failed.
 */
export class CallMemory {
	private readonly known: Map<number, Entry>;
	private readonly run: number;
	private readonly parameters: string;

	constructor(private readonly context: IExecuteFunctions) {
		this.run = Number(context.getWorkflowDataProxy(0).$runIndex);
		this.parameters = JSON.stringify(context.getNode().parameters);
		const parsed = stored.safeParse(context.getContext('node')[KEY]);
		const calls = parsed.success && parsed.data.run === this.run ? parsed.data.calls : [];
		this.known = new Map(calls.map((call) => [call[0], call]));
	}

	/** What an earlier try came to, if the item and the parameters are still the same. */
	at(item: number): RememberedCall | undefined {
		const [, digest, outputs] = this.known.get(item) ?? [];
		if (digest === undefined || digest !== this.digest(item)) return undefined;
		return outputs ? { kind: 'done', outputs } : { kind: 'uncertain' };
	}

	/** Notes what a call came to. */
	add(item: number, call: RememberedCall): void {
		const outputs = call.kind === 'done' ? [...call.outputs] : null;
		this.known.set(item, [item, this.digest(item), outputs]);
	}

	/** Keeps what happened for the next try. */
	keep(): void {
		this.context.getContext('node')[KEY] = { run: this.run, calls: [...this.known.values()] };
	}

	/** Forgets it: the run succeeded. */
	forget(): void {
		delete this.context.getContext('node')[KEY];
	}

	private digest(item: number): string {
		const json = JSON.stringify(this.context.getInputData()[item]?.json) ?? '';
		return createHash('sha256').update(this.parameters).update(json).digest('base64').slice(0, 16);
	}
}
