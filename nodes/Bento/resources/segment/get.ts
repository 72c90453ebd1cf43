import { z } from 'zod';
import { single } from '../../../shared/operation/responses';
import { defineSimplifiedCall } from '../../../shared/operation/define';
import { locatedId } from '../../../shared/operation/schemas';
import { segmentProperty } from '../../lists';

export const getSegment = defineSimplifiedCall({
	value: 'get',
	name: 'Get',
	action: 'Get segment',
	description: 'Retrieve a segment with its name, description, and conditions',
	route: { method: 'GET', path: '/fetch/segments/:id' },
	properties: [segmentProperty('Segment to retrieve')],
	notFound: { message: 'Bento has no segment with this ID', otherwise: 'fail' },
	input: z.object({ segment: locatedId }),
	request: ({ segment }) => ({ ids: { id: segment } }),
	response: (body, _input, simplify) => single(body, simplify),
});
