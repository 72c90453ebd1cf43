import { z } from 'zod';
import { defineList } from '../../../shared/operation/define';
import { withoutHtml } from '../../../shared/operation/responses';

export const getSequences = defineList({
	value: 'getAll',
	name: 'Get Many',
	action: 'Get many sequences',
	description: 'Retrieve a list of sequences with their email templates',
	route: { method: 'GET', path: '/fetch/sequences' },
	paged: true,
	properties: [],
	input: z.object({}),
	request: () => ({}),
	simplify: withoutHtml,
});
