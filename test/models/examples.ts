import type { INodeParameters, INodeProperties, NodeParameterValueType } from 'n8n-workflow';
import type { Operation } from '../../nodes/shared/operation/types';

/** A node for each operation, made of what its parameters say about themselves: all that it needs, and nothing else. */

/** How sets of values are given in the examples: as an object, which can't be got wrong. */
const CHOICES: Readonly<Record<string, string>> = {
	customFieldsMode: 'json',
	detailsMode: 'json',
	fieldsMode: 'json',
};

/** Parameters that a model would otherwise leave out, though they are the point of an operation. */
const POINT = new Set(['fieldValue', 'html', 'segment']);

/** What a node of the operation has to contain to do something. `confirm` stays off: a person turns it on. */
export function exampleOf(resource: string, operation: Operation): INodeParameters {
	const parameters: INodeParameters = { resource, operation: operation.value };
	for (const property of operation.properties) {
		if (!isShown(property, operation.properties, parameters)) continue;
		const value = valueOf(property);
		if (value !== undefined) parameters[property.name] = value;
	}
	return parameters;
}

function valueOf(property: INodeProperties): NodeParameterValueType | undefined {
	const { name, type, required, options = [], modes = [] } = property;
	if (CHOICES[name] !== undefined) return CHOICES[name];
	if (name === 'confirm') return false;
	if (type === 'json' && name.endsWith('Json')) return example(property.placeholder);
	if (name === 'updateFields') return firstOf(property);
	if (!required && !POINT.has(name)) return undefined;
	if (name === 'email') return '={{ $json.email }}';
	const typed = modes.find((mode) => mode.type === 'string');
	if (typed) return { __rl: true, mode: typed.name, value: example(typed.placeholder) };
	const [first] = options;
	if (first && 'value' in first) return first.value;
	return type === 'number' ? Number(example(property.placeholder)) : example(property.placeholder);
}

/** A collection of which one entry has to be there. */
function firstOf({ options = [] }: INodeProperties): INodeParameters {
	const [first] = options.flatMap((option) => ('type' in option ? [option] : []));
	return first ? { [first.name]: example(first.placeholder) } : {};
}

function example(placeholder = ''): string {
	return placeholder.replace(/^e\.g\. /, '');
}

/** Whether the panel shows a parameter beside those that are set, and the defaults of the others. */
function isShown(
	{ displayOptions }: INodeProperties,
	properties: readonly INodeProperties[],
	set: INodeParameters,
): boolean {
	return Object.entries(displayOptions?.show ?? {}).every(([name, values]) => {
		if (name === '@version') return true;
		const usual = properties.find((one) => one.name === name)?.default;
		return values?.some((value) => value === (set[name] ?? usual));
	});
}
