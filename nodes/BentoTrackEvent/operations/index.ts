import type { Resource } from '../../shared/operation/types';
import { addTag } from './addTag';
import { removeTag } from './removeTag';
import { subscribe } from './subscribe';
import { trackEvent } from './trackEvent';
import { trackPurchase } from './trackPurchase';
import { unsubscribe } from './unsubscribe';
import { updateFields } from './updateFields';

/** Everything that Bento Track Event can do. */
export const RESOURCES: readonly Resource[] = [
	{
		value: 'event',
		name: 'Event',
		description: 'Something that a subscriber did',
		usual: 'trackEvent',
		operations: [trackEvent, trackPurchase],
	},
	{
		value: 'subscriber',
		name: 'Subscriber',
		description: 'A person in your Bento site',
		usual: 'subscribe',
		operations: [subscribe, unsubscribe, updateFields],
	},
	{
		value: 'tag',
		name: 'Tag',
		description: 'A label for grouping subscribers',
		usual: 'addTag',
		operations: [addTag, removeTag],
	},
];
