import { defineSimplifiedCall } from '../../../shared/operation/define';
import {
	BROADCAST_FIELDS,
	CONTENT_PROPERTIES,
	broadcastInput,
	contentNotes,
	readCreated,
	toBroadcast,
	SEGMENT,
} from './content';

export const createBroadcast = defineSimplifiedCall({
	value: 'create',
	name: 'Create Draft',
	action: 'Create broadcast draft',
	description: 'Create a broadcast as a draft to review and send in Bento',
	route: { method: 'POST', path: '/batch/broadcasts' },
	// Every call creates another draft.
	idempotent: false,
	dryRun: true,
	properties: [...CONTENT_PROPERTIES, SEGMENT, BROADCAST_FIELDS],
	input: broadcastInput,
	notes: contentNotes,
	request: (input) => ({ json: { broadcasts: [toBroadcast(input)] } }),
	response: (body, { broadcastName }, simplify) => readCreated(body, broadcastName, simplify),
});
