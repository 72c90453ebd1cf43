import { createHash } from 'crypto';
import type { IDataObject } from 'n8n-workflow';
import type { Rejection } from '../shared/http/server/response';
import { firstHeader, type QueryValues, type RequestHead } from '../shared/http/server/head';
import type { Recognized } from './normalize';

/**
 * Recognizes repeats. A request claims its key; while the claim exists, a request with the same key is a repeat. A
 * claim is in progress until it is settled (the workflow started, and the sender was told so) or released (it failed,
 * so that the sender's next try is new). Only what can't be released anymore is written into n8n's static data, where
 * other processes, and n8n after a restart, find it.
 */

export interface DuplicateRules {
	readonly ignored: boolean;
	/** Whether the sender waits for data of the workflow, so that a repeated GET wants them again. */
	readonly repeatsReads: boolean;
	/** Whether an external ID identifies a request alone. */
	readonly byExternalId: boolean;
	/** In lower case; '' looks for the usual names. */
	readonly deliveryHeader: string;
	/** How long a request with a delivery ID or an external ID is remembered. */
	readonly idWindow: number;
	/** How long a request without one is remembered. */
	readonly bodyWindow: number;
	/**
	 * Whether the newest keys also go into n8n's static data. Not with a Respond to Webhook node: n8n then saves
	 * them before it listens to that node, and the sender gets an empty 200 (measured on 1.123 and 2.41).
	 */
	readonly stored: boolean;
}

/** What makes two requests the same one, and how long that holds. */
export interface Identity {
	readonly key: string;
	/** In ms. */
	readonly window: number;
}

/** Names under which senders put an ID that stays the same over their retries; `X-Request-Id` doesn't. */
export const DELIVERY_HEADERS: readonly string[] = [
	'idempotency-key',
	'webhook-id',
	'x-delivery-id',
	'x-event-id',
	'x-idempotency-key',
	'x-webhook-delivery',
	'svix-id',
	'x-shopify-event-id',
	'x-shopify-webhook-id',
	'x-github-delivery',
	'x-wc-webhook-delivery-id',
	'x-gitlab-event-uuid',
	'x-zendesk-webhook-invocation-id',
	'ce-id',
];

/** Headers that name the event: `X-WC-Webhook-Topic`, `X-GitHub-Event`, CloudEvents' `ce-type`, and their like. */
const TOPIC_HEADER = /(?:^|-)(?:topic|event|event-key|event-name|event-type)$|^ce-type$/;

/** The values of the headers that name the event, by name; two requests that differ in one are two events. */
export function topicsOf(head: RequestHead): ReadonlyArray<readonly [string, string]> {
	return Object.keys(head.headers)
		.filter((name) => TOPIC_HEADER.test(name))
		.sort()
		.map((name) => [name, firstHeader(head, name)?.trim() ?? ''] as const);
}

/**
 * Tells what a request is known by: its delivery ID from a header or, for Bolten, from the body; else all that was
 * sent. An external ID only makes the memory last longer, as it often names a person or an order, about which
 * many webhooks come; with `byExternalId` it identifies a request together with event, workflow and action, so
 * that two events about the same thing, such as Bolten's won and transitioned, stay apart.
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
	const topics = topicsOf(head);
	const more = topics.length === 0 ? [] : [topics];
	if (externalId !== null && rules.byExternalId) {
		return identity('id', [externalId, event, workflow, action, ...more], rules.idWindow);
	}
	const delivery = deliveryId(head, rules.deliveryHeader) ?? eventId(recognized);
	if (delivery !== undefined) {
		return identity('delivery', [...delivery, head.path, ...more], rules.idWindow);
	}
	const bodyHash = createHash('sha256').update(body).digest('base64url');
	const pairs = Object.entries(query).sort(([left], [right]) => (left < right ? -1 : 1));
	const window = externalId === null ? rules.bodyWindow : rules.idWindow;
	// With a chosen header that is missing here, the usual ones still tell two requests apart.
	const others = deliveryId(head, '') ?? [];
	return identity('body', [head.method, head.path, pairs, bodyHash, ...more, ...others], window);
}

function identity(kind: string, parts: readonly unknown[], window: number): Identity {
	const hash = createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
	return { key: `${kind}-${hash.slice(0, 24)}`, window };
}

/** The header's name and its value. */
function deliveryId(head: RequestHead, chosen: string): readonly string[] | undefined {
	const names = chosen === '' ? DELIVERY_HEADERS : [chosen];
	for (const name of names) {
		const sent = firstHeader(head, name)?.trim();
		if (sent !== undefined && sent !== '') return [name, sent];
	}
	return undefined;
}

function eventId({ sender, eventId }: Recognized): readonly string[] | undefined {
	return eventId === null ? undefined : [sender, eventId];
}

/** What became of a request: it counts, or why it failed. */
export type ClaimResult = 'settled' | Rejection;

/** A request's claim on its key. */
export interface Claim {
	/** The workflow starts, and nothing but n8n itself can fail now: other processes may know. */
	commit(): void;
	/** The request did what it was sent for. */
	settle(): void;
	/** It failed. Requests that wait for it get the reason, and the next one is the first again. */
	release(why: Rejection): void;
}

