import type { IDisplayOptions, INodeProperties } from 'n8n-workflow';
import { additionalFields, emailProperty } from '../../../shared/operation/parameters';

const mapped: IDisplayOptions = { show: { inputMode: ['mapFields'] } };

function shownWith(mode: 'json' | 'rows'): IDisplayOptions {
	return { show: { ...mapped.show, customFieldsMode: [mode] } };
}

/** A text among the additional fields; its name is Bento's. */
function known(displayName: string, name: string, placeholder: string, description: string) {
	return { displayName, name, type: 'string', default: '', placeholder, description } as const;
}

/** What an import takes for a person (bentonow.com/docs/subscribers). */
export const IMPORT_PROPERTIES: readonly INodeProperties[] = [
	{
		displayName: 'Input Mode',
		name: 'inputMode',
		type: 'options',
		noDataExpression: true,
		default: 'mapFields',
		options: [
			{
				name: 'Map Each Field Below',
				value: 'mapFields',
				description: 'Fill in the fields below, with values dragged from the input',
			},
			{
				name: 'Use Each Item as a Subscriber',
				value: 'wholeItem',
				description:
					'Each input item is a person already: email, optionally tags and remove_tags, and fields by their keys. Fastest for bulk work.',
			},
		],
	},
	emailProperty('Address of the person, who is created in Bento if new', {
		displayOptions: mapped,
	}),
	{
		displayName: 'Specify Custom Fields',
		name: 'customFieldsMode',
		type: 'options',
		noDataExpression: true,
		default: 'rows',
		displayOptions: mapped,
		options: [
			{ name: 'Using JSON', value: 'json' },
			{ name: 'Using Rows Below', value: 'rows' },
		],
	},
	{
		displayName: 'Custom Fields',
		name: 'customFields',
		type: 'assignmentCollection',
		default: {},
		displayOptions: shownWith('rows'),
		description:
			"Written to the person's profile by their keys. Text, numbers and true or false only.",
	},
	{
		displayName: 'Custom Fields (JSON)',
		name: 'customFieldsJson',
		type: 'json',
		default: '',
		placeholder: 'e.g. {"plan": "team", "seats": 5}',
		displayOptions: shownWith('json'),
		description: "Written to the person's profile, as a flat JSON object",
	},
	additionalFields(
		[
			known('First Name', 'first_name', 'e.g. Nathan', 'First name of the person'),
			known('Last Name', 'last_name', 'e.g. Drake', 'Last name of the person'),
			known(
				'Tags to Add',
				'tags',
				'e.g. customer, vip',
				'Comma-separated names of tags, which are created if new',
			),
			known('Tags to Remove', 'remove_tags', 'e.g. trial', 'Comma-separated names of tags'),
			known('UTM Campaign', 'utm_campaign', 'e.g. spring_sale', 'Campaign that brought the person'),
			known('UTM Content', 'utm_content', 'e.g. blue_button', 'Content that brought the person'),
			known('UTM Medium', 'utm_medium', 'e.g. cpc', 'Medium that brought the person'),
			known('UTM Source', 'utm_source', 'e.g. google', 'Source that brought the person'),
			known('UTM Term', 'utm_term', 'e.g. running shoes', 'Search term that brought the person'),
		],
		{ displayOptions: mapped },
	),
];
