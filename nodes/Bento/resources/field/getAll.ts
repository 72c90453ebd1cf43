import { z } from 'zod';
import { defineList } from '../../../shared/operation/define';

export const getFields = defineList({
	value: 'getAll',
	name: 'Get Many',
	action: 'Get many fields',
	description: 'Retrieve a list of custom fields with their keys and names',
	route: { method: 'GET', path: '/fetch/fields' },
	// Bento documents no pages here: one response contains all fields.
	paged: false,
	properties: [],
	input: z.object({}),
	request: () => ({}),
});