export type Claimed =
	| { readonly kind: 'first'; readonly claim: Claim }
	/** `result` is what became of the first, or a promise of it while the first is in progress. */
	| { readonly kind: 'repeat'; readonly result: ClaimResult | Promise<ClaimResult> };

/** How many requests a node remembers at most; the oldest are forgotten beyond it. */
const MOST_KEYS = 10_000;

/** How many of the newest keys go into static data, which n8n keeps in its database with the workflow. */
const STORED = 200;

/** One key, from a claim to its end. An object of its own, so that a late end never hits a newer claim. */
class KeyClaim implements Claim {
	/** Whether it may be written into static data. */
	committed = false;
	private outcome: ClaimResult | undefined;
	private waiting: Array<(result: ClaimResult) => void> = [];

	constructor(
		private readonly memory: DuplicateMemory,
		readonly key: string,
		/** In ms since the epoch; from then on the key counts as new. */
		readonly until: number,
	) {}

	get result(): ClaimResult | Promise<ClaimResult> {
		return this.outcome ?? new Promise((resolve) => this.waiting.push(resolve));
	}

	commit(): void {
		if (!this.committed) this.memory.write(this);
	}

	settle(): void {
		if (this.outcome !== undefined) return;
		this.commit();
		this.end('settled');
	}

	release(why: Rejection): void {
		if (this.outcome !== undefined) return;
		this.memory.drop(this);
		this.end(why);
	}

	private end(result: ClaimResult): void {
		this.outcome = result;
		for (const resolve of this.waiting) resolve(result);
		this.waiting = [];
	}
}

/** What one trigger node remembers, for the life of this n8n process. Only time and size make it forget. */
export class DuplicateMemory {
	/** Oldest first, as a Map keeps its order. */
	private readonly entries = new Map<string, KeyClaim>();
	/** The committed ones, newest last, and their text for static data. */
	private newest: KeyClaim[] = [];
	private text = '';
	/** What was released after it was committed: another process may hand it back. */
	private readonly released = new Set<string>();
	/** The last static data that was read. */
	private adopted = '';

	/** Looks and remembers in one synchronous step, so that of two simultaneous requests, exactly one is the first. */
	claim({ key, window }: Identity, now: number): Claimed {
		const known = this.entries.get(key);
		if (known && known.until > now) return { kind: 'repeat', result: known.result };
		const claim = new KeyClaim(this, key, now + window);
		this.entries.delete(key);
		this.entries.set(key, claim);
		this.trim(now);
		return { kind: 'first', claim };
	}

	/** Takes over what other processes, or n8n before a restart, left in the node's static data. */
	adopt(staticData: IDataObject, now: number): void {
		const { seen } = staticData;
		if (typeof seen !== 'string' || seen === this.text || seen === this.adopted) return;
		this.adopted = seen;
		for (const written of seen.split(' ').slice(-2 * STORED)) {
			const [key = '', digits = ''] = written.split('@');
			const until = Number(digits);
			if (key === '' || !/^\d+$/.test(digits) || until <= now) continue;
			if (this.entries.has(key) || this.released.has(written)) continue;
			const entry = new KeyClaim(this, key, until);
			this.entries.set(key, entry);
			entry.settle();
		}
		this.trim(now);
	}

	/**
	 * Leaves the newest keys in the node's static data. n8n saves it after a call that starts no execution; 1.x also
	 * after one that does. One text: n8n watches every part of an object for changes, which is slow.
	 */
	store(staticData: IDataObject): void {
		if (staticData.seen === this.text || (this.text === '' && staticData.seen === undefined))
			return;
		staticData.seen = this.text;
	}

	write(entry: KeyClaim): void {
		if (this.entries.get(entry.key) !== entry) return;
		entry.committed = true;
		this.newest.push(entry);
		if (this.newest.length >= 2 * STORED) {
			this.newest = this.newest.slice(-STORED);
			this.text = this.newest.map(written).join(' ');
		} else {
			this.text = this.text === '' ? written(entry) : `${this.text} ${written(entry)}`;
		}
	}

	drop(entry: KeyClaim): void {
		if (this.entries.get(entry.key) === entry) this.entries.delete(entry.key);
		if (!entry.committed) return;
		this.newest = this.newest.filter((other) => other !== entry);
		this.text = this.newest.map(written).join(' ');
		this.released.add(written(entry));
		for (const oldest of this.released) {
			if (this.released.size <= STORED) break;
			this.released.delete(oldest);
		}
	}

	/** Whether nothing in it counts anymore. */
	isOver(now: number): boolean {
		return [...this.entries.values()].every(({ until }) => until <= now);
	}

	get size(): number {
		return this.entries.size;
	}

	private trim(now: number): void {
		for (const [key, { until }] of this.entries) {
			if (until > now && this.entries.size <= MOST_KEYS) return;
			this.entries.delete(key);
		}
	}
}

function written({ key, until }: KeyClaim): string {
	return `${key}@${until}`;
}
