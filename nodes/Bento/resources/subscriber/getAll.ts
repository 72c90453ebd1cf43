import { defineLongCall } from '../../../shared/operation/define';
import { LOOK_UP_OPTIONS, LOOK_UP_PROPERTIES, lookUp, lookUpInput } from './lookUp';
import { NO_SUBSCRIBER } from './notFound';

/** Bento lists nobody outside Enterprise: many people are many look-ups, and people it doesn't have are usual. */
export const getSubscribers = defineLongCall(
	{
		value: 'getAll',
		name: 'Get Many',
		action: 'Get many subscribers',
		description:
			'Look up a person for each input item, several at once. People that Bento does not have give an empty item.',
		route: { method: 'GET', path: '/fetch/subscribers' },
		// A read.
		whenUnknown: 'resend',
		properties: LOOK_UP_PROPERTIES,
		options: LOOK_UP_OPTIONS,
		notFound: { message: NO_SUBSCRIBER, otherwise: 'continue' },
		input: lookUpInput,
		errand: lookUp,
	},
	{ simplified: true },
);
