import { DATE, defineEvent, EMAIL } from '../define';
import { BENTO_TYPES } from '../event';

export const unsubscribe = defineEvent({
	value: 'unsubscribe',
	name: 'Unsubscribe',
	action: 'Unsubscribe subscriber',
	description:
		"Unsubscribe a subscriber from everything by an event, which starts the Bento workflows that wait for it. To start none, use the Bento node's Unsubscribe.",
	properties: [EMAIL, DATE],
	draft: ({ email, date }) => ({
		draft: { type: BENTO_TYPES.unsubscribe, email, date },
		issues: [],
	}),
});
