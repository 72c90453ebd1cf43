import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { optionsProperty } from '../batchRun/options';
import type { Operation, Resource } from './types';
import { optionsOf } from './options';

/** The whole panel: what to do, then what each operation asks for. */
export function panel(resources: readonly Resource[]): INodeProperties[] {
	return [
		resourceProperty(resources),
		...resources.map(operationProperty),
		...resources.flatMap((resource) =>
			resource.operations.flatMap((operation) => ownProperties(resource, operation)),
		),
		...resources.flatMap(optionsProperties),
	];
}

function resourceProperty(resources: readonly Resource[]): INodeProperties {
	return {
		displayName: 'Resource',
		name: 'resource',
		type: 'options',
		noDataExpression: true,
		default: 'subscriber',
		options: byName(
			resources.map(({ name, value, description }) => ({ name, value, description })),
		),
	};
}

function operationProperty({ value, operations, usual = 'getAll' }: Resource): INodeProperties {
	const options = byName(
		operations.map(({ name, value: own, action, description }) => ({
			name,
			value: own,
			action,
			description,
		})),
	);
	const property: INodeProperties = {
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		default: '',
		displayOptions: { show: { resource: [value] } },
		options,
	};
	const first = options.find((option) => option.value === usual) ?? options[0];
	return { ...property, default: first?.value ?? '' };
}

function byName(options: INodePropertyOptions[]): INodePropertyOptions[] {
	return options.sort((one, other) => one.name.localeCompare(other.name, 'en'));
}

function ownProperties(resource: Resource, operation: Operation): INodeProperties[] {
	return operation.properties.map((property) =>
		shownFor(property, resource.value, [operation.value]),
	);
}

function shownFor(
	property: INodeProperties,
	resource: string,
	operations: readonly string[],
): INodeProperties {
	const { show, hide } = property.displayOptions ?? {};
	return {
		...property,
		displayOptions: {
			show: { resource: [resource], operation: [...operations], ...show },
			...(hide && { hide }),
		},
	};
}

/** Operations of a resource whose options are the same share one collection. */
function optionsProperties({ value, operations }: Resource): INodeProperties[] {
	const groups = new Map<
		string,
		{ readonly property: INodeProperties; readonly values: string[] }
	>();
	for (const operation of operations) {
		const property = optionsProperty(optionsOf(operation));
		const key = JSON.stringify(property);
		const group = groups.get(key) ?? { property, values: [] };
		group.values.push(operation.value);
		groups.set(key, group);
	}
	return [...groups.values()].map(({ property, values }) => shownFor(property, value, values));
}
