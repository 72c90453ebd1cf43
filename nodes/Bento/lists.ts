import type {
	IDataObject,
	ILoadOptionsFunctions,
	INodeListSearchResult,
	INodeProperties,
} from 'n8n-workflow';
import { FIELD_LIST, readAccountList } from '../shared/operation/accountFields';
import { asText, flatten, isItem } from '../shared/operation/responses';
import { locatorProperty } from '../shared/operation/properties';
import type { CallRequest } from '../shared/operation/types';

/**
 * What is picked from the account: the parameters, and the lists behind their dropdowns. n8n itself says that a
 * list is empty; what to do about it is in the parameter's description.
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
		description: `${description}. The list shows the emails of your sequences and Bento workflows; for others, choose By ID.`,
		search: 'searchEmailTemplates',
		by: { displayName: 'By ID', name: 'id', placeholder: 'e.g. 5678' },
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
	});
}

/** A tag by its name, which is how Bento writes tags. */
export function tagProperty(description: string): INodeProperties {
	return locatorProperty({
		displayName: 'Tag',
		name: 'tag',
		description: `${description} To enter a name that isn't in the list, choose By Name.`,
		search: 'searchTags',
		by: { displayName: 'By Name', name: 'name', placeholder: 'e.g. customer' },
	});
}

/** All tags of the site, which Bento gives in one response. */
export const TAG_LIST = list('/fetch/tags');

/** Whether a tag was deleted: Bento still lists it, with the time of its deletion. */
export function isDeleted({ discarded_at }: IDataObject): boolean {
	return discarded_at !== null && discarded_at !== undefined;
}

/** One entry of a dropdown. */
interface Entry {
	readonly name: string;
	readonly value: string;
}

/** A list of the account that a dropdown can show. */
interface Source {
	readonly request: CallRequest;
	/** Whether Bento takes `page` here. */
	readonly paged?: boolean;
	readonly toEntries: (row: IDataObject) => readonly Entry[];
}

function list(path: string): CallRequest {
	return { method: 'GET', path, idempotent: true };
}

const tags: Source = {
	request: TAG_LIST,
	toEntries(row) {
		const tag = flatten(row);
		return isDeleted(tag) ? [] : entry(tag.name, tag.name);
	},
};

const fields: Source = {
	request: FIELD_LIST,
	toEntries(row) {
		const { name, key } = flatten(row);
		return entry(name ?? key, key);
	},
};

/** Bento doesn't document a list of senders; its WordPress plug-in reads one. */
const authors: Source = {
	request: list('/fetch/authors'),
	toEntries(row) {
		const { email, name } = flatten(row);
		return entry(asText(name) === '' ? email : `${asText(name)} <${asText(email)}>`, email);
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
	searchFields: searchIn(fields),
	searchSegments: searchIn(segments),
	searchSequences: searchIn(sequences),
	searchTags: searchIn(tags),
};

function byId(row: IDataObject): Entry[] {
	const { id, name } = flatten(row);
	return entry(name ?? id, id);
}

function templatesOf(row: IDataObject): Entry[] {
	const { name, email_templates: templates } = flatten(row);
	const all: readonly unknown[] = Array.isArray(templates) ? templates : [];
	return all
		.filter(isItem)
		.flatMap(({ id, subject }) => entry(`${asText(name)} > ${asText(subject ?? id)}`, id));
}

function entry(name: unknown, value: unknown): Entry[] {
	const text = asText(value);
	return text === '' ? [] : [{ name: asText(name) || text, value: text }];
}

type Search = (this: ILoadOptionsFunctions, filter?: string) => Promise<INodeListSearchResult>;

/**
 * A list search over one or more lists of the account, filtered here, as Bento can't search them. Works before the node
 * has run.
 *
 * @throws NodeApiError that says what to do if Bento can't be reached
 */
function searchIn(...sources: readonly Source[]): Search {
	return async function search(this: ILoadOptionsFunctions, filter?: string) {
		const entries: Entry[] = [];
		for (const { request, paged, toEntries } of sources) {
			entries.push(...(await readAccountList(this, request, paged)).flatMap(toEntries));
		}
		const wanted = filter?.trim().toLowerCase() ?? '';
		const found = unique(entries).filter(
			({ name, value }) =>
				name.toLowerCase().includes(wanted) || value.toLowerCase().includes(wanted),
		);
		return { results: found.sort((one, other) => one.name.localeCompare(other.name, 'en')) };
	};
}

function unique(entries: readonly Entry[]): Entry[] {
	return [...new Map(entries.map((one) => [one.value, one])).values()];
}
