import type { INodeProperties } from 'n8n-workflow';
import { additionalFields } from '../../shared/operation/properties';
import { isRecord } from '../../shared/operation/schemas';
import { DATE, defineEvent, DETAILS, EMAIL, FIELDS, readDetails, readFields } from '../define';
import { BENTO_TYPES } from '../event';
import { purchaseDetails } from '../purchase';

/** Not a literal in the property: a default that isn't an option makes the user choose. */
const AMOUNT_UNITS: INodeProperties['options'] = [
	{
		name: 'Major Units (Such as Dollars)',
		value: 'major',
		description: 'For example, 49.00 for 49 US dollars. It is sent to Bento as 4900.',
	},
	{
		name: 'Minor Units (Such as Cents)',
		value: 'minor',
		description: 'For example, 4900 cents for 49 US dollars. Sent unchanged.',
	},
];

const PURCHASE: readonly INodeProperties[] = [
	{
		displayName: 'Unique Key',
		name: 'uniqueKey',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. ORD-12345',
		description:
			'ID of the order or invoice, never one made up. Bento counts the revenue of a key only once.',
	},
	{
		displayName: 'Currency',
		name: 'currency',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. USD',
		description: 'Three-letter ISO 4217 code',
	},
	{
		displayName: 'Amount Is In',
		name: 'amountUnit',
		type: 'options',
		noDataExpression: true,
		default: '',
		required: true,
		options: AMOUNT_UNITS,
		description: 'Whether you enter 49.00 or 4900 for 49 dollars',
		builderHint: {
			propertyHint:
				"No default. Stripe and most payment services give cents: 'minor'. Shopify, WooCommerce, and people give 49.00: 'major'.",
		},
	},
	{
		displayName: 'Amount',
		name: 'amount',
		type: 'number',
		default: '',
		required: true,
		placeholder: 'e.g. 49.00',
		description: 'Total of the purchase, such as 49.00 (major units) or 4900 (minor units)',
		builderHint: {
			propertyHint:
				"In a tool, name the unit in $fromAI's description, e.g. $fromAI('Amount', 'Amount in dollars, such as 49.00', 'number') with amountUnit 'major'.",
		},
	},
];

const CART_ITEM: INodeProperties[] = [
	{
		displayName: 'Price',
		name: 'product_price',
		type: 'number',
		default: '',
		placeholder: 'e.g. 49.00',
		description: 'Price per unit, in the same unit as Amount',
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
];

const CART: readonly INodeProperties[] = [
	{
		displayName: 'Cart Items',
		name: 'cartItems',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true },
		placeholder: 'Add Cart Item',
		default: {},
		description: 'What was bought',
		options: [{ displayName: 'Item', name: 'item', values: CART_ITEM }],
	},
	{
		displayName: 'Cart Items (JSON)',
		name: 'cartItemsJson',
		type: 'json',
		default: '',
		placeholder: 'e.g. [{"product_sku": "PLAN-TEAM", "product_name": "Team plan", "quantity": 1}]',
		description:
			'What was bought, as a JSON list, in place of Cart Items. Sent unchanged, with prices in minor units.',
	},
];

export const trackPurchase = defineEvent({
	value: 'trackPurchase',
	name: 'Track Purchase',
	action: 'Track purchase by order ID',
	description: 'Record a purchase, which counts toward revenue and lifetime value',
	properties: [EMAIL, ...PURCHASE, ...DETAILS, ...FIELDS, DATE, additionalFields(CART)],
	draft(values) {
		const details = readDetails(values);
		const purchase = purchaseDetails(values);
		const fields = readFields(values);
		return {
			draft: {
				type: BENTO_TYPES.trackPurchase,
				email: values.email,
				date: values.date,
				details: purchase.ok ? merged(details.record, purchase.details) : undefined,
				fields: fields.record,
			},
			issues: [...details.issues, ...(purchase.ok ? [] : purchase.issues), ...fields.issues],
			notes: fields.notes,
		};
	},
});

/** The user's own details with what makes them a purchase; a cart keeps what the user added to it. */
function merged(
	own: Readonly<Record<string, unknown>> | undefined,
	purchase: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
	const cart = own?.cart;
	if (!isRecord(cart) || !isRecord(purchase.cart)) return { ...own, ...purchase };
	return { ...own, ...purchase, cart: { ...cart, ...purchase.cart } };
}
