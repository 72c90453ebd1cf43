import { z } from 'zod';
import { defineList } from '../../../shared/operation/define';
import { collection, optionalText, oneOf } from '../../../shared/operation/schemas';
import { filtersProperty } from '../../../shared/operation/parameters';

const PAGE_SIZE = 100;

export const getBroadcasts = defineList({
	value: 'getAll',
	name: 'Get Many',
	action: 'Get many broadcasts',
	description: 'List broadcasts of one status with their templates, dates and open rates',
	route: { method: 'GET', path: '/fetch/broadcasts' },
	paged: true,
	properties: [
		{
			displayName: 'Status',
			name: 'status',
			type: 'options',
			default: 'sent',
			options: [
				{ name: 'Archived', value: 'archived' },
				{ name: 'Draft', value: 'draft' },
				{ name: 'Scheduled', value: 'scheduled' },
				{ name: 'Sending', value: 'sending' },
				{ name: 'Sent', value: 'sent' },
			],
			description: 'Which broadcasts to list. Bento lists one status at a time.',
		},
		filtersProperty([
			{
				displayName: 'Created After',
				name: 'createdAfter',
				type: 'string',
				default: '',
				placeholder: 'e.g. 2026-11-01',
				description: 'Only broadcasts created after this day. Not in the documentation of Bento.',
			},
		]),
	],
	input: z.object({
		status: oneOf('archived', 'draft', 'scheduled', 'sending', 'sent'),
		filters: collection({ createdAfter: optionalText }),
	}),
	// Without a status Bento lists what is sent (bento-skills, July 2026): it always goes along.
	request: ({ status, filters }) => ({
		query: { status, per_page: PAGE_SIZE, created_after: filters.createdAfter },
	}),
});
