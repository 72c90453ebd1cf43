import type { IExecuteFunctions } from 'n8n-workflow';
import { runBatches } from '../shared/batchRun/runBatches';
import { resultOf, type ItemResult } from '../shared/batchRun/result';
import type { Noun } from '../shared/batchRun/words';
import type { Fate } from '../shared/delivery/types';
import { connectToBento } from '../shared/http/outbound/connect';
import type { BentoKeys } from '../shared/http/outbound/connect';
import type { EventPiece } from './read/readEvents';
import type { Settings } from './settings';

export const EVENTS: Noun = { one: 'event', many: 'events' };

/**
 * Bento documents no limit for a body. A million bytes is what web servers let through when nobody has set
 * anything else (nginx, client_max_body_size), and room for 1000 events of 1 kB.
 */
const MAX_BYTES = 1_000_000;

/** Delivers events and says what became of each, in their order. */
export async function sendEvents(
	context: IExecuteFunctions,
	events: readonly EventPiece[],
	settings: Settings,
	continueOnFail: boolean,
): Promise<ItemResult[]> {
	const viaApi = settings.deliverThrough === 'eventsApi';
	const { connection, keys } = await connectToBento(context, {
		policy: settings.waiting,
		interval: settings.batchInterval,
		signal: context.getExecutionCancelSignal(),
		signed: viaApi,
		continueOnFail,
	});
	const { fates } = await runBatches(context, connection, {
		noun: EVENTS,
		pieces: events,
		request: {
			method: 'POST',
			path: viaApi ? '/batch/events' : trackingAddress(keys, settings.source),
			// A repeated event is a second event to Bento, so repeating is the builder's choice.
			whenUnknown: settings.deliveryGuarantee === 'atLeastOnce' ? 'resend' : 'never',
		},
		wrapper: 'events',
		batchSize: settings.batchSize,
		maxBytes: MAX_BYTES,
		parallel: settings.maxParallelBatches,
		counted: viaApi,
		continueOnFail,
	});
	return events.map(({ item, record }, position) => {
		const fate = fates[position] ?? { kind: 'unserializable' };
		return resultOf(item, fate, EVENTS, () => ({
			email: record.email,
			type: record.type,
			...(settings.includeResponse && { response: answerOf(fate) }),
		}));
	});
}

/** The address that the tracking webhook's documentation shows, with a source of the builder's choice. */
function trackingAddress({ trackingOrigin, siteUuid }: BentoKeys, source: string): string {
	const [site, label] = [siteUuid, source].map(encodeURIComponent);
	return `${trackingOrigin}/webhooks/${site}/${label}/track`;
}

function answerOf(fate: Fate): object | null {
	return 'answer' in fate && typeof fate.answer === 'object' ? fate.answer : null;
}
