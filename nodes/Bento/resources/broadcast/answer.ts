import type { IDataObject } from 'n8n-workflow';
import { z } from 'zod';
import { isItem, items, UNEXPECTED } from '../../../shared/operation/answers';
import type { Answer } from '../../../shared/operation/types';

const row = z.custom<IDataObject>(isItem);
const created = z.object({
	results: z.number(),
	failed: z.number().optional(),
	broadcasts: z.array(row).optional().catch(undefined),
	failures: z
		.array(z.object({ error: z.string() }))
		.optional()
		.catch(undefined),
});

/**
 * Reads the answer to one broadcast: the new broadcast with its ID and its page in Bento, or why there is none.
 * Older accounts answer with the count alone (bento-laravel-sdk).
 */
export function readCreated(body: unknown, name: string, simplify: boolean): Answer {
	const read = created.safeParse(body);
	if (!read.success) return UNEXPECTED;
	const { results, failed = 0, broadcasts = [], failures = [] } = read.data;
	if (failed > 0 || results === 0) {
		return { kind: 'refused', words: failures.map(({ error }) => error).join('; ') };
	}
	if (!simplify && isItem(body)) return items(body);
	return items(broadcasts[0] ?? { name });
}
