import { z } from 'zod';
import { isItem, items, UNEXPECTED } from '../../../shared/operation/answers';
import { defineSimplifiedCall } from '../../../shared/operation/define';
import { text } from '../../../shared/operation/schemas';

export const checkBlacklist = defineSimplifiedCall({
	value: 'checkBlacklist',
	name: 'Check Blacklist',
	action: 'Check blacklist',
	description: 'Check whether a domain or an IP address is on the block lists of spam fighters',
	route: { method: 'GET', path: '/experimental/blacklist' },
	// A read.
	whenUnknown: 'resend',
	properties: [
		{
			displayName: 'What to Check',
			name: 'whatToCheck',
			type: 'options',
			noDataExpression: true,
			default: 'domain',
			options: [
				{ name: 'Domain', value: 'domain' },
				{ name: 'IP Address', value: 'ip' },
			],
		},
		{
			displayName: 'Domain',
			name: 'domain',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. example.com',
			displayOptions: { show: { whatToCheck: ['domain'] } },
			description: 'The domain to look for',
		},
		{
			displayName: 'IP Address',
			name: 'ip',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. 203.0.113.7',
			displayOptions: { show: { whatToCheck: ['ip'] } },
			description: 'The address to look for',
		},
	],
	input: z.discriminatedUnion('whatToCheck', [
		z.object({ whatToCheck: z.literal('domain'), domain: text }),
		z.object({ whatToCheck: z.literal('ip'), ip: text }),
	]),
	request: (input) => ({
		query: input.whatToCheck === 'domain' ? { domain: input.domain } : { ip: input.ip },
	}),
	answer(body, _input, simplify) {
		if (!isItem(body)) return UNEXPECTED;
		if (!simplify) return items(body);
		const results = isItem(body.results) ? body.results : {};
		const listedBy = Object.keys(results).filter((list) => results[list] === true);
		return items({ query: body.query, listed: listedBy.length > 0, listed_by: listedBy });
	},
});
