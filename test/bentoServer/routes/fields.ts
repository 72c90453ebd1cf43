import { findOrCreateField } from '../people';
import type { Site } from '../site';
import type { Field } from '../state';
import type { ParsedResponse, Route, RouteRequest } from '../types';
import { badRequest, BLANK, isText, list, refusal, unwrap } from '../values';

/** `/fetch/fields` (bentonow.com/docs/fields). The list has no pages. */
export function fieldRoutes(site: Site): Route[] {
	return [
		{ method: 'GET', path: '/fetch/fields', handle: () => list(site.state.fields.map(present)) },
		{ method: 'POST', path: '/fetch/fields', handle: (request) => create(site, request) },
	];
}

function create(site: Site, { body }: RouteRequest): ParsedResponse {
	const field = unwrap(body, 'field');
	if (!field) return badRequest('field is missing');
	if (!isText(field.key)) return refusal({ field: 'key', message: BLANK });
	const before = site.state.fields.length;
	const data = present(findOrCreateField(site, field.key));
	return { status: site.state.fields.length > before ? 201 : 200, body: { data } };
}

function present({ id, key, name, createdAt }: Field) {
	return {
		id,
		type: 'visitors-fields',
		attributes: { name, key, whitelisted: null, created_at: createdAt },
	};
}
