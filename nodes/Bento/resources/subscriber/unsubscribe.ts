import { z } from 'zod';
import { email } from '../../../shared/operation/schemas';
import { emailProperty } from '../../../shared/operation/parameters';
import { defineCommand } from './command';

export const unsubscribe = defineCommand({
	value: 'unsubscribe',
	name: 'Unsubscribe',
	action: 'Unsubscribe subscriber',
	description:
		'Unsubscribe a person from everything without starting workflows. Up to 100 items a request.',
	command: 'unsubscribe',
	// A person is subscribed or isn't.
	whenUnknown: 'resend',
	properties: [
		emailProperty('The person to unsubscribe, who is created as unsubscribed in Bento if new'),
	],
	input: z.object({ email }),
});
