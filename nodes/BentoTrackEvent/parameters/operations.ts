import type { INodeProperties } from 'n8n-workflow';

export const operationProperty: INodeProperties = {
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	default: 'trackEvent',
	options: [
		{
			name: 'Add Tag',
			value: 'addTag',
			action: 'Add tag',
			description: 'Tag a person by an event, which starts workflows that wait for the tag',
		},
		{
			name: 'Remove Tag',
			value: 'removeTag',
			action: 'Remove tag',
			description: 'Take a tag off a person by an event, which starts workflows that wait for it',
		},
		{
			name: 'Subscribe',
			value: 'subscribe',
			action: 'Subscribe person',
			description: 'Subscribe a person, who is created if new',
		},
		{
			name: 'Track Event',
			value: 'trackEvent',
			action: 'Track event',
			description: 'Record that a person did something, and start the workflows that wait for it',
		},
		{
			name: 'Track Purchase',
			value: 'trackPurchase',
			action: 'Track purchase',
			description: 'Record a purchase, which counts toward revenue and lifetime value',
		},
		{
			name: 'Unsubscribe',
			value: 'unsubscribe',
			action: 'Unsubscribe person',
			description: 'Unsubscribe a person from everything',
		},
		{
			name: 'Update Fields',
			value: 'updateFields',
			action: 'Update fields of person',
			description: "Write a person's profile fields and start the workflows that wait for it",
		},
	],
};
