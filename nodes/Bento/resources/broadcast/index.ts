import type { Resource } from '../../../shared/operation/types';
import { createBroadcast } from './create';
import { getBroadcasts } from './getAll';
import { scheduleBroadcast } from './schedule';

export const broadcast: Resource = {
	value: 'broadcast',
	name: 'Broadcast',
	description: 'An email sent to a group of subscribers',
	operations: [createBroadcast, getBroadcasts, scheduleBroadcast],
};
