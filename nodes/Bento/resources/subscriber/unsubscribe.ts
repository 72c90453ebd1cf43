import { z } from 'zod';
import { emailAddress } from '../../../shared/operation/schemas';
import { emailProperty } from '../../../shared/operation/properties';
import { defineCommand } from './command';

export const unsubscribe = defineCommand({
	value: 'unsubscribe',
	name: 'Unsubscribe',
	action: 'Unsubscribe subscriber without starting Bento automations',
	description:
		"Unsubscribe someone without starting Bento workflows. To start them, use 'Unsubscribe' in Bento Track Event.",
	command: 'unsubscribe',
	// A subscriber is subscribed or isn't.
	idempotent: true,
	properties: [
		emailProperty("Email of the subscriber. Created as unsubscribed if it doesn't exist."),
	],
	input: z.object({ email: emailAddress }),
});
