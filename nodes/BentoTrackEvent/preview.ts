import type { NodeExecutionHint } from 'n8n-workflow';
import { warning } from '../shared/batchRun/hints';
import type { ItemResult } from '../shared/batchRun/result';
import { itemList } from '../shared/batchRun/words';
import { looksSecret } from './event/secrets';
import type { EventPiece } from './read/readEvents';

/** What would be sent, item by item. */
export function dryRunResults(events: readonly EventPiece[]): ItemResult[] {
	return events.map(({ item, record }) => ({
		kind: 'done',
		item,
		json: { status: 'dryRun', event: { ...record } },
	}));
}

/** A word of warning where details look as if they held what shouldn't leave the house. */
export function secretsHints(events: readonly EventPiece[]): NodeExecutionHint[] {
	const suspects = events
		.filter(({ record }) => looksSecret(record.details))
		.map(({ item }) => item);
	if (suspects.length === 0) return [];
	return [
		warning(
			`Details may hold a password, a key or a card number ${itemList(suspects)}. Bento advises to keep such values out of events`,
		),
	];
}
