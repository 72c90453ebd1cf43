import type { Site } from '../site';
import type { Route } from '../types';
import { broadcastRoutes } from './broadcasts';
import { commandRoutes } from './commands';
import { deletionRoutes } from './deletions';
import { emailRoutes } from './emails';
import { eventRoutes } from './events';
import { experimentalRoutes } from './experimental';
import { fieldRoutes } from './fields';
import { formRoutes } from './forms';
import { searchRoutes } from './search';
import { segmentRoutes } from './segments';
import { sequenceRoutes } from './sequences';
import { statsRoutes } from './stats';
import { subscriberRoutes } from './subscribers';
import { tagRoutes } from './tags';
import { templateRoutes } from './templates';

/** All calls of the API. */
export function routesOf(site: Site): readonly Route[] {
	return [
		eventRoutes,
		subscriberRoutes,
		searchRoutes,
		commandRoutes,
		tagRoutes,
		fieldRoutes,
		emailRoutes,
		broadcastRoutes,
		sequenceRoutes,
		templateRoutes,
		formRoutes,
		segmentRoutes,
		statsRoutes,
		experimentalRoutes,
		deletionRoutes,
	].flatMap((routes) => routes(site));
}
