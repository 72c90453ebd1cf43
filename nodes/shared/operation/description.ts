import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { keptUnshown, optionsInTypes } from './models';
import { COMMON_OPTIONS, optionsProperty } from './options';
import { byLabel } from './properties';
import type { Operation, Resource } from './types';

/**
 * The whole panel: what to do, then what each operation asks for.
 *
 * @param usual the resource that the panel begins with
 */
export function panel(resources: readonly Resource[], usual: string): INodeProperties[] {
	// If an operation's value is unique, a workflow stored without a resource shows its parameters too.
	const alone = areUnique(resources.flatMap(({ operations }) => operations));
	const show = (property: INodeProperties, resource: Resource, shown: readonly string[]) =>
		shownFor(property, alone ? undefined : resource.value, shown);
	return [
		resourceProperty(resources, usual),
		...resources.map(operationProperty),
		...resources.flatMap((resource) =>
			resource.operations.flatMap((operation) =>
				operation.properties
					.flatMap((property) => [property, ...keptUnshown(property)])
					.map((property) => show(property, resource, [operation.value])),
			),
		),
		...resources.flatMap((resource) =>
			optionsOfOperations(resource).map(({ property, values: shown }) =>
				show(property, resource, shown),
			),
		),
	];
}

/**
 * What n8n shows below a node on the canvas: the operation by its name in the panel, and its resource where there are
 * several operations of that name.
 */
export function subtitleOf(resources: readonly Resource[]): string {
	const alone = areUnique(resources.flatMap(({ operations }) => operations));
	const names = resources.flatMap((resource) =>
		resource.operations.map(({ value, name }) =>
			alone ? [value, name] : [`${resource.value}.${value}`, `${name}: ${resource.name}`],
		),
	);
	const key = alone
		? '$parameter["operation"]'
		: '$parameter["resource"] + "." + $parameter["operation"]';
	return `={{ (${JSON.stringify(Object.fromEntries(names))})[${key}] }}`;
}

/** Whether an operation's value says which one it is, without its resource. */
export function areUnique(operations: readonly Operation[]): boolean {
	return new Set(operations.map(({ value }) => value)).size === operations.length;
}

function resourceProperty(resources: readonly Resource[], usual: string): INodeProperties {
	return {
		displayName: 'Resource',
		name: 'resource',
		type: 'options',
		noDataExpression: true,
		default: usual,
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
	return options.sort((one, other) => byLabel(one.name, other.name));
}

function shownFor(
	property: INodeProperties,
	resource: string | undefined,
	operations: readonly string[],
): INodeProperties {
	const { show, hide } = property.displayOptions ?? {};
	return {
		...property,
		displayOptions: {
			show: {
				...(resource !== undefined && { resource: [resource] }),
				operation: [...operations],
				...show,
			},
			...(hide && { hide }),
		},
	};
}

interface SharedOptions {
	readonly property: INodeProperties;
	readonly values: string[];
}

/** Operations of a resource whose options are the same share one collection. */
function optionsOfOperations({ operations }: Resource): SharedOptions[] {
	const groups = new Map<string, SharedOptions>();
	for (const operation of operations) {
		const options = optionsProperty(operation);
		for (const property of [optionsInTypes(options, COMMON_NAMES[operation.kind]), options]) {
			const key = JSON.stringify(property);
			const group = groups.get(key) ?? { property, values: [] };
			group.values.push(operation.value);
			groups.set(key, group);
		}
	}
	return [...groups.values()];
}

const COMMON_NAMES = {
	batch: new Set(COMMON_OPTIONS.batch.map(({ name }) => name)),
	call: new Set(COMMON_OPTIONS.call.map(({ name }) => name)),
} as const;
