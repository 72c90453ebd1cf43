import type { Resource } from '../../../shared/operation/types';
import { addField } from './addField';
import { addTag } from './addTag';
import { addTagViaEvent } from './addTagViaEvent';
import { changeEmail } from './changeEmail';
import { createSubscriber } from './create';
import { upsertSubscriber } from './createOrUpdate';
import { deleteData } from './deleteData';
import { getSubscriber } from './get';
import { getSubscribers } from './getAll';
import { removeField } from './removeField';
import { removeTag } from './removeTag';
import { subscribe } from './subscribe';
import { unsubscribe } from './unsubscribe';

export const subscriber: Resource = {
	// Get Many works for Enterprise accounts only.
	usual: 'get',
	value: 'subscriber',
	name: 'Subscriber',
	description: 'A person in your Bento site',
	operations: [
		addField,
		addTag,
		addTagViaEvent,
		changeEmail,
		createSubscriber,
		upsertSubscriber,
		deleteData,
		getSubscriber,
		getSubscribers,
		removeField,
		removeTag,
		subscribe,
		unsubscribe,
	],
};
