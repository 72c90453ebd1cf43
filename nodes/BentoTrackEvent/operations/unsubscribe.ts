import { emailProperty } from '../../shared/operation/properties';
import { DATE, defineEvent } from '../define';
import { BENTO_TYPES } from '../event';

export const unsubscribe = defineEvent({
	value: 'unsubscribe',
	name: 'Unsubscribe',
	action: 'Unsubscribe subscriber and start Bento automations',
	description:
		"Unsubscribe someone and start the Bento workflows that listen for it. To start none, use 'Unsubscribe' in the Bento node.",
	properties: [emailProperty('Email of the subscriber'), DATE],
	draft: ({ email, date }) => ({
		draft: { type: BENTO_TYPES.unsubscribe, email, date },
		issues: [],
	}),
});
