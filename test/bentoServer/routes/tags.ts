import { findOrCreateTag } from '../people';
import { isoNow, type Site } from '../site';
import type { Tag } from '../state';
import type { ParsedResponse, Route, RouteRequest } from '../types';
import { badRequest, BLANK, isText, list, missing, ok, refusal, unwrap } from '../values';

/** `/fetch/tags` (bentonow.com/docs/tags_api). The list has no pages, and deleted tags stay in it. */
export function tagRoutes(site: Site): Route[] {
	return [
		{ method: 'GET', path: '/fetch/tags', handle: () => list(site.state.tags.map(present)) },
		{ method: 'POST', path: '/fetch/tags', handle: (request) => create(site, request) },
		{ method: 'DELETE', path: '/fetch/tags/:id', handle: (request) => discard(site, request) },
	];
}

function create(site: Site, { body }: RouteRequest): ParsedResponse {
	const tag = unwrap(body, 'tag');
	if (!tag) return badRequest('tag is missing');
	if (!isText(tag.name)) return refusal({ field: 'name', message: BLANK });
	const before = site.state.tags.length;
	const data = present(findOrCreateTag(site, tag.name));
	return { status: site.state.tags.length > before ? 201 : 200, body: { data } };
}

/** Deletes, or restores what is deleted already (bento-node-sdk): a repeat undoes it. */
function discard(site: Site, { params, body }: RouteRequest): ParsedResponse {
	const wrapped = unwrap(body, 'tag');
	if (!wrapped) return badRequest('tag is missing');
	if (!isText(wrapped.name)) return refusal({ field: 'name', message: BLANK });
	const tag = site.state.tags.find(({ id, name }) => id === params.id && name === wrapped.name);
	if (!tag) return missing('Tag');
	const restores = tag.discardedAt !== null;
	tag.discardedAt = restores ? null : isoNow(site);
	return ok({ message: `Tag (${tag.name}) ${restores ? 'restored' : 'deleted'} successfully` });
}

function present({ id, name, createdAt, discardedAt }: Tag) {
	return {
		id,
		type: 'tags',
		attributes: { name, created_at: createdAt, discarded_at: discardedAt, site_id: 5 },
	};
}
