import { defineTagEvent } from '../define';
import { BENTO_TYPES } from '../event';

export const addTag = defineTagEvent(BENTO_TYPES.addTag, {
	value: 'addTag',
	name: 'Add Tag',
	action: 'Add tag to subscriber and start Bento automations',
	description:
		"Add a tag to a subscriber with an event, which starts the Bento workflows that wait for the tag. To start none, use 'Add Tag' in the Bento node.",
});
