import { z } from 'zod';
import { single } from '../../../shared/operation/answers';
import { defineSimplifiedCall } from '../../../shared/operation/define';
import { locator } from '../../../shared/operation/schemas';
import { segmentProperty } from './locator';

export const getSegment = defineSimplifiedCall({
	value: 'get',
	name: 'Get',
	action: 'Get segment',
	description: 'Get a segment with its name, description and conditions',
	route: { method: 'GET', path: '/fetch/segments/:id' },
	// A read.
	whenUnknown: 'resend',
	properties: [segmentProperty('Which segment to get, from the list or by its ID')],
	notFound: { message: 'Bento has no segment with this ID', otherwise: 'fail' },
	input: z.object({ segment: locator }),
	request: ({ segment }) => ({ ids: { id: segment } }),
	answer: (body, _input, simplify) => single(body, simplify),
});
