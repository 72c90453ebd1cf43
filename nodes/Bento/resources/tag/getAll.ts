import { z } from 'zod';
import { defineList } from '../../../shared/operation/define';

export const getTags = defineList({
	value: 'getAll',
	name: 'Get Many',
	action: 'Get many tags',
	description: 'Retrieve a list of tags with their IDs, names, and dates',
	route: { method: 'GET', path: '/fetch/tags' },
	// Bento documents no pages here: one response contains all tags.
	paged: false,
	properties: [],
	input: z.object({}),
	request: () => ({}),
});
