import { z } from 'zod';
import { plain } from '../../../shared/operation/answers';
import { defineCall } from '../../../shared/operation/define';
import { collection, flag, text } from '../../../shared/operation/schemas';
import { additionalFields, emailProperty } from '../../../shared/operation/parameters';

export const checkStrictly = defineCall({
	value: 'checkStrictly',
	name: 'Check Strictly',
	action: 'Check email strictly',
	description:
		"Check an email address by Bento's strict rules, which it calls Jesse's ruleset. Answers valid, and reasons where it isn't.",
	route: { method: 'POST', path: '/experimental/jesses_ruleset' },
	// Changes nothing in Bento.
	whenUnknown: 'resend',
	properties: [
		emailProperty('The address to check'),
		additionalFields([
			{
				displayName: 'Block Free Providers',
				name: 'blockFreeProviders',
				type: 'boolean',
				default: false,
				description: 'Whether addresses at free email providers count as not valid',
			},
			{
				displayName: 'Wiggle Room',
				name: 'wiggleRoom',
				type: 'boolean',
				default: false,
				description: 'Whether to be a little less strict',
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
	answer: plain,
});
