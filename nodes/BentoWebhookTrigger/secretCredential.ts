import { z } from 'zod';
import type { Scheme } from '../shared/http/inbound/schemes';

export const SECRET_CREDENTIAL = 'bentoWebhookSecretApi';

/** Shorter ones can be guessed. */
const SHORTEST = 16;

export type SecretResult =
	| {
			readonly ok: true;
			/** What a request may present under the scheme: the current value, then the previous one. */
			readonly accepted: readonly string[];
			/** Everything that must not leave the node, in any spelling it may arrive in. */
			readonly hidden: readonly string[];
	  }
	| { readonly ok: false; readonly problem: string };

const text = z.string().default('').catch('');
const stored = z.object({ secret: text, previousSecret: text, userName: text });

/**
 * Reads the stored credential for a scheme. Fails where a secret is missing, too short to be safe, or has
 * blanks around it, which a sender would lose; the problem says what to do and never quotes a value.
 */
export function readSecrets(credential: unknown, scheme: Scheme['kind']): SecretResult {
	const parsed = stored.safeParse(credential);
	if (!parsed.success)
		return problem('The Bento Webhook Secret API credential is empty. Fill it in');
	const { secret, previousSecret, userName } = parsed.data;
	if (secret === '') return problem("Fill in 'Secret' in the Bento Webhook Secret API credential");
	for (const [label, value] of [
		['Secret', secret],
		['Previous Secret', previousSecret],
	] as const) {
		if (value !== value.trim()) {
			return problem(
				`Remove the blanks around '${label}' in the Bento Webhook Secret API credential: a sender would lose them`,
			);
		}
		if (value !== '' && Array.from(value).length < SHORTEST) {
			return problem(
				`'${label}' in the Bento Webhook Secret API credential is too short to be safe. Use at least ${SHORTEST} characters, for example from a password manager`,
			);
		}
	}
	if (scheme === 'basic' && userName === '') {
		return problem(
			"Basic authentication needs a user name. Fill in 'User Name' in the Bento Webhook Secret API credential",
		);
	}
	if (scheme === 'basic' && userName.includes(':')) {
		return problem(
			"Remove the colon from 'User Name' in the Bento Webhook Secret API credential: in Basic authentication it separates name and password",
		);
	}
	const secrets = [secret, previousSecret].filter((value) => value !== '');
	const accepted = scheme === 'basic' ? secrets.map((value) => `${userName}:${value}`) : secrets;
	return { ok: true, accepted, hidden: spellings([...secrets, ...accepted]) };
}

function problem(words: string): SecretResult {
	return { ok: false, problem: words };
}

/** Raw, percent-encoded, base64 and as inside a JSON text; the longest first, so that none leaves a rest. */
function spellings(values: readonly string[]): string[] {
	const found = new Set<string>();
	for (const value of values) {
		found.add(value);
		found.add(encodeURIComponent(value));
		found.add(JSON.stringify(value).slice(1, -1));
		const base64 = Buffer.from(value, 'utf8').toString('base64');
		found.add(base64);
		found.add(base64.replace(/=+$/, ''));
		// How Node reads the header of a sender that wrote UTF-8.
		found.add(Buffer.from(value, 'utf8').toString('latin1'));
	}
	return [...found].sort((left, right) => right.length - left.length);
}

/** Takes every secret out of a text. */
export function hideSecrets(text: string, hidden: readonly string[]): string {
	let clean = text;
	for (const secret of hidden) {
		if (clean.includes(secret)) clean = clean.replaceAll(secret, '[secret removed]');
	}
	return clean;
}
