import type { INodeProperties } from 'n8n-workflow';
import { eventProperties } from './eventFields';
import { operationProperty } from './operations';
import { options } from './options';
import { purchaseProperties } from './purchaseFields';

/** Everything that the node's panel asks for, from top to bottom. */
export const properties: INodeProperties[] = [
	operationProperty,
	...placed(eventProperties, purchaseProperties),
	options,
];

/** Puts what a purchase can't do without right below the person, above the optional parts. */
function placed(event: INodeProperties[], purchase: INodeProperties[]): INodeProperties[] {
	const afterPerson = event.findIndex(({ name }) => name === 'detailsMode');
	return [...event.slice(0, afterPerson), ...purchase, ...event.slice(afterPerson)];
}
