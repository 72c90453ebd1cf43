import { z } from 'zod';
import { email, oneTag } from '../../../shared/operation/schemas';
import { emailProperty } from '../../../shared/operation/parameters';
import { tagProperty } from '../tag/locator';
import { defineCommand } from './command';

export const addTagViaEvent = defineCommand({
	value: 'addTagViaEvent',
	name: 'Add Tag via Event',
	action: 'Add tag to subscriber via event',
	description:
		'Tag a subscriber and start the workflows that wait for the tag. Up to 100 items a request.',
	command: 'add_tag_via_event',
	// A repeat starts the workflows again.
	whenUnknown: 'never',
	properties: [
		emailProperty('The person to tag, who is created in Bento if new'),
		tagProperty('Name of the tag, which is created in Bento if new'),
	],
	input: z.object({ email, tag: oneTag }),
	query: ({ tag }) => tag,
});
