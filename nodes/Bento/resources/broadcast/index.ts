import type { Resource } from '../../../shared/operation/types';
import { createBroadcast } from './create';
import { getBroadcasts } from './getAll';
import { scheduleBroadcast } from './schedule';

export const broadcast: Resource = {
	value: 'broadcast',
	name: 'Broadcast',
	description: 'An email to many people at once',
	operations: [createBroadcast, getBroadcasts, scheduleBroadcast],
};
