import type { INodeProperties } from 'n8n-workflow';

const show = { operation: ['trackPurchase'] };

export const purchaseProperties: INodeProperties[] = [
	{
		displayName: 'Unique Key',
		name: 'uniqueKey',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. ORD-12345',
		displayOptions: { show },
		description:
			'ID of the order or invoice. Bento counts the revenue of a key only once, so that a repeat does no harm.',
	},
	{
		displayName: 'Currency',
		name: 'currency',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. USD',
		displayOptions: { show },
		description: 'Three-letter ISO 4217 code',
	},
	{
		displayName: 'Amount',
		name: 'amount',
		type: 'number',
		default: '',
		required: true,
		placeholder: 'e.g. 4900',
		displayOptions: { show },
		description: 'Bento counts in minor units: 4900 stands for 49.00 USD',
	},
	{
		displayName: 'Amount Is In',
		name: 'amountUnit',
		type: 'options',
		noDataExpression: true,
		default: 'minor',
		displayOptions: { show },
		options: [
			{
				name: 'Major Units',
				value: 'major',
				description: 'Such as 49.00 USD, which is sent to Bento as 4900',
			},
			{
				name: 'Minor Units',
				value: 'minor',
				description: 'Such as 4900 cents, which is sent as it is',
			},
		],
	},
	{
		displayName: 'Specify Cart Items',
		name: 'cartMode',
		type: 'options',
		noDataExpression: true,
		default: 'rows',
		displayOptions: { show },
		options: [
			{ name: 'Using JSON', value: 'json' },
			{ name: 'Using Rows Below', value: 'rows' },
		],
	},
	{
		displayName: 'Cart Items',
		name: 'cartItems',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true },
		placeholder: 'Add Cart Item',
		default: {},
		displayOptions: { show: { ...show, cartMode: ['rows'] } },
		description: 'What was bought',
		options: [
			{
				displayName: 'Item',
				name: 'item',
				values: [
					{
						displayName: 'Price',
						name: 'product_price',
						type: 'number',
						default: '',
						placeholder: 'e.g. 4900',
						description: "Price of one, in the unit that 'Amount Is In' says",
					},
					{
						displayName: 'Product ID',
						name: 'product_id',
						type: 'string',
						default: '',
						placeholder: 'e.g. 8842',
					},
					{
						displayName: 'Product Name',
						name: 'product_name',
						type: 'string',
						default: '',
						placeholder: 'e.g. Team plan',
					},
					{
						displayName: 'Quantity',
						name: 'quantity',
						type: 'number',
						default: 1,
					},
					{
						displayName: 'SKU',
						name: 'product_sku',
						type: 'string',
						default: '',
						placeholder: 'e.g. PLAN-TEAM',
					},
				],
			},
		],
	},
	{
		displayName: 'Cart Items (JSON)',
		name: 'cartItemsJson',
		type: 'json',
		default: '',
		placeholder: 'e.g. [{"product_sku": "PLAN-TEAM", "product_name": "Team plan", "quantity": 1}]',
		displayOptions: { show: { ...show, cartMode: ['json'] } },
		description: 'What was bought, as a JSON list. It is sent as it is, prices included.',
	},
];
