import type { INodeProperties } from 'n8n-workflow';

/**
 * What models that write workflows read about a node. They see its search hint and a type that n8n generates from the
 * whole description, whatever the operation; not the texts of dropdowns, notices, or the documentation.
 */

/**
 * Stands in for Options in the types. n8n prints a collection in full for every operation, and of several properties
 * with one name it prints the first, whatever version that is for. No version of a node is 0, so no panel shows this.
 *
 * @param shared names of the options that the type's header tells once
 */
export function optionsInTypes(
	property: INodeProperties,
	shared: ReadonlySet<string>,
): INodeProperties {
	const own = optionsOf(property).filter(({ name }) => !shared.has(name));
	const listed = own.map((option) => `${signature(option)}: ${option.description ?? ''}`);
	return {
		displayName: property.displayName,
		name: property.name,
		type: 'collection',
		default: {},
		displayOptions: { show: { '@version': [0] } },
		description: [...listed, 'Delivery options: see the top of this file'].join(' | '),
	};
}

/** The options that many operations have in common, told once. */
export function deliveryOptionsNote(options: readonly INodeProperties[]): string {
	const signatures = [...new Map(options.map((one) => [one.name, signature(one)])).values()];
	return `Delivery options, in "options" of every operation that has them; times in ms; leave them out unless asked for: ${signatures.sort().join(', ')}.`;
}

/** A name with what it may be and what it is if left out: `ifNotFound?: 'continue' | 'fail' = 'fail'`. */
function signature({ name, type, options = [], default: usual }: INodeProperties): string {
	const choices = options.flatMap((option) =>
		'value' in option ? [JSON.stringify(option.value)] : [],
	);
	const kind = choices.length > 0 ? choices.join(' | ') : type;
	return `${name}?: ${kind} = ${JSON.stringify(usual)}`;
}

function optionsOf({ options = [] }: INodeProperties): INodeProperties[] {
	return options.flatMap((option) => ('type' in option ? [option] : []));
}
