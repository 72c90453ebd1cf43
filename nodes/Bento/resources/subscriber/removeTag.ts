import { z } from 'zod';
import { email, oneTag } from '../../../shared/operation/schemas';
import { emailProperty } from '../../../shared/operation/parameters';
import { tagProperty } from '../tag/locator';
import { defineCommand } from './command';

export const removeTag = defineCommand({
	value: 'removeTag',
	name: 'Remove Tag',
	action: 'Remove tag from subscriber',
	description: 'Take a tag off a subscriber without starting workflows. Up to 100 items a request.',
	command: 'remove_tag',
	// A person has a tag or doesn't.
	whenUnknown: 'resend',
	properties: [
		emailProperty('The person who has the tag'),
		tagProperty('Name of the tag to take off'),
	],
	input: z.object({ email, tag: oneTag }),
	query: ({ tag }) => tag,
});
