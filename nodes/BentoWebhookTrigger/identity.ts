import { createHash } from 'crypto';
import { firstHeader } from '../shared/http/inbound/head';
import type { QueryValues, RequestHead } from '../shared/http/inbound/types';
import type { DuplicateRules } from './config';
import type { Recognized } from './recognize';

/** What makes two requests the same one, and how long that holds. */
export interface Identity {
	readonly key: string;
	/** In ms. */
	readonly window: number;
}

/** Names under which senders put an ID that stays the same over their retries; `X-Request-Id` doesn't. */
const DELIVERY_HEADERS = [
	'idempotency-key',
	'webhook-id',
	'x-delivery-id',
	'x-event-id',
	'x-idempotency-key',
	'x-webhook-delivery',
	'x-webhook-id',
];

/**
 * Tells what a request is known by: the payload's external ID, else a delivery ID from a header, else what was
 * sent as a whole. Event, workflow and action belong to the key, so that two different events about the same
 * external ID, such as Bolten's won and transitioned, stay apart.
 *
 * @param query without the secret
 */
export function identify(
	head: RequestHead,
	query: QueryValues,
	body: Buffer,
	recognized: Recognized,
	rules: DuplicateRules,
): Identity {
	const { externalId, event, workflow, action } = recognized;
	if (externalId !== null) {
		return identity('id', [externalId, event, workflow, action], rules.idWindow);
	}
	const delivery = deliveryId(head, rules.deliveryHeader);
	if (delivery !== undefined) {
		return identity('delivery', [delivery, event, workflow, action], rules.idWindow);
	}
	const bodyHash = createHash('sha256').update(body).digest('base64url');
	const pairs = Object.entries(query).sort(([left], [right]) => (left < right ? -1 : 1));
	return identity('body', [head.method, head.path, pairs, bodyHash], rules.bodyWindow);
}

function identity(kind: string, parts: readonly unknown[], window: number): Identity {
	const hash = createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
	return { key: `${kind}-${hash.slice(0, 24)}`, window };
}

function deliveryId(head: RequestHead, chosen: string): string | undefined {
	const names = chosen === '' ? DELIVERY_HEADERS : [chosen];
	for (const name of names) {
		const value = firstHeader(head, name)?.trim();
		if (value !== undefined && value !== '') return value;
	}
	return undefined;
}
