import { z } from 'zod';
import { items, plain } from '../../../shared/operation/answers';
import { defineCall } from '../../../shared/operation/define';
import { confirmed, email } from '../../../shared/operation/schemas';
import { confirmProperty, emailProperty } from '../../../shared/operation/parameters';

export const deleteData = defineCall({
	value: 'deleteData',
	name: 'Delete Data',
	action: 'Delete data of subscriber',
	description:
		'Have Bento anonymize everything it knows about a person. This cannot be undone. At most 1,000 a day.',
	route: { method: 'POST', path: '/data_deletion_requests' },
	// Who is queued for deletion is deleted, however often it is asked for.
	whenUnknown: 'resend',
	properties: [
		emailProperty('The person whose data goes for good'),
		confirmProperty('Confirm Deletion', "Whether the person's data may really be deleted"),
	],
	notFound: { message: 'Bento has no subscriber with this email', otherwise: 'fail' },
	input: z.object({ email, confirm: confirmed }),
	// The documentation shows this call form-encoded (bentonow.com/docs/data_deletion_requests_api).
	request: (input) => ({ form: { 'data_deletion_request[email]': input.email } }),
	answer(body, input) {
		const answered = plain(body);
		if (answered.kind !== 'items') return answered;
		return items({ deleted: true, email: input.email, status: answered.items[0]?.status });
	},
});
