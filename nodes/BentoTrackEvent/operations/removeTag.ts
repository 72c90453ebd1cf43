import { tagProperty } from '../../shared/operation/lists';
import { emailProperty } from '../../shared/operation/properties';
import { defineTagEvent } from '../define';
import { BENTO_TYPES } from '../event';

export const removeTag = defineTagEvent(
	BENTO_TYPES.removeTag,
	[emailProperty('Email of the subscriber'), tagProperty('Tag to remove.')],
	{
		value: 'removeTag',
		name: 'Remove Tag',
		action: 'Remove tag from subscriber and start Bento automations',
		description:
			"Remove a tag and start the Bento workflows that listen for it. To start none, use 'Remove Tag' in the Bento node.",
	},
);
