import { z } from 'zod';
import { email } from '../../../shared/operation/schemas';
import { emailProperty } from '../../../shared/operation/parameters';
import { defineCommand } from './command';

export const changeEmail = defineCommand({
	value: 'changeEmail',
	name: 'Change Email',
	action: 'Change email of subscriber',
	description:
		'Give a subscriber another email address and keep everything else. Up to 100 items a request.',
	command: 'change_email',
	// After the change the old address is unknown, and Bento creates unknown people.
	whenUnknown: 'never',
	properties: [
		emailProperty('The address that the person has now', { displayName: 'Current Email' }),
		emailProperty('The address that the person gets', {
			displayName: 'New Email',
			name: 'newEmail',
			placeholder: 'e.g. nathan.drake@example.com',
		}),
	],
	input: z.object({ email, newEmail: email }),
	query: ({ newEmail }) => newEmail,
});
