import { takeBatch } from '../batch';
import type { Site } from '../site';
import type { ParsedResponse, Route, StoredEvent } from '../types';
import { BLANK, isEmail, isRecord, isText, type Problem } from '../values';

/** `POST /batch/events` (bentonow.com/docs/events_api). */
export function eventRoutes(site: Site): Route[] {
	const { rules } = site;
	return [
		{
			method: 'POST',
			path: '/batch/events',
			handle: (request) =>
				takeBatch(
					{
						wrapper: 'events',
						most: rules.maxEvents,
						read: (entry, problems) => readEvent(entry, 'api', problems),
						refuse: rules.refuseEvents,
						fail: rules.failEvents,
						take: (event) => takeEvent(site, event),
						alwaysCountsFailed: true,
					},
					request,
				),
		},
	];
}

/**
 * The tracking webhook: no keys, a site in the path, either `{events: […]}` or one flat event. Its response is
 * undocumented; a client in production has seen 201 with a bit of JSON, regardless of the request.
 */
export function track(site: Site, body: unknown): ParsedResponse {
	const entries: readonly unknown[] =
		isRecord(body) && Array.isArray(body.events) ? body.events : [body];
	for (const entry of entries) {
		const event = readEvent(entry, 'track', []);
		if (event) takeEvent(site, event);
	}
	return { status: 201, body: { status: 'ok' } };
}

function takeEvent(site: Site, event: StoredEvent): void {
	site.events.push(event);
	site.pending.push(event);
}

function readEvent(
	entry: unknown,
	via: StoredEvent['via'],
	problems: Problem[],
): StoredEvent | undefined {
	// Node 20 takes five times as long for a spread with a key behind it (measured).
	return isEvent(entry, problems) ? Object.assign({}, entry, { via }) : undefined;
}

function isEvent(entry: unknown, problems: Problem[]): entry is Omit<StoredEvent, 'via'> {
	const problem = isRecord(entry)
		? problemOf(entry)
		: { field: 'events', message: 'must hold objects' };
	if (problem) problems.push(problem);
	return problem === undefined;
}

function problemOf({
	type,
	email,
	fields,
	details,
	date,
}: Readonly<Record<string, unknown>>): Problem | undefined {
	if (!isText(type)) return { field: 'type', message: BLANK };
	if (!isEmail(email)) return { field: 'email', message: 'is invalid' };
	if (details !== undefined && !isRecord(details)) {
		return { field: 'details', message: 'must be an object' };
	}
	if (date !== undefined && !(typeof date === 'string' && Date.parse(date) > 0)) {
		return { field: 'date', message: 'is not a date' };
	}
	return fields === undefined ? undefined : problemOfFields(fields);
}

/** Profile fields are flat. */
function problemOfFields(fields: unknown): Problem | undefined {
	if (!isRecord(fields)) return { field: 'fields', message: 'must be an object' };
	for (const key in fields) {
		if (typeof fields[key] === 'object' && fields[key] !== null) {
			return { field: `fields.${key}`, message: 'must not be nested' };
		}
	}
	return undefined;
}
