import type { QueryValues } from '../shared/http/server/head';
import type { JsonObject, JsonValue } from '../shared/http/server/payload';

export type Sender = 'bento' | 'bolten' | 'other' | 'wpFusion';

/** What could be recognized in a payload; `null` if a sender doesn't say. */
export interface Recognized {
	readonly sender: Sender;
	readonly event: string | null;
	readonly email: string | null;
	readonly visitorUuid: string | null;
	readonly externalId: string | null;
	/** The ID of the event itself, for senders that put it into the body. */
	readonly eventId: string | null;
	readonly workflow: string | null;
	readonly action: string | null;
	readonly actionOptions: { readonly role: string | null; readonly sendNotification: boolean };
	readonly person: JsonObject | null;
	readonly details: JsonObject | null;
	readonly sourceEvent: {
		readonly type: string | null;
		readonly details: JsonObject | null;
	} | null;
	readonly opportunity: JsonObject | null;
	readonly contact: JsonObject | null;
}

const UUID = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i;

/** `opportunity.won` and its like: the names of Bolten's events (bolten.gitbook.io, Webhooks). */
const BOLTEN_EVENT = /^opportunity\./i;

/**
 * Reads the names that documented senders use: Bento's example payload (bentonow.com/docs/webhooks), WP Fusion's query
 * and body (wpfusion.com, Bento webhooks), Bolten's events, and the usual spellings of others. Nothing is required and
 * nothing can fail.
 *
 * @param topics values of the headers that name the event
 */
export function normalize(
	body: JsonValue,
	query: QueryValues,
	topics: readonly string[] = [],
): Recognized {
	const [top = {}] = sourcesOf(body);
	const data = record(top.data) ?? record(top.payload) ?? {};
	const opportunity = record(top.opportunity) ?? record(data.opportunity);
	const event = readEvent(top) ?? firstWord(...topics);
	const action = toWord(query.wpf_action);
	const person = record(top.person) ?? record(top.visitor);
	const contact =
		record(top.contact) ?? recordNamed(opportunity, CONTACT) ?? recordNamed(data, CONTACT);
	const sourceEvent = record(top.source_event);
	const isBolten = action === null && isFromBolten(event, data);
	return {
		sender: isBolten ? 'bolten' : readSender(event, action, top),
		event,
		email: firstWord(
			top.email,
			// As WordPress names it.
			top.user_email,
			person?.email,
			emailIn(contact),
			data.email,
			isBolten ? emailIn(opportunity) : undefined,
			typeof query.email === 'string' ? query.email : undefined,
		),
		visitorUuid: readUuid(top, person, action, query, isBolten),
		externalId: firstWord(top.external_id, top.externalId),
		eventId: isBolten ? firstWord(top.id) : null,
		workflow: firstWord(top.workflow, record(top.workflow)?.name),
		action,
		actionOptions: {
			role: toWord(query.role),
			sendNotification: isYes(query.send_notification),
		},
		person,
		details: record(top.details),
		sourceEvent: sourceEvent && {
			type: toWord(sourceEvent.type),
			details: record(sourceEvent.details),
		},
		opportunity,
		contact,
	};
}

/** All events of a body that is a list of them, else its only one; `null` is a payload without one. */
export function eventsOf(body: JsonValue, recognized: Recognized): ReadonlyArray<string | null> {
	return [recognized.event, ...sourcesOf(body).slice(1).map(readEvent)];
}

/** The objects that the names stand in: those of a list, also of one in the only field of a form. */
export function sourcesOf(body: JsonValue): JsonObject[] {
	const inner = withoutForm(body);
	return (Array.isArray(inner) ? inner : [inner]).map(record).filter((entry) => entry !== null);
}

function withoutForm(body: JsonValue): JsonValue {
	const form = record(body);
	const field = form?.payload ?? form?.mandrill_events;
	const isForm =
		typeof field === 'object' && field !== null && Object.keys(form ?? {}).length === 1;
	return isForm ? field : body;
}

/** Bolten writes names in the language of its user: Portuguese or English, maybe one level down. */
const CONTACT = ['Contato', 'Contact', 'contato', 'contact'];
const EMAIL_NAMES = ['E-mail', 'e-mail', 'Email', 'email'];

