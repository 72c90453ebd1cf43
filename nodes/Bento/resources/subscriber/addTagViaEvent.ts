import { z } from 'zod';
import { emailAddress, oneTag } from '../../../shared/operation/schemas';
import { emailProperty } from '../../../shared/operation/properties';
import { tagProperty } from '../../../shared/operation/lists';
import { defineCommand } from './command';

export const addTagViaEvent = defineCommand({
	value: 'addTagViaEvent',
	name: 'Add Tag via Event',
	action: 'Add tag to subscriber and start Bento automations',
	description:
		"Add a tag and start the Bento workflows that listen for it, as 'Add Tag' in Bento Track Event does",
	command: 'add_tag_via_event',
	// A repeat starts the Bento workflows again.
	idempotent: false,
	properties: [
		emailProperty("Email of the subscriber to tag. Created if it doesn't exist."),
		{
			...tagProperty("Tag to add. Created if it doesn't exist."),
			hint: 'Starts the Bento workflows that listen for the tag',
		},
	],
	input: z.object({ email: emailAddress, tag: oneTag }),
	query: ({ tag }) => tag,
});
