import { z } from 'zod';
import { defineBatch } from '../../../shared/operation/define';
import {
	body,
	collection,
	confirmed,
	email,
	flag,
	flatObject,
	locator,
	names,
	optionalText,
	text,
} from '../../../shared/operation/schemas';
import { EMAIL_PROPERTIES } from './fields';

export const sendEmail = defineBatch({
	value: 'send',
	name: 'Send',
	action: 'Send email',
	description:
		'Send a transactional email to one person per input item, such as a receipt or a password reset',
	route: { method: 'POST', path: '/batch/emails' },
	// A repeat would send the email twice.
	whenUnknown: 'never',
	noun: { one: 'email', many: 'emails' },
	wrapper: 'emails',
	// 60 by the documentation, 100 by one SDK: bentonow.com/docs/emails_api counts.
	most: 60,
	perMinute: 60,
	properties: EMAIL_PROPERTIES,
	input: z.object({
		toEmail: email,
		from: locator,
		subject: text,
		emailFormat: z.enum(['html', 'text']).catch('html'),
		content: body,
		transactional: flag,
		confirm: confirmed,
		personalizations: flatObject,
		additionalFields: collection({ bcc: names, cc: names, replyTo: optionalText }),
	}),
	record: ({ emailFormat, content, personalizations, additionalFields: more, ...email }) => ({
		to: email.toEmail,
		from: email.from,
		subject: email.subject,
		[emailFormat === 'html' ? 'html_body' : 'text_body']: content,
		transactional: email.transactional,
		personalizations: Object.keys(personalizations).length > 0 ? personalizations : undefined,
		cc: more.cc,
		bcc: more.bcc,
		reply_to: more.replyTo,
	}),
	about: ({ toEmail, subject }) => ({ to: toEmail, subject }),
});