function recordNamed(values: JsonObject | null, names: readonly string[]): JsonObject | null {
	for (const level of [values, record(values?.attributes)]) {
		for (const name of names) {
			const found = record(level?.[name]);
			if (found !== null) return found;
		}
	}
	return null;
}

function emailIn(values: JsonObject | null): string | null {
	const levels = [values, record(values?.attributes)];
	return firstWord(...levels.flatMap((level) => EMAIL_NAMES.map((name) => level?.[name])));
}

/** New contacts have an event of their own, with the contact alone under `data`. */
function isFromBolten(event: string | null, data: JsonObject): boolean {
	if (event === null) return false;
	if (BOLTEN_EVENT.test(event)) return true;
	return /^contact\.created$/i.test(event) && recordNamed(data, CONTACT) !== null;
}

function record(value: JsonValue | undefined): JsonObject | null {
	return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null;
}

function firstWord(...values: ReadonlyArray<JsonValue | undefined>): string | null {
	for (const value of values) {
		const found = toWord(value);
		if (found !== null) return found;
	}
	return null;
}

/** A variable that Bento can't fill in comes as empty text, which means the same as a missing one. */
function toWord(value: JsonValue | readonly string[] | undefined): string | null {
	if (typeof value === 'number') return String(value);
	const trimmed = typeof value === 'string' ? value.trim() : '';
	return trimmed === '' ? null : trimmed;
}

function readEvent(top: JsonObject): string | null {
	const nested = record(top.event);
	return firstWord(
		top.event,
		nested?.type,
		nested?.name,
		top.event_type,
		top.eventType,
		top.event_name,
		top.type,
	);
}

/**
 * `id` at the top is the subscriber's UUID for WP Fusion and in the payload to paste, the event's for Bolten; elsewhere
 * it may be anything, so there it must look like a UUID. It wins over `person`, whose keys may come from profile
 * fields. WP Fusion's `contact_id` may stand in the URL instead.
 */
function readUuid(
	top: JsonObject,
	person: JsonObject | null,
	action: string | null,
	query: QueryValues,
	isBolten: boolean,
): string | null {
	const id = isBolten ? null : toWord(top.id);
	const own = id !== null && (action !== null || UUID.test(id)) ? id : undefined;
	const named = toWord(top.contact_id) ?? toWord(query.contact_id);
	const contactId = named !== null && (action !== null || UUID.test(named)) ? named : undefined;
	return firstWord(top.visitor_uuid, top.uuid, own, person?.uuid, person?.id, contactId);
}

function readSender(event: string | null, action: string | null, top: JsonObject): Sender {
	if (action !== null) return 'wpFusion';
	const fromBento =
		event?.startsWith('bento.') || top.source_event !== undefined || top.visitor !== undefined;
	return fromBento || (top.workflow !== undefined && top.email !== undefined) ? 'bento' : 'other';
}

function isYes(value: string | readonly string[] | undefined): boolean {
	return typeof value === 'string' && /^(1|on|true|yes)$/i.test(value);
}

/** Whether an event may start the workflow; `null` is a payload without one. */
export type EventFilter = (event: string | null) => boolean;

/**
 * Reads a list of exact names and patterns, separated by commas or line breaks; `*` matches any number of characters.
 * An empty list accepts everything. Names are compared as typed, as Bento documents no other rule.
 */
export function readPatterns(text: string): EventFilter {
	const patterns = text
		.split(/[,\n]/)
		.map((pattern) => pattern.trim())
		.filter((pattern) => pattern !== '');
	if (patterns.length === 0) return () => true;
	return (event) => event !== null && patterns.some((pattern) => matches(pattern, event));
}

/** Looks for the pieces between the asterisks in turn: linear for every pattern. */
function matches(pattern: string, name: string): boolean {
	const [first = '', ...rest] = pattern.split('*');
	const last = rest.pop();
	if (last === undefined) return pattern === name;
	if (!name.startsWith(first)) return false;
	let at = first.length;
	for (const piece of rest) {
		const found = name.indexOf(piece, at);
		if (found === -1) return false;
		at = found + piece.length;
	}
	return name.length - last.length >= at && name.endsWith(last);
}
