import { tagProperty } from '../../shared/operation/lists';
import { defineTagEvent, EMAIL } from '../define';
import { BENTO_TYPES } from '../event';

export const addTag = defineTagEvent(
	BENTO_TYPES.addTag,
	[EMAIL, tagProperty("Tag to add. Created if it doesn't exist.")],
	{
		value: 'addTag',
		name: 'Add Tag',
		action: 'Add tag to subscriber and start Bento automations',
		description:
			"Add a tag and start the Bento workflows that listen for it. To start none, use 'Add Tag' in the Bento node.",
	},
);
