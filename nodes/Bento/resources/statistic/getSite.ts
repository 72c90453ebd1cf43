import { z } from 'zod';
import { plain } from '../../../shared/operation/responses';
import { defineCall } from '../../../shared/operation/define';

export const getSite = defineCall({
	value: 'getSite',
	name: 'Get Site Metrics',
	action: 'Get site metrics',
	description:
		'Retrieve user, subscriber, and unsubscriber counts for the site. Limited to about 30 calls per hour.',
	route: { method: 'GET', path: '/stats/site' },
	properties: [],
	input: z.object({}),
	request: () => ({}),
	response: plain,
});
