import { z } from 'zod';
import { emailAddress, oneTag } from '../../../shared/operation/schemas';
import { emailProperty } from '../../../shared/operation/properties';
import { tagProperty } from '../../../shared/operation/lists';
import { defineCommand } from './command';

export const addTag = defineCommand({
	value: 'addTag',
	name: 'Add Tag',
	action: 'Add tag to subscriber without starting Bento automations',
	description:
		"Add a tag without starting Bento workflows. To start them, use 'Add Tag' in Bento Track Event.",
	command: 'add_tag',
	// A subscriber has a tag or doesn't.
	idempotent: true,
	properties: [
		emailProperty("Email of the subscriber to tag. Created if it doesn't exist."),
		{
			...tagProperty("Tag to add. Created if it doesn't exist."),
			hint: "Doesn't start the Bento workflows that listen for the tag. Add Tag via Event does.",
		},
	],
	input: z.object({ email: emailAddress, tag: oneTag }),
	query: ({ tag }) => tag,
});
