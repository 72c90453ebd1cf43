import type { Answer, Fault, Route, StoredEvent } from '../types';
import { isRecord, refusal } from './values';

export type EventRule = (event: StoredEvent) => boolean;

/** What the event routes share with the outside. */
export interface EventStore {
	readonly events: StoredEvent[];
	/** A batch that holds such an event is refused whole. */
	refuse: EventRule | undefined;
	/** Such an event is counted as failed, and the rest of its batch taken. */
	fail: EventRule | undefined;
	/** Most events in one request, as documented: 1000. */
	maxCount: number;
}

/** `POST /batch/events` (bentonow.com/docs/events_api). */
export function eventRoutes(store: EventStore): Route {
	return ({ method, segments, body, fault }) => {
		if (method !== 'POST' || segments.join('/') !== 'batch/events') return undefined;
		const list = isRecord(body) ? body.events : undefined;
		if (!Array.isArray(list)) return { status: 400, body: { error: 'events is missing' } };
		if (list.length < 1 || list.length > store.maxCount) {
			return { status: 400, body: { error: `events must hold 1 to ${store.maxCount} events` } };
		}
		const { events, problems } = readAll(list);
		if (problems.length > 0) return refusal(problems);
		if (store.refuse && events.some(store.refuse)) {
			return refusal([{ field: 'email', message: 'is invalid' }]);
		}
		return take(store, events, fault);
	};
}

/**
 * The tracking webhook: no keys, a site in the path, either `{events: […]}` or one flat event. Its answer is
 * undocumented; 201 with a bit of JSON is what a client in production has seen.
 */
export function trackRoute(store: EventStore, body: unknown): Answer {
	const list = isRecord(body) && Array.isArray(body.events) ? body.events : [body];
	for (const event of readAll(list).events) store.events.push({ ...event, via: 'track' });
	return { status: 201, body: { status: 'ok' } };
}

function take(store: EventStore, events: readonly StoredEvent[], fault: Fault | undefined): Answer {
	const failing = fault?.kind === 'partial' ? fault.failed : 0;
	const good = store.fail ? events.filter((event) => !store.fail?.(event)) : events;
	const taken = good.slice(0, Math.max(0, good.length - failing));
	for (const event of taken) store.events.push(event);
	if (fault?.kind === 'fewer') return { status: 200, body: { results: fault.results, failed: 0 } };
	return { status: 200, body: { results: taken.length, failed: events.length - taken.length } };
}

interface Problem {
	readonly field: string;
	readonly message: string;
}

/** Plain loops: the server is the floor that benchmarks compare with. */
function readAll(list: readonly unknown[]): { events: StoredEvent[]; problems: Problem[] } {
	const events: StoredEvent[] = [];
	const problems: Problem[] = [];
	for (const entry of list) {
		const problem = problemOf(entry);
		if (problem) problems.push(problem);
		else if (isRecord(entry)) events.push({ ...entry, via: 'api' } as StoredEvent);
	}
	return { events, problems };
}

function problemOf(entry: unknown): Problem | undefined {
	if (!isRecord(entry)) return { field: 'events', message: 'must hold objects' };
	const { type, email, fields, details } = entry;
	if (typeof type !== 'string' || type === '') return { field: 'type', message: "can't be blank" };
	if (typeof email !== 'string' || !email.includes('@'))
		return { field: 'email', message: 'is invalid' };
	if (details !== undefined && !isRecord(details))
		return { field: 'details', message: 'must be an object' };
	if (fields === undefined) return undefined;
	if (!isRecord(fields)) return { field: 'fields', message: 'must be an object' };
	for (const key in fields) {
		if (typeof fields[key] === 'object' && fields[key] !== null) {
			return { field: `fields.${key}`, message: 'must not be nested' };
		}
	}
	return undefined;
}
