import type { INode } from 'n8n-workflow';
import { z } from 'zod';
import { redactorOf, type Redact } from '../shared/http/redact';
import { digest, type Scheme } from '../shared/http/server/secret';
import type { Context } from './settings';

/** The secrets that a request may present: the stored credential, read and checked. */

export const SECRET_CREDENTIAL = 'bentoWebhookSecretApi';

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
const stored = z.object({ secret: value, previousSecret: value, userName: value });

/**
 * Reads the stored credential for a scheme. Fails where a secret is missing, too short to be safe, or can't arrive as
 * it is; the problem says what to do and never quotes a value.
 *
 * @param scheme the scheme's kind; `any` checks what applies to all of them
 */
export function readSecrets(credential: unknown, scheme: Scheme['kind'] | 'any'): SecretResult {
	const parsed = stored.safeParse(credential);
	if (!parsed.success)
		return problem('The Bento Webhook Secret API credential is empty. Fill it in');
	const { secret, previousSecret, userName } = parsed.data;
	if (secret === '') return problem("Fill in 'Secret' in the Bento Webhook Secret API credential");
	for (const [label, text] of [
		['Secret', secret],
		['Previous Secret', previousSecret],
	] as const) {
		const wrong = text === '' ? undefined : problemWithSecret(text);
		if (wrong !== undefined) {
			return problem(
				wrong.replace('{field}', `'${label}' in the Bento Webhook Secret API credential`),
			);
		}
	}
	if (userName.includes(':')) {
		return problem(
			"'User Name' in the Bento Webhook Secret API credential can't contain a colon, which separates it from the secret",
		);
	}
	if (hasControlCharacter(userName)) {
		return problem(
			"'User Name' in the Bento Webhook Secret API credential contains a line break or another control character. Remove it",
		);
	}
	if (scheme === 'basic' && userName === '') {
		return problem(
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

function problem(words: string): SecretResult {
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
		return problem('Select or create a Bento Webhook Secret API credential in this node');
	}
	const credential: unknown = await context.getCredentials(SECRET_CREDENTIAL);
	return readSecrets(credential, scheme.kind);
}
