import type { INodeProperties } from 'n8n-workflow';

/** Parameters that all operations with an email have in common. */

/** Bento's templates and n8n's expressions look the same. */
export const LIQUID_HINT =
	'To use Liquid, keep this field on Fixed. In an expression, n8n evaluates {{ }} itself.';

export function subjectProperty(placeholder: string): INodeProperties {
	return {
		displayName: 'Subject',
		name: 'subject',
		type: 'string',
		default: '',
		required: true,
		placeholder,
		description: 'Subject of the email. Supports Liquid, such as {{ visitor.first_name }}.',
	};
}

/** The body of an email. */
export function contentProperty(more: Partial<INodeProperties> = {}): INodeProperties {
	return {
		displayName: 'Content',
		name: 'content',
		type: 'string',
		typeOptions: { rows: 4 },
		default: '',
		required: true,
		placeholder: 'e.g. <p>Hi {{ visitor.first_name }}</p>',
		hint: LIQUID_HINT,
		description: 'Body of the email. Supports Liquid and is sent to Bento unchanged.',
		...more,
	};
}

/** Comma-separated addresses that get a copy. */
export const CC: INodeProperties = {
	displayName: 'CC',
	name: 'cc',
	type: 'string',
	default: '',
	placeholder: 'e.g. sales@example.com',
	description: 'Comma-separated list of email addresses to copy',
};

/** The same, hidden from the other recipients. */
export const BCC: INodeProperties = {
	displayName: 'BCC',
	name: 'bcc',
	type: 'string',
	default: '',
	placeholder: 'e.g. archive@example.com',
	description: 'Comma-separated list of email addresses to blind copy',
};
