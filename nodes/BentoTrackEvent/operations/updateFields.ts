import { DATE, defineEvent, EMAIL, FIELDS, readFields } from '../define';
import { BENTO_TYPES } from '../event';

export const updateFields = defineEvent({
	value: 'updateFields',
	name: 'Update Fields',
	action: 'Update subscriber fields and start Bento automations',
	description:
		"Update custom fields and start the Bento workflows that listen for it. To start none, use 'Create or Update' in the Bento node.",
	properties: [EMAIL, ...FIELDS, DATE],
	draft(values) {
		const { record: fields, issues, notes } = readFields(values);
		const { email, date } = values;
		const empty = fields === undefined || Object.keys(fields).length === 0;
		const nothing = { field: 'Custom Fields', text: 'is empty, so there is nothing to update' };
		return {
			draft: { type: BENTO_TYPES.updateFields, email, date, fields },
			issues: empty && issues.length === 0 ? [nothing] : issues,
			notes,
		};
	},
});
