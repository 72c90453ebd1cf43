import { DATE, defineEvent, EMAIL, FIELDS, readFields } from '../define';
import { BENTO_TYPES } from '../event';

export const subscribe = defineEvent({
	value: 'subscribe',
	name: 'Subscribe',
	action: 'Subscribe person and start Bento automations',
	description:
		"Subscribe someone and start the Bento workflows that listen for it. To start none, use 'Subscribe' in the Bento node.",
	properties: [EMAIL, ...FIELDS, DATE],
	draft(values) {
		const { record: fields, issues, notes } = readFields(values);
		const { email, date } = values;
		return { draft: { type: BENTO_TYPES.subscribe, email, date, fields }, issues, notes };
	},
});
