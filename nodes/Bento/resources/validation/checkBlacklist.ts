import type { IDataObject } from 'n8n-workflow';
import { z } from 'zod';
import {
	asIs,
	asText,
	isItem,
	items,
	refusalIn,
	UNEXPECTED,
	unwrap,
} from '../../../shared/operation/responses';
import { defineSimplifiedCall } from '../../../shared/operation/define';
import { domain, ipAddress } from '../../../shared/operation/schemas';
import type { ParsedResponse } from '../../../shared/operation/types';

export const checkBlacklist = defineSimplifiedCall({
	value: 'checkBlacklist',
	name: 'Check Blocklist',
	action: 'Check domain or IP against blocklists',
	description: 'Check whether a domain or IP address is on a spam blocklist',
	route: { method: 'GET', path: '/experimental/blacklist' },
	properties: [
		{
			displayName: 'What to Check',
			name: 'whatToCheck',
			type: 'options',
			noDataExpression: true,
			default: 'domain',
			options: [
				{ name: 'Domain', value: 'domain' },
				{
					name: 'Domain and IP Address',
					value: 'both',
					description: 'May not be supported by Bento',
				},
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
			displayOptions: { show: { whatToCheck: ['both', 'domain'] } },
			description: 'Domain to check. You can also enter a URL.',
		},
		{
			displayName: 'IP Address',
			name: 'ip',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. 203.0.113.7',
			displayOptions: { show: { whatToCheck: ['both', 'ip'] } },
			description: 'IP address to check',
		},
	],
	input: z.discriminatedUnion('whatToCheck', [
		z.object({ whatToCheck: z.literal('both'), domain, ip: ipAddress }),
		z.object({ whatToCheck: z.literal('domain'), domain, ip: z.undefined().catch(undefined) }),
		z.object({
			whatToCheck: z.literal('ip'),
			domain: z.undefined().catch(undefined),
			ip: ipAddress,
		}),
	]),
	request: (input) => ({ query: { domain: input.domain, ip: input.ip } }),
	response(body, input, simplify) {
		const checked = readCheck(unwrap(body) ?? {}, asText(input.domain ?? input.ip));
		const refused = refusalIn(body) ?? (checked.kind === 'refused' ? checked : undefined);
		return refused ?? (simplify ? checked : asIs(body));
	},
});

/**
 * Only a clean result counts as clean. `results` is an object of lists, true if one of them has the target; null or
 * false if none has it (bento-laravel-sdk). If Bento checked nothing, there is text in their place, and `query` is
 * null: "Please provide an IP or clean domain".
 */
function readCheck({ query, results }: IDataObject, asked: string): ParsedResponse {
	if (typeof results === 'string') return { kind: 'refused', words: results };
	if (results === null || results === false || results === true) {
		if (asText(query) === '') return { kind: 'refused', words: 'Nothing was checked' };
		return items({ query, listed: results === true, listed_by: [] });
	}
	if (!isItem(results)) return UNEXPECTED;
	const lists = Object.entries(results);
	const words = lists.flatMap(([, found]) => (typeof found === 'string' ? [found] : []));
	if (words.length > 0) return { kind: 'refused', words: words.join('; ') };
	const known = lists.length > 0 && lists.every(([, found]) => typeof found === 'boolean');
	if (!known) return UNEXPECTED;
	const listedBy = lists.flatMap(([list, found]) => (found === true ? [list] : []));
	return items({ query: query ?? asked, listed: listedBy.length > 0, listed_by: listedBy });
}
