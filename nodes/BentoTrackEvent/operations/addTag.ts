import { defineTagEvent } from '../define';
import { BENTO_TYPES } from '../event';

export const addTag = defineTagEvent(BENTO_TYPES.addTag, {
	value: 'addTag',
	name: 'Add Tag',
	action: 'Add tag to subscriber and start Bento automations',
	description:
		"Add a tag and start the Bento workflows that listen for it. To start none, use 'Add Tag' in the Bento node.",
});
