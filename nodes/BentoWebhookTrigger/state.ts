import type { INode, IWebhookFunctions } from 'n8n-workflow';
import { z } from 'zod';
import { redactorOf, type Redact } from '../shared/http/redact';
import { digest, type Scheme } from '../shared/http/server/secret';
import { DuplicateMemory } from './duplicates';
import { nodeKey, SettingsMemory, type Context } from './settings';

/** What a trigger knows of earlier requests, and the secrets, which it reads once for several. */

const SECRET_CREDENTIAL = 'bentoWebhookSecretApi';

export type SecretResult =
	| {
			readonly ok: true;
			/** Digests of what a request may present under the scheme. */
			readonly accepted: readonly Buffer[];
			/** Takes the secrets out of everything that leaves the node. */
			readonly redact: Redact;
			/** Otherwise senders have to write UTF-8. */
			readonly isAscii: boolean;
	  }
	| { readonly ok: false; readonly problem: string };

/** In characters. Shorter ones can be guessed. */
const SHORTEST = 16;

/** In bytes. Node takes 16 kB of headers in all, and percent-encoding makes three bytes of one. */
const LONGEST = 4096;

const value = z.string().default('').catch('');
const storedSecret = z.object({ secret: value, previousSecret: value, userName: value });

/**
 * Reads the stored credential for a scheme. Fails if a secret is missing, too short to be safe, or can't arrive as
 * it is; the problem says what to do and never quotes a value.
 *
 * @param scheme the scheme's kind; `any` checks what applies to all of them
 */
export function readSecrets(credential: unknown, scheme: Scheme['kind'] | 'any'): SecretResult {
	const parsed = storedSecret.safeParse(credential);
	if (!parsed.success)
		return invalidSecret('The Bento Webhook Secret API credential is empty. Fill it in');
	const { secret, previousSecret, userName } = parsed.data;
	if (secret === '')
		return invalidSecret("Fill in 'Secret' in the Bento Webhook Secret API credential");
	for (const [label, text] of [
		['Secret', secret],
		['Previous Secret', previousSecret],
	] as const) {
		const wrong = text === '' ? undefined : problemWithSecret(text);
		if (wrong !== undefined) {
			return invalidSecret(
				wrong.replace('{field}', `'${label}' in the Bento Webhook Secret API credential`),
			);
		}
	}
	if (userName.includes(':')) {
		return invalidSecret(
			"'User Name' in the Bento Webhook Secret API credential can't contain a colon, which separates it from the secret",
		);
	}
	if (hasControlCharacter(userName)) {
		return invalidSecret(
			"'User Name' in the Bento Webhook Secret API credential contains a line break or another control character. Remove it",
		);
	}
	if (scheme === 'basic' && userName === '') {
		return invalidSecret(
			"Basic authentication requires a user name. Fill in 'User Name' in the Bento Webhook Secret API credential",
		);
	}
	const secrets = [secret, previousSecret].filter((text) => text !== '');
	const presented = scheme === 'basic' ? secrets.map((text) => `${userName}:${text}`) : secrets;
	return {
		ok: true,
		accepted: presented.map(digest),
		redact: redactorOf(secrets),
		isAscii: presented.every((text) => Buffer.byteLength(text) === text.length),
	};
}

function invalidSecret(words: string): SecretResult {
	return { ok: false, problem: words };
}

function problemWithSecret(secret: string): string | undefined {
	if (secret !== secret.trim()) return 'Remove the leading or trailing spaces from {field}';
	if (Array.from(secret).length < SHORTEST) {
		return `{field} is too short. Use at least ${SHORTEST} characters`;
	}
	if (Buffer.byteLength(secret) > LONGEST) {
		return `{field} is too long to arrive. Use at most ${LONGEST} bytes`;
	}
	if (hasControlCharacter(secret)) {
		return "{field} contains a line break or another control character, which senders can't send. Remove it";
	}
	// Half of a surrogate pair has no UTF-8.
	return Buffer.from(secret, 'utf8').toString('utf8') === secret
		? undefined
		: "{field} contains a broken character, which senders can't send. Type it again";
}

function hasControlCharacter(text: string): boolean {
	return /\p{Cc}/u.test(text);
}

/** Reads the secrets that the scheme needs; none for no authentication. */
export async function readSecretsOf(
	context: Context,
	node: INode,
	scheme: Scheme,
): Promise<SecretResult> {
	if (scheme.kind === 'none')
		return { ok: true, accepted: [], redact: (text) => text, isAscii: true };
	if (!node.credentials?.[SECRET_CREDENTIAL]) {
		return invalidSecret('Select or create a Bento Webhook Secret API credential in this node');
	}
	const credential: unknown = await context.getCredentials(SECRET_CREDENTIAL);
	return readSecrets(credential, scheme.kind);
}

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
