import type { INodeProperties, INodePropertyModeValidation } from 'n8n-workflow';
import { ID_PATTERN, ONLY_THE_ID } from './schemas';

/** Parameters that many operations have in common. */

/** Orders labels alphabetically. `localeCompare` would load its tables first, half of the package's part in n8n's start. */
export function byLabel(one: string, other: string): number {
	const [first, second] = [one.toLowerCase(), other.toLowerCase()];
	return first === second ? 0 : first < second ? -1 : 1;
}

export const simplifyProperty: INodeProperties = {
	displayName: 'Simplify',
	name: 'simplify',
	type: 'boolean',
	default: true,
	description: 'Whether to return a simplified version of the response instead of the raw data',
};

/** An option of lists: a model, or a table, rarely needs all that Bento says about a thing. */
export const outputFieldsProperty: INodeProperties = {
	displayName: 'Fields',
	name: 'outputFields',
	type: 'string',
	default: '',
	placeholder: 'e.g. name, created_at, stats.open_rate',
	displayOptions: { show: { '/simplify': [true] } },
	description:
		'Comma-separated list of fields to return. A dot reaches into objects and lists. Leave empty for all.',
};

export const returnAllProperty: INodeProperties = {
	displayName: 'Return All',
	name: 'returnAll',
	type: 'boolean',
	default: false,
	description: 'Whether to return all results or only up to a given limit',
};

export const limitProperty: INodeProperties = {
	displayName: 'Limit',
	name: 'limit',
	type: 'number',
	typeOptions: { minValue: 1 },
	default: 50,
	displayOptions: { show: { returnAll: [false] } },
	description: 'Max number of results to return',
};

/** A required email address. */
export function emailProperty(
	description: string,
	more: Partial<INodeProperties> = {},
): INodeProperties {
	return {
		displayName: 'Email',
		name: 'email',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. nathan@example.com',
		description,
		...more,
	};
}

/** A switch without which nothing happens. Neither data nor an AI agent can turn it on. */
export function confirmProperty(displayName: string, description: string): INodeProperties {
	return {
		displayName,
		name: 'confirm',
		type: 'boolean',
		noDataExpression: true,
		default: false,
		description,
	};
}

/** Checks and shows, without sending. */
export const DRY_RUN: INodeProperties = {
	displayName: 'Dry Run',
	name: 'dryRun',
	type: 'boolean',
	default: false,
	description: 'Whether to check the items and show exactly what would be sent, without sending it',
};

/** What an operation takes beside its main parameters. For a single one, n8n shows a button that adds it at once. */
export function additionalFields(
	options: readonly INodeProperties[],
	more: Partial<INodeProperties> = {},
): INodeProperties {
	const [only] = options;
	return {
		displayName: 'Additional Fields',
		name: 'additionalFields',
		type: 'collection',
		placeholder: only && options.length === 1 ? `Add ${only.displayName}` : 'Add Field',
		default: {},
		options: [...options],
		...more,
	};
}

/** What narrows a list down. */
export function filtersProperty(options: readonly INodeProperties[]): INodeProperties {
	return {
		displayName: 'Filters',
		name: 'filters',
		type: 'collection',
		placeholder: 'Add Filter',
		default: {},
		options: [...options],
	};
}

/** A parameter that is picked from the account, or typed in. */
export function locatorProperty(locator: {
	readonly displayName: string;
	readonly name: string;
	readonly description: string;
	/** A method of the node's list search. */
	readonly search: string;
	/** What is typed in: the same value that the list gives. */
	readonly by: {
		readonly displayName: string;
		readonly name: string;
		readonly placeholder: string;
	};
	readonly required?: boolean;
	/** Whether what is typed in is an ID, so that an address pasted in its place is named. */
	readonly isId?: boolean;
}): INodeProperties {
	const { displayName, name, description, search, by, required = true, isId = false } = locator;
	return {
		displayName,
		name,
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		...(required && { required }),
		description,
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				typeOptions: { searchListMethod: search, searchable: true },
			},
			{
				displayName: by.displayName,
				name: by.name,
				type: 'string',
				placeholder: by.placeholder,
				...(isId && { validation: [ID_ONLY] }),
			},
		],
	};
}

const ID_ONLY: INodePropertyModeValidation = {
	type: 'regex',
	properties: { regex: ID_PATTERN, errorMessage: ONLY_THE_ID },
};

/** Something to know before using the operation. */
export function notice(name: string, displayName: string): INodeProperties {
	return { displayName, name, type: 'notice', default: '' };
}
