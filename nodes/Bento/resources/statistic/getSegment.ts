import { z } from 'zod';
import { plain } from '../../../shared/operation/answers';
import { defineCall } from '../../../shared/operation/define';
import { locator } from '../../../shared/operation/schemas';
import { segmentProperty } from '../segment/locator';

export const getSegmentStatistic = defineCall({
	value: 'getSegment',
	name: 'Get Segment',
	action: 'Get statistics of segment',
	description:
		'Count the users, subscribers and unsubscribers of a segment. Bento allows about 30 statistics calls an hour.',
	route: { method: 'GET', path: '/stats/segment' },
	// A read.
	whenUnknown: 'resend',
	properties: [segmentProperty('Which segment to count, from the list or by its ID')],
	notFound: { message: 'Bento has no segment with this ID', otherwise: 'fail' },
	input: z.object({ segment: locator }),
	request: ({ segment }) => ({ query: { segment_id: segment } }),
	answer: plain,
});
