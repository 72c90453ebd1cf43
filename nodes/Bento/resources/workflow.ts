import { z } from 'zod';
import { defineList } from '../../shared/operation/define';
import { withoutHtml } from '../../shared/operation/responses';
import type { Resource } from '../../shared/operation/types';

export const getWorkflows = defineList({
	value: 'getAll',
	name: 'Get Many',
	action: 'Get many Bento workflows',
	description: 'Retrieve a list of Bento workflows with their email templates',
	route: { method: 'GET', path: '/fetch/workflows' },
	paged: true,
	properties: [],
	input: z.object({}),
	request: () => ({}),
	simplify: withoutHtml,
});

export const workflow: Resource = {
	value: 'workflow',
	name: 'Workflow',
	description: 'An automation in Bento',
	operations: [getWorkflows],
};
