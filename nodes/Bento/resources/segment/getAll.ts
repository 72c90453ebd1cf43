import { z } from 'zod';
import { defineList } from '../../../shared/operation/define';

export const getSegments = defineList({
	value: 'getAll',
	name: 'Get Many',
	action: 'Get many segments',
	description: 'Retrieve a list of segments with their IDs, names, and conditions',
	route: { method: 'GET', path: '/fetch/segments' },
	// The documentation says that all come in one response, by name (bentonow.com/docs/segments_api).
	paged: false,
	properties: [],
	input: z.object({}),
	request: () => ({}),
});
