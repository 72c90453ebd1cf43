import type {
	IDataObject,
	ILoadOptionsFunctions,
	INodeListSearchResult,
	INodeProperties,
	INodePropertyOptions,
} from 'n8n-workflow';
import { readAccountList, type AccountList } from './accountFields';
import { locatorProperty } from './properties';
import { asText, flatten } from './responses';
import type { CallRequest } from './types';

/**
 * Lists of the account that dropdowns show, and tags, which both action nodes choose from. n8n itself says that a list
 * is empty; what to do about it is in the parameter's description.
 */

/** One entry of a dropdown. */
export interface ListEntry {
	readonly name: string;
	readonly value: string;
}

/** A list of the account that a dropdown can show. */
export interface Source extends AccountList {
	readonly toEntries: (row: IDataObject) => readonly ListEntry[];
}

/** A request for a list. */
export function list(path: string): CallRequest {
	return { method: 'GET', path, idempotent: true };
}

/** All tags of the site, which Bento gives in one response. */
export const TAG_LIST = list('/fetch/tags');

/** Whether a tag was deleted: Bento still lists it, with the time of its deletion. */
export function isDeleted({ discarded_at }: IDataObject): boolean {
	return discarded_at !== null && discarded_at !== undefined;
}

export const TAGS: Source = {
	request: TAG_LIST,
	toEntries(row) {
		const tag = flatten(row);
		return isDeleted(tag) ? [] : listEntry(tag.name, tag.name);
	},
};

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

/** Several tags: chosen from the account, or typed as text, for names from the input and for new ones. */
export function tagsProperties(
	{ displayName, name }: Pick<INodeProperties, 'displayName' | 'name'>,
	{ list: listName, placeholder }: { readonly list: string; readonly placeholder: string },
	description = '',
): INodeProperties[] {
	const more = description === '' ? '' : `. ${description}`;
	const list: INodeProperties = {
		displayName,
		name: listName,
		type: 'multiOptions',
		typeOptions: { loadOptionsMethod: 'getTags' },
		default: [],
		description:
			'Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
	};
	return [
		list,
		{
			displayName: `${displayName} (Text)`,
			name,
			type: 'string',
			default: '',
			placeholder,
			description: `Comma-separated tags${more}`,
		},
	];
}

/** An entry for a value; none if there is no value. */
export function listEntry(name: unknown, value: unknown): ListEntry[] {
	const text = asText(value);
	return text === '' ? [] : [{ name: asText(name) || text, value: text }];
}

type ListSearch = (this: ILoadOptionsFunctions, filter?: string) => Promise<INodeListSearchResult>;

/**
 * A list search over one or more lists of the account, filtered here, as Bento can't search them. Works before the node
 * has run.
 *
 * @throws NodeApiError that says what to do if Bento can't be reached
 */
export function searchIn(...sources: readonly Source[]): ListSearch {
	return async function search(this: ILoadOptionsFunctions, filter?: string) {
		const wanted = filter?.trim().toLowerCase() ?? '';
		const entries = await entriesOf(this, sources, wanted !== '');
		const results = entries.filter(
			({ name, value }) =>
				name.toLowerCase().includes(wanted) || value.toLowerCase().includes(wanted),
		);
		return { results };
	};
}

/** The tags of the account, for parameters that take several. */
export async function listTags(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	return await entriesOf(this, [TAGS], false);
}

/** @param known whether a list that was read less than half a minute ago will do */
async function entriesOf(
	context: ILoadOptionsFunctions,
	sources: readonly Source[],
	known: boolean,
): Promise<ListEntry[]> {
	const entries: ListEntry[] = [];
	for (const source of sources) {
		entries.push(...(await readAccountList(context, source, known)).flatMap(source.toEntries));
	}
	const unique = [...new Map(entries.map((one) => [one.value, one])).values()];
	return unique.sort((one, other) => one.name.localeCompare(other.name, 'en'));
}
