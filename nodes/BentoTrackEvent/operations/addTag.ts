import { defineTagEvent } from '../define';
import { BENTO_TYPES } from '../event';

export const addTag = defineTagEvent(BENTO_TYPES.addTag, {
	value: 'addTag',
	name: 'Add Tag',
	action: 'Add tag to subscriber',
	description:
		"Tag a subscriber by an event, which starts the Bento workflows that wait for the tag. To start none, use the Bento node's Add Tag.",
});
