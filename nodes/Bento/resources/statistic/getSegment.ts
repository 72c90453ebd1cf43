import { z } from 'zod';
import { plain } from '../../../shared/operation/responses';
import { defineCall } from '../../../shared/operation/define';
import { locatedId } from '../../../shared/operation/schemas';
import { segmentProperty } from '../../lists';

export const getSegmentStatistic = defineCall({
	value: 'getSegment',
	name: 'Get Segment Metrics',
	action: 'Get segment metrics',
	description:
		'Retrieve user, subscriber, and unsubscriber counts for a segment. Limited to about 30 calls per hour.',
	route: { method: 'GET', path: '/stats/segment' },
	properties: [segmentProperty('Segment to count')],
	notFound: { message: 'Bento has no segment with this ID', otherwise: 'fail' },
	input: z.object({ segment: locatedId }),
	request: ({ segment }) => ({ query: { segment_id: segment } }),
	response: plain,
});
