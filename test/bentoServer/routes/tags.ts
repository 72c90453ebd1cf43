import type { Route } from '../types';
import { isRecord, refusal } from './values';

export interface Tag {
	readonly id: string;
	readonly name: string;
	readonly created_at: string;
	discarded_at: string | null;
}

/** `GET` and `POST /fetch/tags`, `DELETE /fetch/tags/:id` (bentonow.com/docs/tags_api). */
export function tagRoutes(tags: Tag[]): Route {
	return ({ method, segments, body }) => {
		const [fetch, resource, id] = segments;
		if (fetch !== 'fetch' || resource !== 'tags') return undefined;
		if (method === 'GET' && id === undefined) {
			return { status: 200, body: { data: tags.map(present) } };
		}
		const wrapped = isRecord(body) && isRecord(body.tag) ? body.tag : {};
		if (method === 'POST' && id === undefined) {
			if (typeof wrapped.name !== 'string' || wrapped.name === '') {
				return refusal([{ field: 'name', message: "can't be blank" }]);
			}
			const known = tags.find(({ name }) => name === wrapped.name);
			const tag = known ?? create(tags, wrapped.name);
			return { status: known ? 200 : 201, body: { data: present(tag) } };
		}
		if (method !== 'DELETE' || id === undefined) return undefined;
		const at = tags.findIndex((tag) => tag.id === id);
		const tag = tags[at];
		if (!tag) return { status: 404, body: { error: 'Tag not found' } };
		tags.splice(at, 1);
		return { status: 200, body: { message: `Tag (${tag.name}) deleted successfully` } };
	};
}

function create(tags: Tag[], name: string): Tag {
	const id = String(Math.max(0, ...tags.map((tag) => Number(tag.id))) + 1);
	const tag: Tag = { id, name, created_at: '2026-11-20T08:00:00Z', discarded_at: null };
	tags.push(tag);
	return tag;
}

function present({ id, ...attributes }: Tag) {
	return { id, type: 'tags', attributes };
}
