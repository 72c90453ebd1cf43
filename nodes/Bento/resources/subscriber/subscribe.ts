import { z } from 'zod';
import { email } from '../../../shared/operation/schemas';
import { emailProperty } from '../../../shared/operation/parameters';
import { defineCommand } from './command';

export const subscribe = defineCommand({
	value: 'subscribe',
	name: 'Subscribe',
	action: 'Subscribe subscriber',
	description:
		'Subscribe a person, also after an unsubscribe, without starting workflows. Up to 100 items a request.',
	command: 'subscribe',
	// A person is subscribed or isn't.
	whenUnknown: 'resend',
	properties: [emailProperty('The person to subscribe, who is created in Bento if new')],
	input: z.object({ email }),
});
