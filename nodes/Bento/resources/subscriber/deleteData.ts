import { z } from 'zod';
import { isItem, items, refusalIn, UNEXPECTED, unwrap } from '../../../shared/operation/responses';
import { defineCall } from '../../../shared/operation/define';
import { confirmProperty, emailProperty } from '../../../shared/operation/properties';
import { confirmed, emailAddress } from '../../../shared/operation/schemas';

export const deleteData = defineCall({
	value: 'deleteData',
	name: 'Delete Data',
	action: 'Delete subscriber data permanently',
	description:
		"Ask Bento to permanently anonymize all data about a subscriber. Can't be undone. Limited to 1,000 per day.",
	route: { method: 'POST', path: '/data_deletion_requests' },
	// Asking twice changes nothing: the subscriber is queued for deletion already.
	idempotent: true,
	dryRun: true,
	properties: [
		emailProperty('Email of the subscriber whose data to delete permanently'),
		confirmProperty(
			'Confirm Deletion',
			"Whether to delete the subscriber's data. The node doesn't run while this is off.",
		),
	],
	notFound: { message: 'Bento has no subscriber with this email', otherwise: 'fail' },
	input: z.object({ email: emailAddress, confirm: confirmed }),
	// The documentation shows this call form-encoded (bentonow.com/docs/data_deletion_requests_api).
	request: (input) => ({ form: { 'data_deletion_request[email]': input.email } }),
	// 202: Bento has accepted the request and deletes later, so the output doesn't claim more.
	response(body, input) {
		if (!isItem(body)) return UNEXPECTED;
		const accepted = { accepted: true, email: input.email, status: unwrap(body)?.status };
		return refusalIn(body) ?? items(accepted);
	},
});
