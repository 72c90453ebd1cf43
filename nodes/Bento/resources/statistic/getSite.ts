import { z } from 'zod';
import { plain } from '../../../shared/operation/answers';
import { defineCall } from '../../../shared/operation/define';

export const getSite = defineCall({
	value: 'getSite',
	name: 'Get Site',
	action: 'Get statistics of site',
	description:
		'Count the users, subscribers and unsubscribers of the site. Bento allows about 30 statistics calls an hour.',
	route: { method: 'GET', path: '/stats/site' },
	// A read.
	whenUnknown: 'resend',
	properties: [],
	input: z.object({}),
	request: () => ({}),
	answer: plain,
});
