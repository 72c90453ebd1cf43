/** An event as `POST /batch/events` takes it (bentonow.com/docs/events_api). */
export interface BentoEvent {
	readonly type: string;
	readonly email: string;
	/** Written to the person's profile; flat. */
	readonly fields?: Readonly<Record<string, unknown>>;
	/** Kept with the event; may be nested. */
	readonly details?: Readonly<Record<string, unknown>>;
	/** ISO 8601 in UTC; Bento takes the time of receipt where it is missing. */
	readonly date?: string;
}

/** What an item gives for an event, before anything is checked. */
export type EventDraft = { readonly [name in keyof BentoEvent]?: unknown };

/** Something that keeps an item from being sent. `field` is what the builder sees; `text` quotes no value. */
export interface EventIssue {
	readonly field: string;
	readonly text: string;
}

/** The types that Bento itself gives a meaning (bento-node-sdk, batch enums). */
export const BENTO_TYPES = {
	addTag: '$tag',
	removeTag: '$remove_tag',
	subscribe: '$subscribe',
	trackPurchase: '$purchase',
	unsubscribe: '$unsubscribe',
	updateFields: '$update_fields',
} as const;

export type Operation = keyof typeof BENTO_TYPES | 'trackEvent';
