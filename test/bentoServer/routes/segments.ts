import type { Site } from '../site';
import type { Segment } from '../state';
import type { Route } from '../types';
import { list, missing, ok } from '../values';

/** `/fetch/segments` (bentonow.com/docs/segments_api): all in one response, by name. */
export function segmentRoutes({ state }: Site): Route[] {
	return [
		{
			method: 'GET',
			path: '/fetch/segments',
			handle: () =>
				list(
					[...state.segments]
						.sort((one, other) => one.name.localeCompare(other.name, 'en'))
						.map(present),
				),
		},
		{
			method: 'GET',
			path: '/fetch/segments/:id',
			handle({ params }) {
				const segment = state.segments.find(({ id }) => id === params.id);
				return segment ? ok({ data: present(segment) }) : missing('Segment');
			},
		},
	];
}

function present({ id, name, description, query, createdAt }: Segment) {
	return {
		id,
		type: 'segments',
		attributes: {
			name,
			description,
			visitor_event_query: query,
			created_at: createdAt,
			updated_at: createdAt,
		},
	};
}
