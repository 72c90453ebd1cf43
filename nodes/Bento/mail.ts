import type { INodeProperties, NodeHint } from 'n8n-workflow';

/** Parameters that all operations with an email have in common. */

/** Bento's templates and n8n's expressions look the same. */
export const LIQUID_HINT =
	'To use Liquid, keep this field on Fixed. In an expression, n8n evaluates {{ }} itself.';

/** A plain name between braces, with or without a filter: n8n's own begin with a dollar sign, so it is Bento's. */
const LIQUID_IN_EXPRESSION = String.raw`/^=[^]*\x7b\x7b\s*[a-z_][\w.]*\s*(\||\x7d\x7d)/`;

/**
 * For Liquid that n8n takes for its own. The editor turns a field into an expression when a template is pasted into it
 * or a value is dragged, and the hint at the field is gone then: without this, the email goes out with gaps.
 */
export const LIQUID_LOST: NodeHint = {
	type: 'warning',
	location: 'outputPane',
	whenToDisplay: 'always',
	message:
		'A field with Liquid, such as {{ visitor.first_name }}, is an expression. n8n evaluates it and leaves a gap, and Bento never sees it. Set the field to Fixed. In an email, Personalizations can bring in values of the workflow.',
	displayCondition: `={{ [$rawParameter.content, $rawParameter.html, $rawParameter.subject, $rawParameter.updateFields?.html, $rawParameter.updateFields?.subject].some((text) => ${LIQUID_IN_EXPRESSION}.test(text ?? "")) }}`,
};

const PLAIN_TEXT = {
	propertyHint:
		'With Liquid, plain text that never starts with =: an expression empties {{ visitor.* }}. Data beside it: in Email > Send, additionalFields.personalizations { personalization: [{ name, value }] }; elsewhere, a Code node before that builds the text, and ={{ $json.html }}.',
};

export function subjectProperty(placeholder: string): INodeProperties {
	return {
		displayName: 'Subject',
		name: 'subject',
		type: 'string',
		default: '',
		required: true,
		placeholder,
		description: 'Subject of the email. Supports Liquid, such as {{ visitor.first_name }}.',
		builderHint: PLAIN_TEXT,
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
		builderHint: PLAIN_TEXT,
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

/** Recipients of a copy, hidden from the others. */
export const BCC: INodeProperties = {
	displayName: 'BCC',
	name: 'bcc',
	type: 'string',
	default: '',
	placeholder: 'e.g. archive@example.com',
	description: 'Comma-separated list of email addresses to blind copy',
};
