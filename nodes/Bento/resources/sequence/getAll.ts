import { z } from 'zod';
import { defineList } from '../../../shared/operation/define';

export const getSequences = defineList({
	value: 'getAll',
	name: 'Get Many',
	action: 'Get many sequences',
	description: 'List the sequences of the site with their email templates',
	route: { method: 'GET', path: '/fetch/sequences' },
	paged: true,
	properties: [],
	input: z.object({}),
	request: () => ({}),
});
