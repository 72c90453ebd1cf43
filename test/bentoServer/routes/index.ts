import type { BentoState } from '../state';
import type { Route } from '../types';
import { eventRoutes, type EventStore } from './events';
import { tagRoutes } from './tags';

/** All routes under /api/v1, asked in order. They read the state anew each time, since a reset replaces it. */
export function routesOf(store: EventStore, state: BentoState): readonly Route[] {
	return [eventRoutes(store), (request) => tagRoutes(state.tags)(request)];
}
