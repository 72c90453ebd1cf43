import { NodeHelpers, type INodeProperties } from 'n8n-workflow';
import { Bento } from '../../nodes/Bento/Bento.node';
import { BentoTrackEvent } from '../../nodes/BentoTrackEvent/BentoTrackEvent.node';

/**
 * What a model reads of a parameter that it fills in, or that it writes into a tool: the description, and the hint for
 * whoever builds the tool. A wrong unit is a hundred times too much, and a made-up key counts revenue twice.
 */

const NODES = {
	bento: new Bento().description,
	bentoTrackEvent: new BentoTrackEvent().description,
};

/** The property of an operation, in the newest version's form. */
function property(
	type: keyof typeof NODES,
	values: Readonly<Record<'operation' | 'resource', string>> & { readonly inputMode?: string },
	name: string,
): INodeProperties {
	const description = NODES[type];
	const found = description.properties.find(
		(one) =>
			one.name === name &&
			one.type !== 'hidden' &&
			NodeHelpers.displayParameter({ ...values }, one, { typeVersion: 1.1 }, description),
	);
	if (!found) throw new Error(`${values.operation} has no ${name}`);
	return found;
}

const told = ({ description = '', builderHint }: INodeProperties) =>
	`${description} ${builderHint?.propertyHint ?? ''}`;

const PURCHASE = { resource: 'event', operation: 'trackPurchase' };

it.each<[string, RegExp]>([
	['amount', /49\.00 \(major units\) or 4900 \(minor units\)/],
	['amount', /name the unit in \$fromAI's description/],
	['amountUnit', /49\.00 or 4900 for 49 dollars/],
	['amountUnit', /Stripe .* cents: 'minor'/],
	['uniqueKey', /ID of the order or invoice, never one made up/],
	['currency', /Three-letter ISO 4217 code/],
])('a purchase says of %s: %s', (name, text) => {
	expect(told(property('bentoTrackEvent', PURCHASE, name))).toMatch(text);
});

it('an event’s own unique key is the ID of something, too', () => {
	const { options = [] } = property(
		'bentoTrackEvent',
		{ resource: 'event', operation: 'trackEvent', inputMode: 'mapFields' },
		'additionalFields',
	);
	const key = options.find(({ name }) => name === 'uniqueKey');
	expect(key && 'description' in key && key.description).toMatch(/never one made up/);
});

it('a price in a cart is in the unit of the amount, and one in JSON in minor units', () => {
	const { options = [] } = property('bentoTrackEvent', PURCHASE, 'additionalFields');
	expect(JSON.stringify(options)).toContain('Price per unit, in the same unit as Amount');
	expect(JSON.stringify(options)).toContain('with prices in minor units');
});

it('times in options are in milliseconds, and each says so', () => {
	const inTime = /Wait|Timeout|Interval|Time Limit/;
	const found = Object.values(NODES)
		.flatMap(({ properties }) => properties)
		.filter(({ name, type }) => name === 'options' && type === 'collection')
		.flatMap(({ options = [] }) => options)
		.filter((option): option is INodeProperties => 'type' in option && option.type === 'number')
		.filter(({ displayName }) => inTime.test(displayName));
	expect(new Set(found.map(({ name }) => name)).size).toBeGreaterThanOrEqual(6);
	for (const one of found) expect(one.description).toMatch(/in milliseconds/);
});
