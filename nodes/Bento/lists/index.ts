import type { IDataObject } from 'n8n-workflow';
import { asText, flatten, isItem } from '../../shared/operation/answers';
import { isDeleted, TAG_LIST } from '../resources/tag/list';
import { searchIn, type Entry, type Source } from './search';

const tags: Source = {
	route: TAG_LIST,
	paged: false,
	empty: 'This Bento site has no tags yet. Switch to By Name to use a new one',
	toEntries(row) {
		const tag = flatten(row);
		return isDeleted(tag) ? [] : entry(tag.name, tag.name);
	},
};

const fields: Source = {
	route: { method: 'GET', path: '/fetch/fields' },
	paged: false,
	empty: 'This Bento site has no fields yet. Switch to By Key to use a new one',
	toEntries(row) {
		const { name, key } = flatten(row);
		return entry(name ?? key, key);
	},
};

const segments: Source = {
	route: { method: 'GET', path: '/fetch/segments' },
	paged: false,
	empty: 'This Bento site has no segments yet. Create one in Bento',
	toEntries: byId,
};

const sequences: Source = {
	route: { method: 'GET', path: '/fetch/sequences' },
	paged: true,
	empty: 'This Bento site has no sequences yet. Create one in Bento',
	toEntries: byId,
};

/** Bento has no list of senders in its documentation, only in its WordPress plug-in. */
const authors: Source = {
	route: { method: 'GET', path: '/fetch/authors' },
	paged: false,
	empty: 'This Bento site has no authors yet. Add one in Bento under Settings',
	toEntries(row) {
		const { email, name } = flatten(row);
		return entry(asText(name) === '' ? email : `${asText(name)} <${asText(email)}>`, email);
	},
};

/** Bento lists templates only with what sends them. */
const sequenceTemplates: Source = {
	...sequences,
	empty: 'No sequence or workflow of this Bento site has emails yet',
	toEntries: templatesOf,
};

const workflowTemplates: Source = {
	...sequenceTemplates,
	route: { method: 'GET', path: '/fetch/workflows' },
};

/** What fills the dropdowns of the node. */
export const listSearch = {
	searchAuthors: searchIn(authors),
	searchEmailTemplates: searchIn(sequenceTemplates, workflowTemplates),
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
	const list: readonly unknown[] = Array.isArray(templates) ? templates : [];
	return list
		.filter(isItem)
		.flatMap(({ id, subject }) => entry(`${asText(name)} > ${asText(subject ?? id)}`, id));
}

function entry(name: unknown, value: unknown): Entry[] {
	const text = asText(value);
	return text === '' ? [] : [{ name: asText(name) || text, value: text }];
}
