import { z } from 'zod';
import { emailAddress } from '../../../shared/operation/schemas';
import { emailProperty } from '../../../shared/operation/properties';
import { defineCommand } from './command';

export const changeEmail = defineCommand({
	value: 'changeEmail',
	name: 'Change Email',
	action: 'Change subscriber email',
	description: "Change a subscriber's email address and keep all other data",
	command: 'change_email',
	// After the change, the old address is unknown, and Bento creates unknown subscribers.
	idempotent: false,
	properties: [
		emailProperty('Current email of the subscriber', { displayName: 'Current Email' }),
		emailProperty('New email of the subscriber', {
			displayName: 'New Email',
			name: 'newEmail',
			placeholder: 'e.g. nathan.smith@example.com',
		}),
	],
	input: z.object({ email: emailAddress, newEmail: emailAddress }),
	query: ({ newEmail }) => newEmail,
});
