import type { SecretResult } from './secretCredential';

/** How long a read serves, in ms: shorter than it takes to change a secret and try the old one. */
const SERVES = 5000;

interface Read {
	/** Which credential was read, and for which scheme. */
	readonly what: string;
	/** In ms since the epoch. */
	readonly began: number;
	readonly result: Promise<SecretResult>;
}

/** The last read of each trigger node, for the life of this n8n process. */
const reads = new Map<string, Read>();

/**
 * The secrets as `read` tells them, or as it told them a moment ago. For every read n8n 2.x makes an isolate for
 * expressions, most of what a refused request costs (measured on 2.41), so that a flood of wrong secrets
 * would be dear. Requests that come together share a read. What fails is read again by the next.
 *
 * @param now in ms since the epoch
 */
export async function recentSecrets(
	node: string,
	what: string,
	now: number,
	read: () => Promise<SecretResult>,
): Promise<SecretResult> {
	const last = reads.get(node);
	if (last?.what === what && now >= last.began && now - last.began < SERVES) {
		return await last.result;
	}
	const own: Read = { what, began: now, result: read() };
	reads.set(node, own);
	let serves = false;
	try {
		const result = await own.result;
		serves = result.ok;
		return result;
	} finally {
		if (!serves && reads.get(node) === own) reads.delete(node);
	}
}

/** Forgets what was read for a node: it was activated or deactivated. */
export function forgetSecrets(node: string): void {
	reads.delete(node);
}
