import { defineLongCall } from '../../../shared/operation/define';
import { LOOK_UP_OPTIONS, LOOK_UP_PROPERTIES, lookUp, lookUpInput } from './lookUp';
import { NO_SUBSCRIBER } from './notFound';

export const getSubscriber = defineLongCall(
	{
		value: 'get',
		name: 'Get',
		action: 'Get subscriber',
		description: 'Get one person by email or UUID, with fields, tag IDs and subscription status',
		route: { method: 'GET', path: '/fetch/subscribers' },
		// A read.
		whenUnknown: 'resend',
		properties: LOOK_UP_PROPERTIES,
		options: LOOK_UP_OPTIONS,
		notFound: { message: NO_SUBSCRIBER, otherwise: 'fail' },
		input: lookUpInput,
		errand: lookUp,
	},
	{ simplified: true },
);
