import { z } from 'zod';
import { plain, single } from '../../../shared/operation/answers';
import { defineSimplifiedCall } from '../../../shared/operation/define';
import {
	body,
	collection,
	locator,
	names,
	optionalCount,
	optionalText,
	text,
	oneOf,
} from '../../../shared/operation/schemas';
import { locatorProperty } from '../../../shared/operation/parameters';
import { CONTENT_FIELDS } from './contentFields';

export const createSequenceEmail = defineSimplifiedCall({
	value: 'createEmail',
	name: 'Create Email',
	action: 'Create email in sequence',
	description: 'Add an email to the end of a sequence',
	route: { method: 'POST', path: '/fetch/sequences/:id/emails/templates' },
	// Every call appends another email.
	whenUnknown: 'never',
	properties: [
		locatorProperty({
			displayName: 'Sequence',
			name: 'sequence',
			description: 'Which sequence gets the email, from the list or by its ID',
			search: 'searchSequences',
			by: { displayName: 'By ID', name: 'id', placeholder: 'e.g. sequence_1a2b3c' },
		}),
		...CONTENT_FIELDS,
	],
	notFound: { message: 'Bento has no sequence with this ID', otherwise: 'fail' },
	input: z.object({
		sequence: locator,
		subject: text,
		html: body,
		additionalFields: collection({
			bcc: names,
			cc: names,
			delayInterval: oneOf('days', 'hours', 'minutes', 'months').optional(),
			delayCount: optionalCount,
			editor: oneOf('html', 'plain').optional(),
			inboxSnippet: optionalText,
			to: optionalText,
		}),
	}),
	request: ({ sequence, subject, html, additionalFields: more }) => ({
		ids: { id: sequence },
		json: {
			email_template: {
				subject,
				html,
				delay_interval: more.delayCount === undefined ? undefined : (more.delayInterval ?? 'days'),
				delay_interval_count: more.delayCount,
				inbox_snippet: more.inboxSnippet,
				editor_choice: more.editor,
				cc: more.cc,
				bcc: more.bcc,
				to: more.to,
			},
		},
	}),
	answer(answered, _input, simplify) {
		const created = single(answered, simplify);
		return created.kind === 'none' ? plain(answered) : created;
	},
});
