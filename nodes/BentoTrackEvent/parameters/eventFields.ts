import type { IDisplayOptions, INodeProperties } from 'n8n-workflow';

const mapped: IDisplayOptions = { hide: { inputMode: ['eventObjects'] } };
const withDetails = ['trackEvent', 'trackPurchase'];
const withFields = ['subscribe', 'trackEvent', 'trackPurchase', 'updateFields'];

export const eventProperties: INodeProperties[] = [
	{
		displayName: 'Input Mode',
		name: 'inputMode',
		type: 'options',
		noDataExpression: true,
		default: 'mapFields',
		displayOptions: { show: { operation: ['trackEvent'] } },
		options: [
			{
				name: 'Map Each Field Below',
				value: 'mapFields',
				description: 'Fill in the fields below, with values dragged from the input',
			},
			{
				name: 'Use Each Item as an Event',
				value: 'eventObjects',
				description:
					'Each input item is an event already, with type, email and optionally fields, details and date. Fastest for bulk work.',
			},
		],
	},
	{
		displayName: 'Email',
		name: 'email',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. nathan@example.com',
		displayOptions: mapped,
		description: 'The person that the event is about, who is created in Bento if new',
	},
	{
		displayName: 'Event Type',
		name: 'eventType',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. trial_started',
		displayOptions: { ...mapped, show: { operation: ['trackEvent'] } },
		description:
			'Name of the event. Keep it the same for every person and put what differs into the details.',
	},
	{
		displayName: 'Tag',
		name: 'tag',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. customer',
		displayOptions: { ...mapped, show: { operation: ['addTag', 'removeTag'] } },
		description: 'Name of the tag, which is created in Bento if new',
	},
	...valueSource('Details', 'details', withDetails, 'e.g. {"plan": "team", "seats": 5}', {
		rows: 'What happened, kept with the event. A dot in a name nests: source.system.',
		json: 'What happened, as a JSON object. It may be nested.',
	}),
	...valueSource('Profile Fields', 'fields', withFields, 'e.g. {"first_name": "Nathan"}', {
		rows: "Written to the person's profile in Bento. Text, numbers and true or false only.",
		json: "Written to the person's profile in Bento, as a flat JSON object",
	}),
	{
		displayName: 'Date',
		name: 'date',
		type: 'dateTime',
		default: '',
		displayOptions: mapped,
		description:
			'When it happened, for events from the past. If empty, Bento takes the time when it receives the event.',
	},
];

/** The three ways to give a set of values: typed rows, JSON, or the whole input item. */
function valueSource(
	displayName: string,
	name: string,
	operations: string[],
	jsonPlaceholder: string,
	descriptions: { readonly rows: string; readonly json: string },
): INodeProperties[] {
	const mode = `${name}Mode`;
	const show = { operation: operations };
	return [
		{
			displayName: `Specify ${displayName}`,
			name: mode,
			type: 'options',
			noDataExpression: true,
			default: 'rows',
			displayOptions: { ...mapped, show },
			options: [
				{ name: 'Using JSON', value: 'json' },
				{ name: 'Using Rows Below', value: 'rows' },
				{ name: 'Using the Whole Input Item', value: 'wholeItem' },
			],
		},
		{
			displayName,
			name,
			type: 'assignmentCollection',
			default: {},
			displayOptions: { ...mapped, show: { ...show, [mode]: ['rows'] } },
			description: descriptions.rows,
		},
		{
			displayName: `${displayName} (JSON)`,
			name: `${name}Json`,
			type: 'json',
			default: '',
			placeholder: jsonPlaceholder,
			displayOptions: { ...mapped, show: { ...show, [mode]: ['json'] } },
			description: descriptions.json,
		},
	];
}
