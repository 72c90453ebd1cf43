import { z } from 'zod';
import { email, oneTag } from '../../../shared/operation/schemas';
import { emailProperty } from '../../../shared/operation/parameters';
import { tagProperty } from '../tag/locator';
import { defineCommand } from './command';

export const addTag = defineCommand({
	value: 'addTag',
	name: 'Add Tag',
	action: 'Add tag to subscriber',
	description:
		'Tag a subscriber without starting workflows. Person and tag are created if new. Up to 100 items a request.',
	command: 'add_tag',
	// A person has a tag or doesn't.
	whenUnknown: 'resend',
	properties: [
		emailProperty('The person to tag, who is created in Bento if new'),
		tagProperty('Name of the tag, which is created in Bento if new'),
	],
	input: z.object({ email, tag: oneTag }),
	query: ({ tag }) => tag,
});
