import { z } from 'zod';
import { emailAddress, locator } from '../../../shared/operation/schemas';
import { emailProperty } from '../../../shared/operation/properties';
import { fieldProperty } from '../../lists';
import { defineCommand } from './command';

export const removeField = defineCommand({
	value: 'removeField',
	name: 'Clear Field',
	action: 'Clear subscriber field',
	description: 'Clear a field on a subscriber without starting Bento workflows',
	command: 'remove_field',
	// Clearing a field twice changes nothing.
	idempotent: true,
	properties: [
		emailProperty('Email of the subscriber to update'),
		fieldProperty('Field to clear.'),
	],
	input: z.object({ email: emailAddress, field: locator }),
	query: ({ field }) => field,
});
