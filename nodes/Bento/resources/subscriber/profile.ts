import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { isItem } from '../../../shared/operation/responses';
import { tagsProperties } from '../../../shared/operation/lists';
import { additionalFields } from '../../../shared/operation/properties';
import { definedOnly } from '../../../shared/operation/requests';
import { allNames, collection, names, optionalText } from '../../../shared/operation/schemas';

/** What a subscriber's profile consists of, for the operations that write and read it. */

/** A text among the additional fields; its name is Bento's. */
function known(displayName: string, name: string, placeholder: string, description: string) {
	return { displayName, name, type: 'string', default: '', placeholder, description } as const;
}

/** What an import knows beside custom fields (bentonow.com/docs/subscribers). */
export function profileProperty(more: Partial<INodeProperties> = {}): INodeProperties {
	return additionalFields(
		[
			known('First Name', 'first_name', 'e.g. Nathan', 'First name of the subscriber'),
			known('Last Name', 'last_name', 'e.g. Smith', 'Last name of the subscriber'),
			...tagsProperties(
				{ displayName: 'Tags to Add', name: 'tags' },
				{ list: 'tagList', placeholder: 'e.g. customer, vip' },
				"Created if they don't exist.",
			),
			...tagsProperties(
				{ displayName: 'Tags to Remove', name: 'remove_tags' },
				{ list: 'removeTagList', placeholder: 'e.g. trial' },
			),
			known(
				'UTM Campaign',
				'utm_campaign',
				'e.g. spring_sale',
				'UTM campaign the subscriber came from',
			),
			known(
				'UTM Content',
				'utm_content',
				'e.g. blue_button',
				'UTM content the subscriber came from',
			),
			known('UTM Medium', 'utm_medium', 'e.g. cpc', 'UTM medium the subscriber came from'),
			known('UTM Source', 'utm_source', 'e.g. google', 'UTM source the subscriber came from'),
			known('UTM Term', 'utm_term', 'e.g. running shoes', 'UTM term the subscriber came from'),
		],
		more,
	);
}

/** Columns of an import that Bento knows without a custom field of that name. */
export const PROFILE_NAMES = [
	'first_name',
	'last_name',
	'utm_campaign',
	'utm_content',
	'utm_medium',
	'utm_source',
	'utm_term',
];

/** Reads a profile in Bento's form; empty values are left out. */
export const profile = collection({
	first_name: optionalText,
	last_name: optionalText,
	remove_tags: names,
	removeTagList: names,
	tagList: names,
	tags: names,
	utm_campaign: optionalText,
	utm_content: optionalText,
	utm_medium: optionalText,
	utm_source: optionalText,
	utm_term: optionalText,
}).transform(({ removeTagList, tagList, ...fields }) =>
	definedOnly({
		...fields,
		remove_tags: allNames(removeTagList, fields.remove_tags),
		tags: allNames(tagList, fields.tags),
	}),
);

/** Without fields, Bento returns null, {}, or []; users expect an object. */
export function tidy(subscriber: IDataObject): IDataObject {
	return { ...subscriber, fields: isItem(subscriber.fields) ? subscriber.fields : {} };
}
