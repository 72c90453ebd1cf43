import { z } from 'zod';
import { emailAddress } from '../../../shared/operation/schemas';
import { emailProperty } from '../../../shared/operation/properties';
import { defineCommand } from './command';

export const subscribe = defineCommand({
	value: 'subscribe',
	name: 'Subscribe',
	action: 'Subscribe person without starting Bento automations',
	description:
		"Subscribe someone with their consent, even after an unsubscribe. To start Bento workflows, use 'Subscribe' in Bento Track Event.",
	command: 'subscribe',
	// A subscriber is subscribed or isn't.
	idempotent: true,
	properties: [emailProperty("Email of the subscriber. Created if it doesn't exist.")],
	input: z.object({ email: emailAddress }),
});
