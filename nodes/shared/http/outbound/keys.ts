import { z } from 'zod';
import { readBaseUrl } from './baseUrl';

/** The `bentoApi` credential's values, trimmed and checked. */
export interface BentoKeys {
	readonly publishableKey: string;
	readonly secretKey: string;
	readonly siteUuid: string;
	readonly baseUrl: string;
	/** Scheme, host and port of the tracking webhook. */
	readonly trackingOrigin: string;
}

export type KeysResult =
	| { readonly ok: true; readonly keys: BentoKeys }
	| { readonly ok: false; readonly problem: string };

const text = z
	.string()
	.catch('')
	.transform((value) => value.trim());

const stored = z.object({
	publishableKey: text,
	secretKey: text,
	siteUuid: text,
	baseUrl: text,
});

/**
 * Reads a stored credential. Blanks that came along when a value was pasted are trimmed. What is missing or
 * in the wrong field is named by its label; no value is ever quoted.
 */
export function readKeys(credential: unknown): KeysResult {
	const parsed = stored.safeParse(credential);
	if (!parsed.success)
		return { ok: false, problem: 'The credential is empty. Fill it in and save it' };
	const { publishableKey, secretKey, siteUuid, baseUrl } = parsed.data;
	const missing = [
		publishableKey === '' ? "'Publishable Key'" : '',
		secretKey === '' ? "'Secret Key'" : '',
		siteUuid === '' ? "'Site UUID'" : '',
	].filter((label) => label !== '');
	if (missing.length > 0) {
		return { ok: false, problem: `Fill in ${missing.join(' and ')} in the Bento API credential` };
	}
	if (publishableKey.startsWith('sk_') || secretKey.startsWith('pk_')) {
		return {
			ok: false,
			problem: "'Publishable Key' and 'Secret Key' are swapped in the Bento API credential",
		};
	}
	const url = readBaseUrl(baseUrl);
	if (!url.ok) return url;
	return {
		ok: true,
		keys: {
			publishableKey,
			secretKey,
			siteUuid,
			baseUrl: url.url,
			trackingOrigin: url.trackingOrigin,
		},
	};
}
