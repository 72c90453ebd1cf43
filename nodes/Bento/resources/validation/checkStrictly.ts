import { z } from 'zod';
import { plain } from '../../../shared/operation/responses';
import { defineCall } from '../../../shared/operation/define';
import { additionalFields, emailProperty } from '../../../shared/operation/properties';
import { collection, flag, text } from '../../../shared/operation/schemas';

export const checkStrictly = defineCall({
	value: 'checkStrictly',
	name: "Check With Jesse's Ruleset",
	action: "Check email with Jesse's ruleset",
	description:
		"Check an email address against Jesse's ruleset, Bento's strictest check. Returns the reasons if it isn't valid.",
	route: { method: 'POST', path: '/experimental/jesses_ruleset' },
	// Changes nothing in Bento.
	idempotent: true,
	properties: [
		emailProperty('Email address to check'),
		additionalFields([
			{
				displayName: 'Block Free Providers',
				name: 'blockFreeProviders',
				type: 'boolean',
				default: false,
				description: 'Whether to reject addresses from free email providers',
			},
			{
				displayName: 'Wiggle Room',
				name: 'wiggleRoom',
				type: 'boolean',
				default: false,
				description: 'Whether to relax the rules slightly',
			},
		]),
	],
	input: z.object({
		email: text,
		additionalFields: collection({ blockFreeProviders: flag, wiggleRoom: flag }),
	}),
	request: ({ email, additionalFields: { blockFreeProviders, wiggleRoom } }) => ({
		json: { email, block_free_providers: blockFreeProviders, wiggleroom: wiggleRoom },
	}),
	response: plain,
});
