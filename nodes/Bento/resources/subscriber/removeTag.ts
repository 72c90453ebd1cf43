import { z } from 'zod';
import { emailAddress, oneTag } from '../../../shared/operation/schemas';
import { emailProperty } from '../../../shared/operation/properties';
import { tagProperty } from '../../../shared/operation/lists';
import { defineCommand } from './command';

export const removeTag = defineCommand({
	value: 'removeTag',
	name: 'Remove Tag',
	action: 'Remove tag from subscriber without starting Bento automations',
	description:
		"Remove a tag without starting Bento workflows. To start them, use 'Remove Tag' in Bento Track Event.",
	command: 'remove_tag',
	// A subscriber has a tag or doesn't.
	idempotent: true,
	properties: [emailProperty('Email of the subscriber'), tagProperty('Tag to remove.')],
	input: z.object({ email: emailAddress, tag: oneTag }),
	query: ({ tag }) => tag,
});
