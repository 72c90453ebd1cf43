import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { FIELD_LIST } from '../shared/operation/accountFields';
import {
	listEntry,
	list,
	searchIn,
	TAGS,
	type ListEntry,
	type Source,
} from '../shared/operation/lists';
import { locatorProperty } from '../shared/operation/properties';
import { asText, flatten, isItem } from '../shared/operation/responses';

/**
 * What is picked from the account, beside tags: the parameters, and the lists behind their dropdowns.
 */

/** A sender: Bento sends emails from its authors only. */
export function authorProperty(): INodeProperties {
	return locatorProperty({
		displayName: 'From',
		name: 'from',
		description:
			'Sender of the email. Must be an author of your Bento site; add one in Bento under Settings.',
		search: 'searchAuthors',
		by: { displayName: 'By Email', name: 'email', placeholder: 'e.g. hello@example.com' },
	});
}

/** An email template by its ID. Bento lists templates with their sequences and workflows only. */
export function templateProperty(description: string): INodeProperties {
	return locatorProperty({
		displayName: 'Email Template',
		name: 'template',
		description: `${description}. The list has the emails of sequences and Bento workflows; for others, choose By ID.`,
		search: 'searchEmailTemplates',
		by: { displayName: 'By ID', name: 'id', placeholder: 'e.g. 5678' },
		isId: true,
	});
}

/** A field by its key. */
export function fieldProperty(description: string): INodeProperties {
	return locatorProperty({
		displayName: 'Field',
		name: 'field',
		description: `${description} To enter a key that isn't in the list, choose By Key.`,
		search: 'searchFields',
		by: { displayName: 'By Key', name: 'key', placeholder: 'e.g. plan' },
	});
}

/** A segment by its ID. */
export function segmentProperty(description: string, required = true): INodeProperties {
	return locatorProperty({
		displayName: 'Segment',
		name: 'segment',
		description: `${description}. Segments are created in Bento.`,
		search: 'searchSegments',
		by: { displayName: 'By ID', name: 'id', placeholder: 'e.g. 1234' },
		isId: true,
		required,
	});
}

/** A sequence by its ID. */
export function sequenceProperty(description: string): INodeProperties {
	return locatorProperty({
		displayName: 'Sequence',
		name: 'sequence',
		description: `${description}. Sequences are created in Bento.`,
		search: 'searchSequences',
		by: { displayName: 'By ID', name: 'id', placeholder: 'e.g. sequence_1a2b3c' },
		isId: true,
	});
}

const fieldSource: Source = {
	request: FIELD_LIST,
	toEntries(row) {
		const { name, key } = flatten(row);
		return listEntry(name ?? key, key);
	},
};

/** Bento doesn't document a list of senders; its WordPress plug-in reads one. */
const authors: Source = {
	request: list('/fetch/authors'),
	toEntries(row) {
		const { email, name } = flatten(row);
		return listEntry(asText(name) === '' ? email : `${asText(name)} <${asText(email)}>`, email);
	},
};

const segments: Source = { request: list('/fetch/segments'), toEntries: byId };
const sequences: Source = { request: list('/fetch/sequences'), paged: true, toEntries: byId };
const workflows: Source = { ...sequences, request: list('/fetch/workflows') };

/** What fills the dropdowns of the node. */
export const listSearch = {
	searchAuthors: searchIn(authors),
	// Bento lists templates only with what sends them.
	searchEmailTemplates: searchIn(
		{ ...sequences, toEntries: templatesOf },
		{ ...workflows, toEntries: templatesOf },
	),
	searchFields: searchIn(fieldSource),
	searchSegments: searchIn(segments),
	searchSequences: searchIn(sequences),
	searchTags: searchIn(TAGS),
};

function byId(row: IDataObject): ListEntry[] {
	const { id, name } = flatten(row);
	return listEntry(name ?? id, id);
}

function templatesOf(row: IDataObject): ListEntry[] {
	const { name, email_templates: templates } = flatten(row);
	const all: readonly unknown[] = Array.isArray(templates) ? templates : [];
	return all
		.filter(isItem)
		.flatMap(({ id, subject }) => listEntry(`${asText(name)} > ${asText(subject ?? id)}`, id));
}
