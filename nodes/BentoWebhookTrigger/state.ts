import type { INode, IWebhookFunctions } from 'n8n-workflow';
import type { Scheme } from '../shared/http/server/secret';
import { DuplicateMemory } from './duplicates';
import { readSecretsOf, SECRET_CREDENTIAL, type SecretResult } from './secrets';
import { nodeKey, SettingsMemory, type Context } from './settings';

/** How long a read of the credential serves, in ms: less than it takes to change a secret and try the old one. */
export const SECRET_SERVES = 5000;

/** A read of the credential. */
export interface SecretRead {
	/** Which credential was read, and for which scheme. */
	readonly what: string;
	/** In ms since the epoch. */
	readonly began: number;
	readonly result: Promise<SecretResult>;
}

/** All that one trigger node remembers, for the life of this n8n process. */
export class TriggerState {
	readonly settings = new SettingsMemory();
	/**
	 * Outlives deactivation, as n8n deactivates a workflow for a moment whenever it is saved, and calls the same hook of
	 * the same node when a test ends.
	 */
	readonly duplicates = new DuplicateMemory();
	/** The last problem of the node's configuration that was logged as a warning. */
	warned: string | undefined;
	/** In ms since the epoch. */
	usedAt = 0;
	private secretRead: SecretRead | undefined;
	/** When the webhook at a URL was deactivated, in ms since the epoch: production and test differ in nothing else. */
	private readonly deactivations = new Map<string, number>();

	/**
	 * The secrets, or what they were up to five seconds ago. For every read, n8n 2.x makes an isolate for expressions, most
	 * of what a rejected request costs (measured on 2.41), so that a flood of wrong secrets would be expensive, also with
	 * a credential that isn't valid. Requests that come together share a read. What throws is read again by the next. A
	 * test run always reads: its user may have changed the secret just now.
	 *
	 * @param now in ms since the epoch
	 */
	secrets(context: IWebhookFunctions, node: INode, scheme: Scheme, now: number): SecretRead {
		const what = `${scheme.kind} ${node.credentials?.[SECRET_CREDENTIAL]?.id ?? ''}`;
		const read = async () => await readSecretsOf(context, node, scheme);
		if (context.getMode() === 'manual') return { what, began: now, result: read() };
		return this.sharedRead(what, now, read);
	}

	/** One read for all who ask within `SECRET_SERVES`; public for its tests. */
	sharedRead(what: string, now: number, read: () => Promise<SecretResult>): SecretRead {
		const last = this.secretRead;
		if (last?.what === what && now >= last.began && now - last.began < SECRET_SERVES) return last;
		const own: SecretRead = { what, began: now, result: read() };
		this.secretRead = own;
		own.result.catch(() => {
			if (this.secretRead === own) this.secretRead = undefined;
		});
		return own;
	}

	activated(url: string): void {
		this.secretRead = undefined;
		this.deactivations.delete(url);
	}

	deactivated(url: string, now: number): void {
		this.secretRead = undefined;
		this.deactivations.set(url, now);
	}

	/** Whether the webhook at a URL was deactivated since, as far as this process knows. */
	wasDeactivated(url: string, since: number): boolean {
		return (this.deactivations.get(url) ?? 0) >= since;
	}

	/** Whether nothing in it counts anymore. */
	isOver(now: number): boolean {
		return now - this.usedAt > FORGOTTEN_AFTER && this.duplicates.isOver(now);
	}
}

/** In ms. Longer than any request takes. */
const FORGOTTEN_AFTER = 3_600_000;

const states = new Map<string, TriggerState>();

/** The state of a trigger node. When a node is new, those of nodes that nobody called for an hour are forgotten. */
export function stateOf(context: Context, node: INode, now: number = Date.now()): TriggerState {
	return stateOfKey(nodeKey(context, node), now);
}

/** As {@link stateOf}, by the node's key; public for its tests. */
export function stateOfKey(key: string, now: number): TriggerState {
	const known = states.get(key);
	const state = known ?? new TriggerState();
	state.usedAt = now;
	if (known) return state;
	for (const [other, one] of states) if (one.isOver(now)) states.delete(other);
	states.set(key, state);
	return state;
}
