import { presentPerson } from '../people';
import type { Site } from '../site';
import type { Person } from '../state';
import type { ParsedResponse, Route, RouteRequest } from '../types';
import { ok, pageOf } from '../values';

const PAGE_SIZE = 100;

/** What each date parameter looks at. */
const DATES: ReadonlyMap<string, (person: Person) => string | null> = new Map([
	['created_at', (person) => person.createdAt],
	['last_event_at', (person) => person.lastEventAt],
	['unsubscribed_at', (person) => person.unsubscribedAt],
	['updated_at', (person) => person.updatedAt],
]);

/** `GET /fetch/search` (bentonow.com/docs/subscribers), for Enterprise accounts. The latest come first. */
export function searchRoutes(site: Site): Route[] {
	return [{ method: 'GET', path: '/fetch/search', handle: (request) => search(site, request) }];
}

function search({ state }: Site, { query }: RouteRequest): ParsedResponse {
	if (!state.enterprise) {
		return { status: 403, body: { error: 'Search is available to Enterprise accounts only' } };
	}
	const wantedTags = tagIdsIn(state.tags, query);
	const found = [...state.people.values()]
		.filter((person) => wantedTags.every((id) => id !== undefined && person.tagIds.has(id)))
		.filter((person) => isWithin(person, query))
		.sort((one, other) => other.createdAt.localeCompare(one.createdAt));
	const rows = pageOf(found, query, PAGE_SIZE).map(presentPerson);
	const asked = Object.entries(query).filter(([name]) => !['page', 'site_uuid'].includes(name));
	const meta = { page: Number(query.page ?? 1) || 1, query: Object.fromEntries(asked) };
	return ok({ data: rows, meta });
}

/** Names, comma-separated or as a list; undefined is a tag that doesn't exist. */
function tagIdsIn(
	tags: ReadonlyArray<{ readonly id: string; readonly name: string }>,
	query: Readonly<Record<string, string>>,
): Array<string | undefined> {
	const names = query.tags ?? query['tags[]'] ?? query.tag_names ?? '';
	return names
		.split(',')
		.map((name) => name.trim())
		.filter((name) => name !== '')
		.map((name) => tags.find((tag) => tag.name === name)?.id);
}

/** Dates come as `created_at[gt]` and `created_at[lt]`. */
function isWithin(person: Person, query: Readonly<Record<string, string>>): boolean {
	for (const [name, read] of DATES) {
		const after = query[`${name}[gt]`];
		const before = query[`${name}[lt]`];
		if (after === undefined && before === undefined) continue;
		const at = Date.parse(read(person) ?? '');
		if (!(at > (after === undefined ? -Infinity : Date.parse(after)))) return false;
		if (!(at < (before === undefined ? Infinity : Date.parse(before)))) return false;
	}
	return true;
}
