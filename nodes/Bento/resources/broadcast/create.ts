import { defineSimplifiedCall } from '../../../shared/operation/define';
import { readCreated } from './answer';
import { BROADCAST_PROPERTIES, broadcastInput, toBroadcast } from './fields';

export const createBroadcast = defineSimplifiedCall({
	value: 'create',
	name: 'Create Draft',
	action: 'Create draft of broadcast',
	description: 'Create a broadcast as a draft, which somebody looks over and sends in Bento',
	route: { method: 'POST', path: '/batch/broadcasts' },
	// Every call creates another draft.
	whenUnknown: 'never',
	properties: BROADCAST_PROPERTIES,
	input: broadcastInput,
	request: (input) => ({ json: { broadcasts: [toBroadcast(input)] } }),
	answer: (body, { broadcastName }, simplify) => readCreated(body, broadcastName, simplify),
});
