import type { Site } from '../site';
import type { Person } from '../state';
import type { ParsedResponse, Route, RouteRequest } from '../types';
import { badRequest, isText, missing, ok } from '../values';
import { adStats } from './adStats';

/** `/stats/*` (bentonow.com/docs/stats). */
export function statsRoutes(site: Site): Route[] {
	return [
		{
			method: 'GET',
			path: '/stats/site',
			handle: () => ok(countPeople([...site.state.people.values()])),
		},
		{ method: 'GET', path: '/stats/segment', handle: (request) => segment(site, request) },
		{ method: 'GET', path: '/stats/report', handle: (request) => report(site, request) },
		{ method: 'GET', path: '/stats/ads', handle: ({ query }) => adStats(query) },
	];
}

function countPeople(people: readonly Person[]) {
	const subscribed = people.filter(({ unsubscribedAt }) => unsubscribedAt === null).length;
	return {
		user_count: people.length,
		subscriber_count: subscribed,
		unsubscriber_count: people.length - subscribed,
	};
}

function segment({ state }: Site, { query }: RouteRequest): ParsedResponse {
	if (!isText(query.segment_id)) return badRequest('segment_id is missing');
	const found = state.segments.find(({ id }) => id === query.segment_id);
	if (!found) return missing('Segment');
	return ok(
		countPeople([...state.people.values()].filter(({ tagIds }) => tagIds.has(found.tagId))),
	);
}

function report({ state }: Site, { query }: RouteRequest): ParsedResponse {
	if (!isText(query.report_id)) return badRequest('report_id is missing');
	const found = state.reports.find(({ id }) => id === query.report_id);
	if (!found) return missing('Report');
	const { name, style, type, data, wrapped } = found;
	const body = { data, chart_style: style, report_type: type, report_name: name };
	return ok(wrapped ? { report_data: body } : body);
}
