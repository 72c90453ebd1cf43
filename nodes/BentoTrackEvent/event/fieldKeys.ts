/**
 * A key as Bento advises for profile fields: lower case with underscores (bentonow.com/docs/api/conventions,
 * Request Shape). `firstName`, `First name` and `first-name` all become `first_name`.
 */
export function normalizeKey(key: string): string {
	return key
		.trim()
		.replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1_$2')
		.replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1_$2')
		.toLowerCase()
		.replace(/[^\p{L}\p{N}]+/gu, '_')
		.replace(/^_+|_+$/g, '');
}

export type NormalizedFields =
	{ readonly ok: true; readonly fields: Record<string, unknown> } | { readonly ok: false };

/** Normalizes all keys; not ok where two of them become the same or one becomes empty. */
export function normalizeKeys(fields: Readonly<Record<string, unknown>>): NormalizedFields {
	const entries = Object.entries(fields).map(([key, value]) => [normalizeKey(key), value] as const);
	const keys = new Set(entries.map(([key]) => key));
	if (keys.size !== entries.length || keys.has('')) return { ok: false };
	return { ok: true, fields: Object.fromEntries(entries) };
}
