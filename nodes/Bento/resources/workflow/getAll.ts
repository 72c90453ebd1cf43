import { z } from 'zod';
import { defineList } from '../../../shared/operation/define';

export const getWorkflows = defineList({
	value: 'getAll',
	name: 'Get Many',
	action: 'Get many workflows',
	description:
		'List the workflows of the site with their email templates. Bento lets nobody change a workflow from outside.',
	route: { method: 'GET', path: '/fetch/workflows' },
	paged: true,
	properties: [],
	input: z.object({}),
	request: () => ({}),
});
